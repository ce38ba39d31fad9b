"""Articles of several pages, fetched and joined."""

import pytest
from aiohttp import web

from tests.poll.answers import html
from tests.poll.conftest import Polling, Publisher
from unabridged.archive.facade.archive import Archive

pytestmark = pytest.mark.asyncio(loop_scope="session")


def part(number: int, onwards: bool) -> str:
    link = f'<p><a rel=next href="/long?page={number + 1}">Next page</a></p>' if onwards else ""
    text = "".join(f"<p>{paragraph.format(number=number)}</p>" for paragraph in PARTS[number - 1])
    return f"<article><h1>A long report</h1>{text}{link}</article>"


PARTS = (
    (
        "The valley had waited forty years for its railway, and on Monday the first train came through.",
        "Six hundred people stood on a platform built for eighty, and the band played twice.",
        "The driver, who was born beside the old line, said that he had slept badly all week.",
    ),
    (
        "Behind the celebration lies a quarrel over money that three governments failed to settle.",
        "The county paid for the tunnel, the state for the rails, and nobody for the station roof.",
        "An engineer who left in 2009 keeps the drawings of the roof in a cupboard in her kitchen.",
    ),
    (
        "What the line will carry is timber first, then schoolchildren, and tourists in the summer.",
        "The timetable leaves a gap of two hours at noon, when the single crew has its dinner.",
        "On Friday the second train was late by nine minutes, and the band had gone home.",
    ),
)


async def test_an_article_on_three_pages_is_read_whole(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    def long(request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("page", "1"))
        return html(f"<body>{part(number, number < 3)}</body>")(request)

    publisher.answers["/long"] = long
    async with polling() as poller:
        change = await poller.save_url(publisher.base + "/long")
    one = archive.library().articles.get(change.article_id)
    for sentences in PARTS:
        assert all(sentence in one.article.text for sentence in sentences)
    assert publisher.asked == ["/long"] * 3


async def test_a_further_page_that_fails_is_named_and_the_rest_is_kept(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    def long(request: web.Request) -> web.StreamResponse:
        number = int(request.query.get("page", "1"))
        if number == 3:
            return web.Response(status=500)
        return html(f"<body>{part(number, number < 3)}</body>")(request)

    publisher.answers["/long"] = long
    async with polling() as poller:
        change = await poller.save_url(publisher.base + "/long")
    article = archive.library().articles.get(change.article_id).article
    assert PARTS[1][2] in article.text
    assert any("page=3" in warning for warning in article.warnings)
