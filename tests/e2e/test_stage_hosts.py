"""Hosts that misbehave: each test says what the reader then sees, of a feed and of its pages."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.sample_stage import PATIENCE, Clock, Desk, desk
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle, StoredFeed
from unabridged.poll.reports import PageReport, PollReport
from unabridged.sample.faults import FAULTS, RETRY_AFTER
from unabridged.sample.server import FaultyHost

SLOW = frozenset({"drip", "hang"})
SHORT = 3.0
"""Seconds after which hosts that never come to an end are given up."""

ROUNDS = 3
REST = 26.0
"""Hours between two rounds: longer than the longest pause after a failure."""


@dataclass(frozen=True)
class Host:
    """What came of one host: its own feed round by round, its calm feed, its pages in the first round."""

    polls: tuple[PollReport | None, ...]
    feed: StoredFeed
    calm: PollReport
    pages: tuple[PageReport, ...]
    articles: tuple[StoredArticle, ...]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Host]:
    """Every host subscribed to twice, its own feed and the calm one; the quick ones asked on three days."""

    async def read(folder: Path, names: frozenset[str], patience: float, rounds: int) -> dict[str, Host]:
        async with desk(folder, [], cases=names, patience=patience) as reader:
            for host in reader.publisher.faulty:
                reader.subscribe(host.feed, host.calm_feed)
            await reader.round()
            for _ in range(rounds - 1):
                await reader.round(hours=REST)
            return {host.name: _look(reader, host) for host in reader.publisher.faulty}

    async def read_all() -> dict[str, Host]:
        slow, quick = (tmp_path_factory.mktemp(name) for name in ("slow", "quick"))
        return {
            **await read(slow, SLOW, SHORT, 1),
            **await read(quick, frozenset(FAULTS) - SLOW, PATIENCE, ROUNDS),
        }

    return asyncio.run(read_all())


def _look(reader: Desk, host: FaultyHost) -> Host:
    stored = [reader.archive.library().articles.find(truth.url) for truth in host.served.truths()]
    calm = [polls[host.calm_feed] for polls in reader.feeds if host.calm_feed in polls]
    # A host that asked for time is left alone, with all its feeds: the calm one is then asked on another day.
    day = next(number for number, report in enumerate(calm) if report.kind != "postponed")
    return Host(
        polls=tuple(polls.get(host.feed) for polls in reader.feeds),
        feed=_feed(reader.archive, host.feed),
        calm=calm[day],
        pages=tuple(
            report for url, report in reader.pages[day].items() if url.startswith(host.served.origin)
        ),
        articles=tuple(one for one in stored if one is not None),
    )


def _feed(archive: Archive, url: str) -> StoredFeed:
    found = archive.feeds.find(url)
    assert found is not None
    return found


BROKEN = (
    ("forbidden", "status", "403"),
    ("too-many", "status", "429"),
    ("server-error", "status", "500"),
    ("flap", "status", "503"),
    ("drip", "timeout", "seconds"),
    ("hang", "timeout", "seconds"),
    ("reset", "connection", ""),
    ("loop", "redirects", "redirect"),
    ("gzip-bomb", "too-large", ""),
    ("br-bomb", "too-large", ""),
    ("empty", "", ""),
    ("maintenance", "not-a-feed", ""),
)


@pytest.mark.parametrize(("name", "kind", "word"), BROKEN)
def test_a_feed_that_fails_says_why_and_is_asked_again_later(
    name: str, kind: str, word: str, hosts: dict[str, Host]
) -> None:
    report = hosts[name].polls[0]
    assert report is not None and report.kind == "failed" and report.failure is not None
    assert kind in report.failure.kind and word in report.failure.message
    assert report.next_poll_at is not None and report.next_poll_at > Clock().now


def test_a_host_that_asks_for_time_gets_at_least_as_much(hosts: dict[str, Host]) -> None:
    report = hosts["too-many"].polls[0]
    assert report is not None and report.next_poll_at is not None
    assert report.next_poll_at >= Clock().now + timedelta(seconds=RETRY_AFTER)


def test_a_feed_that_is_gone_is_not_asked_again(hosts: dict[str, Host]) -> None:
    host = hosts["gone-host"]
    assert [poll.kind if poll else None for poll in host.polls] == ["gone", None, None]
    assert (host.feed.status, host.feed.next_poll_at) == ("gone", None)


def test_a_feed_that_fails_every_other_time_brings_its_news_all_the_same(hosts: dict[str, Host]) -> None:
    first, second = hosts["flap"].polls[:2]
    assert first is not None and second is not None
    assert first.kind == "failed" and second.failure is None and hosts["flap"].feed.failures < 2


def test_half_a_feed_gives_the_entries_that_are_whole(hosts: dict[str, Host]) -> None:
    report = hosts["half"].polls[0]
    assert report is not None and report.failure is None
    assert 1 <= report.entries <= 2


def test_a_feed_that_redirects_for_now_keeps_its_address(hosts: dict[str, Host]) -> None:
    host = hosts["redirect"]
    first = host.polls[0]
    assert first is not None and first.entries == 2
    assert host.feed.url == first.url and host.feed.redirect is None


def test_a_feed_that_moved_for_ever_is_followed_once_it_is_certain(hosts: dict[str, Host]) -> None:
    host = hosts["moved"]
    moves = [poll.moved_to if poll else None for poll in host.polls]
    assert moves[0] is None and moves[1] is None, "two answers within two days might be a mistake"
    assert any(moves) and host.feed.url == next(filter(None, moves))


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_calm_feed_of_any_host_brings_its_two_articles(name: str, hosts: dict[str, Host]) -> None:
    assert hosts[name].calm.failure is None and hosts[name].calm.entries == 2
    assert len(hosts[name].articles) == len(hosts[name].pages) == 2


@pytest.mark.parametrize(
    "name",
    [
        "forbidden",
        "server-error",
        "gone-host",
        "flap",
        "drip",
        "hang",
        "reset",
        "loop",
        "gzip-bomb",
        "br-bomb",
        "empty",
    ],
)
def test_a_page_that_fails_leaves_the_feeds_own_text_with_the_reason(
    name: str, hosts: dict[str, Host]
) -> None:
    for report in hosts[name].pages:
        assert report.kind == "failed" and report.failure is not None and report.failure.message
    for stored in hosts[name].articles if name != "flap" else ():
        assert (stored.revision, stored.revision_source) == (0, "feed")
        assert stored.article.text and stored.page.failure is not None


def test_pages_of_a_host_that_asks_for_time_wait_for_it(hosts: dict[str, Host]) -> None:
    assert {report.kind for report in hosts["too-many"].pages} <= {"failed", "postponed"}
    for stored in hosts["too-many"].articles:
        assert stored.revision_source == "feed" and stored.article.text
        assert stored.page.next_try_at is not None


def test_a_page_that_fails_for_a_while_is_read_the_next_time(hosts: dict[str, Host]) -> None:
    assert [stored.revision_source for stored in hosts["flap"].articles] == ["page", "page"]


def test_a_page_about_repairs_does_not_take_the_articles_place(hosts: dict[str, Host]) -> None:
    for stored in hosts["maintenance"].articles:
        assert "come back later" not in stored.article.text
        assert stored.article.title != "We are working on the site. Please come back later."


def test_half_a_page_is_never_taken_for_the_whole(hosts: dict[str, Host]) -> None:
    for stored in hosts["half"].articles:
        completeness = stored.article.completeness
        assert stored.article.text and completeness.kind == "truncated"
        assert any("breaks off" in sign for sign in completeness.evidence), completeness


@pytest.mark.parametrize("name", ["redirect", "moved"])
def test_articles_whose_pages_moved_are_read_whole(name: str, hosts: dict[str, Host]) -> None:
    assert {report.kind for report in hosts[name].pages} <= {"read", "kept"}
    for stored in hosts[name].articles:
        assert stored.revision_source == "page" and len(stored.article.text) > 800
