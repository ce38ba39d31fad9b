"""WebSub client: subscribe to the hubs of feeds, verify and renew subscriptions, check signatures.

https://www.w3.org/TR/websub/. A hub can reach us only at a public address ([serve] base_url). Deliveries
count only if they are signed with the secret of the subscription. A feed with a hub is still polled, at the
longest interval.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeGuard
from urllib.parse import urlencode

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.polling import HubSubscription
from unabridged.errors import FetchError, FetchRefused
from unabridged.feeds.discovery.link_header import links_of_header
from unabridged.fetch.client import Fetcher
from unabridged.fetch.credentials import keeps_secrets
from unabridged.model import Feed, NotModified, Page

LEASE = timedelta(days=10)
"""Lease to request; the hub decides."""

MAX_LEASE = timedelta(days=90)
RENEW_BEFORE = timedelta(days=1)
"""Time before the end of a lease at which it is renewed, but at most a tenth of the lease."""

VERIFIED_WITHIN = timedelta(minutes=30)
"""Wait for a hub's verification before the request is repeated; four times as long each time."""

MAX_TRIES = 5
AFTER_REFUSAL = timedelta(days=7)
BATCH = 20

METHODS: Mapping[str, Callable[[], "hashlib._Hash"]] = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


class WebSubClient:
    """Subscribes to hubs. base_url: public address under which hubs reach `/hub/…`."""

    def __init__(
        self, archive: Archive, fetcher: Fetcher, clock: Callable[[], datetime], base_url: str
    ) -> None:
        self._archive = archive
        self._fetcher = fetcher
        self._clock = clock
        self._base = base_url.rstrip("/")

    async def update(self, feed_id: int, feed: Feed, answer: Page | NotModified) -> None:
        """Store the hub that a document names: subscribe to a new one, forget one that is no longer named."""
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
        """Send due subscription requests and renewals; return how many were sent."""
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
            message="" if renewing else "The hub has not verified the subscription yet.",
        )
        # Saved first: a hub may verify before it responds to the request.
        await asyncio.to_thread(self._archive.websub.save, asked)
        try:
            await self._fetcher.post(subscription.hub, urlencode(form).encode())
        except FetchError as exc:
            await asyncio.to_thread(self._archive.websub.record_error, subscription.feed_id, str(exc))


def hub_of(feed: Feed, answer: Page | NotModified) -> tuple[str | None, str]:
    """Return the first usable hub of a feed (None if there is none) and the topic to subscribe to.

    The Link header takes precedence over the document. Hubs without https are skipped, except on this
    machine: the secret could be intercepted (WebSub §5.1).
    """
    linked = links_of(answer.headers.get("link", ""))
    hubs = (*linked.get("hub", ()), *feed.hubs)
    topics = (*linked.get("self", ()), *([feed.self_url] if feed.self_url else []))
    hub = next((url for url in hubs if keeps_secrets(url)), None)
    return hub, topics[0] if topics else answer.url


def links_of(header: str) -> dict[str, list[str]]:
    """Parse a Link header: relation -> URLs (https://www.rfc-editor.org/rfc/rfc8288)."""
    found: dict[str, list[str]] = {}
    for link in links_of_header(header):
        for name in link.relations:
            found.setdefault(name, []).append(link.url)
    return found


def verify(
    subscription: HubSubscription, mode: str, topic: str, lease_seconds: str | None, now: datetime
) -> HubSubscription | None:
    """Return the verified subscription, None to refuse the hub's verification request.

    Only a subscribe request for this topic that we made is confirmed; an unsubscribe request is refused.
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
    """Return the subscription as refused by the hub or the publisher."""
    words = " ".join(reason.split())[:300] or "It gave no reason."
    return replace(
        subscription, state="denied", lease_until=None, next_try_at=now + AFTER_REFUSAL, message=words
    )


def is_signed(subscription: HubSubscription, header: str, body: bytes) -> bool:
    """Return whether a delivery is signed with our secret. header: X-Hub-Signature, "method=hex"."""
    method, _, given = header.strip().partition("=")
    hashed = METHODS.get(method.lower())
    if hashed is None or not given.isascii():
        return False
    right = hmac.new(subscription.secret.encode(), body, hashed).hexdigest()
    return hmac.compare_digest(right, given.strip().lower())


def is_public(base_url: str | None, fetcher: Fetcher) -> TypeGuard[str]:
    """Return whether hubs can reach a base URL: it must be one that our own SSRF guard lets us fetch."""
    try:
        return bool(base_url) and bool(fetcher.check(base_url or ""))
    except FetchRefused:
        return False
