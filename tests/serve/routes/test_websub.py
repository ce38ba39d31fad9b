"""A real hub on loopback: it verifies, delivers, refuses; and others who play one."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs

import aiohttp
import httpx
import pytest
from aiohttp import web

from tests.conftest import present
from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk, letting_in, running, wait_until
from unabridged.archive.records.core import Query
from unabridged.archive.records.polling import HubSubscription
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import Poller

SECRET = "a secret"
TOPIC = "https://news.example/topic.xml"


def document(origin: str, *numbers: int) -> bytes:
    items = "".join(f"<item><guid>{n}</guid><title>News {n}</title></item>" for n in numbers)
    return (
        f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Live</title>"
        f"<atom:link rel='hub' href='{origin}/hub'/><atom:link rel='self' href='{origin}/feed'/>"
        f"{items}</channel></rss>"
    ).encode()


class Hub:
    """A publisher with a feed, and its hub: it verifies while the request for it is still waiting."""

    def __init__(self) -> None:
        self.origin = ""
        self.asked: list[dict[str, str]] = []
        self.answers: list[tuple[int, str]] = []
        self.refuse = False

    async def feed(self, request: web.Request) -> web.Response:
        return web.Response(body=document(self.origin, 1), content_type="application/rss+xml")

    async def subscribe(self, request: web.Request) -> web.Response:
        form = {name: values[0] for name, values in parse_qs(await request.text()).items()}
        self.asked.append(form)
        if self.refuse:
            return web.Response(status=403)
        question = {
            "hub.mode": "subscribe",
            "hub.topic": form["hub.topic"],
            "hub.challenge": "say this",
            "hub.lease_seconds": "86400",
        }
        async with (
            aiohttp.ClientSession() as session,
            session.get(form["hub.callback"], params=question) as answer,
        ):
            self.answers.append((answer.status, await answer.text()))
        return web.Response(status=202)

    async def deliver(self, body: bytes, secret: str | None = None) -> int:
        form = self.asked[-1]
        signature = hmac.new((secret or form["hub.secret"]).encode(), body, hashlib.sha512).hexdigest()
        headers = {"X-Hub-Signature": f"sha512={signature}", "Content-Type": "application/rss+xml"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(form["hub.callback"], data=body, headers=headers) as answer,
        ):
            return answer.status


@asynccontextmanager
async def playing(hub: Hub) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_get("/feed", hub.feed)
    app.router.add_post("/hub", hub.subscribe)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.2, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hub.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def subscribed(
    desk: Desk, address: str | None, hub: Hub, clock: Callable[[], datetime] = lambda: NOW
) -> AsyncIterator[tuple[Poller, int]]:
    """A poller that follows the hub's feed and has asked the hub."""
    settings = letting_in(desk.settings, "127.0.0.1")
    async with (
        playing(hub),
        Fetcher(settings.fetch) as fetcher,
        Poller(
            archive=desk.archive, fetcher=fetcher, settings=settings.poll, clock=clock, base_url=address
        ) as poller,
    ):
        added = await poller.add(f"{hub.origin}/feed")
        await poller.subscribe_to_hubs()
        yield poller, added.subscription.feed.id


def titles(desk: Desk) -> set[str]:
    return {one.title for one in desk.archive.library().articles.headlines(Query()).headlines}


async def test_a_hub_verifies_and_what_it_delivers_is_there_without_a_poll(desk: Desk) -> None:
    hub = Hub()
    with running(desk, letting_in(desk.settings, "127.0.0.1")) as address:
        async with subscribed(desk, address, hub) as (_, number):
            assert hub.answers == [(200, "say this")]
            known = desk.archive.websub.get(number)
            assert known is not None
            assert (known.state, known.topic) == ("active", f"{hub.origin}/feed")
            assert hub.asked[0]["hub.secret"] == known.secret
            assert len(known.secret) >= 40

            assert await hub.deliver(document(hub.origin, 2, 1), secret="a guess") == 202
            assert await hub.deliver(document(hub.origin, 3, 1)) == 202
            await asyncio.to_thread(wait_until, lambda: "News 3" in titles(desk))
            assert titles(desk) == {"News 1", "News 3"}
            after = desk.archive.websub.get(number)
            assert after is not None
            assert after.last_push == NOW


