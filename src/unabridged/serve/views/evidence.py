"""View models of the evidence of a version: facts about its raw page. Pure."""

from collections.abc import Iterator

from unabridged import urls
from unabridged.archive.records.core import RevisionLine, Snapshot
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
