"""The sample publisher serves what its folders say, as a real site would."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import feedparser
import lxml.html
import pytest
from lxml.html import HtmlElement

from unabridged.sample.cases import cases_of
from unabridged.sample.images import paint
from unabridged.sample.layout import ArticleSource
from unabridged.sample.render import page_path
from unabridged.sample.server import SITES, SamplePublisher, Served, shipped_site
from unabridged.sample.truth import tokens

HIDDEN = frozenset({"consent-wall"})
"""Cases whose page does not show the article."""

NAMES = sorted(folder.name for folder in SITES.iterdir() if folder.is_dir())


@pytest.fixture
async def publisher() -> AsyncIterator[SamplePublisher]:
    async with SamplePublisher() as running:
        yield running


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_every_site_has_an_address_of_its_own(publisher: SamplePublisher) -> None:
    assert len({served.origin for served in publisher.served}) == len(publisher.served) == 3


async def test_a_feed_shows_eight_articles_in_three_lines_each(
    publisher: SamplePublisher, web: aiohttp.ClientSession
) -> None:
    for address in publisher.feeds:
        async with web.get(address) as reply:
            if address.endswith(".json"):
                continue
            feed = feedparser.parse(await reply.read())
        assert len(feed.entries) == (3 if "/flux/" in address else 8)
        assert all(20 < len(entry.summary) < 400 and "content" not in entry for entry in feed.entries)


async def test_an_unchanged_feed_is_answered_with_304(
    publisher: SamplePublisher, web: aiohttp.ClientSession
) -> None:
    for address in publisher.feeds:
        async with web.get(address) as first:
            etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        async with web.get(address, headers={"If-None-Match": etag}) as again:
            assert (again.status, await again.read()) == (304, b"")
        async with web.get(address, headers={"If-Modified-Since": modified}) as again:
            assert again.status == 304
        async with web.get(
            address, headers={"If-None-Match": '"other"', "If-Modified-Since": modified}
        ) as again:
            assert again.status == 200


async def test_the_chinese_site_is_served_as_gb18030(
    publisher: SamplePublisher, web: aiohttp.ClientSession
) -> None:
    served = publisher.site("qingshiwan")
    async with web.get(served.truths()[0].url) as reply:
        body = await reply.read()
        assert reply.headers["Content-Type"] == "text/html; charset=gb18030"
    assert "青石湾日报" in body.decode("gb18030")


async def test_every_request_is_on_record(publisher: SamplePublisher, web: aiohttp.ClientSession) -> None:
    address = publisher.site("quillhaven").origin + "/nowhere?x=1"
    async with web.get(address, headers={"User-Agent": "somebody"}) as reply:
        assert reply.status == 404
    (request,) = publisher.log.of("/nowhere?x=1")
    assert (request.status, request.host, request.headers["user-agent"]) == (404, "quillhaven", "somebody")


async def test_the_log_can_be_a_file(tmp_path: Path, web: aiohttp.ClientSession) -> None:
    log = tmp_path / "requests.jsonl"
    async with SamplePublisher(log_file=log) as running, web.get(running.feeds[0]) as reply:
        assert reply.status == 200
    (line,) = log.read_text().splitlines()
    assert json.loads(line)["path"] == "/feeds/latest.xml"


async def test_every_picture_of_a_page_can_be_got(
    publisher: SamplePublisher, web: aiohttp.ClientSession
) -> None:
    for served in publisher.served:
        async with web.get(served.truths()[0].url) as reply:
            page = lxml.html.fromstring(await reply.read(), base_url=str(reply.url))
        page.make_links_absolute()
        for picture in page.xpath("//img/@src[not(starts-with(., 'data:'))]"):
            async with web.get(picture) as reply:
                assert reply.status == 200, picture


async def whole_page(web: aiohttp.ClientSession, served: Served, source: ArticleSource) -> HtmlElement:
    """All pages of an article, and its view for print if it has one, under one root."""
    root = lxml.html.fromstring("<div></div>")
    paths = [page_path(source.first, number) for number in range(1, max(1, len(source.first.bodies)) + 1)]
    printed = source.first.data.get("print")
    for path in [*paths, *([printed] if printed else [])]:
        async with web.get(served.origin + path) as reply:
            assert reply.status == 200
            root.append(lxml.html.fromstring((await reply.read()).decode(served.site.charset)))
    return root


@pytest.mark.parametrize("name", NAMES)
async def test_every_truth_can_be_read_on_its_page_amid_furniture(
    name: str, web: aiohttp.ClientSession
) -> None:
    """Every true line stands in the page, the title too, and so does every snippet to leave out."""
    async with SamplePublisher([name], cases=cases_of([shipped_site(name)])) as running:
        served = running.site(name)
        for source in served.stage.articles():
            truth = source.truth
            if truth is None or source.case in HIDDEN:
                continue
            page = await whole_page(web, served, source)
            words = "".join(tokens(page.text_content()))
            for line in (truth.text or "").split("\n\n"):
                assert "".join(tokens(line)) in words, (truth.url, line)
            squeezed = "".join(page.text_content().split()) + "".join(page.xpath("//@placeholder|//@alt"))
            for snippet in truth.without:
                assert "".join(snippet.split()) in squeezed, (truth.url, snippet)
                assert "".join(snippet.split()) not in "".join((truth.text or "").split())
            assert "".join((truth.title or "").split()) in squeezed


def test_the_same_name_paints_the_same_picture() -> None:
    assert paint("ropewalk", 60, 40) == paint("ropewalk", 60, 40) != paint("tide", 60, 40)


def test_a_picture_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="no size of a picture"):
        paint("ropewalk", 5000, 40)
