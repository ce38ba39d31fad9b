"""Export of a digest as one self-contained HTML page, with styles and saved pictures."""

import re
from base64 import b64encode
from dataclasses import replace
from typing import BinaryIO

from markupsafe import Markup

from unabridged.archive.facade.archive import Archive
from unabridged.formats.book.edition import (
    Chapter,
    load_article,
    load_picture,
    make_chapter,
    plan_edition,
    render_template,
    template_source,
)
from unabridged.formats.export_job import ExportJob, ExportReport

_NOTE = re.compile(r'( (?:id|href)="#?)(?=fn-)')

_BACK = '<p class="back"><a href="#contents">↑ Contents</a></p>\n'

MAX_PICTURE_BYTES = 50_000_000
"""Bytes of pictures in one page; further pictures become links, so that a browser can open the page."""


def stream_page(archive: Archive, job: ExportJob, out: BinaryIO) -> ExportReport:
    """Write a selection as one HTML page to an open file. Raises ExportError for an empty selection."""
    edition = plan_edition(archive, job.selection, now=job.now)
    out.write(render_template("digest.html", edition=edition, css=Markup(template_source("book.css"))))
    failed: list[str] = []
    remaining, articles = MAX_PICTURE_BYTES, 0
    pictures: set[str] = set()

    def picture(url: str) -> str | None:
        nonlocal remaining
        kept = load_picture(archive, url, failed)
        if kept is None or len(kept.body) > remaining:
            return None
        remaining -= len(kept.body)
        pictures.add(kept.hash)
        return f"data:{kept.type};base64,{b64encode(kept.body).decode()}"

    for section, entry in edition.entries:
        stored = load_article(archive, entry.id, failed)
        if stored is not None:
            made = _with_unique_ids(make_chapter(stored, entry, section, picture))
            out.write(_section(made))
            articles += 1
            job.on_article(stored)
    out.write(b"</main>\n</body>\n</html>\n")
    return ExportReport(articles=articles, pictures=len(pictures), failed=tuple(failed))


def _with_unique_ids(made: Chapter) -> Chapter:
    """Make the ids of a chapter's footnotes unique in the page."""
    return replace(made, body=Markup(_NOTE.sub(rf"\g<1>{made.name}-", made.body)))


def _section(made: Chapter) -> bytes:
    content = render_template("article.xhtml", chapter=made).decode()
    own = f'<section lang="{made.language}" dir="{made.direction}"'
    begun = content.replace('<section epub:type="chapter"', own, 1)
    head, end, rest = begun.rpartition("</section>")
    return f"{head}{_BACK}{end}{rest}".encode()
