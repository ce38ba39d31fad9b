"""Requests of apps that do not run here, sent as their sources send them; what they need in the answers.

An answer that lacks what an app's types ask for fails, as it would in the app.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import httpx

STATE = "user/-/state/com.google"
READING_LIST, READ, STARRED = f"{STATE}/reading-list", f"{STATE}/read", f"{STATE}/starred"
LABEL = "user/-/label/"
LONG = "tag:google.com,2005:reader/item/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Pairs = Iterable[tuple[str, str]]
Shape = Mapping[str, Any]
"""Key -> type, (type, None) for a key that may lack or be null, or [shape] for a list of objects."""

LINK: Shape = {"href": str}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An item as an app has it after a sync. feed: the title of its feed."""

    feed: str
    html: str
    read: bool
    starred: bool


@dataclass
class Replay:
    """An app with an account. bases: paths of addresses that a person may enter; base: the entered one."""

    bases: ClassVar[tuple[str, str]] = ("/api/greader.php", "/")
    client: httpx.Client
    base: str
    name: str
    password: str
    auth: str = ""
    token: str = ""

    def log_in(self) -> None:
        raise NotImplementedError

    def sync(self) -> dict[int, Seen]:
        """Fetch all as the app does and return what it then has."""
        raise NotImplementedError

    def mark_read(self, number: int) -> None:
        raise NotImplementedError

    def mark_unread(self, number: int) -> None:
        raise NotImplementedError

    def star(self, number: int) -> None:
        raise NotImplementedError

    def subscribe(self, address: str, folder: str) -> None:
        """Subscribe to a feed, into a folder if the app can."""
        raise NotImplementedError

    def send(self, method: str, path: str, query: str = "", body: str | None = None) -> httpx.Response:
        """Send a request with the account's header; both query and body as they are."""
        headers = {"Authorization": f"GoogleLogin auth={self.auth}"} if self.auth else {}
        address = (f"{self.base.rstrip('/')}/{path}" if path else self.base) + (f"?{query}" if query else "")
        if body is None:
            answer = self.client.request(method, address, headers=headers)
        else:
            answer = self.client.request(method, address, headers=headers | FORM, content=body.encode())
        assert answer.status_code == 200, (address, body, answer.text)
        return answer

    def get(self, path: str, query: str) -> Any:
        return self.send("GET", path, query).json()

    def acknowledged(self, path: str, query: str, body: str) -> None:
        """Send a form whose answer must be the text OK."""
        assert self.send("POST", path, query, body).text == "OK"


def query_of(pairs: Pairs) -> str:
    """Return a query with escaped values, the space as %20, as URL builders of Swift and Kotlin make it."""
    return urlencode(list(pairs), quote_via=quote, safe="")


def plain(pairs: Pairs) -> str:
    """Return a query or form of values as they are."""
    return "&".join(f"{name}={value}" for name, value in pairs)


def lines_of(text: str) -> dict[str, str]:
    """Parse the answer to ClientLogin as apps do that fail on a line without a value."""
    parted = [(name, value) for name, _, value in (line.partition("=") for line in text.splitlines())]
    assert all(value for _, value in parted), text
    return dict(parted)


def checked(value: Any, shape: Shape) -> Any:
    """Return an object if it has what a shape asks for."""
    for key, wanted in shape.items():
        found = value.get(key)
        if isinstance(wanted, tuple):
            assert found is None or isinstance(found, wanted[0]), (key, value)
        elif isinstance(wanted, list):
            assert isinstance(found, list), (key, value)
            for one in found:
                checked(one, wanted[0])
        elif isinstance(wanted, Mapping):
            checked(found, wanted)
        else:
            assert isinstance(found, wanted) and not isinstance(found, bool), (key, value)
    return value


def marks_of(categories: Iterable[str]) -> tuple[bool, bool]:
    """Return whether an item is read and starred by its categories, compared by their ends."""
    ends = tuple(categories)
    return tuple(  # type: ignore[return-value]
        any(one.endswith(f"state/com.google/{state}") for one in ends) for state in ("read", "starred")
    )
