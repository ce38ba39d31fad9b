"""A selection of articles as one reading: parts by source, chapters made one at a time."""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Headline, StoredArticle
from unabridged.archive.records.library import KeptImage
from unabridged.errors import ArchiveError, ExportError, NotFound
from unabridged.formats.book.xhtml import address, language_tag, text, to_xhtml, xml_text
from unabridged.formats.selection import Selection
from unabridged.formats.selection import lines as lines_of
from unabridged.text.scripts import direction as direction_of
from unabridged.urls import host, web_address

_NOTICES = {
    "truncated": "The publisher's page ends here, but the article may go on.",
    "paywalled": "The publisher shows this much without a subscription.",
    "blocked": "The publisher's page could not be read; this is what was there.",
}

PictureOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An article's line in the contents. name: of its chapter, unique in the edition."""

    id: int
    name: str
    title: str
    language: str | None
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The articles of one source."""

    title: str
    entries: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What an edition holds, without the texts. language, direction: of most of its articles."""

    title: str
    dates: str
    count: str
    parts: tuple[Part, ...]
    language: str
    languages: tuple[str, ...]
    direction: str

    @property
    def lines(self) -> Iterator[tuple[Part, Line]]:
        """Every line with its part, in the order of reading."""
        for part in self.parts:
            yield from ((part, line) for line in part.entries)

    def only(self, names: Container[str]) -> "Edition":
        """The same without the lines of chapters that are not there."""
        kept = (
            replace(part, entries=tuple(line for line in part.entries if line.name in names))
            for part in self.parts
        )
        parts = tuple(part for part in kept if part.entries)
        if not parts:
            raise ExportError("None of the articles could be read: `unabridged verify` says what is damaged.")
        return replace(self, parts=parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One article, ready for a page. body: valid XHTML; lead: place of its picture, where not in the body."""

    name: str
    title: str
    kicker: str
    people: str
    date: str
    language: str
    direction: str
    lead: str | None
    body: Markup
    notice: str
    link: str | None
    host: str


def plan(archive: Archive, selection: Selection, *, now: datetime) -> Edition:
    """Say what an edition holds: a line an article, but for those that mute rules set aside.

    Raises ExportError for an empty selection.
    """
    found: dict[str, list[Line]] = {}
    languages: Counter[str] = Counter()
    sources = {one.slug: one.title or one.slug for one in archive.documents.sources()}
    first, last = now, datetime.min.replace(tzinfo=UTC)
    for headline in lines_of(archive, selection):
        if headline.muted is not None:
            continue
        line = _line(headline)
        found.setdefault(headline.feed_title or sources.get(headline.source, headline.source), []).append(
            line
        )
        languages[line.language or "und"] += 1
        first, last = min(first, headline.at), max(last, headline.at)
    if not found:
        raise ExportError(
            f"There are no articles in this selection ({selection.title}): nothing was written."
        )
    order = [name for name, _ in languages.most_common() if name != "und"] or ["und"]
    count = sum(languages.values())
    return Edition(
        title=plain(selection.title),
        dates=_dates(first, last),
        count=f"{count:,} article{'' if count == 1 else 's'}",
        parts=tuple(
            Part(title=plain(title), entries=tuple(lines))
            for title, lines in sorted(found.items(), key=lambda pair: pair[0].casefold())
        ),
        language=order[0],
        languages=tuple(order),
        direction=direction_of(order[0]),
    )


def _line(headline: Headline) -> Line:
    language = language_tag(headline.language)
    return Line(
        id=headline.id,
        name=f"a{headline.id}",
        title=plain(headline.title) or plain(headline.summary)[:80] or host(headline.url) or "…",
        language=language,
        direction=direction_of(language),
    )


def plain(value: str) -> str:
    """Text on one line, without what XML cannot hold."""
    return xml_text(" ".join(value.split()))


def _dates(first: datetime, last: datetime) -> str:
    start, end = f"{first.astimezone():%Y-%m-%d}", f"{last.astimezone():%Y-%m-%d}"
    return start if start == end else f"{start} – {end}"


def chapter(stored: StoredArticle, line: Line, part: Part, picture: PictureOf) -> Chapter:
    """Make an article a chapter. picture: where a picture is in the edition, by its address."""
    article = stored.article
    lead = picture(article.lead_image) if article.lead_image else None
    body = to_xhtml(article.body, picture)
    if lead is not None and f'src="{text(lead)}"' in body:
        lead = None
    people = ", ".join(plain(name) for name in article.authors) or plain(article.site_name or "")
    return Chapter(
        name=line.name,
        title=line.title,
        kicker=" · ".join(filter(None, (part.title, plain(article.section or "")))),
        people=people,
        date=_date(stored),
        language=line.language or "und",
        direction=line.direction,
        lead=lead,
        body=Markup(body),
        notice=_NOTICES.get(article.completeness.kind, ""),
        link=address(web_address(article.url) or ""),
        host=plain(host(article.url)),
    )


def _date(stored: StoredArticle) -> str:
    """When it was published, in the publisher's own zone; only the day where that is all that is known."""
    published = stored.article.published
    if published is None:
        return f"{stored.at:%Y-%m-%d}"
    day_only = any(clock.day_only and clock.at == published for clock in stored.article.clocks)
    return f"{published:%Y-%m-%d}" if day_only else f"{published:%Y-%m-%d %H:%M}"


TEMPLATES = Environment(
    loader=PackageLoader("unabridged.formats"),
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def filled(template: str, **given: Any) -> bytes:
    """A template of this room as bytes."""
    return TEMPLATES.get_template(template).render(given).encode("utf-8", "replace")


def template_source(name: str) -> str:
    """A file of the templates' folder as it is."""
    assert TEMPLATES.loader is not None
    return TEMPLATES.loader.get_source(TEMPLATES, name)[0]


def readable(archive: Archive, number: int, failed: list[str]) -> StoredArticle | None:
    """An article, None for one that was erased meanwhile, or is damaged: then a line more has failed."""
    try:
        return archive.library().articles.get(number)
    except NotFound:
        return None
    except ArchiveError as exc:
        failed.append(f"article {number}: {exc}")
        return None


def book_picture(archive: Archive, url: str, failed: list[str]) -> KeptImage | None:
    """A kept picture that every reading system shows, None where there is none."""
    try:
        kept = archive.images.find(url)
    except ArchiveError as exc:
        failed.append(f"picture {url}: {exc}")
        return None
    return kept if kept is not None and kept.type in BOOK_TYPES else None


BOOK_TYPES: Mapping[str, str] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}
"""Pictures that every reading system must show (https://www.w3.org/TR/epub-33/#sec-core-media-types)."""
