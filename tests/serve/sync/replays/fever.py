"""Fluent Reader's, Read You's and Readrops's accounts of the kind Fever.

Read from yang991178/fluent-reader, src/scripts/models/services/fever.ts at 06757d0f, and Ashinch/ReadYou,
app/src/main/java/me/ash/reader: infrastructure/rss/provider/fever/FeverAPI.kt at 90859947 and FeverDTO.kt at
4d5d9ef3, domain/service/FeverRssService.kt at 69d7124a. Fluent Reader pages down from the highest number that
JavaScript holds and marks in the body. Read You pages up from an empty number, marks in the query, and fails
at a feed in no group.

Readrops: readrops/Readrops, api/src/main/java/com/readrops/api/services/fever: FeverService.kt,
FeverDataSource.kt and adapters at 01ce0646 and 0885a9a3. It sends the key in a form of parts, and reads the
keys of answers by their order. Its first page ends before the newest unread item, which it leaves out; the
replay takes that too.
"""

import hashlib
from typing import Any, ClassVar

from tests.serve.sync.replays.replay import Replay, Seen, Shape, checked

ITEM: Shape = {
    "id": int,
    "feed_id": int,
    "title": str,
    "author": str,
    "html": str,
    "url": str,
    "is_saved": int,
    "is_read": int,
    "created_on_time": int,
}
FEED: Shape = {"id": int, "favicon_id": int, "title": str, "url": str, "site_url": str, "is_spark": int}
PAGE = 50
HIGHEST = 2**53 - 1


class FeverReplay(Replay):
    """What both have in common: the key, feeds with groups, and lists of unread and saved items."""

    bases: ClassVar[tuple[str, str]] = ("/api/fever.php", "/fever/")

    @property
    def key(self) -> str:
        return hashlib.md5(f"{self.name}:{self.password}".encode()).hexdigest()

    def ask(self, query: str, form: str = "") -> Any:
        """Send a request; its answer must be logged in."""
        raise NotImplementedError

    def log_in(self) -> None:
        self.ask("")

    def _numbers(self, name: str) -> set[int]:
        text = self.ask(name)[name]
        assert isinstance(text, str)
        return {int(part) for part in text.split(",") if part}

    def _seen(self, items: list[Any]) -> dict[int, Seen]:
        listed = self.ask("feeds")
        titles = {one["id"]: one["title"] for one in checked(listed, {"feeds": [FEED]})["feeds"]}
        groups = checked(self.ask("groups"), {"groups": [{"id": int, "title": str}]})["groups"]
        numbers = {one["id"] for one in groups}
        for one in listed["feeds_groups"]:
            assert one["group_id"] in numbers
            assert {int(part) for part in one["feed_ids"].split(",")} <= set(titles)
        unread, saved = self._numbers("unread_item_ids"), self._numbers("saved_item_ids")
        found = {}
        for item in items:
            checked(item, ITEM)
            read, starred = bool(item["is_read"]), bool(item["is_saved"])
            assert (read, starred) == (item["id"] not in unread, item["id"] in saved)
            found[item["id"]] = Seen(
                feed=titles[item["feed_id"]], html=item["html"], read=read, starred=starred
            )
        return found

    def mark(self, number: int, state: str) -> None:
        raise NotImplementedError

    def mark_read(self, number: int) -> None:
        self.mark(number, "read")

    def mark_unread(self, number: int) -> None:
        self.mark(number, "unread")

    def star(self, number: int) -> None:
        self.mark(number, "saved")


class FluentFever(FeverReplay):
    """Fluent Reader."""

    def ask(self, query: str, form: str = "") -> Any:
        more = f"&{query}" if query else ""
        answer = self.send("POST", "", f"api{more}", f"api_key={self.key}{form}").json()
        assert answer["auth"] == 1
        return answer

    def sync(self) -> dict[int, Seen]:
        lowest, items = HIGHEST, []
        while True:
            page = self.ask(f"items&max_id={lowest}")["items"]
            items += page
            lowest = min([lowest, *(item["id"] for item in page)])
            if len(page) < PAGE:
                return self._seen(items)

    def mark(self, number: int, state: str) -> None:
        self.ask("", f"&mark=item&as={state}&id={number}")


class ReadYouFever(FeverReplay):
    """Read You."""

    def ask(self, query: str, form: str = "") -> Any:
        answer = self.send("POST", "", f"api=&{query}", f"api_key={self.key}").json()
        assert answer["auth"] == 1
        return answer

    def sync(self) -> dict[int, Seen]:
        grouped = {
            int(part) for one in self.ask("feeds")["feeds_groups"] for part in one["feed_ids"].split(",")
        }
        assert {one["id"] for one in self.ask("feeds")["feeds"]} == grouped
        since, items = "", []
        while True:
            page = self.ask(f"items&since_id={since}")["items"]
            items += page
            if len(page) < PAGE:
                return self._seen(items)
            since = str(page[-1]["id"])

    def mark(self, number: int, state: str) -> None:
        self.ask(f"mark=item&as={state}&id={number}")


class ReadropsFever(FeverReplay):
    """Readrops."""

    BASIS = ("api_version", "auth", "last_refreshed_on_time")

    def ask(self, query: str, form: str = "") -> Any:
        answer = self.client.post(f"{self.base}?{query or 'api'}", files={"api_key": (None, self.key)}).json()
        assert tuple(answer)[:3] == self.BASIS
        assert answer["auth"] == 1
        return answer

    def log_in(self) -> None:
        assert tuple(self.ask("")) == self.BASIS

    def sync(self) -> dict[int, Seen]:
        assert tuple(self.ask("feeds"))[3:] == ("feeds", "feeds_groups")
        assert tuple(self.ask("groups"))[3] == "groups"
        assert tuple(self.ask("saved_item_ids"))[3:] == ("saved_item_ids",)
        assert tuple(self.ask("unread_item_ids"))[3:] == ("unread_item_ids",)
        lowest = HIGHEST
        items: list[Any] = []
        while True:
            answer = self.ask(f"items&max_id={lowest}")
            assert tuple(answer)[3:] == ("total_items", "items")
            if not answer["items"]:
                return self._seen(items)
            items += answer["items"]
            lowest = min(item["id"] for item in items)

    def mark(self, number: int, state: str) -> None:
        self.ask(f"mark=item&as={state}&id={number}")