async def test_a_feed_that_a_hub_tells_us_of_is_polled_once_a_day_and_its_lease_renewed(desk: Desk) -> None:
    hub, now = Hub(), [NOW]
    with running(desk, letting_in(desk.settings, "127.0.0.1")) as address:
        async with subscribed(desk, address, hub, clock=lambda: now[0]) as (poller, number):
            now[0] = present(desk.archive.library().subscriptions.feed(number).next_poll_at)
            [report] = await poller.poll_due_feeds()
            assert (present(report.next_poll_at) - now[0]).total_seconds() > 0.85 * 86400
            known = present(desk.archive.websub.get(number))
            now[0] = present(known.next_try_at)
            assert present(known.lease_until) > now[0]
            await poller.subscribe_to_hubs()
            assert len(hub.asked) == 2
            assert {form["hub.callback"] for form in hub.asked} == {f"{address}/hub/{known.token}"}


async def test_a_hub_that_refuses_is_asked_later_and_later(desk: Desk) -> None:
    hub = Hub()
    hub.refuse = True
    async with subscribed(desk, "http://127.0.0.1:65000", hub) as (poller, number):
        known = present(desk.archive.websub.get(number))
        assert (known.state, known.attempts) == ("asked", 1)
        assert "403" in known.message
        assert present(known.next_try_at) > NOW
        assert await poller.subscribe_to_hubs() == 0


async def test_without_a_public_address_no_hub_is_asked(desk: Desk) -> None:
    hub = Hub()
    for address in (None, "http://192.168.1.5:8200"):
        async with subscribed(desk, address, hub) as (_, number):
            assert desk.archive.websub.get(number) is None
            desk.archive.library().subscriptions.purge(number)
    assert hub.asked == []


@pytest.fixture
def waiting(full: Desk) -> HubSubscription:
    """A subscription that a hub may verify."""
    known = HubSubscription(
        feed_id=full.feed or full.archive.library().subscriptions.all()[0].feed.id,
        hub="https://hub.example/",
        topic=TOPIC,
        token="tok",
        secret=SECRET,
        state="asked",
    )
    full.archive.websub.save(known)
    return known


QUESTION = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "c", "hub.lease_seconds": "60"}


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("/hub/other", {}),
        ("/hub/tok", {"hub.topic": "https://evil.example/"}),
        ("/hub/tok", {"hub.mode": "unsubscribe"}),
        ("/hub/tok", {"hub.challenge": ""}),
        ("/hub/tok", {"hub.mode": "nonsense"}),
    ],
)
def test_a_question_that_we_did_not_cause_is_not_answered(
    path: str, changed: dict[str, str], full: Desk, waiting: HubSubscription, visit: Visit
) -> None:
    client: httpx.Client = visit(full)
    answer = client.get(path, params=QUESTION | changed)
    assert answer.status_code == 404
    assert full.archive.websub.get(waiting.feed_id) == waiting


def test_the_challenge_is_plain_text_and_no_page(full: Desk, waiting: HubSubscription, visit: Visit) -> None:
    answer = visit(full).get("/hub/tok", params=QUESTION | {"hub.challenge": "<script>alert(1)</script>"})
    assert answer.text == "<script>alert(1)</script>"
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_denial_is_kept_with_its_reason(full: Desk, waiting: HubSubscription, visit: Visit) -> None:
    visit(full).get(
        "/hub/tok", params={"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "Not for you."}
    )
    known = present(full.archive.websub.get(waiting.feed_id))
    assert (known.state, known.message) == ("denied", "Not for you.")
    assert present(known.next_try_at) > NOW


def test_what_is_delivered_to_nobody_is_gone_and_too_much_is_refused(
    full: Desk, waiting: HubSubscription, visit: Visit
) -> None:
    small = replace(full.settings, fetch=replace(full.settings.fetch, max_feed_bytes=1000))
    client = visit(full, settings=small)
    assert client.post("/hub/tok", content=b"x").status_code == 410
    assert client.post("/hub/none", content=b"x").status_code == 410
    client.get("/hub/tok", params=QUESTION)
    assert client.post("/hub/tok", content=b"x" * 1001).status_code == 413
    assert client.post("/hub/tok", content=b"x").status_code == 202
