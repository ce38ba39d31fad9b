"""View models of the evidence of a version: facts about its raw page, share links. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unabridged import urls
from unabridged.archive.records.core import Observation, RevisionLine, Snapshot, StoredRevision
from unabridged.archive.records.library import Share
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting
from unabridged.serve.views.facts import Fact
from unabridged.serve.views.lists import Moment

SHOWN_HEADERS = 60


def raw_page_facts(line: RevisionLine, page: Snapshot, moment: Moment) -> tuple[Fact, ...]:
    """List what is known of a raw page: address, times, hash, headers."""
    return tuple(_facts(line, page, moment))


def _facts(line: RevisionLine, page: Snapshot, moment: Moment) -> Iterator[Fact]:
    yield Fact(name=gettext("Address"), value=urls.readable(page.url), href=urls.web_address(page.url) or "")
    if line.origin is not None:
        origin = urls.web_address(line.origin) or ""
        yield Fact(name=gettext("From the web archive"), value=urls.readable(line.origin), href=origin)
    if line.fetched is not None:
        yield Fact(name=gettext("Fetched"), value=formatting.date_time(line.fetched, moment.zone))
    yield Fact(name=gettext("Status"), value=str(page.status))
    yield Fact(name=gettext("Bytes"), value=number(len(page.body)))
    yield Fact(name="SHA-256", value=page.hash)
    for name, value in list(page.headers.items())[:SHOWN_HEADERS]:
        yield Fact(name=name, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """A share link in a list."""

    id: int
    title: str
    href: str
    number: int
    created: str


def share_line(share: Share, moment: Moment) -> ShareLine:
    return ShareLine(
        id=share.id,
        title=share.title,
        href=f"/a/{share.article_id}/v/{share.number}",
        number=share.number,
        created=formatting.date_time(share.created, moment.zone),
    )


def shared_facts(revision: StoredRevision, moment: Moment) -> tuple[Fact, ...]:
    """List what a shared page says of its version: address, times, hash."""
    article, line = revision.article, revision.line
    found = [
        Fact(
            name=gettext("Address"),
            value=urls.readable(article.url),
            href=urls.web_address(article.url) or "",
        )
    ]
    if line.fetched is not None:
        found.append(
            Fact(name=gettext("Page fetched"), value=formatting.date_time(line.fetched, moment.zone))
        )
    found.append(Fact(name=gettext("Saved"), value=formatting.date_time(line.saved, moment.zone)))
    found.append(Fact(name=gettext("SHA-256 of this version"), value=line.content_hash))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One of the texts of an article, as a tab above it."""

    name: str
    href: str
    current: bool


def text_tabs(article_id: int, shown: int, lines: Sequence[RevisionLine]) -> tuple[Tab, ...]:
    """Return tabs for the whole text and the feed's own; none where there is only one of them.

    shown: number of the version on the page.
    """
    own = [line.number for line in lines if line.source == "feed"]
    if not own or not lines or lines[-1].source == "feed":
        return ()
    whole = Tab(name=gettext("Whole text"), href=f"/a/{article_id}", current=shown not in own)
    feed = Tab(
        name=gettext("The feed’s own text"),
        href=f"/a/{article_id}/v/{shown if shown in own else own[-1]}",
        current=shown in own,
    )
    return whole, feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Result of reading an article's page again. waiting: it is not there yet; href: what changed, or ""."""

    text: str
    waiting: bool = False
    good: bool = True
    href: str = ""


READINGS = {
    "new": later("The page was read: this is its text."),
    "same": later("The page was read again: nothing has changed."),
    "changed": later("The page was read again: it has changed, and this is its new text."),
    "worse": later("The page was read again: it shows less than before, so the text stays as it was."),
    "failed": later("The page could not be read."),
    "gone": later("The publisher has taken the page down; the text stays here."),
}


def reading_result(
    article_id: int, asked: int, observations: Sequence[Observation], lines: Sequence[RevisionLine]
) -> Reading:
    """Return the result of reading a page again. asked: number of checks when it was asked for."""
    if len(observations) <= asked:
        return Reading(text=gettext("The page is being read."), waiting=True)
    found = observations[-1]
    text = gettext(READINGS[found.kind])
    if found.reason and found.kind not in ("same", "gone"):
        text = gettext("{text} ({reason})").format(text=text, reason=reported(found.reason))
    changed = found.kind == "changed" and len(lines) > 1
    return Reading(
        text=text,
        good=found.kind in ("new", "same", "changed"),
        href=f"/a/{article_id}/diff/{lines[-2].number}..{lines[-1].number}" if changed else "",
    )
