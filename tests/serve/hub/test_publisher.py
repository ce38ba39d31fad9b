"""Our hub: it verifies, delivers whole feeds within seconds, tries again, and forgets who is gone."""

import asyncio
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import feedparser
import httpx
import pytest
from aiohttp import web
from starlette.types import Receive, Scope, Send

from tests.conftest import present
from tests.serve.conftest import Visit
from tests.serve.publishing.test_archives import arrive
from tests.serve.running_app import (
    NOW,
    Desk,
    answering,
    copied,
    in_thread,
    letting_in,
    make_article,
    page_of,
    running,
    wait_until,
)
from unabridged.archive.records.core import Query
from unabridged.archive.records.polling import HubSubscriber
from unabridged.config import Settings
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import Poller
from unabridged.serve.app import create_app
from unabridged.serve.hub.publisher import (
    GIVE_UP,
    IDLE_SECONDS,
    LONGEST_PAUSE,
    LOOK_SECONDS,
    Publisher,
    after_failure,
    after_success,
    pause_after,
)

PROGRAM = {"Accept": "*/*"}
SECRET = "only we know"


@dataclass(slots=True)
class Subscriber:
    """A subscriber: it answers the hub's question, and keeps what it is sent."""

    origin: str = ""
    agrees: bool = True
    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            self.asked.append(dict(request.query))
            return web.Response(text=request.query["hub.challenge"] if self.agrees else "no")
        self.got.append(
            ({name.lower(): text for name, text in request.headers.items()}, await request.read())
        )
        return web.Response(status=self.status)


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    subscriber = Subscriber()
    with in_thread(answering(subscriber.answer)) as subscriber.origin:
        yield subscriber


@dataclass(slots=True)
class Stage:
    """An app with a login, on an archive with a feed of three articles, and a private address of it."""

    desk: Desk
    client: httpx.Client
    now: list[datetime]
    secret: str
    subscriber: Subscriber

    def topic(self, path: str = "/feeds/1.atom", secret: str | None = None) -> str:
        return f"{str(self.client.base_url).rstrip('/')}{path}?token={secret or self.secret}"

    def ask(self, **changed: str) -> httpx.Response:
        form = {
            "hub.mode": "subscribe",
            "hub.topic": self.topic(),
            "hub.callback": f"{self.subscriber.origin}/push?id=7",
            "hub.secret": SECRET,
        }
        return self.client.post("/hub", data=form | {f"hub.{name}": text for name, text in changed.items()})

    def known(self) -> tuple[HubSubscriber, ...]:
        return self.desk.archive.hub_subscribers.all()

    def subscribe(self) -> None:
        """Subscribe, and wait for the first delivery."""
        assert self.ask().status_code == 202
        wait_until(lambda: bool(self.subscriber.got))
        wait_until(lambda: bool(self.known()) and bool(self.known()[0].sent))

    def edit(self, number: int) -> None:
        stored = self.desk.archive.library().articles.get(number)
        text = f"{stored.article.text}\n\nAn added paragraph, written later than the rest of the story."
        html = f"{stored.article.html}<p>An added paragraph, written later than the rest of the story.</p>"
        changed = replace(stored.article, text=text, html=html)
        self.desk.archive.ingest.save_page(number, changed, page_of(changed), now=NOW + timedelta(hours=5))


def with_login(settings: Settings) -> Settings:
    return replace(
        letting_in(settings, "127.0.0.1"), serve=replace(settings.serve, login="always", allow_http=True)
    )


@pytest.fixture
def stage(subscriber: Subscriber, full: Desk, visit: Visit) -> Stage:
    now = [NOW]
    secret = full.archive.library().tokens.add("reader", "read", now=NOW).secret
    client = visit(full, settings=with_login(full.settings), clock=lambda: now[0])
    return Stage(desk=full, client=client, now=now, secret=secret, subscriber=subscriber)


