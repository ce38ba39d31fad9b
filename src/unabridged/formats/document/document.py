"""Archive documents: tolerant parser and exact writer of one article per file.

    <!--{milliseconds since 1970, UTC}-->
    [{title}]({link})
    ------

    {html}

Our own documents have a second comment before the HTML: the article's metadata as JSON, so that reading and
writing gives the same bytes. Documents of other archivers are repaired: see `header_lines`, `titles` and
`extraction.body.fragment`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from pathlib import Path
from typing import Any

import orjson

from unabridged.archive.records.encoding import article_from_mapping, encode, storable
from unabridged.archive.records.imports import Imported
from unabridged.cleaning import clean_article, sane_instant, with_web_addresses
from unabridged.errors import ArchiveError, DocumentError, InvalidURL, NotAPage
from unabridged.extraction.body.fragment import clean_fragment, sanitise
from unabridged.extraction.html.dom import decode
from unabridged.extraction.html.render import render
from unabridged.extraction.metadata.language import script_languages
from unabridged.formats.document.header_lines import Context, read_head
from unabridged.formats.document.titles import clean_title
from unabridged.model import Article, Clock, Completeness, Origin
from unabridged.text.slugs import slug_of
from unabridged.urls import host, normalise, unwrap, web_address

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MARK = "<!--unabridged "
SEEN = "first_seen"
LINES = "block_lines"
"""Entry of the metadata of a document whose HTML has a line break before each block."""
MAX_BYTES = 20_000_000
"""Larger documents are refused; the largest known has 0.2 MB."""

LAST_SECONDS = 100_000_000_000
"""A smaller number in the first line is seconds: as milliseconds it would be before March 1973."""

_CLOCK_LINE = re.compile(r"<!--\s*(-?\d{1,16})\s*-->")
_TITLE_LINE = re.compile(r"\[(.*)\]\(\s*<?(\S*?)>?\s*\)")
_RULE_LINE = re.compile(r"-{3,}")
_PLACE = re.compile(r"(?:^|/)articles/([^/]+)/(\d{1,15})\.(?:md|txt)$")
_BODY_FIELDS = frozenset({"url", "title", "html", "text", "markdown", "links", "media"})
_BLOCK = (
    r"(?=<(?:address|article|aside|blockquote|dd|details|div|dl|dt|figure|footer|h[1-6]|header|hr|li|main|ol|p|"
    r"pre|section|table|tbody|td|tfoot|th|thead|tr|ul)[\s>])"
)
_BLOCK_START = re.compile(rf"(?<!^){_BLOCK}")
_BROKEN_BLOCK_START = re.compile(rf"\n{_BLOCK}")
_STANDFIRST = re.compile(r"(?:<figure.*?</figure>)*<p><(strong|b|em)>((?:(?!</\1>).)+)</\1></p>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedDocument:
    """A parsed document. clock: when it was first seen (UTC), from the first line or the metadata.

    path: for messages. source, number: its place in a tree (`articles/<source>/<number>.md`), None outside
    of a tree. own: written by Unabridged.
    """

    article: Article
    clock: datetime
    path: str
    source: str | None = None
    number: int | None = None
    own: bool = False

    def imported(self, source_title: str | None = None) -> Imported:
        """Convert to the archive's record; outside of a tree, the source is the publisher's host."""
        name = host(self.article.url).removeprefix("www.")
        return Imported(
            article=self.article,
            origin="document",
            source=self.source or (slug_of(name) if name else "imported"),
            source_title=source_title,
            number=self.number,
            first_seen=self.clock,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    clock: datetime
    title: str
    link: str
    html: str


# Reading


def parse_document(content: bytes | str, *, path: str | Path = "document") -> ArchivedDocument:
    """Parse one archive document and repair known faults of archivers.

    path: its location, for its place in a tree and for messages ("articles/rfi/7.md:2: …").
    Raises DocumentError with file and line.
    """
    where = Path(path).as_posix()
    parts = _split(_text(content, where), where)
    found = _PLACE.search(where)
    article, clock, own = _article(parts, where)
    return ArchivedDocument(
        article=clean_article(article),
        clock=clock,
        path=where,
        source=found[1] if found else None,
        number=int(found[2]) if found else None,
        own=own,
    )


def looks_like_document(content: bytes) -> bool:
    """Tell if a file begins like an archive document; other files of a tree (README, lists) do not."""
    return _CLOCK_LINE.match(content[:200].decode("utf-8-sig", "replace").lstrip()) is not None


def _text(content: bytes | str, where: str) -> str:
    if len(content) > MAX_BYTES:
        raise DocumentError(f"{where}: larger than {MAX_BYTES:,} bytes; an archive document is one article.")
    if isinstance(content, bytes):
        try:
            content = decode(content)[0]
        except NotAPage as exc:
            raise DocumentError(f"{where}:1: not a text file but {exc}") from exc
    return content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _split(text: str, where: str) -> _Parts:
    """Split a document into its four parts; blank lines between them are ignored."""
    lines = text.split("\n")
    place = _skip_blank(lines, 0)
    clock = _CLOCK_LINE.fullmatch(_line_at(lines, place).strip())
    if clock is None:
        raise _broken(where, lines, place, "a comment with milliseconds, like <!--1706802302000-->")
    place = _skip_blank(lines, place + 1)
    head = _TITLE_LINE.fullmatch(_line_at(lines, place).strip())
    if head is None:
        raise _broken(where, lines, place, "the title and link, like [Title](https://…)")
    place = _skip_blank(lines, place + 1)
    if _RULE_LINE.fullmatch(_line_at(lines, place).strip()) is None:
        raise _broken(where, lines, place, "a line of dashes")
    html = "\n".join(lines[_skip_blank(lines, place + 1) :])
    milliseconds = int(clock[1])
    if not html.startswith(MARK) and 0 < milliseconds < LAST_SECONDS:
        milliseconds *= 1000  # some archivers write seconds
    return _Parts(clock=_instant(milliseconds, where), title=head[1], link=head[2], html=html)


def _line_at(lines: list[str], place: int) -> str:
    return lines[place] if place < len(lines) else ""


def _skip_blank(lines: list[str], place: int) -> int:
    while place < len(lines) and not lines[place].strip():
        place += 1
    return place


def _broken(where: str, lines: list[str], place: int, wanted: str) -> DocumentError:
    found = repr(_line_at(lines, place)[:60]) if place < len(lines) else "the end of the file"
    line = place + 1 if any(lines) else 1
    return DocumentError(f"{where}:{line}: expected {wanted}, found {found}.")


def _instant(milliseconds: int, where: str) -> datetime:
    try:
        at = sane_instant(EPOCH + timedelta(milliseconds=milliseconds))
    except OverflowError:
        at = None
    if at is None:
        raise DocumentError(f"{where}:1: {milliseconds} milliseconds are out of range for a date.")
    return at


def _article(parts: _Parts, where: str) -> tuple[Article, datetime, bool]:
    """Return the article, when it was first seen, and True for a document of ours."""
    if not parts.html.startswith(MARK):
        return _parse_foreign(parts, where), parts.clock, False
    comment, _, body = parts.html.partition("\n")
    return *_parse_own(parts, comment, body, where), True


def _parse_own(parts: _Parts, comment: str, body: str, where: str) -> tuple[Article, datetime]:
    """Parse a document of ours from its metadata; its HTML is sanitised again nevertheless.

    If the metadata has the time when we first saw the article, the first line is not an archiver's clock.
    """
    try:
        known = orjson.loads(comment.removeprefix(MARK).removesuffix("-->"))
        html = body.removesuffix("\n")
        clean = sanitise(_BROKEN_BLOCK_START.sub("", html) if known.pop(LINES, False) else html)
        views = render(clean)
        article = article_from_mapping({**known, "url": parts.link, "title": plain_title(parts.title)})
        seen = _seen(known[SEEN]) if SEEN in known else None
        check_address(parts.link)
    except (orjson.JSONDecodeError, ArchiveError, InvalidURL, TypeError, ValueError, AttributeError) as exc:
        raise DocumentError(f"{where}:5: the metadata of the article cannot be read: {exc}") from exc
    service = () if seen else (Clock(kind="service", at=parts.clock, origin="document"),)
    whole = replace(
        article,
        html=clean,
        text=views.text,
        markdown=views.markdown,
        links=views.links,
        media=views.media,
        clocks=(*article.clocks, *service),
    )
    return whole, seen or parts.clock


def _seen(written: str) -> datetime:
    at = sane_instant(datetime.fromisoformat(written))
    if at is None:
        raise ValueError(f"{written[:40]!r} is not a plausible time")
    return at.astimezone(UTC)


def check_address(url: str) -> None:
    """Raise InvalidURL unless a URL is empty or a web address."""
    if url and web_address(url) is None:
        raise InvalidURL(url, "an article's address begins with http:// or https:// and a host")


def plain_title(title: str) -> str:
    """Undo `written_title`."""
    return re.sub(r"\\([\\\[\]])", r"\1", unescape(title))


def _parse_foreign(parts: _Parts, where: str) -> Article:
    url = _link(parts.link, where)
    title, site_name = clean_title(parts.title, url)
    clean = clean_fragment(parts.html, base=url)
    language = _language(title, clean)
    head = read_head(parts.html, clean, Context(url=url, language=language, service=parts.clock))
    views = render(head.body)
    service = Clock(kind="service", at=parts.clock, origin="document")
    published = head.clocks[0] if head.clocks else None
    empty = Completeness(kind="not_an_article", evidence=("no text, only media",))
    provenance = _provenance(published, head.authors)
    return Article(
        url=url,
        title=title,
        authors=head.authors,
        published=published.at if published else None,
        language=language,
        lead_image=next((one.url for one in views.media if one.kind == "image"), None),
        site_name=site_name,
        summary=_standfirst(head.body),
        html=head.body,
        text=views.text,
        markdown=views.markdown,
        links=views.links,
        media=views.media,
        clocks=(*head.clocks, service),
        completeness=Completeness(kind="full") if views.text else empty,
        provenance=provenance,
    )


def _provenance(published: Clock | None, authors: tuple[str, ...]) -> Mapping[str, Origin]:
    found: dict[str, Origin] = {"title": "document", "html": "document"}
    if published is not None:
        found["published"] = published.origin
    if authors:
        found["authors"] = "document"
    return found


def _link(written: str, where: str) -> str:
    """Return the publisher's URL without escapes, redirect wrappers and doubled slashes."""
    if not written:
        return ""
    try:
        url = normalise(unwrap(written.replace("&amp;", "&")))
    except InvalidURL as exc:
        raise DocumentError(f"{where}:2: {exc}") from exc
    path, mark, query = url.partition("?")
    return re.sub(r"(?<!:)/{2,}", "/", path) + mark + query


