"""View models of the evidence of a version: facts about its raw page, share links. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from unabridged import urls
from unabridged.archive.records.core import RevisionLine, Snapshot, StoredRevision
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
