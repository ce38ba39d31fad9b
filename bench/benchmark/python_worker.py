"""Worker of the benchmark: one extractor of Python; a page a line on stdin, its answer a line on stdout.

python python_worker.py LABEL

A page is {"data": base64 of the bytes, "text": str or null, "url", "host", "key"}; the answer is {"ms": CPU
milliseconds} with "text" or "html", or "error". The first line is {}: the extractor is loaded. Only the
standard library is imported here: the worker also runs in Pythons that have nothing but its extractor.
"""

import base64
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Answer = dict[str, Any]
Extract = Callable[[Any, "str | None"], Any]
Finish = Callable[[Any, Any], Answer]
"""Makes the answer of what was extracted, and of the page; not timed."""


def as_text(found: Any, page: Any) -> Answer:
    return {"text": found or ""}


def as_html(found: Any, page: Any) -> Answer:
    return {"html": found or ""}


def unabridged() -> tuple[Extract, Finish]:
    """Ours: timed as shipped; the text is told by models that never saw the page's site."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from bench.folds import extract_out_of_fold
    from unabridged.extraction import extract

    def out_of_fold(found: Any, page: Any) -> Answer:
        html = base64.b64decode(page["data"])
        article = extract_out_of_fold(html, url=page["url"], host=page["host"], key=page["key"])
        return {"text": article.text, "title": article.title}

    return lambda html, url: extract(html, url=url), out_of_fold


def trafilatura(**options: Any) -> Callable[[], tuple[Extract, Finish]]:
    """The text of trafilatura, comments off."""

    def load() -> tuple[Extract, Finish]:
        from trafilatura import extract

        return lambda html, url: extract(html, url=url, include_comments=False, **options), as_text

    return load


def trafilatura_with_metadata() -> tuple[Extract, Finish]:
    """The document of trafilatura: text, title, authors, day; comments off."""
    from trafilatura import bare_extraction

    def read(found: Any, page: Any) -> Answer:
        row = found.as_dict() if hasattr(found, "as_dict") else dict(found or {})
        return {"text": row.get("text") or "", "title": row.get("title")}

    return lambda html, url: bare_extraction(html, url=url, include_comments=False, with_metadata=True), read


def readability_lxml() -> tuple[Extract, Finish]:
    """The summary and the title of readability-lxml."""
    from readability import Document

    def extract(html: Any, url: "str | None") -> Any:
        document = Document(html)
        return document.summary(html_partial=True), document.short_title()

    return extract, lambda found, page: {"html": found[0], "title": found[1]}


def go_readability() -> tuple[Extract, Finish]:
    """The content of go-readability, through pygoreadability."""
    from pygoreadability import from_string

    return from_string, lambda found, page: {"html": found.content_html, "title": found.title}


def resiliparse() -> tuple[Extract, Finish]:
    """The main content of resiliparse as plain text."""
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, url: extract_plain_text(html, main_content=True), as_text


def newspaper4k() -> tuple[Extract, Finish]:
    """The parsed article of newspaper4k; nothing is fetched."""
    from newspaper import Article, Config

    config = Config()
    config.fetch_images = False

    def extract(html: Any, url: "str | None") -> Any:
        article = Article(url or "https://example.org/article", config=config)
        article.download(input_html=html)
        article.parse()
        return article

    return extract, lambda found, page: {"text": found.text, "title": found.title}


def magic_html() -> tuple[Extract, Finish]:
    """The HTML of magic-html, in its general mode."""
    from magic_html import GeneralExtractor

    extractor = GeneralExtractor()
    return (
        lambda html, url: extractor.extract(html, base_url=url or "https://example.org/article"),
        lambda found, page: {"html": found.get("html") or "", "title": found.get("title")},
    )


EXTRACTORS: dict[str, Callable[[], tuple[Extract, Finish]]] = {
    "Unabridged": unabridged,
    "trafilatura, with metadata": trafilatura_with_metadata,
    "trafilatura": trafilatura(),
    "trafilatura, precision": trafilatura(favor_precision=True),
    "trafilatura, fast": trafilatura(fast=True),
    "readability-lxml": readability_lxml,
    "go-readability": go_readability,
    "resiliparse": resiliparse,
    "newspaper4k": newspaper4k,
    "magic-html": magic_html,
}


TWICE_BELOW = 50
"""CPU milliseconds: a page that takes less is extracted again, and the better time counts."""


def answer(page: Any, extract: Extract, finish: Finish) -> Answer:
    """Extract one page. A page that raises is answered with its time and the error."""
    html = page["text"] if page["text"] is not None else base64.b64decode(page["data"])
    url = page["url"] or None
    spent, found, error = tried(extract, html, url)
    if spent < TWICE_BELOW:
        spent = min(spent, tried(extract, html, url)[0])
    try:
        return {"ms": spent, "error": error} if error else {"ms": spent, **finish(found, page)}
    except Exception as raised:  # noqa: BLE001 - as below
        return {"ms": spent, "error": repr(raised)[:300]}


def tried(extract: Extract, html: Any, url: "str | None") -> "tuple[float, Any, str]":
    """Return CPU milliseconds, what was extracted, and the error, "" where there was none."""
    began = time.process_time()
    found, error = None, ""
    try:
        found = extract(html, url)
    except Exception as raised:  # noqa: BLE001 - the tables count the pages on which an extractor fails
        error = repr(raised)[:300]
    return (time.process_time() - began) * 1000, found, error


def main(label: str) -> None:
    """Answer pages until stdin ends. What extractors print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    extract, finish = EXTRACTORS[label]()
    print("{}", file=answers, flush=True)  # ready
    for line in sys.stdin.buffer:
        print(json.dumps(answer(json.loads(line), extract, finish)), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
