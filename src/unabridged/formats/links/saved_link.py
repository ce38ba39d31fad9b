"""A link that another program saved, from the fields of its export to an import."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from unabridged.archive.records.imports import Imported
from unabridged.archive.records.library import tag_name
from unabridged.cleaning import sane_instant
from unabridged.dates.parse import parse_date
from unabridged.errors import ArchiveError, DocumentError, InvalidURL
from unabridged.extraction.body.fragment import sanitise
from unabridged.extraction.html.render import render
from unabridged.model import Article
from unabridged.text.slugs import slug_of
from unabridged.urls import host, normalise

MAX_TAGS = 100
ALIASES: Mapping[str, tuple[str, ...]] = {
    "url": (
        "url",
        "href",
        "link",
        "source_url",
        "given_url",
        "resolved_url",
        "original_url",
        "address",
        "uri",
    ),
    "title": ("title", "given_title", "resolved_title", "document_title", "book_title", "name"),
    "author": ("author", "authors", "published_by", "book_author"),
    "tags": ("tags", "document_tags", "labels", "label", "keywords"),
    "folder": ("folder", "collection", "location", "status", "state", "category"),
    "saved": (
        *(
            "time_added",
            "saved_date",
            "saved_at",
            "savedat",
            "created_at",
            "createdat",
            "created",
            "add_date",
        ),
        *("timestamp", "highlighted_at", "date_added", "added", "time", "date", "changed_at"),
    ),
    "published": ("published_at", "publishedat", "date_published", "published"),
    "read": ("is_archived", "archived", "is_read", "read"),
    "starred": ("is_starred", "starred", "favorite", "favourite", "is_favorite", "important"),
    "excerpt": ("excerpt", "selection", "highlight", "summary", "note", "comment"),
    "html": ("content_html", "content"),
}
"""Our name of a field -> its names in exports, the first that is there counts."""

READ_FOLDERS = frozenset(("archive", "archived", "read", "1"))
STARRED_FOLDERS = frozenset(("starred", "favorites", "favourites", "liked"))
NO_FOLDERS = frozenset(
    ("unread", "unsorted", "new", "later", "inbox", "feed", "shortlist", "0", "all", "succeeded", "to read")
)
"""Folders and states that say nothing beyond the link's being saved."""

_TRUE = frozenset(("1", "true", "yes", "y", "on"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLink:
    """One saved link. saved: when. html: its text in the export; whole: that is the full text.

    tags: as in the export; folders are tags too.
    """

    url: str
    title: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    saved: datetime | None = None
    published: datetime | None = None
    read: bool = False
    starred: bool = False
    excerpt: str = ""
    html: str = ""
    whole: bool = False


def imported_link(link: SavedLink, where: str) -> Imported | DocumentError:
    """Return the import of a link, whose page is to be fetched unless its text is whole."""
    try:
        url = normalise(link.url)
    except InvalidURL as exc:
        return DocumentError(f"{where}: {link.url[:200]!r} is left out: {exc.why}.")
    body = sanitise(link.html) if link.html else ""
    views = render(body)
    title = " ".join(link.title.split())
    article = Article(
        url=url,
        title="" if title in (url, link.url) else title,
        authors=(link.author,) if link.author else (),
        published=link.published,
        summary=" ".join(link.excerpt.split())[:1000],
        html=body,
        text=views.text,
        markdown=views.markdown,
        links=views.links,
        media=views.media,
    )
    return Imported(
        article=article,
        origin="jsonl" if link.whole and views.text else "feed",
        fetch=not (link.whole and views.text),
        source=slug_of(host(url)) or "saved",
        first_seen=link.saved,
        read=link.read,
        starred=link.starred,
        tags=tuple(dict.fromkeys(_tag_names(link.tags))),
    )


def _tag_names(tags: Iterable[str]) -> Iterable[str]:
    for tag in list(tags)[:MAX_TAGS]:
        try:
            yield tag_name(tag.strip().lstrip("#"))
        except ArchiveError:
            continue


def link_of(record: Mapping[str, Any], *, starred: bool = False, whole: bool = False) -> SavedLink | None:
    """Return the link that a record of an export describes; None for a record without an address."""
    fields = {_field_name(name): value for name, value in record.items() if isinstance(name, str)}
    url = _text(_first(fields, "url"))
    if not url:
        return None
    places = [_text(fields.get(name)) for name in ALIASES["folder"] if name in fields]
    folders = [place for place in places if place and place.lower() not in NO_FOLDERS]
    names = {folder.lower() for folder in folders}
    own = [folder for folder in folders if folder.lower() not in READ_FOLDERS | STARRED_FOLDERS]
    return SavedLink(
        url=url,
        title=_text(_first(fields, "title")),
        author=_text(_first(fields, "author")),
        tags=(*split_tags(_first(fields, "tags")), *own),
        saved=instant(_first(fields, "saved")),
        published=instant(_first(fields, "published")),
        read=_is_true(_first(fields, "read")) or bool(names & READ_FOLDERS),
        starred=starred or _is_true(_first(fields, "starred")) or bool(names & STARRED_FOLDERS),
        excerpt=_text(_first(fields, "excerpt")),
        html=_text(_first(fields, "html")),
        whole=whole,
    )


def has_address_field(names: Iterable[str]) -> bool:
    """Tell if one of the names is that of a field with an address."""
    return any(_field_name(name) in ALIASES["url"] for name in names)


def _field_name(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().strip("\ufeff").lower())


def _first(fields: Mapping[str, Any], name: str) -> Any:
    return next((fields[alias] for alias in ALIASES[name] if fields.get(alias) not in (None, "")), None)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(one for one in value if isinstance(one, str))
    if isinstance(value, bool):
        return ""
    return str(value).strip() if isinstance(value, str | int) else ""


def _is_true(value: Any) -> bool:
    return value is True or str(value).strip().lower() in _TRUE


def split_tags(value: Any) -> tuple[str, ...]:
    """Return the tags of a field: a list, a JSON or Python list as text, or names between | or commas."""
    if isinstance(value, Mapping):
        return tuple(str(name) for name in value)
    if isinstance(value, list):
        return tuple(name for one in value if (name := _tag_of(one)))
    text = _text(value)
    if text.startswith("["):
        listed = _list_of(text)
        if listed is not None:
            return split_tags(listed)
    return tuple(name for part in re.split(r"[|,;]", text) if (name := part.strip()))


def _tag_of(one: Any) -> str:
    if isinstance(one, Mapping):
        return _text(one.get("label") or one.get("name") or one.get("tag") or one.get("title"))
    return _text(one)


def _list_of(text: str) -> list[Any] | None:
    for read in (orjson.loads, ast.literal_eval):
        try:
            found = read(text[:10_000])
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(found, list):
            return found
    return None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(value: Any) -> datetime | None:
    """Return a time: seconds, milli- or microseconds since 1970, or a date, in UTC without a zone."""
    text = _text(value)
    if re.fullmatch(r"\d{1,17}", text):
        number = int(text)
        while number > 10**11:  # the year 5138 in seconds
            number //= 1000
        return sane_instant(_EPOCH + timedelta(seconds=number)) if number else None
    at = _date(text)
    if at is None:
        return None
    return sane_instant(at if at.tzinfo else at.replace(tzinfo=UTC))


def _date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        found = parse_date(text, kind="published", origin="document") if text else None
        return found.at if found else None
