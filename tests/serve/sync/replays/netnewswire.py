"""NetNewsWire's account of the kind FreshRSS.

Read from Ranchero-Software/NetNewsWire, Account/Sources/Account: ReaderAPI/ReaderAPICaller.swift at ff8e733f,
ReaderAPIAccountDelegate.swift at 629d74b6, ReaderAPIEntry.swift at 071af203, ReaderAPISubscription.swift,
URLRequest+Account.swift at 2c65d3c2. Forms go as they are, but for names; ids are hexadecimal without zeros.
"""

from typing import Any

from tests.serve.sync.replays.replay import (
    LABEL,
    LINK,
    LONG,
    READ,
    READING_LIST,
    STARRED,
    Replay,
    Seen,
    Shape,
    checked,
    lines_of,
    query_of,
)

SUBSCRIPTION: Shape = {
    "id": str,
    "title": (str, None),
    "categories": [{"id": str, "label": str}],
    "url": str,
    "htmlUrl": (str, None),
    "iconUrl": (str, None),
}
ENTRY: Shape = {
    "id": str,
    "title": (str, None),
    "published": (int, None),
    "crawlTimeMsec": (str, None),
    "timestampUsec": (str, None),
    "summary": {"content": (str, None)},
    "alternate": [LINK],
    "categories": list,
    "origin": {"streamId": (str, None), "title": (str, None)},
}


class NetNewsWire(Replay):
    """Refresh: tags, subscriptions, ids of all, unread and starred items, then the texts that are missing."""

    def log_in(self) -> None:
        body = query_of([("Email", self.name), ("Passwd", self.password)])
        self.auth = lines_of(self.send("POST", "accounts/ClientLogin", "", body).text)["Auth"]

    def _token(self) -> str:
        self.token = self.token or self.send("GET", "reader/api/0/token").text
        return self.token

    def _ids(self, *pairs: tuple[str, str]) -> set[int]:
        query = query_of([("n", "1000"), ("output", "json"), *pairs])
        found = self.get("reader/api/0/stream/items/ids", query)
        assert "continuation" not in found
        return {int(ref["id"]) for ref in found["itemRefs"]}

    def _subscriptions(self) -> list[Any]:
        found = self.get("reader/api/0/subscription/list", "output=json")["subscriptions"]
        return [checked(one, SUBSCRIPTION) for one in found]

    def sync(self) -> dict[int, Seen]:
        tags = self.get("reader/api/0/tag/list", "output=json")["tags"]
        assert all(isinstance(one["id"], str) for one in tags)
        titles = {one["id"]: one["title"] for one in self._subscriptions()}
        everything = self._ids(("ot", "1765000000"), ("s", READING_LIST))
        unread = self._ids(("s", READING_LIST), ("xt", READ))
        starred = self._ids(("s", STARRED))
        ids = "&".join(f"i={LONG}{number:x}" for number in sorted(everything))
        body = f"T={self._token()}&output=json&{ids}"
        answer = self.send("POST", "reader/api/0/stream/items/contents", "", body).json()
        found = {}
        for entry in checked(answer, {"id": str, "updated": int, "items": [ENTRY]})["items"]:
            number = int(entry["id"].rpartition("/")[2], 16)
            found[number] = Seen(
                feed=titles[entry["origin"]["streamId"]],
                html=entry["summary"]["content"],
                read=number not in unread,
                starred=number in starred,
            )
        assert set(found) == everything
        return found

    def _mark(self, number: int, action: str, state: str) -> None:
        body = f"T={self._token()}&i={LONG}{number:016x}&{action}={state}"
        self.acknowledged("reader/api/0/edit-tag", "", body)

    def mark_read(self, number: int) -> None:
        self._mark(number, "a", READ)

    def mark_unread(self, number: int) -> None:
        self._mark(number, "r", READ)

    def star(self, number: int) -> None:
        self._mark(number, "a", STARRED)

    def subscribe(self, address: str, folder: str) -> None:
        query = query_of([("quickadd", address)])
        added = self.send("POST", "reader/api/0/subscription/quickadd", query, f"T={self._token()}").json()
        assert added["numResults"] != 0
        body = f"T={self._token()}&ac=subscribe&s={added['streamId']}&a={LABEL}{folder}&t=Mine"
        self.acknowledged("reader/api/0/subscription/edit", "", body)
        assert added["streamId"] in {one["id"] for one in self._subscriptions()}
