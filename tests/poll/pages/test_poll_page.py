"""One article's pages: read, failed, tried again later."""

from datetime import timedelta

import pytest
from aiohttp import web

from tests.conftest import present
from tests.poll.answers import status, stored
from tests.poll.conftest import Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive

LAST_WORDS = "since the flood of 2002."


pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_pages_are_read_and_become_the_whole_article_with_a_snapshot(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    async with polling() as poller:
        await poller.add(publisher.feed)
        pages = await poller.read_due_pages()
    assert [page.kind for page in pages] == ["read"] * 3
    assert publisher.counts() == {"/feed.xml": 1, "/story/1": 1, "/story/2": 1, "/story/3": 1}
    for one in stored(archive):
        assert one.revision == 1
        assert one.revision_source == "page"
        assert one.article.text.startswith("The river rose a metre")
        assert one.article.text.endswith(LAST_WORDS)
        assert "Imprint" not in one.article.text
        assert archive.library().articles.snapshot(present(one.snapshot)).body.startswith(b"<!doctype html>")


PAGE_TROUBLES = {
    "status": status(500),
    "redirects": status(302, Location="/story/1"),
    "refused": status(302, Location="http://10.0.0.1/"),
    "connection": lambda request: web.Response(text=" \n"),
    "not-a-page": lambda request: web.Response(body=b"%PDF-1.7 \x00\x01\x02" * 100),
}


@pytest.mark.parametrize("kind", PAGE_TROUBLES)
async def test_a_page_that_fails_leaves_the_feeds_text_with_the_reason(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock, kind: str
) -> None:
    publisher.stories = [1]
    publisher.answers["/story/1"] = PAGE_TROUBLES[kind]
    async with polling() as poller:
        await poller.add(publisher.feed)
        pages = await poller.read_due_pages()
    assert pages[0].kind == "failed"
    one = stored(archive)[0]
    assert one.article.text == "Teaser of story 1."
    assert one.revision == 0
    assert one.page.state == "failed"
    assert present(one.page.failure).kind == kind
    assert present(one.page.failure).message
    assert present(one.page.failure).advice
    if kind == "status":
        assert one.page.next_try_at == clock.now + timedelta(minutes=15)


async def test_a_page_that_failed_is_read_later(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.stories = [1]
    publisher.answers["/story/1"] = PAGE_TROUBLES["status"]
    async with polling() as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        assert await poller.read_due_pages() == ()
        del publisher.answers["/story/1"]
        clock.pass_time(minutes=16)
        pages = await poller.read_due_pages()
    assert pages[0].kind == "read"
    one = stored(archive)[0]
    assert one.article.text.endswith(LAST_WORDS)
    assert one.page.failure is None
