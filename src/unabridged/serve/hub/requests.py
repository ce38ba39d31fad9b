"""Requests to our WebSub hub: parsed and checked. Pure. https://www.w3.org/TR/websub/#subscribing"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit

from unabridged.errors import InvalidValue

LEASE = timedelta(days=10)
"""Lease of a subscriber that asks for none."""

SHORTEST_LEASE, LONGEST_LEASE = timedelta(minutes=5), timedelta(days=30)
LONGEST_ADDRESS = 4000
LONGEST_SECRET = 199
"""Bytes: a secret must have fewer than 200."""

MAX_FIELDS = 50

Mode = Literal["subscribe", "unsubscribe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRequest:
    """A request to subscribe or unsubscribe. topic: address of the feed, which may hold a token."""

    mode: Mode
    topic: str = field(repr=False)
    callback: str
    secret: str | None = field(default=None, repr=False)
    lease: timedelta = LEASE

    def question(self, challenge: str) -> str:
        """Return the address by which the callback is asked whether it wants this."""
        params = {"hub.mode": self.mode, "hub.topic": self.topic, "hub.challenge": challenge}
        if self.mode == "subscribe":
            params["hub.lease_seconds"] = str(int(self.lease.total_seconds()))
        parts = urlsplit(self.callback)
        query = "&".join(filter(None, (parts.query, urlencode(params))))
        return parts._replace(query=query, fragment="").geturl()


def read_request(body: bytes) -> HubRequest:
    """Parse the form of a request. Raises InvalidValue, saying what is wrong."""
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=MAX_FIELDS)
    except ValueError:
        raise InvalidValue("The request is no form, or has too many fields.") from None
    form = {name: values[-1] for name, values in fields.items()}
    mode = form.get("hub.mode")
    if mode not in ("subscribe", "unsubscribe"):
        raise InvalidValue("hub.mode must be subscribe or unsubscribe.")
    for name in ("hub.topic", "hub.callback"):
        if not re.fullmatch(r"https?://[^\s]+", form.get(name, "")) or len(form[name]) > LONGEST_ADDRESS:
            raise InvalidValue(f"{name} must be an address, http or https.")
    secret = form.get("hub.secret") or None
    if secret is not None and len(secret.encode()) > LONGEST_SECRET:
        raise InvalidValue(f"hub.secret has at most {LONGEST_SECRET} bytes.")
    return HubRequest(
        mode="subscribe" if mode == "subscribe" else "unsubscribe",
        topic=form["hub.topic"],
        callback=form["hub.callback"],
        secret=secret,
        lease=_lease(form.get("hub.lease_seconds", "")),
    )


def _lease(text: str) -> timedelta:
    """Return the lease for a wish in seconds: what is asked for, within bounds."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or not int(text):
        return LEASE
    return max(SHORTEST_LEASE, min(timedelta(seconds=int(text)), LONGEST_LEASE))
