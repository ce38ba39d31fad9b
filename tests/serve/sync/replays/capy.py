"""Capy Reader's accounts of the kinds FreshRSS and Google Reader API.

Read from jocmp/capyreader: readerclient/src/main/java/com/jocmp/readerclient/GoogleReader.kt at adac736a and
Item.kt at dbd5b77d, capy/src/main/java/com/jocmp/capy/accounts/reader/ReaderAccountDelegate.kt at 5e79f682.
It logs in by a POST with the password in the query; ids are hexadecimal with zeros.
"""

from typing import Any
from urllib.parse import urlencode

from tests.serve.sync.replays.replay import (
    LABEL,
    LINK,
    READ,
    READING_LIST,
    STARRED,
    Pairs,
    Replay,
    Seen,
    Shape,
    checked,
    lines_of,
    marks_of,
    query_of,
)

SUBSCRIPTION: Shape = {
    "id": str,
    "title": str,
    "categories": [{"id": str}],
    "url": str,
    "htmlUrl": str,
    "iconUrl": str,
    "frss:priority": (str, None),
}
ITEM: Shape = {
    "id": str,
    "published": int,
    "title": str,
    "canonical": [LINK],
    "summary": {"content": (str, None)},
    "content": {"content": str},
    "origin": {"streamId": str, "htmlUrl": str, "title": str},
    "author": (str, None),
    "enclosure": (list, None),
    "categories": (list, None),
}
TAG_KINDS = ("folder", "tag", None)


class Capy(Replay):
    """Refresh: subscriptions, tags, ids of starred and unread items, then the texts that are missing."""

    def log_in(self) -> None:
        query = query_of([("Email", self.name), ("Passwd", self.password)])
        self.auth = lines_of(self.send("POST", "accounts/ClientLogin", query, "").text)["Auth"]
        self.token = self.send("GET", "reader/api/0/token").text

    def _form(self, pairs: Pairs) -> str:
        return urlencode([*pairs, ("T", self.token)])

    def _subscriptions(self) -> list[Any]:
        found = self.get("reader/api/0/subscription/list", "output=json")["subscriptions"]
        return [checked(one, SUBSCRIPTION) for one in found]

    def _ids(self, *pairs: tuple[str, str]) -> set[int]:
        query = query_of([*pairs, ("n", "10000"), ("output", "json")])
        return {int(ref["id"]) for ref in self.get("reader/api/0/stream/items/ids", query)["itemRefs"]}

    def sync(self) -> dict[int, Seen]:
        titles = {one["id"]: one["title"] for one in self._subscriptions()}
        tags = self.get("reader/api/0/tag/list", "output=json")["tags"]
        assert all(one.get("type") in TAG_KINDS for one in tags)
        starred = self._ids(("s", STARRED))
        unread = self._ids(("s", READING_LIST), ("xt", READ))
        missing = sorted(unread | starred | self._ids(("s", READ)))
        body = self._form(("i", f"{number:016x}") for number in missing)
        answer = self.send("POST", "reader/api/0/stream/items/contents", "output=json", body).json()
        found = {}
        for item in checked(answer, {"items": [ITEM]})["items"]:
            number = int(item["id"].rpartition("/")[2], 16)
            read, star = marks_of(item["categories"])
            assert (read, star) == (number not in unread, number in starred)
            found[number] = Seen(
                feed=titles[item["origin"]["streamId"]],
                html=item["content"]["content"],
                read=read,
                starred=star,
            )
        return found

    def _mark(self, number: int, action: str, state: str) -> None:
        body = self._form([("i", f"{number:016x}"), (action, state)])
        self.acknowledged("reader/api/0/edit-tag", "output=json", body)

    def mark_read(self, number: int) -> None:
        self._mark(number, "a", READ)

    def mark_unread(self, number: int) -> None:
        self._mark(number, "r", READ)

    def star(self, number: int) -> None:
        self._mark(number, "a", STARRED)

    def subscribe(self, address: str, folder: str) -> None:
        body = self._form([("quickadd", address)])
        added = self.send("POST", "reader/api/0/subscription/quickadd", "output=json", body).json()
        checked(added, {"query": str, "streamId": str, "streamName": (str, None)})
        assert added["streamId"] in {one["id"] for one in self._subscriptions()}
        pairs = [("s", added["streamId"]), ("ac", "edit"), ("a", f"{LABEL}{folder}"), ("t", "Mine")]
        self.acknowledged("reader/api/0/subscription/edit", "", self._form(pairs))
