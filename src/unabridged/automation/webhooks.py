"""Webhooks in the form of Standard Webhooks: body, id, signatures, the time of the next attempt. Pure.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import orjson

from unabridged.archive.records.events import WEBHOOK_SECRET, Event

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=6)
"""Pause after a failed delivery, twice as long after each further one, without jitter."""

LONGEST_WISH = timedelta(days=1)
"""Longest Retry-After that is followed."""

GIVE_UP = timedelta(days=3)
"""Age of an event, and time of failures alone, after which it becomes a dead letter."""


def delivery_id(channel: int, event: int) -> str:
    """Return the id of an event for a channel: the same for every attempt."""
    return f"msg_{channel}_{event}"


def body(event: Event, base_url: str | None) -> bytes:
    """Return an event as JSON: as the API gives it, and `diff`, the address of what changed, or null.

    base_url: public address of the reader; None: `diff` is a path.
    """
    changed = event.kind == "article.changed" and None not in (event.article, event.before, event.after)
    path = f"/a/{event.article}/diff/{event.before}..{event.after}"
    diff = (base_url or "").rstrip("/") + path if changed else None
    return _encoded({**asdict(event), "details": dict(event.details), "diff": diff})


def sample_body(now: datetime) -> bytes:
    """Return the body of a test: an event of the kind `test`, without a number."""
    return _encoded({"kind": "test", "at": now})


def _encoded(fields: Mapping[str, Any]) -> bytes:
    return orjson.dumps(fields, option=orjson.OPT_UTC_Z)


def headers(message: str, sent: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Return the headers of a delivery. message: its id. secrets: each makes a signature."""
    seconds = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(_signature(message, seconds, sent, secret) for secret in secrets),
    }


def _signature(message: str, seconds: str, sent: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(WEBHOOK_SECRET))
    signed = f"{message}.{seconds}.".encode() + sent
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def pause_after(attempts: int, jitter: float, retry_after: float | None = None) -> timedelta:
    """Return the pause after a failed delivery. attempts: failed ones before. jitter: in [0, 1).

    It is 75 to 125 % of the doubled pauses; longer if the receiver asks for it.
    """
    doubled: timedelta = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    pause = doubled * (0.75 + jitter / 2)
    wish = timedelta(seconds=min(retry_after or 0.0, LONGEST_WISH.total_seconds()))
    return max(pause, wish)


def is_given_up(event: Event, failing_since: datetime | None, now: datetime) -> bool:
    """Say whether an event whose delivery failed becomes a dead letter.

    The receiver has failed for GIVE_UP, and the event is as old: one that came later is tried for longer.
    """
    return failing_since is not None and max(failing_since, event.at) <= now - GIVE_UP
