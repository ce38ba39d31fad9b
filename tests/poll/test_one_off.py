"""Whole articles without an archive, and the feeds of a site."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from tests.conftest import Children
from tests.poll.conftest import Clock, Publisher
from unabridged.config import FetchSettings, PollSettings
from unabridged.errors import BadStatus, FetchRefused, InvalidURL, NotAFeed
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.feeds.write import WRITERS
from unabridged.fetch.client import Fetcher
from unabridged.poll.one_off import BUDGET_SPENT, TEXT_OMITTED, memory_of, read
from unabridged.poll.poller import full_text_feed, read_address
from unabridged.poll.reports import FullTextFeed

LAST_WORDS = "since the flood of 2002."


pytestmark = pytest.mark.asyncio(loop_scope="session")


async def whole(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children, **more: Any
) -> FullTextFeed:
    return await full_text_feed(
        more.pop("url", publisher.feed),
        fetcher=fetcher,
        settings=PollSettings(),
        now=clock.now,
        **children,
        **more,
    )


async def test_a_feed_becomes_whole(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    result = await whole(publisher, fetcher, clock, children)
    assert result.document.title == "River News"
    assert len({item.id for item in result.items}) == 3
    assert all(item.article.text.endswith(LAST_WORDS) for item in result.items)
    assert publisher.counts() == {"/feed.xml": 1, "/story/1": 1, "/story/2": 1, "/story/3": 1}


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
async def test_what_is_written_reads_back_with_the_same_ids_every_time(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children, form: str
) -> None:
    first = await whole(publisher, fetcher, clock, children)
    written = WRITERS[form](first.document, first.items)
    clock.now += timedelta(days=1)
    second = await whole(publisher, fetcher, clock, children)
    assert [item.id for item in second.items] == [item.id for item in first.items]
    entries = parse_feed(written, url="http://here.example/").entries
    assert [entry.title for entry in entries] == [f"Flood report {n}" for n in (1, 2, 3)]
    assert all("harbour master" in entry.content_html for entry in entries)


async def test_only_so_many_pages_are_fetched(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    publisher.stories = list(range(1, 9))
    result = await whole(publisher, fetcher, clock, children, limit=2)
    assert len(result.items) == 2
    assert len(publisher.asked) == 3


async def test_articles_beyond_the_bound_on_memory_keep_the_feeds_text_and_say_so(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    publisher.stories = list(range(1, 9))
    everything = await whole(publisher, fetcher, clock, children)
    bounded = await whole(publisher, fetcher, clock, children, most=everything.size // 2)
    texts = [item.article.text for item in bounded.items]
    read = sum(text.endswith(LAST_WORDS) for text in texts)
    assert len(texts) == 8 and 0 < read < 8
    assert [one.article.warnings[-1] for one in bounded.items if "Teaser" in one.article.text] == [
        BUDGET_SPENT
    ] * (8 - read)
    assert sum(memory_of(item.article) for item in bounded.items) <= everything.size // 2


async def test_a_feeds_own_texts_beyond_the_bound_are_left_out(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    result = await whole(publisher, fetcher, clock, children, most=1)
    assert [item.article.text for item in result.items] == ["", "", ""]
    assert all(item.article.title and TEXT_OMITTED in item.article.warnings for item in result.items)


async def test_a_feed_in_passing_holds_no_more_entries_than_were_asked_for(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    publisher.stories = list(range(1, 9))
    result = await whole(publisher, fetcher, clock, children, limit=2)
    assert len(result.feed.entries) == 2


async def test_a_page_that_fails_leaves_its_entry_with_the_feeds_text_and_a_warning(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    publisher.answers["/story/2"] = lambda request: web.Response(status=503)
    result = await whole(publisher, fetcher, clock, children)
    second = result.items[1].article
    assert second.text == "Teaser of story 2."
    assert "503" in second.warnings[-1]
    assert "harbour master" in result.items[2].article.text


async def test_a_page_that_gives_less_than_the_feed_is_not_used(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    publisher.answers["/story/1"] = lambda request: web.Response(text="<p>Hi</p>", content_type="text/html")
    result = await whole(publisher, fetcher, clock, children)
    assert result.items[0].article.text == "Teaser of story 1."


async def test_an_error_page_sent_as_a_success_is_not_shown_as_the_article(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    sorry = "<p>We are sorry, but the story that you asked for is no longer here. It may have moved.</p>"
    page = f"<title>Page not found</title><article><h1>Page not found</h1>{sorry * 3}</article>"
    publisher.answers["/story/1"] = lambda request: web.Response(text=page, content_type="text/html")
    result = await whole(publisher, fetcher, clock, children)
    first = result.items[0].article
    assert first.text == "Teaser of story 1."
    assert "the page is not the article" in first.warnings[-1]


async def test_the_guard_holds_for_feeds_pages_and_redirects(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    with pytest.raises(FetchRefused):
        await whole(publisher, fetcher, clock, children, url="http://10.0.0.1/feed")
    with pytest.raises(InvalidURL):
        await whole(publisher, fetcher, clock, children, url="file:///etc/passwd")
    publisher.answers["/story/1"] = lambda request: web.Response(
        status=301, headers={"Location": "http://169.254.169.254/latest/meta-data/"}
    )
    result = await whole(publisher, fetcher, clock, children)
    assert "refused" in result.items[0].article.warnings[-1]


async def test_what_is_no_feed_and_leads_to_none_says_so(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    publisher.answers["/feed.xml"] = lambda request: web.Response(status=404)
    publisher.answers["/"] = lambda request: web.Response(text="<p>Hi</p>", content_type="text/html")
    with pytest.raises(NotAFeed):
        await whole(publisher, fetcher, clock, children, url=publisher.base + "/")
    with pytest.raises(BadStatus):
        await whole(publisher, fetcher, clock, children)


async def test_one_address_is_read(publisher: Publisher, fetcher: Fetcher, clock: Clock) -> None:
    read = await read_address(publisher.base + "/story/5", fetcher=fetcher, now=clock.now)
    assert read.article.title == "Flood report 5"
    assert read.page.status == 200


async def test_a_cut_story_is_read_from_its_print_view_in_one_more_request(
    publisher: Publisher, fetcher: Fetcher, clock: Clock, children: Children
) -> None:
    page = publisher.html(2)
    beginning = "<p>".join(page.split("<p>")[:3]) + "</article>"
    links = '<p><a href="#" onclick="unfold()">Continue reading</a></p> <a href="?view=print">Print</a>'

    def answer(request: web.Request) -> web.Response:
        text = page if request.query.get("view") == "print" else beginning + links
        return web.Response(text=text, content_type="text/html")

    publisher.answers["/story/2"] = answer
    result = await whole(publisher, fetcher, clock, children)
    assert all(item.article.text.endswith(LAST_WORDS) for item in result.items)
    assert publisher.counts() == {"/feed.xml": 1, "/story/1": 1, "/story/2": 2, "/story/3": 1}
    [cut] = [item.article for item in result.items if item.article.url.endswith("/2")]
    assert cut.warnings == (f"Read from the article's full view: {publisher.base}/story/2?view=print",)


async def test_a_page_is_read_in_one_call_beside_a_running_event_loop(publisher: Publisher) -> None:
    settings = FetchSettings(allow_private=("127.0.0.1",), per_host_gap=0)
    article = await asyncio.to_thread(
        read, publisher.feed.replace("/feed.xml", "/story/1"), settings=settings
    )
    assert article.text.endswith(LAST_WORDS)
