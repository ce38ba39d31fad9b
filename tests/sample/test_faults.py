"""Everything that can be switched on misbehaves as its case says."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import aiohttp
import brotli
import feedparser
import pytest

from unabridged.errors import ConfigError
from unabridged.sample.faults import BOMB_BYTES, FAULTS
from unabridged.sample.server import SamplePublisher


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield session


def stage(*cases: str, sites: Sequence[str] = ("quillhaven",)) -> SamplePublisher:
    return SamplePublisher(sites, cases=cases, pace=0.0)


async def test_a_case_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ConfigError, match=r"no case payroll\. There are: .*paywall.*; or all"):
        SamplePublisher(["brevance"], cases=["payroll"])


async def test_everything_can_be_switched_on_at_once() -> None:
    async with SamplePublisher(cases=["all"]) as running:
        assert {faulty.name for faulty in running.faulty} == set(FAULTS)
        assert len(running.hosts) == len(running.served) + len(running.faulty)


@pytest.mark.parametrize(
    ("case", "status"), [("forbidden", 403), ("too-many", 429), ("server-error", 500), ("gone-host", 410)]
)
async def test_a_host_refuses_with_its_status(case: str, status: int, web: aiohttp.ClientSession) -> None:
    async with stage(case) as running, web.get(running.host(case).feed) as reply:
        assert reply.status == status
        assert (reply.headers.get("Retry-After") == "120") == (case == "too-many")


async def test_a_host_with_a_fault_has_a_calm_feed_of_its_own_pages(web: aiohttp.ClientSession) -> None:
    async with stage("server-error") as running:
        host = running.host("server-error")
        async with web.get(host.calm_feed) as reply:
            feed = feedparser.parse(await reply.read())
        assert [entry.link.startswith(host.served.origin) for entry in feed.entries] == [True, True]
        async with web.get(feed.entries[0].link) as reply:
            assert reply.status == 500


async def test_a_flapping_host_fails_every_other_time(web: aiohttp.ClientSession) -> None:
    async with stage("flap") as running:
        statuses = []
        for _ in range(4):
            async with web.get(running.host("flap").feed) as reply:
                statuses.append(reply.status)
    assert statuses == [503, 200, 503, 200]


async def test_a_dripping_host_sends_the_right_answer(web: aiohttp.ClientSession) -> None:
    async with stage("drip") as running, web.get(running.host("drip").feed) as reply:
        assert len(feedparser.parse(await reply.read()).entries) == 2


async def test_a_hanging_host_never_answers_and_does_not_keep_the_publisher(
    web: aiohttp.ClientSession,
) -> None:
    async with stage("hang") as running:
        asking = asyncio.create_task(web.get(running.host("hang").feed).__aenter__())
        await asyncio.wait([asking], timeout=0.3)
        assert running.log.of("/feeds/latest.xml", "hang") and not asking.done()
    (await asking).close()


async def test_a_host_resets_the_connection_half_way(web: aiohttp.ClientSession) -> None:
    async with stage("reset") as running:
        with pytest.raises(aiohttp.ClientError):
            async with web.get(running.host("reset").feed) as reply:
                await reply.read()


async def test_a_loop_of_redirects_has_no_end(web: aiohttp.ClientSession) -> None:
    async with stage("loop") as running:
        with pytest.raises(aiohttp.TooManyRedirects):
            await web.get(running.host("loop").feed)


@pytest.mark.parametrize(("case", "status"), [("redirect", 302), ("moved", 301)])
async def test_a_host_redirects_to_a_good_one(case: str, status: int, web: aiohttp.ClientSession) -> None:
    async with stage(case) as running, web.get(running.host(case).feed) as reply:
        assert [hop.status for hop in reply.history] == [status]
        assert str(reply.url) == running.site("bad-days").feeds[0]


@pytest.mark.parametrize(("case", "coding"), [("gzip-bomb", "gzip"), ("br-bomb", "br")])
async def test_a_bomb_is_small_on_the_wire_and_300_mb_inside(
    case: str, coding: str, web: aiohttp.ClientSession
) -> None:
    async with stage(case) as running, web.get(running.host(case).feed) as reply:
        body = await reply.read()
    assert reply.headers["Content-Encoding"] == coding and len(body) < 500_000
    if coding == "br":
        size = sum(map(len, map(brotli.Decompressor().process, (body,))))
        assert size > BOMB_BYTES


async def test_half_a_document_comes_as_if_it_were_whole(web: aiohttp.ClientSession) -> None:
    async with stage("half") as running, web.get(running.host("half").feed) as reply:
        assert (reply.status, feedparser.parse(await reply.read()).bozo) == (200, True)


async def test_an_edit_changes_the_page_and_its_truth_but_not_the_feed(web: aiohttp.ClientSession) -> None:
    async with stage("edit") as running:
        served = running.site("quillhaven")

        async def now() -> tuple[str, str]:
            async with web.get(served.origin + "/reportage/harbour-toll-rises") as page:
                html = await page.text()
            async with web.get(served.feeds[0]) as feed:
                return html, await feed.text()

        before, feed_before = await now()
        running.advance("edit")
        after, feed_after = await now()
        truth = next(truth for truth in running.truths() if truth.url.endswith("/harbour-toll-rises"))
    assert "three pounds a night" in before and "two pounds a night" in after
    assert feed_before == feed_after and "two pounds a night" in (truth.text or "")


async def test_an_article_taken_down_is_404_then_410_and_leaves_the_feed(web: aiohttp.ClientSession) -> None:
    async with stage("takedown") as running:
        served = running.site("quillhaven")
        statuses = []
        for event in ("", "takedown", "gone"):
            running.advance(event)
            async with web.get(served.origin + "/reportage/a-claim-withdrawn") as page:
                statuses.append(page.status)
        async with web.get(served.feeds[0]) as feed:
            assert "mermaid" not in await feed.text()
    assert statuses == [200, 404, 410]


async def test_a_redesign_keeps_every_word_and_no_class(web: aiohttp.ClientSession) -> None:
    async with stage("redesign") as running:
        served = running.site("quillhaven")
        async with web.get(served.origin + "/books/in-praise-of-the-index") as page:
            before = await page.text()
        running.advance("redesign")
        async with web.get(served.origin + "/books/in-praise-of-the-index") as page:
            after = await page.text()
    assert "story__body" in before and "story__body" not in after
    assert "the last word, and have sometimes used it" in after


async def test_events_happen_by_themselves_one_after_another(web: aiohttp.ClientSession) -> None:
    async with SamplePublisher(["quillhaven"], cases=["takedown"], step=0.01) as running:
        while running.site("quillhaven").events != ("takedown", "gone"):  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("case", "path"),
    [
        ("no-guids", "/feeds/no-guids.xml"),
        ("changing-guids", "/feeds/changing-guids.xml"),
        ("no-dates", "/feeds/no-dates.xml"),
        ("wrong-dates", "/feeds/wrong-dates.xml"),
        ("duplicates", "/feeds/popular.xml"),
    ],
)
async def test_a_feed_is_there_only_when_its_case_is_on(
    case: str, path: str, web: aiohttp.ClientSession
) -> None:
    for cases, status in (((), 404), ((case,), 200)):
        async with stage(*cases) as running, web.get(running.served[0].origin + path) as reply:
            assert reply.status == status


async def test_guids_change_with_every_request(web: aiohttp.ClientSession) -> None:
    async with stage("changing-guids") as running:
        seen = []
        for _ in range(2):
            async with web.get(running.served[0].origin + "/feeds/changing-guids.xml") as reply:
                seen.append({entry.id for entry in feedparser.parse(await reply.read()).entries})
    assert not seen[0] & seen[1]


async def test_charsets_are_declared_wrongly_or_not_at_all(web: aiohttp.ClientSession) -> None:
    async with stage("charsets", sites=()) as running:
        for served in running.served:
            async with web.get(served.truths()[0].url) as reply:
                body = await reply.read()
                declared = reply.charset
            assert declared is None or declared != served.site.charset
            text = body.decode(served.site.charset)
            assert (served.truths()[0].title or "-") in text
        assert len(running.served) == 5
