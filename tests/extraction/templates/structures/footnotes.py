"""Footnotes as converters, platforms and plugins write them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from tests.extraction.templates.story import Block, Story, paragraph, raw
from tests.extraction.templates.structures.record import Structured, Variant, paragraphs
from tests.extraction.templates.structures.texts import TEXTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a tool writes notes. reference, note: HTML with {n} and {text}; around: HTML with {notes}.

    linked: whether the reference leads to the note, so that both must be linked in the article too.
    """

    reference: str
    note: str
    around: str
    linked: bool = True


FORMS = {
    "pandoc": Form(
        reference='<a href="#fn{n}" class="footnote-ref" id="fnref{n}" role="doc-noteref"><sup>{n}</sup></a>',
        note='<li id="fn{n}"><p>{text}<a href="#fnref{n}" class="footnote-back" role="doc-backlink">↩︎</a></p></li>',
        around='<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes">\n<hr />\n'
        "<ol>\n{notes}\n</ol>\n</section>",
    ),
    "github": Form(
        reference='<sup><a href="#user-content-fn-{n}-3fa" id="user-content-fnref-{n}-3fa" data-footnote-ref="" '
        'aria-describedby="footnote-label">{n}</a></sup>',
        note='<li id="user-content-fn-{n}-3fa">\n<p>{text} <a href="#user-content-fnref-{n}-3fa" '
        'data-footnote-backref="" aria-label="Back to reference {n}" class="data-footnote-backref">'
        '<g-emoji class="g-emoji" alias="leftwards_arrow_with_hook">↩</g-emoji></a></p>\n</li>',
        around='<section data-footnotes="" class="footnotes"><h2 id="footnote-label" class="sr-only">{title}</h2>\n'
        "<ol>\n{notes}\n</ol>\n</section>",
    ),
    "kramdown": Form(
        reference='<sup id="fnref:{n}"><a href="#fn:{n}" class="footnote" rel="footnote" role="doc-noteref">{n}</a></sup>',
        note='<li id="fn:{n}">\n<p>{text}&nbsp;<a href="#fnref:{n}" class="reversefootnote" role="doc-backlink">'
        "&#8617;</a></p>\n</li>",
        around='<div class="footnotes" role="doc-endnotes">\n<ol>\n{notes}\n</ol>\n</div>',
    ),
    "wordpress": Form(
        reference='<sup data-fn="7c0e{n}d2a-91" class="fn"><a href="#7c0e{n}d2a-91" id="7c0e{n}d2a-91-link">{n}</a></sup>',
        note='<li id="7c0e{n}d2a-91">{text} <a href="#7c0e{n}d2a-91-link" aria-label="Jump to footnote reference {n}">'
        "↩︎</a></li>",
        around='<ol class="wp-block-footnotes">{notes}</ol>',
    ),
    "substack": Form(
        reference='<a data-component-name="FootnoteAnchorToDOM" id="footnote-anchor-{n}-1410" '
        'href="#footnote-{n}-1410" target="_self" class="footnote-anchor">{n}</a>',
        note='<div data-component-name="FootnoteToDOM" class="footnote"><a id="footnote-{n}-1410" '
        'href="#footnote-anchor-{n}-1410" class="footnote-number" contenteditable="false" target="_self">{n}</a>'
        '<div class="footnote-content"><p>{text}</p></div></div>',
        around="{notes}",
    ),
    "wikidot": Form(
        reference='<sup class="footnoteref"><a id="footnoteref-{n}" href="javascript:;" class="footnoteref" '
        "onclick=\"WIKIDOT.page.utils.scrollToReference('footnote-{n}')\">{n}</a></sup>",
        note='<div class="footnote-footer" id="footnote-{n}"><a href="javascript:;" '
        "onclick=\"WIKIDOT.page.utils.scrollToReference('footnoteref-{n}')\">{n}</a>. {text}</div>",
        around='<div class="footnotes-footer"><div class="title">{title}</div>\n{notes}\n</div>',
    ),
    "tooltip": Form(
        reference='<sup class="modern-footnotes-footnote" data-mfn="{n}" data-mfn-post-scope="x"><a href="javascript:void(0)" '
        'role="button" aria-pressed="false" aria-describedby="mfn-content-x-{n}">{n}</a></sup><span '
        'id="mfn-content-x-{n}" role="tooltip" class="modern-footnotes-footnote__note" tabindex="0" '
        'data-mfn="{n}">{text}</span>',
        note="",
        around="",
        linked=False,
    ),
    "mediawiki": Form(
        reference='<sup id="cite_ref-{n}" class="reference"><a href="#cite_note-{n}"><span class="cite-bracket">[</span>'
        '{n}<span class="cite-bracket">]</span></a></sup>',
        note='<li id="cite_note-{n}"><span class="mw-cite-backlink"><b><a href="#cite_ref-{n}">^</a></b></span> '
        '<span class="reference-text">{text}</span></li>',
        around='<div class="mw-references-wrap"><ol class="references">\n{notes}\n</ol></div>',
    ),
    "word": Form(
        reference='<a href="#_ftn{n}" name="_ftnref{n}" title=""><span class="MsoFootnoteReference">[{n}]</span></a>',
        note='<div id="ftn{n}"><p class="MsoFootnoteText"><a href="#_ftnref{n}" name="_ftn{n}" title="">'
        '<span class="MsoFootnoteReference">[{n}]</span></a> {text}</p></div>',
        around='<div><br clear="all"><hr align="left" size="1" width="33%">{notes}</div>',
    ),
    "tufte": Form(
        reference='<label for="sn-{n}" class="margin-toggle sidenote-number"></label><input type="checkbox" id="sn-{n}" '
        'class="margin-toggle"><span class="sidenote">{text}</span>',
        note="",
        around="",
        linked=False,
    ),
    "numbers": Form(
        reference="<sup>{n}</sup>",
        note="<p><sup>{n}</sup> {text}</p>",
        around="<hr>\n<h3>{title}</h3>\n{notes}",
        linked=False,
    ),
    "asciidoctor": Form(
        reference='<sup class="footnote">[<a id="_footnoteref_{n}" class="footnote" href="#_footnotedef_{n}" '
        'title="View footnote.">{n}</a>]</sup>',
        note='<div class="footnote" id="_footnotedef_{n}">\n<a href="#_footnoteref_{n}">{n}</a>. {text}\n</div>',
        around='<div id="footnotes">\n<hr>\n{notes}\n</div>',
    ),
}


