"""What the doctor says of feeds, hosts and rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from unabridged.archive.records.core import Failure, FeedMove, StoredFeed, Subscription
from unabridged.archive.records.polling import FailingPage, FeedLengths, HubSubscription, Waiting
from unabridged.archive.records.sites import StoredProfile
from unabridged.poll.extractor.suspect_pages import SiteAlarm, SuspectPages
from unabridged.poll.feeds.diagnostics import Evidence, Finding, diagnose, rough_duration, rule_usage

NOW = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
QUIET = Waiting(feeds=0, feeds_since=None, pages=0, pages_since=None)
FAILURE = Failure(kind="timeout", message="No answer.", advice="Wait.")


def a_feed(**more: Any) -> StoredFeed:
    fields: dict[str, Any] = {
        "id": 3,
        "url": "https://a.example/rss",
        "title": "A",
        "site_url": "https://a.example/",
        "description": "",
        "language": None,
        "icon": None,
        "status": "active",
        "bucket": 1,
        "added": NOW - 900 * DAY,
        "last_polled": NOW,
        "last_ok": NOW,
        "last_post": NOW - DAY,
        "usual_gap": 86400,
    }
    return StoredFeed(**(fields | more))


def findings(feed: StoredFeed | None = None, **more: Any) -> tuple[Finding, ...]:
    subscriptions = (
        [] if feed is None else [Subscription(user=1, feed=feed, title="A", folder=None, added=NOW)]
    )
    nothing: dict[str, Any] = {
        "moves": {},
        "hubs": {},
        "quarantined": frozenset(),
        "pages": (),
        "rules": (),
        "waiting": QUIET,
    }
    return diagnose(Evidence(subscriptions=subscriptions, **(nothing | more)), NOW)


def test_nothing_is_said_of_a_feed_that_is_well() -> None:
    assert findings(a_feed()) == ()


def failing(days: int) -> StoredFeed:
    return a_feed(
        failures=4,
        last_failure=FAILURE,
        failing_since=NOW - days * DAY,
        failed_at=NOW,
        next_poll_at=NOW + timedelta(hours=3),
    )


FEEDS = [
    (a_feed(status="gone", failed_at=NOW - DAY), "broken", "gone", "resume 3"),
    (a_feed(status="paused"), "note", "paused", "resume 3"),
    (failing(1), "warning", "timeout", "Wait."),
    (failing(9), "broken", "timeout", "Wait."),
    (a_feed(last_post=NOW - 31 * DAY), "warning", "silent", "remove 3"),
    (a_feed(last_post=NOW - 200 * DAY, usual_gap=0), "warning", "silent", "find https://a.example/"),
    (a_feed(notes=("DTD stripped",)), "note", "mended", "read all the same"),
]


@pytest.mark.parametrize(("feed", "level", "kind", "advice"), FEEDS, ids=[row[2] + row[1] for row in FEEDS])
def test_what_is_wrong_with_a_feed_is_said_with_what_to_do(
    feed: StoredFeed, level: str, kind: str, advice: str
) -> None:
    [found] = findings(feed)
    assert (found.level, found.kind, found.feed_id) == (level, kind, 3)
    assert advice in found.advice


def test_a_failing_feed_says_since_when_how_often_and_when_it_is_tried_again() -> None:
    [found] = findings(failing(9))
    assert found.what == "Failing for 9 days, 4 times in a row: No answer. Tried again in 3 hours."
    assert found.since == NOW - 9 * DAY


@pytest.mark.parametrize(("gap", "silence"), [(86400, 29), (30 * 86400, 299), (0, 179)])
def test_a_feed_that_is_quiet_within_its_own_rhythm_is_not_called_silent(gap: int, silence: int) -> None:
    assert findings(a_feed(usual_gap=gap, last_post=NOW - silence * DAY)) == ()


@pytest.mark.parametrize(
    ("recent", "words", "before", "said"),
    [(5, 300, 9, True), (5, 700, 9, False), (2, 10, 9, False), (5, 10, 4, False)],
)
def test_a_feed_whose_articles_became_much_shorter_is_named(
    recent: int, words: int, before: int, said: bool
) -> None:
    lengths = FeedLengths(
        recent=recent, recent_words=recent * words, before=before, before_words=before * 1000
    )
    found = findings(a_feed(), lengths={3: lengths})
    assert [one.kind for one in found] == (["shrunk"] if said else [])
    if said:
        assert found[0].what == "Its articles have 300 words on average, 1,000 before."


def test_a_late_move_a_quarantined_document_and_a_hub_that_refuses_are_told() -> None:
    move = FeedMove(old_url="https://old.example/", new_url="https://a.example/rss", status=301, at=NOW - DAY)
    hub = HubSubscription(
        feed_id=3, hub="https://hub.example/", topic="t", token="t", secret="s", state="denied", message="No."
    )
    found = findings(a_feed(), moves={3: (move,)}, hubs={3: hub}, quarantined=frozenset((3,)))
    assert [one.kind for one in found] == ["moved", "quarantined", "hub"]
    assert {one.level for one in found} == {"note"}
    older = FeedMove(old_url="x", new_url="y", status=301, at=NOW - 90 * DAY)
    assert findings(a_feed(), moves={3: (older,)}) == ()


def page(
    number: int, kind: str = "timeout", again: datetime | None = None, site: str = "a.example"
) -> FailingPage:
    return FailingPage(
        article_id=number,
        url=f"https://{site}/{number}",
        feed_id=3,
        failure=Failure(kind=kind, message=f"{kind}.", advice="Do it."),
        attempts=2,
        tried=NOW - number * DAY,
        next_try_at=again,
    )


def test_failing_pages_are_counted_by_host_and_kind_the_most_first() -> None:
    pages = [page(1, again=NOW), page(2), page(3), page(4, "robots"), page(5, site="b.example")]
    first, *others = findings(pages=pages)
    assert (first.name, first.kind, first.since) == ("a.example", "timeout", NOW - 3 * DAY)
    assert first.what.startswith("3 pages could not be read (2 given up, 1 tried again)")
    assert "--retry a.example" in first.advice
    assert sorted((one.name, one.kind) for one in others) == [
        ("a.example", "robots"),
        ("b.example", "timeout"),
    ]


def test_rules_that_match_nothing_any_more_are_named() -> None:
    pages = [
        (1, "https://a.example/1"),
        (2, "https://a.example/2"),
        (3, "https://b.example/3"),
        (4, "https://c.example/"),
    ]
    notes = {1: ("No body expression of a.example.txt matched: nothing was taken.",), 3: ()}
    uses = rule_usage(
        [("a.example.txt", 0), ("b.example.txt", 2), ("unused.example.txt", 5)],
        pages,
        names_of=lambda host: (f"{host}.txt",),
        warnings_of=lambda number: notes.get(number, ()),
    )
    found = {one.name: (one.level, one.kind) for one in findings(rules=uses)}
    assert found == {"a.example.txt": ("warning", "no-match"), "b.example.txt": ("note", "ignored-lines")}
    assert "1 of the last 2 pages" in findings(rules=uses)[0].what


def test_what_is_due_for_hours_means_that_nobody_polls() -> None:
    late = Waiting(feeds=7, feeds_since=NOW - timedelta(hours=5), pages=0, pages_since=None)
    [found] = findings(waiting=late)
    assert (found.level, found.kind) == ("broken", "not-polling")
    assert "7 feeds are due, the first for 5 hours" in found.what


def test_what_is_broken_comes_first() -> None:
    late = Waiting(feeds=7, feeds_since=NOW - DAY, pages=0, pages_since=None)
    assert [one.level for one in findings(a_feed(notes=("x",)), pages=[page(1)], waiting=late)] == [
        "broken",
        "warning",
        "note",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "a moment"),
        (60, "1 minute"),
        (7200, "2 hours"),
        (86400 * 400, "400 days"),
        (86400 * 800, "2 years"),
    ],
)
def test_spans_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert rough_duration(timedelta(seconds=seconds)) == words


def test_a_feed_that_moved_without_its_login_says_so_and_what_to_type() -> None:
    feed = a_feed()
    moved = Subscription(
        user=1, feed=feed, title="A", folder=None, added=NOW, login_origin="https://old.example"
    )
    evidence = Evidence(
        subscriptions=[moved], moves={}, hubs={}, quarantined=frozenset(), pages=(), rules=(), waiting=QUIET
    )
    [found] = diagnose(evidence, NOW)
    assert (found.level, found.kind) == ("warning", "login")
    assert "https://old.example" in found.what
    assert f"`unabridged set {feed.id} origin=https://a.example`" in found.advice


def test_a_site_with_an_alarm_is_a_warning_and_one_that_was_learnt_again_a_note() -> None:
    said = "the body matched nothing on 3 of the last 5 pages"
    pages = SuspectPages(site="b.example", since=NOW - 4 * DAY, until=NOW - 2 * DAY, pages=5, by_profile=2)
    sites = [
        SiteAlarm(stored=StoredProfile(site="a.example", alarm=said, alarmed=NOW)),
        SiteAlarm(stored=StoredProfile(site="b.example", alarmed=NOW - 3 * DAY), pages=pages),
        SiteAlarm(stored=StoredProfile(site="c.example"), pages=replace(pages, replayed=True)),
    ]
    evidence = Evidence(
        subscriptions=(),
        moves={},
        hubs={},
        quarantined=frozenset(),
        pages=(),
        rules=(),
        waiting=QUIET,
        sites=sites,
    )
    changed, learnt, replayed = diagnose(evidence, NOW)
    assert (changed.level, changed.name, changed.kind) == ("warning", "a.example", "site-changed")
    assert "the body matched nothing on 3 of the last 5" in changed.what
    assert (learnt.level, learnt.name, learnt.kind) == ("note", "b.example", "site-learnt")
    assert learnt.what.endswith("5 articles came, 2 of them by the old profile.")
    assert f"`unabridged replay --site b.example --since {(NOW - 4 * DAY).isoformat()} " in learnt.advice
    assert "replay --site" not in replayed.advice
