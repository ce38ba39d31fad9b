"""Publisher of our WebSub hub: looks for changes of feeds that have subscribers, and sends the whole feed."""

import asyncio
import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from starlette.types import ASGIApp

from unabridged.archive.records.polling import HubSubscriber
from unabridged.errors import ArchiveError, BadStatus, FetchError, InvalidValue
from unabridged.fetch.client import Fetcher
from unabridged.model import Page
from unabridged.serve.context import AppContext
from unabridged.serve.hub.requests import HubRequest
from unabridged.serve.hub.topics import TopicDocument, TopicOwner, read_topic

log = logging.getLogger("unabridged.serve")

LOOK_SECONDS = 1.0
"""Pause between two looks for changes, while there are subscribers."""

REST = 4.0
"""Pause after a look, as a multiple of the time that it took: many subscribers must not keep others out."""

IDLE_SECONDS = 60.0
"""Pause between two looks for subscribers that another process took."""

SWEEP = timedelta(minutes=5)
"""Time after which a feed is looked at for changes that no new item and no read page shows: marks, tags."""

RESERVED = timedelta(minutes=2)
"""Time for one delivery; then another process may try."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
"""Pause after a failed delivery; twice as long after each further one."""

GIVE_UP = timedelta(days=2)
"""Time of failures alone after which a subscriber is removed."""

DELIVERIES = 8
"""Deliveries at the same time."""

VERIFICATIONS = 4
MOST_WAITING = 50
"""Verifications at the same time, and those that wait."""

CHALLENGE_BYTES = 4096
GONE = 410


def pause_after(look: float, *, busy: bool) -> float:
    """Return the seconds to wait after a look. look: seconds that it took. busy: there are subscribers."""
    return max(LOOK_SECONDS if busy else IDLE_SECONDS, REST * look)


def after_failure(subscriber: HubSubscriber, now: datetime) -> HubSubscriber | None:
    """Return a subscriber after a failed delivery; None if it is to be removed."""
    since = subscriber.failing_since or now
    if now - since > GIVE_UP:
        return None
    pause = min(FIRST_PAUSE * 2 ** min(subscriber.failures, 20), LONGEST_PAUSE)
    return replace(subscriber, failures=subscriber.failures + 1, failing_since=since, next_try_at=now + pause)


def after_success(subscriber: HubSubscriber, etag: str, now: datetime) -> HubSubscriber:
    """Return a subscriber that has got a document."""
    return replace(subscriber, sent=etag, failures=0, failing_since=None, next_try_at=now)


def delivery_headers(subscriber: HubSubscriber, document: TopicDocument, hub: str) -> Mapping[str, str]:
    """Return the headers of a delivery: type, links to hub and topic, a signature if there is a secret."""
    headers = {
        "Content-Type": document.content_type,
        "Link": f'<{hub}>; rel="hub", <{subscriber.topic}>; rel="self"',
    }
    if subscriber.secret:
        signature = hmac.new(subscriber.secret.encode(), document.body, hashlib.sha256).hexdigest()
        headers["X-Hub-Signature"] = f"sha256={signature}"
    return headers


@dataclass(slots=True)
class _Look:
    """Last look at a topic: the archive's change stamp before it, and its time."""

    stamp: tuple[int, int]
    at: datetime