def _language(title: str, body: str) -> str | None:
    found = script_languages(render(body[:20_000]).text or title)
    # Han letters without kana: among the candidates, assume Chinese.
    return found[0] if len(found) == 1 or "zh" in found[:1] else None


def _standfirst(body: str) -> str:
    """Return the first paragraph if all of it is emphasised, else an empty string."""
    match = _STANDFIRST.match(body)
    return render(f"<p>{match[2]}</p>").text if match else ""


# Writing


def document_clock(article: Article, crawled: datetime) -> datetime:
    """Return the first line's time: an archiver's clock if there is one, else when we first saw it."""
    return next((clock.at for clock in article.clocks if _is_archivers(clock)), crawled)


def _is_archivers(clock: Clock) -> bool:
    return clock.kind == "service" and clock.origin == "document"


def write_document(article: Article, *, crawled: datetime) -> bytes:
    """Return an article as an archive document; parsing and writing it again gives the same bytes.

    Each block of the HTML begins a line, so that `git diff` shows what changed. crawled: when it was first
    seen, for the first line.
    """
    article = with_web_addresses(article)
    milliseconds = (document_clock(article, crawled) - EPOCH) // timedelta(milliseconds=1)
    by_line = _BROKEN_BLOCK_START.search(article.html) is None
    head = _head(article, crawled) | ({LINES: True} if by_line else {})
    known = orjson.dumps(head).decode().replace("--", "-\\u002d").replace(">", "\\u003e")
    lines = (
        f"<!--{milliseconds}-->",
        f"[{written_title(article.title)}]({written_link(article.url)})",
        "------",
        "",
        f"{MARK}{known}-->",
        _BLOCK_START.sub("\n", article.html) if by_line else article.html,
    )
    return (storable("\n".join(lines)) + "\n").encode()


def _head(article: Article, crawled: datetime) -> dict[str, Any]:
    """Return the metadata that other lines lack, in the record's field order, without an archiver's clock.

    Without an archiver's clock, it has our own with microseconds, so that import can tell the two.
    """
    clocks = tuple(one for one in article.clocks if not _is_archivers(one))
    given: dict[str, Any] = orjson.loads(encode(replace(article, clocks=clocks)))
    order = [item.name for item in fields(Article) if item.name not in _BODY_FIELDS]
    head = {name: given[name] for name in order if name in given}
    own = len(clocks) == len(article.clocks)
    return head | ({SEEN: crawled.astimezone(UTC).isoformat()} if own else {})


def written_title(title: str) -> str:
    """Escape a title for the text of a Markdown link."""
    flat = escape(" ".join(title.split()), quote=False)
    return re.sub(r"([\\\[\]])", r"\\\1", flat)


def written_link(url: str) -> str:
    """Percent-encode characters of a URL that would end a Markdown link."""
    flat = (web_address(url) or "").replace("](", "]%28")
    return re.sub(r"[\s<>]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), flat)
