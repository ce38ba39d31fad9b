"""The sample publisher serves what its folders say, as a real site would."""

import aiohttp
import lxml.html
import pytest
from lxml.html import HtmlElement

from unabridged.sample.cases import cases_of
from unabridged.sample.layout import ArticleSource
from unabridged.sample.render import page_path
from unabridged.sample.server import SITES, SamplePublisher, Served, shipped_site
from unabridged.sample.truth import tokens

HIDDEN = frozenset({"consent-wall"})
"""Cases whose page does not show the article."""


NAMES = sorted(folder.name for folder in SITES.iterdir() if folder.is_dir())


async def test_every_site_has_an_address_of_its_own(publisher: SamplePublisher) -> None:
    assert len({served.origin for served in publisher.served}) == len(publisher.served) == 3


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
