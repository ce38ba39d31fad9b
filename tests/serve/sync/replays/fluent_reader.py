"""Fluent Reader's service Google Reader API.

Read from yang991178/fluent-reader, src/scripts/models/services/greader.ts at 324c8c32. It sends no token for
forms, knows items by the hexadecimal end of their long ids, and adds feeds by itself only.
"""

from urllib.parse import quote, urlencode

from tests.serve.sync.replays.replay import (
    LINK,
    READ,
    READING_LIST,
    STARRED,
    Replay,
    Seen,
    Shape,
    checked,
    marks_of,
    plain,
)

ITEM: Shape = {
    "id": str,
    "origin": {"streamId": str},
    "summary": {"content": str},
    "title": str,
    "canonical": [LINK],
    "published": int,
    "crawlTimeMsec": str,
    "author": (str, None),
    "categories": list,
}
PAGE = 125


class FluentReader(Replay):
    """Sync: subscriptions, ids of unread and starred items, then the stream of all from the newest on."""

    def log_in(self) -> None:
        body = urlencode({"Email": self.name, "Passwd": self.password})
        text = self.send("POST", "accounts/ClientLogin", "", body).text
        self.auth = text.partition("Auth=")[2].split()[0]
        self.send("GET", "reader/api/0/user-info")

    def _ids(self, *pairs: tuple[str, str]) -> set[int]:
        query = plain([("output", "json"), *pairs, ("n", "1000")])
        return {int(ref["id"]) for ref in self.get("reader/api/0/stream/items/ids", query)["itemRefs"]}

    def sync(self) -> dict[int, Seen]:
        listed = self.get("reader/api/0/subscription/list", "output=json")["subscriptions"]
        titles = {one["id"]: one["title"] for one in listed}
        unread = self._ids(("s", READING_LIST), ("xt", READ))
        starred = self._ids(("s", STARRED))
        answer = self.get("reader/api/0/stream/contents", f"output=json&n={PAGE}")
        found = {}
        for item in checked(answer, {"items": [ITEM]})["items"]:
            number = int(item["id"].rpartition("/")[2], 16)
            read, star = marks_of(item["categories"])
            assert (read, star) == (number not in unread, number in starred)
            found[number] = Seen(
                feed=titles[item["origin"]["streamId"]],
                html=item["summary"]["content"],
                read=read,
                starred=star,
            )
        newest = answer["items"][0]
        since = round(int(newest["crawlTimeMsec"]) / 1000)
        again = self.get("reader/api/0/stream/contents", f"output=json&n={PAGE}&ot={since}")["items"]
        assert again[0]["id"] == newest["id"]  # by this it knows where to end
        return found

    def _mark(self, number: int, action: str, state: str) -> None:
        body = f"i={number:016x}&{action}={quote(state, safe='')}"
        self.acknowledged("reader/api/0/edit-tag", "", body)

    def mark_read(self, number: int) -> None:
        self._mark(number, "a", READ)

    def mark_unread(self, number: int) -> None:
        self._mark(number, "r", READ)

    def star(self, number: int) -> None:
        self._mark(number, "a", STARRED)