async def test_our_own_poller_subscribes_at_our_own_hub_and_gets_what_is_new_within_seconds(
    full: Desk, templates: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two servers on loopback, and no poll after the first."""
    other = copied(templates / "empty", tmp_path_factory.mktemp("other"))  # type: ignore[operator]
    secret = full.archive.library().tokens.add("reader", "read", now=NOW).secret
    settings = letting_in(other.settings, "127.0.0.1")

    def titles() -> set[str]:
        return {one.title for one in other.archive.library().articles.headlines(Query()).headlines}

    with (
        other.archive,
        running(full, with_login(full.settings)) as ours,
        running(other, settings) as theirs,
    ):
        async with (
            Fetcher(settings.fetch) as fetcher,
            Poller(
                archive=other.archive,
                fetcher=fetcher,
                settings=settings.poll,
                clock=lambda: NOW,
                base_url=theirs,
            ) as poller,
        ):
            added = await poller.add(f"{ours}/feeds/1.atom?token={secret}")
            await poller.subscribe_to_hubs()
            number = added.subscription.feed.id
            await asyncio.to_thread(
                wait_until, lambda: present(other.archive.websub.get(number)).state == "active"
            )
        assert "Story number 77" not in titles()
        began = asyncio.get_running_loop().time()
        arrive(full, 1, [77])
        await asyncio.to_thread(wait_until, lambda: "Story number 77" in titles())
        assert asyncio.get_running_loop().time() - began < 20
        found = present(other.archive.library().articles.find(make_article(77).url))
        assert "The second one, with more words in it." in found.article.text


def test_a_subscriber_gets_the_whole_feed_signed_when_an_article_comes_or_changes(stage: Stage) -> None:
    stage.subscribe()
    [asked] = stage.subscriber.asked
    assert (asked["id"], asked["hub.mode"], asked["hub.topic"]) == ("7", "subscribe", stage.topic())
    assert asked["hub.lease_seconds"] == "864000"
    arrive(stage.desk, 1, [50])
    wait_until(lambda: "Story number 50" in stage.subscriber.got[-1][1].decode())
    stage.edit(1)
    wait_until(lambda: "An added paragraph" in stage.subscriber.got[-1][1].decode())
    answer = stage.client.get(stage.topic(), headers=PROGRAM)
    headers, body = stage.subscriber.got[-1]
    assert body == answer.content
    assert headers["content-type"] == answer.headers["content-type"]
    assert headers["link"] == answer.headers["link"]
    assert f'<{stage.topic()}>; rel="self"' in headers["link"]
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature"] == f"sha256={signature}"
    count = len(stage.subscriber.got)
    stage.now[0] += timedelta(minutes=6)
    wait_until(lambda: stage.client.get("/healthz").status_code == 200)
    assert len(stage.subscriber.got) == count, "nothing changed, nothing is sent"


def test_feeds_name_the_hub_where_it_takes_subscribers_and_nowhere_else(stage: Stage) -> None:
    hub = f"{str(stage.client.base_url).rstrip('/')}/hub"
    for form in ("rss", "atom"):
        answer = stage.client.get(stage.topic(f"/feeds/1.{form}"), headers=PROGRAM)
        links = {link.rel: link.href for link in feedparser.parse(answer.content).feed.links}
        assert (links["hub"], links["self"]) == (hub, stage.topic(f"/feeds/1.{form}"))
        assert answer.headers["link"].startswith(f'<{hub}>; rel="hub"')
    found = stage.client.get(stage.topic("/feeds/1.json"), headers=PROGRAM).json()
    assert found["hubs"] == [{"type": "WebSub", "url": hub}]
    basic = stage.client.get("/feeds/1.atom", headers=PROGRAM | {"X-Auth-Token": stage.secret})
    assert basic.status_code == 200
    assert "link" not in basic.headers, "an address without a token opens nothing to a hub"
    writing = stage.desk.archive.library().tokens.add("app", "write", now=NOW).secret
    assert "link" not in stage.client.get(stage.topic(secret=writing), headers=PROGRAM).headers
    old = stage.client.get(stage.topic() + "&archive=2", headers=PROGRAM)
    assert "link" not in old.headers


def test_who_does_not_confirm_is_no_subscriber(stage: Stage) -> None:
    stage.subscriber.agrees = False
    assert stage.ask().status_code == 202
    wait_until(lambda: bool(stage.subscriber.asked))
    stage.edit(1)
    stage.subscriber.agrees = True
    stage.ask(callback=f"{stage.subscriber.origin}/other")
    wait_until(lambda: bool(stage.known()))
    assert [one.callback for one in stage.known()] == [f"{stage.subscriber.origin}/other"]


def test_a_subscriber_leaves_when_it_confirms_that(stage: Stage) -> None:
    stage.subscribe()
    stage.subscriber.agrees = False
    assert stage.ask(mode="unsubscribe").status_code == 202
    wait_until(lambda: len(stage.subscriber.asked) == 2)
    assert len(stage.known()) == 1, "somebody else asked"
    stage.subscriber.agrees = True
    assert stage.ask(mode="unsubscribe").status_code == 202
    wait_until(lambda: not stage.known())


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"topic": "https://elsewhere.example/feeds/1.atom"}, 404),
        ({"topic": "{base}/feeds/1.atom"}, 404),
        ({"topic": "{base}/feeds/1.atom?token=unabridged_guess"}, 404),
        ({"topic": "{base}/feeds/77.atom?token={secret}"}, 404),
        ({"topic": "{base}/feeds/1?token={secret}"}, 404),
        ({"topic": "{base}/account?token={secret}"}, 404),
        ({"topic": "{base}/feed?url=https://x.example/&token={secret}"}, 404),
        ({"topic": "{base}/feeds/1.atom?token={writing}"}, 422),
        ({"mode": "publish"}, 422),
        ({"callback": "http://10.0.0.1/push"}, 422),
        ({"callback": "http://169.254.169.254/latest"}, 422),
        ({"callback": "http://reader.example/push"}, 422),
        ({"callback": "file:///etc/passwd"}, 422),
        ({"secret": "x" * 300}, 422),
    ],
)
def test_what_may_not_be_is_refused_before_anybody_is_asked(
    stage: Stage, changed: dict[str, str], status: int
) -> None:
    writing = stage.desk.archive.library().tokens.add("app", "write", now=NOW).secret
    values = {
        "base": str(stage.client.base_url).rstrip("/"),
        "secret": stage.secret,
        "writing": writing,
    }
    answer = stage.ask(**{name: text.format(**values) for name, text in changed.items()})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert (stage.subscriber.asked, stage.known()) == ([], ())


def test_loopback_is_asked_only_where_the_settings_let_it(
    full: Desk, visit: Visit, subscriber: Subscriber
) -> None:
    secret = full.archive.library().tokens.add("reader", "read", now=NOW).secret
    stage = Stage(desk=full, client=visit(full), now=[NOW], secret=secret, subscriber=subscriber)
    answer = stage.ask()
    assert (answer.status_code, subscriber.asked) == (422, [])
    assert "allow_private" in answer.text


def test_a_feed_of_another_person_is_no_topic(stage: Stage) -> None:
    bo = stage.desk.archive.accounts.add("Bo", now=NOW)
    secret = stage.desk.archive.library(bo.id).tokens.add("reader", "read", now=NOW).secret
    assert stage.ask(topic=stage.topic(secret=secret)).status_code == 404
    assert stage.ask(topic=stage.topic("/feeds/all.atom", secret=secret)).status_code == 202


def test_a_revoked_token_ends_its_subscriptions(stage: Stage) -> None:
    stage.subscribe()
    [token] = stage.desk.archive.library().tokens.all()
    stage.desk.archive.library().tokens.remove(token.id)
    assert stage.known() == ()


def test_who_left_a_feed_is_told_nothing_more_of_it(stage: Stage) -> None:
    stage.subscribe()
    stage.desk.archive.library().subscriptions.remove(1)
    stage.now[0] += timedelta(minutes=6)
    wait_until(lambda: not stage.known())


async def test_a_feed_that_fails_stops_no_other_one(full: Desk) -> None:
    app = create_app(full.archive, settings=full.settings)
    read: list[str] = []

    async def failing(scope: Scope, _receive: Receive, send: Send) -> None:
        read.append(scope["path"])
        if scope["path"] == "/feeds/1.rss":
            raise RuntimeError("as a fault in a route is handed on")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"etag", b"x")]})
        await send({"type": "http.response.body", "body": b""})

    for path in ("/feeds/1.rss", "/feeds/1.atom"):
        full.archive.hub_subscribers.save(
            HubSubscriber(
                user=1,
                token=None,
                callback="https://reader.example/push",
                topic=f"https://ours.example{path}",
                secret=None,
                lease_until=NOW + timedelta(days=1),
                sent="x",
                next_try_at=NOW,
            )
        )
    publisher = Publisher(failing, replace(app.state.context, clock=lambda: NOW))
    assert await publisher.look()
    assert read == ["/feeds/1.rss", "/feeds/1.atom"]
    assert await publisher.look()
    assert len(read) == 2, "a feed that failed is read again when something has changed"


def test_the_hub_rests_longer_than_it_looks() -> None:
    assert [pause_after(spent, busy=True) for spent in (0, 0.1, 2)] == [LOOK_SECONDS, LOOK_SECONDS, 8]
    assert pause_after(0.1, busy=False) == IDLE_SECONDS


def test_a_lease_ends(stage: Stage) -> None:
    stage.subscribe()
    stage.now[0] += timedelta(days=10, seconds=1)
    wait_until(lambda: not stage.known())


def test_a_failed_delivery_is_tried_again_with_growing_pauses(stage: Stage) -> None:
    stage.subscribe()
    stage.subscriber.status, before = 500, len(stage.subscriber.got)
    arrive(stage.desk, 1, [51])
    for failures, pause in ((1, 30), (2, 60), (3, 120)):
        wait_until(lambda expected=failures: stage.known()[0].failures == expected)  # type: ignore[misc]
        assert stage.known()[0].next_try_at - stage.now[0] == timedelta(seconds=pause)
        assert len(stage.subscriber.got) == before + failures
        stage.now[0] += timedelta(minutes=10)
    stage.subscriber.status = 200
    stage.now[0] += timedelta(hours=1)
    wait_until(lambda: stage.known()[0].failures == 0)
    assert "Story number 51" in stage.subscriber.got[-1][1].decode()


def test_who_says_that_it_is_gone_is_removed_at_once(stage: Stage) -> None:
    stage.subscribe()
    stage.subscriber.status = 410
    arrive(stage.desk, 1, [52])
    wait_until(lambda: not stage.known())


MADE = HubSubscriber(
    user=1,
    callback="https://reader.example/",
    topic="https://news.example/feeds/1.atom",
    lease_until=NOW + timedelta(days=10),
    sent="",
    next_try_at=NOW,
)


def test_a_dead_subscriber_is_removed_after_two_days_of_failures() -> None:
    known: HubSubscriber | None = MADE
    now, tries = NOW, 0
    while known is not None:
        now, tries = max(now, known.next_try_at), tries + 1
        known = after_failure(known, now)
        assert tries < 100
        assert known is None or known.next_try_at - now <= LONGEST_PAUSE
    assert GIVE_UP < now - NOW <= GIVE_UP + LONGEST_PAUSE
    assert tries > 20


def test_a_success_forgets_the_failures() -> None:
    failed = present(after_failure(MADE, NOW))
    assert after_success(failed, '"new"', NOW) == replace(MADE, sent='"new"')
