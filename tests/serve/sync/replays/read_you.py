"""Read You's accounts of the kinds FreshRSS and Google Reader API.

Read from ReadYouApp/ReadYou at 342a0064, app/src/main/java/me/ash/reader:
infrastructure/rss/provider/greader/GoogleReaderAPI.kt and domain/service/GoogleReaderRssService.kt. Queries
go as they are, forms escaped; all ids are decimal; login asks for JSON.
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
    plain,
)

USER: Shape = {"userId": (str, None), "userName": (str, None), "userEmail": (str, None)}
SUBSCRIPTION: Shape = {
    "id": str,
    "title": (str, None),
    "categories": [{"id": str, "label": str}],
    "url": str,
    "iconUrl": (str, None),
}
ITEM: Shape = {
    "id": str,
    "crawlTimeMsec": (str, None),
    "published": (int, None),
    "title": (str, None),
    "summary": {"content": (str, None)},
    "origin": {"streamId": str},
    "author": (str, None),
    "canonical": [LINK],
}


class ReadYou(Replay):
    """Sync: ids of unread, starred and read items, subscriptions, then texts by hundreds."""

    def _ask(self, path: str, pairs: Pairs = ()) -> Any:
        return self.get(path, plain([("output", "json"), *pairs]))

    def _form(self, pairs: Pairs) -> str:
        return urlencode([*pairs, ("T", self.token)])

    def log_in(self) -> None:
        form = {
            "output": "json",
            "Email": self.name,
            "Passwd": self.password,
            "client": "ReadYou",
            "accountType": "HOSTED_OR_GOOGLE",
            "service": "reader",
        }
        self.auth = self.send("POST", "accounts/ClientLogin", "", urlencode(form)).json()["Auth"]
        self.token = self.send("GET", "reader/api/0/token").text
        checked(self._ask("reader/api/0/user-info"), USER)

    def _ids(self, *pairs: tuple[str, str]) -> set[int]:
        found: set[int] = set()
        place: list[tuple[str, str]] = []
        while True:
            answer = self._ask("reader/api/0/stream/items/ids", [*pairs, ("n", "1000"), *place])
            found |= {int(ref["id"]) for ref in answer["itemRefs"]}
            if "continuation" not in answer:
                return found
            place = [("c", answer["continuation"])]

    def sync(self) -> dict[int, Seen]:
        unread = self._ids(("s", READING_LIST), ("xt", READ))
        starred = self._ids(("s", STARRED))
        read = self._ids(("s", READING_LIST), ("it", READ), ("ot", "1765000000"))  # as for FreshRSS
        assert read == self._ids(("s", READ), ("ot", "1765000000"))
        assert not read & unread
        listed = self._ask("reader/api/0/subscription/list")["subscriptions"]
        titles = {one["id"]: one["title"] for one in listed if checked(one, SUBSCRIPTION)}
        ids = sorted(unread | starred | read)
        body = self._form(("i", str(number)) for number in ids)
        answer = self.send("POST", "reader/api/0/stream/items/contents", "output=json", body).json()
        return {
            int(item["id"].rpartition("/")[2], 16): Seen(
                feed=titles[item["origin"]["streamId"]],
                html=item["summary"]["content"],
                read=int(item["id"].rpartition("/")[2], 16) not in unread,
                starred=int(item["id"].rpartition("/")[2], 16) in starred,
            )
            for item in checked(answer, {"items": [ITEM]})["items"]
        }

    def _mark(self, number: int, action: str, state: str) -> None:
        body = self._form([("i", str(number)), (action, state)])
        self.acknowledged("reader/api/0/edit-tag", "output=json", body)

    def mark_read(self, number: int) -> None:
        self._mark(number, "a", READ)

    def mark_unread(self, number: int) -> None:
        self._mark(number, "r", READ)

    def star(self, number: int) -> None:
        self._mark(number, "a", STARRED)

    def subscribe(self, address: str, folder: str) -> None:
        query = plain([("output", "json"), ("quickadd", address)])
        body = self._form([("quickadd", address)])
        added = self.send("POST", "reader/api/0/subscription/quickadd", query, body).json()
        pairs = [("ac", "edit"), ("s", added["streamId"]), ("a", f"{LABEL}{folder}"), ("t", "Mine")]
        self.acknowledged("reader/api/0/subscription/edit", "output=json", self._form(pairs))
