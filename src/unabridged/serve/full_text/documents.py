"""An article as a document for programs: Markdown with front matter, JSON, plain HTML or text. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

import orjson

from unabridged import urls
from unabridged.archive.records.core import StoredArticle
from unabridged.cleaning import with_web_addresses
from unabridged.model import Article
from unabridged.serve.full_text.negotiation import Form
from unabridged.text.article_files import markdown_of, text_of
from unabridged.text.controls import as_label, escaped_in_json, without_surrogates
from unabridged.text.scripts import direction
from unabridged.text.words import count_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Origin of the text of a document: the page as read now, or a version in the archive.

    fetched: when the page was read; None if a feed gave the text. problem: why the page was not read now.
    """

    kind: str
    fetched: datetime | None = None
    article_id: int | None = None
    version: int | None = None
    address: str | None = None
    problem: str | None = None


def page_origin(fetched: datetime) -> Origin:
    """Return the origin of a text whose page was read just now."""
    return Origin(kind="page", fetched=fetched)


def archive_origin(stored: StoredArticle, address: str, problem: str | None = None) -> Origin:
    """Return the origin of a version in the archive. address: of the article in the reader."""
    return Origin(
        kind="archive",
        fetched=stored.fetched,
        article_id=stored.id,
        version=stored.revision,
        address=address,
        problem=problem,
    )


def facts_of(article: Article, origin: Origin) -> dict[str, Any]:
    """Return the facts about an article that all documents state; None for what is not known.

    verdict: whether the text is whole (`Completeness.kind`). words: a Han or kana letter counts as one.
    """
    return {
        "title": as_label(article.title),
        "author": ", ".join(map(as_label, article.authors)) or None,
        "date": _iso(article.published),
        "modified": _iso(article.modified),
        "url": article.url,
        "canonical_url": article.canonical_url,
        "site": article.site_name or urls.host(article.url) or None,
        "language": article.language,
        "words": count_words(article.text),
        "verdict": article.completeness.kind,
        "evidence": list(article.completeness.evidence) or None,
        "summary": as_label(article.summary) or None,
        "image": article.lead_image,
        "tags": [as_label(tag) for tag in article.tags] or None,
        "warnings": list(article.warnings) or None,
        "source": origin.kind,
        "fetched": _iso(origin.fetched),
        "article": origin.article_id,
        "version": origin.version,
        "archive_url": origin.address,
        "problem": origin.problem,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def front_matter(facts: dict[str, Any]) -> bytes:
    """Return facts as front matter of Markdown; each value is JSON, which is also YAML."""
    lines = [f"{name}: {to_json(value).decode()}\n" for name, value in facts.items() if value is not None]
    return f"---\n{''.join(lines)}---\n\n".encode()


def to_json(value: Any, *, indent: bool = False) -> bytes:
    """Return a value as JSON: without lone surrogates, and with control characters as escapes."""
    return escaped_in_json(orjson.dumps(_storable(value), option=orjson.OPT_INDENT_2 if indent else None))


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list) else value


def write_markdown(article: Article, origin: Origin) -> bytes:
    """Return an article as Markdown with front matter."""
    return front_matter(facts_of(article, origin)) + markdown_of(article)


def write_json(article: Article, origin: Origin) -> bytes:
    """Return an article as a JSON object: its facts, and its body as html, markdown and text."""
    body = {"html": article.html, "markdown": article.markdown, "text": article.text}
    return to_json(facts_of(article, origin) | body, indent=True) + b"\n"


def write_text(article: Article, origin: Origin) -> bytes:
    """Return the plain text of an article under its title, author, date and address."""
    facts = facts_of(article, origin)
    head = [facts[name] for name in ("title", "author", "date", "url") if facts[name]]
    return "\n".join(head).encode("utf-8", "replace") + b"\n\n" + text_of(article)


def write_html(article: Article, origin: Origin) -> bytes:
    """Return an article as an HTML page of its own, with the publisher's addresses of pictures."""
    facts = facts_of(article, origin)
    language = f' lang="{escape(article.language)}"' if article.language else ""
    names = {"author": facts["author"], "date": facts["date"], "verdict": facts["verdict"]}
    meta = [f'<meta name="{name}" content="{escape(value)}">' for name, value in names.items() if value]
    link = f'<link rel="canonical" href="{escape(article.canonical_url or article.url)}">'
    title = escape(facts["title"])
    return (
        f'<!doctype html>\n<html{language} dir="{direction(article.language, article.text)}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{title}</title>\n{link}\n' + "\n".join(meta) + "\n</head>\n<body>\n"
        f"<article>\n<h1>{title}</h1>\n{article.html}\n</article>\n</body>\n</html>\n"
    ).encode("utf-8", "replace")


WRITERS: dict[Form, Callable[[Article, Origin], bytes]] = {
    "markdown": write_markdown,
    "json": write_json,
    "html": write_html,
    "text": write_text,
}


def write_document(form: Form, article: Article, origin: Origin) -> bytes:
    """Return an article in a form; addresses that are none of the web are left out."""
    return WRITERS[form](with_web_addresses(article), origin)


def write_failure(form: Form, *, status: int, error: str, url: str) -> bytes:
    """Return the failure of a page in a form: with the reason and the status of the answer."""
    facts = {"error": error, "status": status, "url": url}
    if form == "json":
        return to_json(facts) + b"\n"
    text = error.encode("utf-8", "replace") + b"\n"
    return front_matter(facts) + text if form == "markdown" else text
