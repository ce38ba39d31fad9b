"""View models of the evidence of a version: facts about its raw page, share links. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unabridged import urls
from unabridged.archive.records.core import Observation, RevisionLine, Snapshot, StoredRevision
from unabridged.archive.records.library import Share
from unabridged.serve.views import formatting
from unabridged.serve.views.article import Fact
from unabridged.serve.views.lists import Moment

SHOWN_HEADERS = 60


def raw_page_facts(line: RevisionLine, page: Snapshot, moment: Moment) -> tuple[Fact, ...]:
    """List what is known of a raw page: address, times, hash, headers."""
    return tuple(_facts(line, page, moment))


def _facts(line: RevisionLine, page: Snapshot, moment: Moment) -> Iterator[Fact]:
    yield Fact(name="Address", value=urls.readable(page.url), href=urls.web_address(page.url) or "")
    if line.fetched is not None:
        yield Fact(name="Fetched", value=formatting.date_time(line.fetched, moment.zone))
    yield Fact(name="Status", value=str(page.status))
    yield Fact(name="Bytes", value=f"{len(page.body):,}")
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
    found = [Fact(name="Address", value=urls.readable(article.url), href=urls.web_address(article.url) or "")]
    if line.fetched is not None:
        found.append(Fact(name="Page fetched", value=formatting.date_time(line.fetched, moment.zone)))
    found.append(Fact(name="Saved", value=formatting.date_time(line.saved, moment.zone)))
    found.append(Fact(name="SHA-256 of this version", value=line.content_hash))
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
    whole = Tab(name="Whole text", href=f"/a/{article_id}", current=shown not in own)
    feed = Tab(
        name="The feed’s own text",
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
    "new": "The page was read: this is its text.",
    "same": "The page was read again: nothing has changed.",
    "changed": "The page was read again: it has changed, and this is its new text.",
    "worse": "The page was read again: it shows less than before, so the text stays as it was.",
    "failed": "The page could not be read.",
    "gone": "The publisher has taken the page down; the text stays here.",
}


def reading_result(
    article_id: int, asked: int, observations: Sequence[Observation], lines: Sequence[RevisionLine]
) -> Reading:
    """Return the result of reading a page again. asked: number of checks when it was asked for."""
    if len(observations) <= asked:
        return Reading(text="The page is being read.", waiting=True)
    found = observations[-1]
    reason = f" ({found.reason})" if found.reason and found.kind not in ("same", "gone") else ""
    changed = found.kind == "changed" and len(lines) > 1
    return Reading(
        text=READINGS[found.kind] + reason,
        good=found.kind in ("new", "same", "changed"),
        href=f"/a/{article_id}/diff/{lines[-2].number}..{lines[-1].number}" if changed else "",
    )
