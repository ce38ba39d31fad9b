"""Pages that serve as feeds: learnt, followed through a redesign, chosen by headlines, lost with an alarm."""

from collections.abc import Sequence

import pytest

from tests.poll.answers import html, stored
from tests.poll.conftest import Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.errors import ConfigError, HeadlineNotFound
from unabridged.feeds.lists.profile import MOST_EXAMPLES, checked_examples, from_json
from unabridged.poll.feeds.diagnostics import diagnose
from unabridged.poll.feeds.evidence import collect_evidence
from unabridged.poll.feeds.page_lists import choose_list

pytestmark = pytest.mark.asyncio(loop_scope="session")

POPULAR = "<div class='r'><b>Most read</b><ul>{}</ul></div>".format(
    "".join(f"<li><a href='/story/{n}'>What the town reads most, number {n}</a></li>" for n in range(90, 95))
)


def old(numbers: Sequence[int]) -> str:
    row = "<div class='card'><h2><a href='/story/{0}'>Flood report number {0}</a></h2>{0} May 2024</div>"
    return "<main>" + "".join(map(row.format, numbers)) + "</main>" + POPULAR


def new(numbers: Sequence[int]) -> str:
    row = "<tr><td>2024-05-{0:02}</td><td><a href='/story/{0}'>Flood report number {0}</a></td></tr>"
    return POPULAR + "<table>" + "".join(row.format(n) for n in numbers) + "</table>"


def titles(archive: Archive) -> list[str]:
    return sorted(one.article.title for one in stored(archive))


async def test_a_page_is_followed_through_a_redesign_and_its_end_is_recorded_and_shown(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.answers["/news"] = html(old([1, 2, 3, 4]))
    async with polling() as poller:
        added = await poller.add(publisher.base + "/news")
        number = added.subscription.feed.id
        first = archive.feeds.page_list(number)
        assert first is not None and len(first.known) == 4 and len(first.pages) == 1
        assert stored(archive)[0].article.published is not None

        publisher.answers["/news"] = html(new([2, 3, 4, 5]))
        clock.pass_time(days=1)
        (report,) = await poller.poll_due_feeds()
        again = archive.feeds.page_list(number)
        assert again is not None and again.learnt != first.learnt and len(again.pages) == 2
        profile = from_json(again.profile)
        assert profile is not None and profile.chosen_by == "known"
        assert report.kind == "news" and len(report.new) == 1

        publisher.answers["/news"] = html(POPULAR)
        clock.pass_time(days=1)
        (report,) = await poller.poll_due_feeds()
        assert report.failure is not None and report.failure.kind == "list-vanished"
        assert "matches nothing any more" in report.failure.message and "like=" in report.failure.advice
        found = diagnose(collect_evidence(archive, archive.library(), clock()), clock())
        assert any("matches nothing any more" in one.what for one in found)
        assert archive.feeds.page_list(number) == again  # for the day when the list is back

        publisher.answers["/news"] = html(new([5, 6, 7]))
        clock.pass_time(days=3)
        (report,) = await poller.poll_due_feeds()
    assert report.failure is None and len(report.new) == 2
    assert titles(archive) == [f"Flood report number {n}" for n in range(1, 8)]


async def test_a_headline_chooses_the_list_and_another_one_changes_it(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.answers["/news"] = html(old([1, 2, 3, 4]))
    async with polling() as poller:
        added = await poller.add(publisher.base + "/news", like=["What the town reads most, number 92"])
        feed = added.subscription.feed
        assert len(titles(archive)) == 5 and all("reads most" in title for title in titles(archive))
        before = archive.feeds.page_list(feed.id)
        assert before is not None and before.examples == ("What the town reads most, number 92",)

        with pytest.raises(HeadlineNotFound, match="stands nowhere"):
            await choose_list(feed, ["No such headline"], poller.context)
        assert archive.feeds.page_list(feed.id) == before

        reading = await choose_list(feed, ["Flood report number 2"], poller.context)
        assert len(reading.feed.entries) == 4
        report = await poller.poll(feed.id)
        assert report is not None and len(report.new) == 4
        after = archive.feeds.page_list(feed.id)
        assert after is not None and after.examples == ("Flood report number 2",)

        publisher.answers["/news"] = html(old([8, 9]))  # the headline is gone, its list is not
        clock.pass_time(days=1)
        reports = await poller.poll_due_feeds()
        assert [len(one.new) for one in reports] == [2]


async def test_a_feed_has_no_list_to_choose_and_headlines_are_bounded(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        added = await poller.add(publisher.feed)
        with pytest.raises(ConfigError, match="no page that is read as one"):
            await choose_list(added.subscription.feed, ["Flood report 1"], poller.context)
    assert archive.feeds.page_list(added.subscription.feed.id) is None
    assert checked_examples([" a  b ", "", "a b"]) == ("a b",)
    for many in ([str(n) for n in range(MOST_EXAMPLES + 1)], ["x" * 501]):
        with pytest.raises(ConfigError, match="no more than"):
            checked_examples(many)
