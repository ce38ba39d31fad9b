"""ETag and Last-Modified of a feed, from one poll to the next."""

import pytest
from aiohttp import web

from tests.poll.conftest import Clock, Polling, Publisher

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_validators_that_a_304_names_anew_are_sent_from_then_on(
    publisher: Publisher, polling: Polling, clock: Clock
) -> None:
    stamps = ["Mon, 01 Apr 2024 00:00:00 GMT", "Tue, 02 Apr 2024 00:00:00 GMT"]

    def answer(request: web.Request) -> web.Response:
        count = len(publisher.asked)
        headers = {"ETag": f'"e{count}"', "Last-Modified": stamps[min(count, 2) - 1]}
        if count > 1:
            return web.Response(status=304, headers=headers)
        return web.Response(text=publisher.feed_text(), content_type="application/rss+xml", headers=headers)

    publisher.answers["/feed.xml"] = answer
    async with polling() as poller:
        number = (await poller.add(publisher.feed)).subscription.feed.id
        for _ in range(2):
            clock.pass_time(hours=2)
            await poller.poll(number)
    sent = [(head.get("If-None-Match"), head.get("If-Modified-Since")) for head in publisher.headers]
    assert sent == [(None, None), ('"e1"', stamps[0]), ('"e2"', stamps[1])]


async def test_a_304_without_validators_leaves_the_known_ones(
    publisher: Publisher, polling: Polling, clock: Clock
) -> None:
    async with polling() as poller:
        number = (await poller.add(publisher.feed)).subscription.feed.id
        for _ in range(2):
            clock.pass_time(hours=2)
            await poller.poll(number)
    sent = [head.get("If-None-Match") for head in publisher.headers]
    assert sent[0] is None and sent[1] is not None and sent[1] == sent[2]
