"""The whole story against a local publisher and a real archive."""

import pytest

from tests.conftest import present
from tests.poll.answers import stored
from tests.poll.conftest import Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.errors import BadStatus, FetchRefused
from unabridged.poll.reports import Progress

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_adding_fetches_the_feed_once_and_its_articles_are_there_with_the_feeds_text(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        added = await poller.add(publisher.feed)
    assert publisher.asked == ["/feed.xml"]
    assert added.subscription.title == "River News"
    assert len(present(added.report).new) == 3
    first = stored(archive)[0]
    assert first.revision == 0
    assert first.revision_source == "feed"
    assert first.article.text == "Teaser of story 1."
    assert first.page.state == "waiting"


async def test_a_restart_never_polls_again(publisher: Publisher, archive: Archive, polling: Polling) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        await poller.poll_due()
    before = list(publisher.asked)
    for _ in range(3):
        async with polling() as poller:
            await poller.poll_due()
    assert publisher.asked == before


async def test_adding_what_is_known_asks_nobody(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        again = await poller.add(publisher.feed, folder="News")
    assert again.report is None
    assert again.subscription.folder == "News"
    assert publisher.counts()["/feed.xml"] == 1


async def test_what_cannot_be_fetched_is_not_subscribed_to(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        with pytest.raises(BadStatus):
            await poller.add(publisher.base + "/nothing-here")
        with pytest.raises(FetchRefused):
            await poller.add("http://10.0.0.1/feed")
    assert archive.library().subscriptions.all() == ()


async def test_progress_is_told_with_every_feed_and_page(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    seen: list[Progress] = []
    async with polling(watch=seen.append) as poller:
        await poller.add(publisher.feed)
        await poller.poll_due()
    pages = [one for one in seen if one.stage == "pages" and one.report]
    assert [(one.done, one.total) for one in pages] == [(1, 3), (2, 3), (3, 3)]


async def test_a_page_can_be_kept_without_a_feed(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        change = await poller.save_url(publisher.base + "/story/7")
    one = archive.library().articles.get(change.article_id)
    assert one.article.title == "Flood report 7"
    assert one.feed_id is None
    assert one.snapshot is not None
