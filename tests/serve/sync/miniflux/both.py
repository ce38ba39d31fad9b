"""Miniflux and this program side by side: the same calls on both, their answers compared field by field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Side:
    """One of the two. numbers: what its ids are called in calls ("news": 2)."""

    client: httpx.Client
    numbers: dict[str, int] = field(default_factory=dict)

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Send a call; {name} in path and body are numbers of this side."""
        content: bytes | None = None
        if isinstance(body, str):
            content = self._filled(body).encode()
        elif body is not None:
            content = self._filled(json.dumps(body)).encode()
        return self.client.request(method, self._filled(path), content=content)

    def _filled(self, text: str) -> str:
        for name, number in self.numbers.items():
            text = text.replace(f'"<{name}>"', str(number)).replace(f"<{name}>", str(number))
        return text

    def learn(self) -> None:
        """Give categories, feeds and entries the names of their titles, without spaces, in lower case."""
        for path in ("/v1/categories", "/v1/feeds"):
            for one in self.client.get(path).json():
                self.numbers[_name(one["title"])] = one["id"]
        for one in self.client.get("/v1/entries").json()["entries"]:
            self.numbers[_name(one["title"])] = one["id"]
            for place, file in enumerate(one["enclosures"] or ()):
                self.numbers[f"{_name(one['title'])}-file{place}"] = file["id"]


def _name(title: str) -> str:
    return title.lower().replace(" ", "-")


@dataclass(frozen=True)
class Difference:
    """A field in which two answers differ. place: keys from the top, lists as []."""

    place: str
    theirs: Any
    ours: Any


MISSING = "<missing>"
NUMBERED = frozenset({"id", "user_id", "feed_id", "entry_id", "icon_id"})
MOMENTS = frozenset({"created_at", "changed_at", "checked_at", "next_check_at", "last_login_at"})
"""Keys whose values are a matter of the moment, or of who counts: only their types are compared."""


def differences(theirs: Any, ours: Any, place: str = "") -> Iterator[Difference]:
    """Yield where two JSON values differ in keys, types or values."""
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        for key in [*theirs, *(key for key in ours if key not in theirs)]:
            here = f"{place}.{key}" if place else key
            if key in theirs and key in ours:
                yield from differences(theirs[key], ours[key], here)
            else:
                yield Difference(here, theirs.get(key, MISSING), ours.get(key, MISSING))
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield Difference(f"{place}[]", f"{len(theirs)} of them", f"{len(ours)} of them")
        for one, other in zip(theirs, ours, strict=False):
            yield from differences(one, other, f"{place}[]")
    else:
        is_free = place.rpartition(".")[2] in NUMBERED | MOMENTS
        if type(theirs) is not type(ours) or (theirs != ours and not is_free):
            yield Difference(place, theirs, ours)


def read(answer: httpx.Response) -> Any:
    """Return an answer as JSON; its text if it is none."""
    try:
        return answer.json()
    except ValueError:
        return answer.text
