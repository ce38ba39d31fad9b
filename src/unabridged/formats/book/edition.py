"""Contents and chapters of a digest: sections by source, chapters built one at a time."""

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
from unabridged.formats.selection import Selection, selected_headlines
from unabridged.text.scripts import direction as direction_of
from unabridged.urls import host, web_address

_NOTICES = {
    "truncated": "The publisher's page ends here, but the article may go on.",
    "paywalled": "The publisher shows this much without a subscription.",
    "blocked": "The publisher's page could not be read; this is what was there.",
    "consent_wall": "The publisher's page asked for consent first; this is what was there.",
    "live_blog": "This live report may have gone on after this edition was made.",
}

PictureOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsEntry:
    """An article's entry in the table of contents. name: of its chapter, unique in the edition."""

    id: int
    name: str
    title: str
    language: str | None
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The articles of one source."""

    title: str
    entries: tuple[ContentsEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Title and contents of an edition, without the texts. language, direction: of most of its articles."""

    title: str
    dates: str
    count: str
    sections: tuple[Section, ...]
    language: str
    languages: tuple[str, ...]
    direction: str

    @property
    def entries(self) -> Iterator[tuple[Section, ContentsEntry]]:
        """Yield every entry with its section, in reading order."""
        for section in self.sections:
            yield from ((section, entry) for entry in section.entries)

    def with_chapters(self, names: Container[str]) -> "Edition":
        """Return the edition with only the named chapters. Raises ExportError if none is left."""
        kept = (
            replace(section, entries=tuple(entry for entry in section.entries if entry.name in names))
            for section in self.sections
        )
        sections = tuple(section for section in kept if section.entries)
        if not sections:
            raise ExportError("None of the articles could be read: `unabridged verify` lists the damage.")
        return replace(self, sections=sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One article, ready for a template. body: valid XHTML; lead: path of its picture if not in the body."""

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


def plan_edition(archive: Archive, selection: Selection, *, now: datetime) -> Edition:
    """List the contents of an edition: one entry per article that is not muted.

    Raises ExportError for an empty selection.
    """
    found: dict[str, list[ContentsEntry]] = {}
    languages: Counter[str] = Counter()
    sources = {one.slug: one.title or one.slug for one in archive.documents.sources()}
    first, last = now, datetime.min.replace(tzinfo=UTC)
    for headline in selected_headlines(archive, selection):
        if headline.muted is not None:
            continue
        entry = _contents_entry(headline)
        title = headline.feed_title or sources.get(headline.source, headline.source)
        found.setdefault(title, []).append(entry)
        languages[entry.language or "und"] += 1
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
        sections=tuple(
            Section(title=plain(title), entries=tuple(entries))
            for title, entries in sorted(found.items(), key=lambda pair: pair[0].casefold())
        ),
        language=order[0],
        languages=tuple(order),
        direction=direction_of(order[0]),
    )


def _contents_entry(headline: Headline) -> ContentsEntry:
    language = language_tag(headline.language)
    return ContentsEntry(
        id=headline.id,
        name=f"a{headline.id}",
        title=plain(headline.title) or plain(headline.summary)[:80] or host(headline.url) or "…",
        language=language,
        direction=direction_of(language),
    )


def plain(value: str) -> str:
    """Return text on one line, without characters that XML forbids."""
    return xml_text(" ".join(value.split()))


def _dates(first: datetime, last: datetime) -> str:
    start, end = f"{first.astimezone():%Y-%m-%d}", f"{last.astimezone():%Y-%m-%d}"
    return start if start == end else f"{start} – {end}"


def make_chapter(
    stored: StoredArticle, entry: ContentsEntry, section: Section, picture: PictureOf
) -> Chapter:
    """Build an article's chapter. picture: returns the path of a picture in the edition, by URL."""
    article = stored.article
    lead = picture(article.lead_image) if article.lead_image else None
    body = to_xhtml(article.html, picture)
    if lead is not None and f'src="{text(lead)}"' in body:
        lead = None
    people = ", ".join(plain(name) for name in article.authors) or plain(article.site_name or "")
    return Chapter(
        name=entry.name,
        title=entry.title,
        kicker=" · ".join(filter(None, (section.title, plain(article.section or "")))),
        people=people,
        date=_date(stored),
        language=entry.language or "und",
        direction=entry.direction,
        lead=lead,
        body=Markup(body),
        notice=_NOTICES.get(article.completeness.kind, ""),
        link=address(web_address(article.url) or ""),
        host=plain(host(article.url)),
    )


def _date(stored: StoredArticle) -> str:
    """Format the publication time in the publisher's time zone; only the day if the time is unknown."""
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


def render_template(template: str, **given: Any) -> bytes:
    """Render a template to bytes."""
    return TEMPLATES.get_template(template).render(given).encode("utf-8", "replace")


def template_source(name: str) -> str:
    """Return the source of a template."""
    assert TEMPLATES.loader is not None
    return TEMPLATES.loader.get_source(TEMPLATES, name)[0]


def load_article(archive: Archive, number: int, failed: list[str]) -> StoredArticle | None:
    """Load an article; None if it was deleted meanwhile, or is damaged (which adds a line to `failed`)."""
    try:
        return archive.library().articles.get(number)
    except NotFound:
        return None
    except ArchiveError as exc:
        failed.append(f"article {number}: {exc}")
        return None


def load_picture(archive: Archive, url: str, failed: list[str]) -> KeptImage | None:
    """Load a saved picture of a type that every reading system shows; None if there is none."""
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
"""Picture types that every reading system must show (https://www.w3.org/TR/epub-33/#sec-core-media-types)."""
