"""Events over the API: pages by cursor, filters, and the stream that resumes."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import httpx
import pytest

from tests.serve.api.conftest import LATER, Program
from tests.serve.running_app import NOW, make_article, page_of
from unabridged.serve.api.routes.events import MOST_OF_A_PERSON


def told(events: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(one["kind"], one["article"], one["before"], one["after"]) for one in events]


def save_new(api: Program, number: int) -> int:
    article = make_article(number)
    return api.desk.archive.library().articles.save(article, page_of(article), now=LATER).article_id


def test_events_are_read_page_by_page_by_their_numbers(api: Program) -> None:
    whole = api.get("/events")
    assert not whole["more"] and whole["next"] == whole["events"][-1]["number"]
    found, after, more = [], 0, True
    while more:
        page = api.get("/events", after=after, limit=2)
        found += page["events"]
        after, more = page["next"], page["more"]
    assert found == whole["events"] and len(found) > 4
    assert api.get("/events", after=after) == {"events": [], "next": after, "more": False}
    changed = [one for one in found if one["kind"] == "article.changed"]
    [number] = {one["article"] for one in changed}
    [edit] = changed
    assert api.get(f"/articles/{number}/diff", older=edit["before"], newer=edit["after"])["added"] > 0
    assert edit["title"] == api.get(f"/articles/{number}")["title"]


def test_events_are_filtered_by_kind_feed_and_time(api: Program) -> None:
    everything = api.get("/events")["events"]
    kinds = api.get("/events", kind=["article.changed", "feed.moved"])["events"]
    assert kinds == [one for one in everything if one["kind"] == "article.changed"]
    feed = api.desk.feed
    of_feed = api.get("/events", feed=feed)["events"]
    assert of_feed == [one for one in everything if one["feed"] == feed] != everything
    later = (NOW.replace(year=NOW.year + 1)).isoformat()
    assert api.get("/events", since=later)["events"] == []
    assert api.problem("GET", "/events", kind="article.eaten")["status"] == 422
    assert api.problem("GET", "/events", feed=777)["status"] == 404
    assert api.problem("GET", "/events/stream", feed=777)["status"] == 404


class Stream:
    """An open stream of events, read block by block."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._text = answer.iter_text()
        self._rest = ""

    def blocks(self) -> Iterator[dict[str, str]]:
        for part in self._text:
            self._rest += part
            *ended, self._rest = self._rest.split("\n\n")
            for block in ended:
                yield dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))


def test_a_stream_tells_what_happens_and_resumes_after_the_last_event(api: Program) -> None:
    headers = {"Authorization": f"Bearer {api.secret}"}
    last = api.get("/events")["next"]
    with api.client.stream("GET", "/api/v1/events/stream", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        blocks = Stream(answer).blocks()
        assert next(blocks) == {"retry": "5000", "id": str(last)}
        one = save_new(api, 70)
        block = next(blocks)
        event = json.loads(block["data"])
        assert (block["event"], block["id"]) == ("article.new", str(event["number"]))
        assert (event["article"], event["after"]) == (one, 1)
    two = save_new(api, 71)
    resumed = {**headers, "Last-Event-ID": block["id"]}
    with api.client.stream("GET", "/api/v1/events/stream?after=0", headers=resumed) as answer:
        blocks = Stream(answer).blocks()
        next(blocks)
        assert json.loads(next(blocks)["data"])["article"] == two


def test_a_stream_ends_when_its_token_is_revoked(api: Program) -> None:
    mine = api.desk.archive.library()
    made = mine.tokens.add("stream", "read", now=NOW)
    headers = {"Authorization": f"Bearer {made.secret}"}
    with api.client.stream("GET", "/api/v1/events/stream", headers=headers, timeout=30) as answer:
        blocks = Stream(answer).blocks()
        next(blocks)
        mine.tokens.remove(made.token.id)
        save_new(api, 72)
        assert list(blocks) == []


def test_a_stream_of_a_feed_ends_when_the_person_has_it_no_more(api: Program) -> None:
    headers = {"Authorization": f"Bearer {api.secret}"}
    path = f"/api/v1/events/stream?feed={api.desk.feed}"
    with api.client.stream("GET", path, headers=headers, timeout=30) as answer:
        blocks = Stream(answer).blocks()
        next(blocks)
        api.desk.archive.library().subscriptions.remove(api.desk.feed)
        assert list(blocks) == []


def test_a_person_has_a_bounded_number_of_streams(api: Program) -> None:
    headers = {"Authorization": f"Bearer {api.secret}"}
    with ExitStack() as stack:
        opened = []
        for _ in range(MOST_OF_A_PERSON):
            answer = stack.enter_context(api.client.stream("GET", "/api/v1/events/stream", headers=headers))
            opened.append(Stream(answer).blocks())
            next(opened[-1])
        assert api.problem("GET", "/events/stream")["status"] == 429


def test_the_streams_of_many_readers_tell_all_the_same(api: Program) -> None:
    headers = {"Authorization": f"Bearer {api.secret}"}
    start, numbers = threading.Barrier(4), [list[int]() for _ in range(3)]

    def listen(place: int) -> None:
        with api.client.stream("GET", "/api/v1/events/stream", headers=headers) as answer:
            blocks = Stream(answer).blocks()
            next(blocks)
            start.wait(30)
            for block in blocks:
                if "data" in block:
                    numbers[place].append(json.loads(block["data"])["number"])
                if len(numbers[place]) == 4:
                    return

    threads = [threading.Thread(target=listen, args=(place,)) for place in range(3)]
    for one in threads:
        one.start()
    start.wait(30)
    for number in range(80, 84):
        save_new(api, number)
    for one in threads:
        one.join(60)
    assert numbers[0] == numbers[1] == numbers[2] == sorted(numbers[0]) and len(numbers[0]) == 4


def test_another_person_reads_nothing_of_it(api: Program) -> None:
    other = api.desk.archive.accounts.add("bo", now=NOW).id
    secret = api.desk.archive.library(other).tokens.add("x", "read", now=NOW).secret
    theirs = replace(api, secret=secret).get("/events")
    assert theirs["events"] == [] and theirs["next"] > 0


@pytest.mark.parametrize("place", ["-1", "x", "1e3", "9" * 40])
def test_a_place_that_is_none_is_refused(api: Program, place: str) -> None:
    assert api.problem("GET", "/events", after=place)["status"] == 422
