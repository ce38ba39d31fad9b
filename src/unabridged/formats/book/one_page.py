"""An edition as one HTML page that needs nothing else: styles and kept pictures are in it."""

import re
from base64 import b64encode
from dataclasses import replace
from typing import BinaryIO

from markupsafe import Markup

from unabridged.archive.facade.archive import Archive
from unabridged.formats.book.edition import (
    Chapter,
    book_picture,
    chapter,
    filled,
    plan,
    readable,
    template_source,
)
from unabridged.formats.export_job import ExportReport, Order

_NOTE = re.compile(r'( (?:id|href)="#?)(?=fn-)')

_BACK = '<p class="back"><a href="#contents">↑ Contents</a></p>\n'

MOST_PICTURES = 50_000_000
"""Bytes of pictures in one page; those after them become links, so that a browser can open it."""


def stream_page(archive: Archive, order: Order, out: BinaryIO) -> ExportReport:
    """Write a selection as one HTML page to an open file. Raises ExportError for an empty selection."""
    edition = plan(archive, order.selection, now=order.now)
    out.write(filled("digest.html", edition=edition, css=Markup(template_source("book.css"))))
    failed: list[str] = []
    room, articles = MOST_PICTURES, 0
    pictures: set[str] = set()

    def picture(url: str) -> str | None:
        nonlocal room
        kept = book_picture(archive, url, failed)
        if kept is None or len(kept.body) > room:
            return None
        room -= len(kept.body)
        pictures.add(kept.hash)
        return f"data:{kept.type};base64,{b64encode(kept.body).decode()}"

    for part, line in edition.lines:
        stored = readable(archive, line.id, failed)
        if stored is not None:
            made = _alone(chapter(stored, line, part, picture))
            out.write(_section(made))
            articles += 1
            order.seen(stored)
    out.write(b"</main>\n</body>\n</html>\n")
    return ExportReport(articles=articles, pictures=len(pictures), failed=tuple(failed))


def _alone(made: Chapter) -> Chapter:
    """A chapter whose footnotes have names that no other chapter of the page has."""
    return replace(made, body=Markup(_NOTE.sub(rf"\g<1>{made.name}-", made.body)))


def _section(made: Chapter) -> bytes:
    content = filled("article.xhtml", chapter=made).decode()
    own = f'<section lang="{made.language}" dir="{made.direction}"'
    begun = content.replace('<section epub:type="chapter"', own, 1)
    head, end, rest = begun.rpartition("</section>")
    return f"{head}{_BACK}{end}{rest}".encode()