@dataclass(slots=True)
class Publisher:
    """Hub of one app."""

    app: ASGIApp
    context: AppContext
    _looks: dict[str, _Look] = field(default_factory=dict)
    _delivering: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DELIVERIES))
    _verifying: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(VERIFICATIONS))
    _waiting: int = 0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def fetcher(self) -> Fetcher:
        """Return the guarded client that makes no pauses between requests to one host."""
        return self.context.media_fetcher

    # Subscribing

    @property
    def is_busy(self) -> bool:
        """Say whether so many verifications wait that no more are taken."""
        return self._waiting >= MOST_WAITING

    async def verify(self, asked: HubRequest, owner: TopicOwner) -> None:
        """Ask the callback whether it wants what was requested, and do it if so.

        A new subscriber gets the feed at once: an article may have come since it asked for it.
        """
        self._waiting += 1
        try:
            async with self._verifying:
                wanted = await self._is_wanted(asked)
        finally:
            self._waiting -= 1
        if not wanted:
            return
        subscribers = self.context.archive.hub_subscribers
        if asked.mode == "unsubscribe":
            await asyncio.to_thread(subscribers.remove, asked.callback, asked.topic)
            return
        now = self.context.clock()
        made = HubSubscriber(
            user=owner.user,
            token=owner.token,
            callback=asked.callback,
            topic=asked.topic,
            secret=asked.secret,
            lease_until=now + asked.lease,
            sent="",
            next_try_at=now,
        )
        try:
            await asyncio.to_thread(subscribers.save, made)
        except (ArchiveError, InvalidValue) as exc:
            log.warning("A subscriber of a feed was not taken: %s", exc)
        self._wake.set()

    async def _is_wanted(self, asked: HubRequest) -> bool:
        challenge = secrets.token_urlsafe(32)
        host = urlsplit(asked.callback).netloc
        try:
            answer = await self.fetcher.get(
                asked.question(challenge), accept="*/*", max_bytes=CHALLENGE_BYTES
            )
        except FetchError:
            log.info("A subscriber at %s did not confirm its request to the hub.", host)
            return False
        return isinstance(answer, Page) and not answer.redirects and answer.body == challenge.encode()

    # Publishing

    async def run(self) -> None:
        """Send changes to subscribers until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                busy = await self.look()
            except ArchiveError as exc:  # it is locked or restarted: look again later
                log.info("The hub looks for changes later: %s", exc)
                busy = True
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_after(loop.time() - begun, busy=busy)):
                    await self._wake.wait()
            self._wake.clear()

    async def look(self) -> bool:
        """Start the deliveries that are due; say whether there are subscribers."""
        now = self.context.clock()
        known = self.context.archive.hub_subscribers
        subscribers = await asyncio.to_thread(known.all)
        if any(one.lease_until <= now for one in subscribers):
            await asyncio.to_thread(known.remove_expired, now)
            subscribers = tuple(one for one in subscribers if one.lease_until > now)
        topics: dict[str, list[HubSubscriber]] = {}
        for one in subscribers:
            topics.setdefault(one.topic, []).append(one)
        self._looks = {topic: look for topic, look in self._looks.items() if topic in topics}
        for topic, own in topics.items():
            try:
                await self._look_at(topic, own, now)
            except ArchiveError:
                raise
            except Exception:
                log.exception("The hub could not read a feed; it is read again when something changes.")
        return bool(topics)

    async def _look_at(self, topic: str, subscribers: Sequence[HubSubscriber], now: datetime) -> None:
        items = self.context.archive.library(subscribers[0].user).items
        stamp = await asyncio.to_thread(items.change_stamp)
        last = self._looks.get(topic)
        waiting = any(one.failures and one.next_try_at <= now for one in subscribers)
        if last is not None and last.stamp == stamp and now - last.at < SWEEP and not waiting:
            return
        self._looks[topic] = _Look(stamp=stamp, at=now)
        document = await read_topic(self.app, topic)
        if document.is_gone:
            await self._remove(subscribers)
            return
        if document.status != 200:
            self._looks.pop(topic, None)
            return
        for one in subscribers:
            if one.sent == document.etag:
                continue
            if one.id in self._delivering or one.next_try_at > now:
                self._looks.pop(topic, None)  # looked at again soon
            else:
                self._start(one, document)

    def _start(self, subscriber: HubSubscriber, document: TopicDocument) -> None:
        task = self.context.background.start(self._deliver(subscriber, document))
        self._delivering[subscriber.id] = task
        task.add_done_callback(lambda _: self._delivering.pop(subscriber.id, None))

    async def _deliver(self, subscriber: HubSubscriber, document: TopicDocument) -> None:
        known, now = self.context.archive.hub_subscribers, self.context.clock()
        async with self._slots:
            if not await asyncio.to_thread(known.claim, subscriber.id, now, now + RESERVED):
                return
            after = await self._send(subscriber, document)
        if after is None:
            await self._remove([subscriber])
        else:
            await asyncio.to_thread(known.record, after)

    async def _send(self, subscriber: HubSubscriber, document: TopicDocument) -> HubSubscriber | None:
        """Send a document; return the subscriber after it, None if it is to be removed."""
        base = self.context.settings.serve.base_url or urljoin(subscriber.topic, "/")
        headers = delivery_headers(subscriber, document, f"{base.rstrip('/')}/hub")
        try:
            await self.fetcher.push(subscriber.callback, document.body, headers)
        except FetchError as exc:
            if isinstance(exc, BadStatus) and exc.status == GONE:
                return None
            return after_failure(subscriber, self.context.clock())
        return after_success(subscriber, document.etag, self.context.clock())

    async def _remove(self, subscribers: Iterable[HubSubscriber]) -> None:
        for one in subscribers:
            log.info("The hub's subscriber at %s was removed.", urlsplit(one.callback).netloc)
            await asyncio.to_thread(self.context.archive.hub_subscribers.remove, one.callback, one.topic)
