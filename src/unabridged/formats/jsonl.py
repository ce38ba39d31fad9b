"""Articles as JSON lines, one object per article: export and import."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.encoding import article_from_mapping, encode
from unabridged.archive.records.imports import Imported, ImportedVersion
from unabridged.archive.records.library import tag_name
from unabridged.archive.records.stories import ArticleReadings
from unabridged.cleaning import sane_instant, with_web_addresses
from unabridged.errors import ArchiveError, DocumentError, InvalidURL
from unabridged.extraction.body.fragment import sanitise
from unabridged.extraction.html.render import render
from unabridged.formats.document.document import check_address
from unabridged.model import Article
from unabridged.text.slugs import slug_of
from unabridged.urls import host

MAX_LINE = 20_000_000
"""Bytes of a line. Longer lines are refused, so that a file without line ends cannot fill the memory."""

MAX_TAGS = 100
BATCH = 100
NOT_READ = ArticleReadings()
_BLOCK = 1 << 20


# Export


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLine:
    """An article's line. failed: errors for parts that could not be exported."""

    content: bytes
    failed: tuple[str, ...] = ()


def jsonl_lines(
    archive: Archive, articles: Iterable[StoredArticle], *, history: bool = False
) -> Iterator[JsonLine]:
    """Yield articles as lines, with all fields of docs/reference/formats.md.

    history: include the other versions of each article.
    """
    titles = {one.slug: one.title for one in archive.documents.sources()}
    waiting = iter(articles)
    while batch := list(islice(waiting, BATCH)):
        numbers = [one.id for one in batch]
        tags = archive.library().tags.by_article(numbers)
        readings = archive.library().stories.readings(numbers)
        for stored in batch:
            line = _article_fields(stored, titles.get(stored.source), tags.get(stored.id, ()))
            line |= _reading_fields(readings.get(stored.id, NOT_READ))
            if history:
                yield _with_history(archive, stored, line)
            else:
                yield JsonLine(content=orjson.dumps(line) + b"\n")


def _article_fields(stored: StoredArticle, source_title: str | None, tags: tuple[str, ...]) -> dict[str, Any]:
    article = with_web_addresses(stored.article)
    return {
        "id": stored.id,
        **_metadata_fields(article),
        "source": stored.source,
        "source_title": source_title,
        "text": article.text,
        "html": article.html,
        "revision": stored.revision,
        "markdown": article.markdown,
        "first_seen": stored.first_seen.isoformat(),
        "revised": stored.revised.isoformat(),
        "content_hash": stored.content_hash,
        "edits": stored.edits,
        "edited": _time(stored.edited),
        "read": stored.read,
        "starred": stored.starred,
        "own_tags": list(tags),
    }


def _reading_fields(found: ArticleReadings) -> dict[str, Any]:
    """Return what was read out of the current text by rules. An import ignores it: it is computed again."""
    return {
        "story": found.story,
        "copies_group": found.copies,
        "credits": [asdict(one) for one in found.credits],
    }


def _metadata_fields(article: Article) -> dict[str, Any]:
    """Return the metadata fields of an article."""
    known: dict[str, Any] = orjson.loads(encode(article))
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "authors": list(article.authors),
        "published": _time(article.published),
        "modified": _time(article.modified),
        "language": article.language,
        "summary": article.summary,
        "tags": list(article.tags),
        "lead_image": article.lead_image,
        "site_name": article.site_name,
        "section": article.section,
        "kind": article.kind,
        "credit": list(article.credit),
        "enclosures": known.get("enclosures", []),
        "clocks": known.get("clocks", []),
        "completeness": known.get("completeness", {"kind": "full"}),
        "provenance": dict(sorted(article.provenance.items())),
        "warnings": list(article.warnings),
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _with_history(archive: Archive, stored: StoredArticle, line: dict[str, Any]) -> JsonLine:
    """Return a line with the other versions, oldest first; only the newest if a line cannot hold all."""
    failed: list[str] = []
    versions: list[dict[str, Any]] = []
    remaining = MAX_LINE - len(orjson.dumps(line)) - 100
    for known in reversed(archive.library().articles.revisions(stored.id)):
        if known.number == stored.revision:
            line = line | {"edit": known.edit}
            continue
        try:
            version = _version(archive, stored.id, known.number)
        except ArchiveError as exc:
            failed.append(f"article {stored.id}, version {known.number}: {exc}")
            continue
        remaining -= len(orjson.dumps(version)) + 1
        if remaining < 0:
            failed.append(
                f"article {stored.id}: version {known.number} and earlier ones do not fit into a line of "
                f"{MAX_LINE:,} bytes."
            )
            break
        versions.insert(0, version)
    return JsonLine(content=orjson.dumps(line | {"versions": versions}) + b"\n", failed=tuple(failed))


def _version(archive: Archive, article_id: int, number: int) -> dict[str, Any]:
    found = archive.library().articles.revision(article_id, number)
    return {
        "number": found.line.number,
        "saved": found.line.saved.isoformat(),
        "reason": found.line.reason,
        "edit": found.line.edit,
        "content_hash": found.line.content_hash,
        **_metadata_fields(found.article),
        "html": found.article.html,
    }


