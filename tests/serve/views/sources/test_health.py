"""The health page: problems by sort, in words without commands, and charts that say the same in words."""

from datetime import UTC, datetime, timedelta

from tests.serve.views.sources.test_feed_settings import subscription
from unabridged.archive.records.polling import ArrivedArticle, Waiting
from unabridged.poll.feeds.diagnostics import Finding
from unabridged.serve.views.lists import Moment
from unabridged.serve.views.sources.health import DAYS, SHOWN, health_view

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
MOMENT = Moment(now=NOW, zone=UTC)
QUIET = Waiting(feeds=0, feeds_since=None, pages=0, pages_since=None)


def finding(kind: str, level: str = "warning", **more: object) -> Finding:
    fields: dict[str, object] = {
        "level": level,
        "about": "feed",
        "name": "A",
        "kind": kind,
        "what": f"What {kind} is; try `unabridged find`.",
        "advice": "`unabridged remove 7`",
        "feed_id": 7,
    }
    return Finding(**(fields | more))  # type: ignore[arg-type]


def test_problems_are_sorted_and_no_line_names_a_command() -> None:
    kinds = ("timeout", "gone", "silent", "shrunk", "moved", "login", "paused", "mended", "unheard-of")
    found = [finding(kind, "note" if kind in ("moved", "paused", "mended") else "broken") for kind in kinds]
    found.append(finding("timeout", about="host", name="slow.example", feed_id=None))
    found.append(finding("not-polling", about="polling", feed_id=None))
    view = health_view(found, [subscription("Mine", None)], QUIET, (), MOMENT)
    assert [(one.title, one.count) for one in view.sections] == [
        ("Failing", 2),
        ("Ended", 1),
        ("Silent", 1),
        ("Shorter than before", 1),
        ("Moved", 2),
        ("Paused", 1),
        ("Worth knowing", 1),
    ]
    assert "`" not in repr(view)
    assert [one.name for one in view.hosts] == ["slow.example"]
    assert view.general and view.feeds == "1 feed, 1 with a problem."
    assert view.waiting == "No page waits to be read."


def test_a_long_list_of_problems_is_cut_and_says_so() -> None:
    view = health_view([finding("timeout")] * (SHOWN + 5), [subscription("A", None)], QUIET, (), MOMENT)
    assert (len(view.sections[0].lines), view.sections[0].more) == (SHOWN, 5)


def test_the_charts_count_days_and_say_the_sum_in_words() -> None:
    def seen(days: int, hours: float, whole: bool) -> ArrivedArticle:
        at = NOW - timedelta(days=days)
        return ArrivedArticle(published=at - timedelta(hours=hours), seen=at, whole=whole)

    arrived = (seen(0, 1, True), seen(0, 3, False), seen(1, 2, True), seen(DAYS + 5, 2, True))
    whole, delay = health_view((), (), QUIET, arrived, MOMENT).charts
    assert whole.summary == "67 % of 3 articles in 30 days are whole."
    assert [(bar.kind, bar.title) for bar in whole.bars] == [
        ("whole", "19 March: 1 whole of 1"),
        ("whole", "20 March: 1 whole of 2"),
        ("partial", "20 March: 1 whole of 2"),
    ]
    assert all(bar.y >= 0 and bar.y + bar.height <= whole.height + 0.1 for bar in (*whole.bars, *delay.bars))
    assert delay.summary == "Half of the articles are here 2 hours after their publication, or sooner."
    assert health_view((), (), QUIET, (), MOMENT).charts[0].summary == "No articles in 30 days."
