"""Copies and texts that no reader of the page sees, or sees twice."""

from html import escape

from tests.extraction.templates.story import Story, paragraph, raw
from tests.extraction.templates.structures.record import Structured, Variant, after, paragraphs
from tests.extraction.templates.structures.texts import TEXTS

TRAPS = {
    "display-none": '<p style="display:none">{0}</p>\n<p style="display: none !important;">{1}</p>',
    "hidden-attribute": "<div hidden><p>{0}</p><p>{1}</p></div>",
    "off-screen": '<div style="position:absolute;left:-9999px;top:auto;width:1px;height:1px;overflow:hidden"><p>{0}</p>'
    "<p>{1}</p></div>",
    "invisible": '<p style="visibility:hidden;height:0">{0}</p><p style="opacity:0;font-size:0">{1}</p>',
    "webflow": '<div class="w-condition-invisible"><p>{0}</p></div><div class="w-embed w-condition-invisible"><p>{1}</p>'
    "</div>",
    "template": "<template><p>{0}</p><p>{1}</p></template>",
    "aria-hidden": '<div aria-hidden="true" class="honeypot" style="display:none;"><p>{0}</p><p>{1}</p></div>',
}
COPIES = {
    "mobile": '<div class="d-block d-md-none mobile-only">{0}\n{1}</div>',
    "print": '<div class="print-only" aria-hidden="true">{0}\n{1}</div>',
}


def _trap(form: str) -> Variant:
    def build(story: Story) -> Structured:
        traps = TEXTS[story.language].trap
        html = form.replace("{0}", escape(traps[0])).replace("{1}", escape(traps[1]))
        return Structured(blocks=after(story, 3, html), absent=traps)

    return build


def _copy(form: str) -> Variant:
    """Put copies of the first two paragraphs before the text."""

    def build(story: Story) -> Structured:
        first, second = (story.blocks[place] for place in paragraphs(story)[:2])
        html = form.replace("{0}", f"<p>{first.html}</p>").replace("{1}", f"<p>{second.html}</p>")
        return Structured(blocks=(raw(html), *story.blocks))

    return build


def _for_screen_readers(story: Story) -> Structured:
    """Put a link with a note for screen readers into the first paragraph."""
    window = TEXTS[story.language].window
    first = story.blocks[0]
    half = len(first.html) // 2
    half = first.html.find(" ", half) if " " in first.html else half
    link = (
        f'<a href="https://source.example/a" target="_blank">{first.html[:half]}<span class="sr-only visually-hidden">'
        f" {window}</span></a>{first.html[half:]}"
    )
    return Structured(
        blocks=(paragraph(link, first.text[0]), *story.blocks[1:]),
        absent=(window,),
        body=("https://source.example/a",),
    )


def _drop_cap(story: Story) -> Structured:
    """Write the first letter twice: as an ornament, and in the word for screen readers."""
    first = story.blocks[0]
    word = first.html.split(" ")[0] if " " in first.html else first.html[:3]
    rest = first.html[len(word) :]
    html = (
        f'<span class="dropcap" aria-hidden="true"><span class="dropcap__letter">{word[0]}</span>{word[1:]}</span>'
        f'<span class="sr-only">{word}</span>{rest}'
    )
    return Structured(blocks=(paragraph(html, first.text[0]), *story.blocks[1:]))


def _pull_quote(story: Story) -> Structured:
    """Set a sentence of the text a second time, large, as a pull quote."""
    text = story.blocks[0].text[0]
    stop = next(place for place, letter in enumerate(text) if letter in ".。，,") + 1
    html = f'<aside class="pullquote" aria-hidden="true"><p>{escape(text[:stop], quote=False)}</p></aside>'
    return Structured(blocks=after(story, 2, html), once=(text[:stop],))


VARIANTS: dict[str, Variant] = {
    **{name: _trap(form) for name, form in TRAPS.items()},
    **{name: _copy(form) for name, form in COPIES.items()},
    "screen-readers": _for_screen_readers,
    "drop-cap": _drop_cap,
    "pull-quote": _pull_quote,
}