# Import


def read_jsonl(path: Path) -> Iterator[Imported | DocumentError]:
    """Yield the articles of a file; for an invalid line, an error with its position."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_bounded_lines(file), 1):
                where = f"{path}:{number}"
                if line is None:
                    yield DocumentError(
                        f"{where}: a line of more than {MAX_LINE:,} bytes; no article is so long."
                    )
                elif line.strip():
                    yield _imported(line, where)
    except OSError as exc:
        yield DocumentError(f"{path} cannot be read: {exc.strerror}.")


def _bounded_lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of a file; None for a line that is too long, which is skipped block by block."""
    while line := file.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        del line
        while (block := file.readline(_BLOCK)) and not block.endswith(b"\n"):
            pass
        yield None


def _imported(line: bytes, where: str) -> Imported | DocumentError:
    try:
        given = orjson.loads(line)
        if not isinstance(given, dict) or not isinstance(given.get("url"), str):
            return DocumentError(f"{where}: expected an object with at least a url.")
        check_address(given["url"])
        article = _article(given)
        older = _older(given.get("versions") or ())
        revision = _number(given.get("revision", 1)) if "versions" in given else 1
        if revision in {one.number for one in older}:
            raise ValueError(f"version {revision} occurs twice")
        return Imported(
            article=article,
            origin="jsonl",
            source=_source(given) or slug_of(host(article.url)) or "imported",
            source_title=_optional_str(given.get("source_title")),
            first_seen=_optional_time(given.get("first_seen")),
            revised=_optional_time(given.get("revised")),
            revision=revision,
            older=older,
            edit="versions" in given and given.get("edit") is True,
            read=given.get("read") is True,
            starred=given.get("starred") is True,
            tags=tuple(tag_name(str(name)) for name in list(given.get("own_tags") or ())[:MAX_TAGS]),
        )
    except orjson.JSONDecodeError as exc:
        return DocumentError(f"{where}: not JSON: {exc}.")
    except (
        ArchiveError,
        InvalidURL,
        TypeError,
        ValueError,
        AttributeError,
        LookupError,
        OverflowError,
    ) as exc:
        return DocumentError(f"{where}: not an article: {str(exc).rstrip('.')}.")


def _source(given: dict[str, Any]) -> str:
    """Return the name of an article's source; a row of `bulk` or `extract` names the file that it is from."""
    return "" if given.keys() >= _ROW else str(given.get("source") or "")


_ROW = {"captured", "position", "status"}
"""Columns of the rows of `bulk` and `extract` that no other line has."""


def _older(given: Any) -> tuple[ImportedVersion, ...]:
    versions = tuple(
        ImportedVersion(
            number=_number(one["number"]),
            saved=_parse_time(one["saved"]),
            reason=str(one.get("reason") or "")[:500],
            article=_article(one),
            edit=one.get("edit") is True,
        )
        for one in given
    )
    if len({one.number for one in versions}) < len(versions):
        raise ValueError("two versions have the same number")
    return versions


def _number(given: Any) -> int:
    if not isinstance(given, int) or not 0 <= given < 10**9:
        raise ValueError(f"{str(given)[:40]!r} is not a version number")
    return given


def _optional_time(given: Any) -> datetime | None:
    return None if given is None else _parse_time(given)


def _parse_time(given: Any) -> datetime:
    at = datetime.fromisoformat(given)
    if at.tzinfo is None:
        raise ValueError(f"{given!r} has no UTC offset, as in 2025-03-01T12:00:00+00:00")
    fit = sane_instant(at)
    if fit is None:
        raise ValueError(f"{given!r} is not a plausible time")
    return fit


def _zoned(given: Any) -> str:
    """Parse an article's time; without an offset it is UTC."""
    at = datetime.fromisoformat(given)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()  # the archive checks the range


def _optional_str(given: Any) -> str | None:
    return given or None if isinstance(given, str) else None


def _article(given: dict[str, Any]) -> Article:
    """Build the article of a line. Its HTML is sanitised, and all views are rendered from it."""
    html = given.get("html") or given.get("body") or ""  # "body" in files of earlier versions
    text = given.get("text") or ""
    body = sanitise(str(html)) or "".join(
        f"<p>{_escaped(part)}</p>" for part in str(text).split("\n\n") if part
    )
    views = render(body)
    known = {name: value for name, value in given.items() if value is not None}
    if isinstance(known.get("completeness"), str):  # a row of `bulk` or `extract`
        known["completeness"] = {"kind": known["completeness"], "evidence": known.get("evidence", [])}
    times = {name: _zoned(known[name]) for name in ("published", "modified") if name in known}
    return article_from_mapping(
        known
        | times
        | {
            "title": str(given.get("title") or ""),
            "html": body,
            "text": views.text,
            "markdown": views.markdown,
            "links": [{"url": link.url, "text": link.text} for link in views.links],
            "media": orjson.loads(orjson.dumps(views.media)),
        }
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
