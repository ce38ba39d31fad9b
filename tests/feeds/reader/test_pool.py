"""A hostile feed costs its worker process at worst."""

import asyncio

import pytest

from unabridged.errors import FeedError, FeedKilledReader, NotAFeed
from unabridged.feeds.reader.pool import FeedReader
from unabridged.processes.pool import Limits

GOOD = b"<rss version='2.0'><channel><title>Good</title><item><title>One</title></item></channel></rss>"
URL = "https://news.example/feed"


def many_items(count: int) -> bytes:
    items = b"<item><title>T</title><guid>g</guid><description>a &amp; b</description></item>" * count
    return b"<rss version='2.0'><channel><title>Big</title>" + items + b"</channel></rss>"


async def test_a_worker_reads_what_parse_feed_reads() -> None:
    async with FeedReader() as reader:
        feed = await reader.parse(GOOD, url=URL, content_type="application/rss+xml")
    assert (feed.title, feed.entries[0].title) == ("Good", "One")


async def test_an_error_of_the_reader_comes_back_whole() -> None:
    async with FeedReader() as reader:
        with pytest.raises(NotAFeed, match="is not a feed but a web page") as caught:
            await reader.parse(b"<!doctype html><html><body>Hello", url=URL)
    assert (caught.value.url, caught.value.found) == (URL, "a web page")


@pytest.mark.parametrize("megabytes", [80, 120, 200])
async def test_a_feed_that_needs_too_much_memory_costs_only_its_own_reading(megabytes: int) -> None:
    async with FeedReader(limits=Limits(memory=megabytes * 1_000_000)) as reader:
        with pytest.raises(FeedKilledReader, match=r"took more memory than allowed|its process"):
            await reader.parse(many_items(180_000), url=URL)
        assert (await reader.parse(GOOD, url=URL)).title == "Good"


async def test_a_feed_that_needs_too_much_cpu_kills_only_its_worker() -> None:
    async with FeedReader(limits=Limits(cpu=0)) as reader:
        with pytest.raises(FeedKilledReader, match="seconds of CPU"):
            for _ in range(20):  # one of them crosses a whole second
                await reader.parse(many_items(10_000) + b"</oops>", url=URL)
        assert (await reader.parse(GOOD, url=URL)).title == "Good"


async def test_the_cpu_limit_counts_a_task_and_not_the_life_of_a_worker() -> None:
    async with FeedReader(limits=Limits(cpu=2)) as reader:
        for _ in range(12):
            await reader.parse(many_items(5_000), url=URL)


async def test_a_feed_that_takes_too_long_is_given_up() -> None:
    async with FeedReader(limits=Limits(wall=0.001)) as reader:
        with pytest.raises(FeedKilledReader, match=r"more than 0\.001 seconds"):
            await reader.parse(many_items(1_000), url=URL)


async def test_a_cancelled_task_leaves_no_answer_for_the_next_one() -> None:
    async with FeedReader() as reader:
        await reader.parse(GOOD, url=URL)
        task = asyncio.create_task(reader.parse(many_items(10_000), url=URL))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await reader.parse(GOOD, url=URL)).title == "Good"


async def test_two_workers_read_two_feeds_at_once() -> None:
    async with FeedReader(workers=2) as reader:
        feeds = await asyncio.gather(*(reader.parse(GOOD, url=f"{URL}/{n}") for n in range(8)))
    assert [feed.url for feed in feeds] == [f"{URL}/{n}" for n in range(8)]


async def test_items_that_say_nothing_are_left_out_with_a_note() -> None:
    blank = "<item/><item></item><item><title></title><link></link><description> </description></item>"
    whole = f"<rss><channel>{blank}<item><title>Real</title></item></channel></rss>"
    async with FeedReader() as reader:
        feed = await reader.parse(whole.encode(), url="https://x.example/feed")
    assert [entry.title for entry in feed.entries] == ["Real"]
    assert feed.notes == ("3 empty items left out",)


async def test_a_feed_is_read_up_to_the_size_that_the_settings_allow() -> None:
    item = b"<item><title>x</title><description>" + b"y" * 1_000_000 + b"</description></item>"
    big = b"<rss><channel>" + item * 16 + b"</channel></rss>"
    async with FeedReader(max_bytes=20_000_000) as reader:
        assert len((await reader.parse(big, url="https://x.example/feed")).entries) == 16
    async with FeedReader() as reader:
        with pytest.raises(FeedError, match="Raise max_feed_bytes under"):
            await reader.parse(big, url="https://x.example/feed")
