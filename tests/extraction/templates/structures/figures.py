"""Pictures with captions, galleries, and figures that hold more than a picture."""

from functools import partial
from html import escape

from tests.extraction.templates.story import Story, raw
from tests.extraction.templates.structures.record import Structured, Variant, after, paragraphs
from tests.extraction.templates.structures.texts import TEXTS

PICTURE = "https://img.example/uploads/wall-0.jpg"
OTHERS = ("https://img.example/uploads/ruler-1.jpg", "https://img.example/uploads/stairs-2.jpg")
_LAZY = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
FORMS = {
    "plain": f'<figure><img src="{PICTURE}" alt="" width="900" height="600"><figcaption>{{0}}</figcaption></figure>',
    "wp-caption": '<div id="attachment_12" style="width: 610px" class="wp-caption alignnone"><a '
    f'href="https://img.example/uploads/wall-0-full.jpg"><img aria-describedby="caption-12" class="size-large" '
    f'src="{PICTURE}" alt="" width="600" height="400"></a><p id="caption-12" class="wp-caption-text">{{0}}</p></div>',
    "gallery": '<figure class="wp-block-gallery has-nested-images columns-default is-cropped">'
    + "".join(
        f'<figure class="wp-block-image size-large"><img loading="lazy" src="{url}" alt="" class="wp-image-{n}">'
        f'<figcaption class="wp-element-caption">{{{n}}}</figcaption></figure>'
        for n, url in enumerate((PICTURE, *OTHERS))
    )
    + "</figure>",
    "lazy-noscript": f'<figure class="image"><img class="lazyload" src="{_LAZY}" data-src="{PICTURE}" alt="" width="900">'
    f'<noscript><img src="{PICTURE}" alt="" width="900"></noscript><figcaption class="image__caption">{{0}}</figcaption>'
    "</figure>",
    "medium": '<figure class="nl nm nn no np nq"><div role="button" tabindex="0" class="nr ns ed nt bh nu"><div '
    f'class="nl nm nk"><picture><source srcset="{PICTURE}?format=webp 700w" type="image/webp" sizes="700px"><source '
    f'data-testid="og" srcset="{PICTURE} 700w" sizes="700px"><img alt="" class="bh mi nv c" width="700" height="467" '
    f'loading="eager" src="{PICTURE}"></picture></div></div><figcaption class="nw fo nx nl" '
    'data-selectable-paragraph="">{0}</figcaption></figure>',
    "blogger": '<table align="center" cellpadding="0" cellspacing="0" class="tr-caption-container" style="margin-left: '
    f'auto"><tbody><tr><td style="text-align: center;"><a href="https://img.example/s1600/wall-0.jpg"><img border="0" '
    f'src="{PICTURE}" width="400" height="300" /></a></td></tr><tr><td class="tr-caption">{{0}}</td></tr></tbody></table>',
    "kg-image": f'<figure class="kg-card kg-image-card kg-card-hascaption"><img src="{PICTURE}" class="kg-image" alt="" '
    'loading="lazy" width="1200" height="800"><figcaption><span style="white-space: pre-wrap;">{0}</span></figcaption>'
    "</figure>",
    "credit": f'<figure class="article-image"><div class="image-wrap"><img src="{PICTURE}" alt="" width="900"></div>'
    '<figcaption><span class="caption">{0}</span> <span class="credit">Photo: Lund Archive</span></figcaption></figure>',
    "hashed": f'<div class="sc-im0 dEfG"><div class="sc-im1"><img alt="" src="{PICTURE}?w=900" width="900" height="600">'
    '</div><div class="sc-im2"><figcaption class="sc-im3">{0}</figcaption></div></div>',
    "beside": f'<figure class="media-text"><img src="{PICTURE}" alt="" width="900" height="600"><div><p>{{b0}}</p>'
    "<p>{b1}</p></div></figure>",
    "quote": "<figure><blockquote><p>{quote}</p></blockquote><figcaption>{source}</figcaption></figure>",
    "column": "",
}


def _build(name: str, form: str, story: Story) -> Structured:
    texts = TEXTS[story.language]
    if name == "column":
        return _column(story)
    html = form
    for key, text in (
        *((str(n), caption) for n, caption in enumerate(texts.captions)),
        ("b0", texts.beside[0]),
        ("b1", texts.beside[1]),
        ("quote", texts.quote),
        ("source", texts.source),
    ):
        html = html.replace("{" + key + "}", escape(text, quote=False))
    captions = [caption for n, caption in enumerate(texts.captions) if "{" + str(n) + "}" in form]
    pictures = [url for url in (PICTURE, *OTHERS) if url in form]
    return Structured(
        blocks=after(story, 3, html),
        once={"beside": texts.beside, "quote": (texts.quote,)}.get(name, ()),
        body_counts=(
            *((escape(caption, quote=False), 1) for caption in captions),
            *((f'src="{url}', 1) for url in pictures),
            *(((texts.source, 1),) if name == "quote" else ()),
        ),
    )


def _column(story: Story) -> Structured:
    """Wrap the whole text in a figure with a picture, as some editors do."""
    last = paragraphs(story)[-1] + 1
    opened = f'<figure class="post-figure"><img src="{PICTURE}" alt="" width="900" height="600"><div class="post-text">'
    return Structured(
        blocks=(raw(opened), *story.blocks[:last], raw("</div></figure>")),
        body_counts=((f'src="{PICTURE}', 1),),
    )


VARIANTS: dict[str, Variant] = {name: partial(_build, name, form) for name, form in FORMS.items()}
