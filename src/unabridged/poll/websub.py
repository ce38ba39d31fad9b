"""Feeds that tell us of their news: subscriptions at WebSub hubs, asked for, verified, renewed.

https://www.w3.org/TR/websub/. Only with a public address of our own ([serve] base_url) can a hub reach us.
What it sends counts only when it is signed with the secret that we gave it; a feed that a hub tells us of
is polled all the same, once a day.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.polling import HubSubscription
from unabridged.errors import FetchError
from unabridged.fetch.client import Fetcher
from unabridged.fetch.credentials import keeps_secrets
from unabridged.model import Feed, NotModified, Page

LEASE = timedelta(days=10)
"""What we ask for; the hub decides."""

MAX_LEASE = timedelta(days=90)
RENEW_BEFORE = timedelta(days=1)
"""A lease is renewed a day before it ends, or when a tenth of it is left, whichever is less."""

VERIFIED_WITHIN = timedelta(minutes=30)
"""A hub that has not verified by then is asked again, later and later."""

MAX_TRIES = 5
AFTER_REFUSAL = timedelta(days=7)
BATCH = 20

METHODS: Mapping[str, Callable[[], "hashlib._Hash"]] = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]{0,500}\"|[^\s\",;]{1,500}))*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)


class WebSubClient:
    """Asks hubs to tell us of news. base_url: the public address under which `/hub/…` reaches us."""

    def __init__(
        self, archive: Archive, fetcher: Fetcher, clock: Callable[[], datetime], base_url: str
    ) -> None:
        self._archive = archive
        self._fetcher = fetcher
        self._clock = clock
        self._base = base_url.rstrip("/")

    async def update(self, feed_id: int, feed: Feed, answer: Page | NotModified) -> None:
        """Note which hub a document names; a new one is asked soon, one that it no longer names forgotten."""
        hub, topic = hub_of(feed, answer)
        known = await asyncio.to_thread(self._archive.websub.get, feed_id)
        if known is not None and (known.hub, known.topic) == (hub, topic):
            return
        if hub is None:
            if known is not None:
                await asyncio.to_thread(self._archive.websub.delete, feed_id)
            return
        wanted = HubSubscription(
            feed_id=feed_id,
            hub=hub,
            topic=topic,
            token=secrets.token_urlsafe(24),
            secret=secrets.token_urlsafe(32),
            next_try_at=self._clock(),
        )
        await asyncio.to_thread(self._archive.websub.save, wanted)

    async def subscribe_due(self) -> int:
        """Ask for what is wanted and renew what ends soon; returns how many hubs were asked."""
        due = await asyncio.to_thread(self._archive.websub.due, self._clock(), BATCH)
        for subscription in due:
            await self._subscribe(subscription)
        return len(due)

    async def _subscribe(self, subscription: HubSubscription) -> None:
        now = self._clock()
        form = {
            "hub.mode": "subscribe",
            "hub.topic": subscription.topic,
            "hub.callback": f"{self._base}/hub/{subscription.token}",
            "hub.secret": subscription.secret,
            "hub.lease_seconds": str(int(LEASE.total_seconds())),
        }
        attempts = subscription.attempts + 1
        again = now + (VERIFIED_WITHIN * 4 ** (attempts - 1) if attempts < MAX_TRIES else AFTER_REFUSAL)
        renewing = subscription.lease_until is not None and subscription.lease_until > now
        asked = replace(
            subscription,
            requested=now,
            attempts=attempts if attempts < MAX_TRIES else 0,
            next_try_at=again,
            state="active" if renewing else "asked",
            message="" if renewing else "The hub has yet to verify that we asked.",
        )
        # Kept first: a hub may come back to verify before it has answered.
        await asyncio.to_thread(self._archive.websub.save, asked)
        try:
            await self._fetcher.post(subscription.hub, urlencode(form).encode())
        except FetchError as exc:
            await asyncio.to_thread(self._archive.websub.record_error, subscription.feed_id, str(exc))


def hub_of(feed: Feed, answer: Page | NotModified) -> tuple[str | None, str]:
    """Return the first hub that a feed names (None: none) and the topic to ask it for.

    The Link header counts before the document. Hubs without https are passed over, but for this machine's
    own: the secret would be read on the way (WebSub §5.1), and without it nothing that a hub sends counts.
    """
    linked = links_of(answer.headers.get("link", ""))
    hubs = (*linked.get("hub", ()), *feed.hubs)
    topics = (*linked.get("self", ()), *([feed.self_url] if feed.self_url else []))
    hub = next((url for url in hubs if keeps_secrets(url)), None)
    return hub, topics[0] if topics else answer.url


def links_of(header: str) -> dict[str, list[str]]:
    """Read a Link header: relation -> addresses (https://www.rfc-editor.org/rfc/rfc8288)."""
    found: dict[str, list[str]] = {}
    for match in _LINK.finditer(header[:20_000]):
        rel = _REL.search(match[2])
        for name in ((rel[1] or rel[2] or "") if rel else "").lower().split():
            found.setdefault(name, []).append(match[1].strip())
    return found


def verify(
    subscription: HubSubscription, mode: str, topic: str, lease_seconds: str | None, now: datetime
) -> HubSubscription | None:
    """Return the subscription after a hub's question, None where the answer is no.

    Yes only to what we asked for: this topic, and no end that we did not want.
    """
    if topic != subscription.topic or mode != "subscribe" or subscription.state not in ("asked", "active"):
        return None
    stated = int(lease_seconds) if lease_seconds and re.fullmatch(r"[0-9]{1,9}", lease_seconds) else 0
    lease = min(timedelta(seconds=stated), MAX_LEASE) if stated else LEASE
    until = now + lease
    return replace(
        subscription,
        state="active",
        attempts=0,
        lease_until=until,
        next_try_at=until - min(RENEW_BEFORE, lease / 10),
        message="",
    )


def denied(subscription: HubSubscription, reason: str, now: datetime) -> HubSubscription:
    """Return the subscription after a hub, or the publisher, refused it."""
    words = " ".join(reason.split())[:300] or "It gave no reason."
    return replace(
        subscription, state="denied", lease_until=None, next_try_at=now + AFTER_REFUSAL, message=words
    )


def is_signed(subscription: HubSubscription, header: str, body: bytes) -> bool:
    """Say whether a delivery was signed with our secret. header: X-Hub-Signature, "method=hex"."""
    method, _, given = header.strip().partition("=")
    hashed = METHODS.get(method.lower())
    if hashed is None or not given.isascii():
        return False
    right = hmac.new(subscription.secret.encode(), body, hashed).hexdigest()
    return hmac.compare_digest(right, given.strip().lower())
