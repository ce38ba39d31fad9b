"""Vienna's Open Reader accounts.

Read from ViennaRSS/vienna-rss, Vienna/Sources/Fetching/OpenReader.m at 908723d5. It makes addresses of the
numbers of feeds, and asks feed by feed by these; it marks by long ids, and sends its token as it came, with
the end of the line.
"""

from typing import Any
from urllib.parse import quote, urlencode

from tests.serve.sync.replays.replay import LABEL, READ, STARRED, Pairs, Replay, Seen, marks_of

CLIENT = "ViennaRSS"
MOMENT = "1796038113"


class Vienna(Replay):
    """Refresh: subscriptions, then of each feed the items, the ids of unread and those of starred ones."""

    def log_in(self) -> None:
        form = urlencode({"Email": self.name, "Passwd": self.password})
        text = self.send("POST", "accounts/ClientLogin", "accountType=GOOGLE&service=reader", form).text
        self.auth = next(line[5:] for line in text.split("\n") if line.startswith("Auth="))
        self.token = self.send("GET", "reader/api/0/token").text

    def _feeds(self) -> dict[str, Any]:
        """Map the made addresses of feeds to their subscriptions."""
        query = f"client={CLIENT}&output=json"
        listed = self.get("reader/api/0/subscription/list", query)["subscriptions"]
        host = self.base.rstrip("/")
        return {f"{host}/reader/public/atom/{one['id'].removeprefix('feed/')}": one for one in listed}

    def _ids(self, feed: str, chosen: str) -> set[int]:
        name = quote(feed, safe="")
        query = f"ck={MOMENT}&client={CLIENT}&s=feed/{name}&{chosen}&n=1000&output=json"
        return {int(ref["id"]) for ref in self.get("reader/api/0/stream/items/ids", query)["itemRefs"]}

    def sync(self) -> dict[int, Seen]:
        found = {}
        for feed, subscription in self._feeds().items():
            query = f"client={CLIENT}&comments=false&likes=false&ot=0&n=500&ck={MOMENT}&output=json"
            answer = self.get(f"reader/api/0/stream/contents/feed/{quote(feed, safe='')}", query)
            assert isinstance(answer["updated"], int)
            unread, starred = self._ids(feed, f"xt={READ}"), self._ids(feed, f"it={STARRED}")
            for item in answer["items"]:
                number = int(item["id"].rpartition("/")[2], 16)
                assert item["id"].endswith(f"/{number:016x}")
                assert marks_of(item["categories"]) == (number not in unread, number in starred)
                assert isinstance(item["alternate"][0]["href"], str)
                found[number] = Seen(
                    feed=subscription["title"],
                    html=item["content"]["content"],
                    read=number not in unread,
                    starred=number in starred,
                )
        return found

    def _form(self, pairs: Pairs) -> str:
        return urlencode([("T", self.token), *pairs])

    def _mark(self, number: int, action: str, state: str) -> None:
        guid = f"tag:google.com,2005:reader/item/{number:016x}"
        form = self._form([(action, state), ("async", "true"), ("i", guid)])
        self.acknowledged("reader/api/0/edit-tag", "", form)

    def mark_read(self, number: int) -> None:
        self._mark(number, "a", READ)

    def mark_unread(self, number: int) -> None:
        self._mark(number, "r", READ)

    def star(self, number: int) -> None:
        self._mark(number, "a", STARRED)

    def subscribe(self, address: str, folder: str) -> None:
        query = f"client={CLIENT}"
        form = self._form([("quickadd", address)])
        self.send("POST", "reader/api/0/subscription/quickadd", query, form)
        made = next(feed for feed, one in self._feeds().items() if one["url"] == address)
        form = self._form([("ac", "edit"), ("s", f"feed/{made}"), ("a", f"{LABEL}{folder}")])
        self.acknowledged("reader/api/0/subscription/edit", query, form)
