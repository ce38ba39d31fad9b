"""View-models of mementos: the page of one, and the list of all of a page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from unabridged import urls
from unabridged.archive.records.core import RevisionLine, StoredRevision
from unabridged.serve.languages.formats import capitalised
from unabridged.serve.languages.reported import reported
from unabridged.serve.memento.links import Addresses
from unabridged.serve.memento.mementos import Memento
from unabridged.serve.views import formatting
from unabridged.serve.views.lists import Moment
from unabridged.text.scripts import direction as direction_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MementoView:
    """A version as the page that it was at a time. older, newer: paths of the ones beside it, or ""."""

    article_href: str
    number: int
    title: str
    language: str | None
    direction: str
    authors: str
    url: str
    url_shown: str
    time: str
    datetime: str
    older: str
    newer: str
    all_href: str
    has_page: bool


def memento_view(
    revision: StoredRevision,
    mementos: Sequence[Memento],
    shown: Memento,
    addresses: Addresses,
    moment: Moment,
) -> MementoView:
    """Build the page of a memento."""
    article = revision.article
    language = formatting.language_of(article.language, article.text or article.title)
    place = mementos.index(shown)
    return MementoView(
        article_href=f"/a/{revision.article_id}",
        number=shown.number,
        title=article.title or formatting.fallback_title(article.text, article.url),
        language=language,
        direction=direction_of(language, article.text or article.title),
        authors=", ".join(article.authors or article.credit),
        url=addresses.original,
        url_shown=urls.readable(addresses.original),
        time=formatting.zoned_time(shown.at, moment.zone),
        datetime=shown.at.isoformat(),
        older=addresses.path(mementos[place - 1]) if place else "",
        newer=addresses.path(mementos[place + 1]) if place + 1 < len(mementos) else "",
        all_href=addresses.path(shown).replace(f"/web/{shown.stamp}/", "/web/*/", 1),
        has_page=shown.has_page,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MementoLine:
    """One memento in the list of all of a page."""

    href: str
    time: str
    datetime: str
    title: str
    label: str


def memento_lines(
    lines: Sequence[RevisionLine], mementos: Sequence[Memento], addresses: Addresses, moment: Moment
) -> tuple[MementoLine, ...]:
    """List the mementos of a page, newest first."""
    by_number = {line.number: line for line in lines}
    return tuple(
        MementoLine(
            href=addresses.path(one),
            time=formatting.zoned_time(one.at, moment.zone),
            datetime=one.at.isoformat(),
            title=by_number[one.number].title,
            label=capitalised(reported(by_number[one.number].label)),
        )
        for one in reversed(mementos)
    )
