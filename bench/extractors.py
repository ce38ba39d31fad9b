"""Extractors under examination: ours as shipped and out of fold, and peers; each page -> prediction."""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.corpora import Case
from unabridged.model import Article

Prediction = dict[str, Any]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "unabridged-bench"


def ours(html: bytes, case: Case) -> Prediction:
    """Our extraction with models that never saw the page's host."""
    from bench.folds import extract_out_of_fold
    from unabridged.errors import UnabridgedError

    try:
        article = extract_out_of_fold(html, url=case.url, host=case.host, key=case.key)
    except UnabridgedError:
        return {}
    return as_prediction(article)


def as_prediction(article: Article) -> Prediction:
    """Return the fields of an article that truths know."""
    return {
        "text": article.text,
        "title": article.title,
        "authors": list(article.authors),
        "date": article.published.date().isoformat() if article.published else None,
        "lead_image": article.lead_image,
    }


def _trafilatura(html: bytes, case: Case, precision: bool) -> Prediction:
    import trafilatura

    found = trafilatura.bare_extraction(
        html, url=case.url, favor_precision=precision, include_comments=False, with_metadata=True
    )
    if found is None:
        return {}
    row = found.as_dict() if hasattr(found, "as_dict") else dict(found)
    keys = {"text": "text", "title": "title", "authors": "author", "date": "date", "lead_image": "image"}
    return {ours_: row.get(theirs) for ours_, theirs in keys.items()}


def trafilatura_standard(html: bytes, case: Case) -> Prediction:
    """trafilatura with its defaults (comments off)."""
    return _trafilatura(html, case, precision=False)


def trafilatura_precision(html: bytes, case: Case) -> Prediction:
    """trafilatura in its precision mode."""
    return _trafilatura(html, case, precision=True)


def readability(html: bytes, case: Case) -> Prediction:
    """readability-lxml; its summary as plain text."""
    import turbohtml
    from readability import Document

    page = Document(html.decode("utf-8", "replace"))
    return {"text": turbohtml.parse(page.summary(html_partial=True)).to_text(), "title": page.short_title()}


PEERS: dict[str, tuple[str, Callable[[bytes, Case], Prediction]]] = {
    "trafilatura": ("trafilatura", trafilatura_standard),
    "traf. precision": ("trafilatura", trafilatura_precision),
    "readability-lxml": ("readability-lxml", readability),
}


def structures_ours(html: bytes, case: Case) -> Prediction:
    """Our extraction as for `ours`: its Markdown and its body."""
    from bench.folds import extract_out_of_fold
    from unabridged.errors import UnabridgedError

    try:
        article = extract_out_of_fold(html, url=case.url, host=case.host, key=case.key)
    except UnabridgedError:
        return {}
    return {"markdown": article.markdown, "html": article.html}


def structures_trafilatura(html: bytes, case: Case) -> Prediction:
    """trafilatura's Markdown with tables, links and formatting (comments off)."""
    import trafilatura

    found = trafilatura.extract(
        html,
        url=case.url,
        output_format="markdown",
        include_comments=False,
        include_tables=True,
        include_links=True,
        include_formatting=True,
        include_images=True,
    )
    return {"markdown": found or ""}


def structures_readability(html: bytes, case: Case) -> Prediction:
    """readability-lxml's summary."""
    from readability import Document

    return {"html": Document(html.decode("utf-8", "replace")).summary(html_partial=True)}


def structures_go_readability(html: bytes, case: Case) -> Prediction:
    """HTML of go-readability."""
    from pygoreadability import from_string

    return {"html": from_string(html.decode("utf-8", "replace"), case.url).content_html}


STRUCTURE_PEERS: dict[str, tuple[str, Callable[[bytes, Case], Prediction]]] = {
    "trafilatura": ("trafilatura", structures_trafilatura),
    "readability-lxml": ("readability-lxml", structures_readability),
    "go-readability": ("pygoreadability", structures_go_readability),
}
"""Peers whose structures are counted, each with what its users are offered for them."""


def _run(task: tuple[Callable[[bytes, Case], Prediction], Case]) -> tuple[str, Prediction]:
    function, case = task
    try:
        return case.key, function(case.read(), case)
    except Exception as error:  # noqa: BLE001 - the line below says why
        # A page that breaks an extractor is an empty extraction; ours also fails the run (see corpus.py).
        print(f"{case.key}: {error!r}"[:300], file=sys.stderr)
        return case.key, {"crash": repr(error)}


def predict(
    function: Callable[[bytes, Case], Prediction], cases: Iterable[Case], pool: ProcessPoolExecutor
) -> dict[str, Prediction]:
    """Run one extractor over pages on all cores. A page that raises has the key "crash"."""
    return dict(pool.map(_run, ((function, case) for case in cases), chunksize=16))


def predict_peer(
    name: str,
    cases: tuple[Case, ...],
    pool: ProcessPoolExecutor,
    peers: dict[str, tuple[str, Callable[[bytes, Case], Prediction]]] = PEERS,
) -> dict[str, Prediction]:
    """As `predict`, for a peer, remembered by its version and the page."""
    package, function = peers[name]
    cache = CACHE / f"{package}-{version(package)}-{function.__name__}"
    cache.mkdir(parents=True, exist_ok=True)
    found: dict[str, Prediction] = {}
    missing = []
    for case in cases:
        path = cache / hashlib.sha256(str(case.path.resolve()).encode()).hexdigest()
        if path.is_file():
            found[case.key] = json.loads(path.read_text(encoding="utf-8"))
        else:
            missing.append(case)
    fresh = predict(function, missing, pool)
    for case in missing:
        path = cache / hashlib.sha256(str(case.path.resolve()).encode()).hexdigest()
        path.write_text(json.dumps(fresh[case.key], default=str), encoding="utf-8")
    return {**found, **fresh}