def _variant(form: Form) -> Callable[[Story], Structured]:
    def build(story: Story) -> Structured:
        texts = TEXTS[story.language]
        places = [paragraphs(story)[0], paragraphs(story)[3]]
        blocks: list[Block] = list(story.blocks)
        notes: list[str] = []
        patterns: list[str] = []
        links: list[str] = []
        for n, (place, text) in enumerate(zip(places, texts.notes, strict=True), 1):

            def fill(html: str, n: int = n, text: str = text) -> str:
                return html.replace("{n}", str(n)).replace("{text}", escape(text, quote=False))

            block = blocks[place]
            blocks[place] = paragraph(block.html + fill(form.reference), block.text[0])
            notes.append(fill(form.note))
            end = re.escape(block.text[0][-12:])
            patterns.append(rf"{end}\s?\[\^{n}\][\s\S]*\[\^{n}\]: {re.escape(text[:30])}")
            links.append(rf'<a [^>]*href="#(fn-[0-9a-f]{{8}})"[^>]*>\[?{n}\]?<[\s\S]*id="\1"')
        around = form.around.replace("{title}", texts.notes_title).replace("{notes}", "\n".join(notes))
        if around:
            blocks.append(raw(around))
        return Structured(
            blocks=tuple(blocks),
            once=texts.notes,
            patterns=tuple(patterns) if form.linked else (),
            body_patterns=tuple(links) if form.linked else (),
            absent=("↩", "^"),
        )

    return build


VARIANTS: dict[str, Variant] = {name: _variant(form) for name, form in FORMS.items()}
