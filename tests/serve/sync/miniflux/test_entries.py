"""Lists of entries with every filter; single entries; what was flushed; numbers alone."""

from datetime import timedelta
from typing import Any

from tests.serve.running_app import NOW, make_article, page_of
from tests.serve.sync.miniflux.conftest import Api
from unabridged.archive.records.items import ItemEdit
from unabridged.serve.sync.google_reader.streams import OTHER_FEED
from unabridged.serve.sync.miniflux.categories import ALL

# Items 1, 2, 3 are of feed 1 in the folder Reading, 4 and 5 of feed 2 in none; story-0 is the newest.


def seconds(hours: int) -> int:
    return int((NOW - timedelta(hours=hours)).timestamp())


def test_lists_come_in_every_order(api: Api) -> None:
    newest = api.ids(order="published_at", direction="desc")
    assert [api.get(f"entries/{number}")["title"][-1] for number in newest] == ["0", "1", "2", "7", "8"]
    assert api.ids() == newest[::-1]
    assert api.ids(order="id") == [1, 2, 3, 4, 5]
    assert api.ids(order="id", direction="desc", limit=2) == [5, 4]
    assert api.ids(order="title", limit=3, offset=1) == newest[1:4]
    assert api.ids(limit=0) == api.ids(limit=-1) == api.ids()


def test_filters_narrow_a_list(api: Api) -> None:
    api.library.items.edit([1, 4], ItemEdit(read=True), now=NOW)
    api.library.items.edit([4], ItemEdit(starred=True, add=("Later",)), now=NOW)
    cases: list[tuple[dict[str, Any], set[int]]] = [
        ({"status": "read"}, {1, 4}),
        ({"status": ["read", "unread"]}, {1, 2, 3, 4, 5}),
        ({"status": "unread", "feed_id": 1}, {2, 3}),
        ({"status": "removed"}, set()),
        ({"starred": "true"}, {4}),
        ({"starred": "false"}, {1, 2, 3, 5}),
        ({"feed_id": 2}, {4, 5}),
        ({"category_id": 1}, {1, 2, 3}),
        ({"category_id": ALL}, {4, 5}),
        ({"category_id": ALL, "feed_id": 1}, set()),
        ({"category_id": 1, "feed_id": 1}, {1, 2, 3}),
        ({"after_entry_id": 2}, {3, 4, 5}),
        ({"before_entry_id": 3, "after_entry_id": 1}, {2}),
        ({"tags": "later"}, {4}),
        ({"tags": ["later", "never"]}, set()),
        ({"search": "story"}, {1, 2, 3, 4, 5}),
        ({"search": "absent"}, set()),
        ({"search": '"'}, set()),
        ({"search": "AND ("}, set()),
    ]
    for params, expected in cases:
        assert set(api.ids(**params)) == expected, params
    by_title = {api.get(f"entries/{n}")["title"]: n for n in range(1, 6)}
    assert api.ids(published_after=seconds(2)) == [by_title["Story number 1"], by_title["Story number 0"]]
    assert api.ids(before=seconds(7)) == [by_title["Story number 8"]]
    assert api.ids(search="number 7") == [by_title["Story number 7"]]


def test_a_new_version_moves_the_time_of_the_last_change(api: Api) -> None:
    [stored] = api.library.items.articles([2])
    later = NOW + timedelta(hours=5)
    changed = make_article(int(stored.article.url[-1]), text="Other words now, quite a lot of them.")
    api.app.desk.archive.ingest.save_page(stored.id, changed, page_of(changed, later), now=later)
    after = int((NOW + timedelta(hours=4)).timestamp())
    assert api.ids(changed_after=after) == [2]
    assert set(api.ids(changed_before=after)) == {1, 3, 4, 5}
    assert api.ids(order="changed_at", direction="desc")[0] == 2
    assert api.get("entries/2")["changed_at"] == later.isoformat().replace("+00:00", "Z")


def test_wrong_filters_are_refused(api: Api) -> None:
    assert api.refused(400, "GET", "entries", feed_id=99) == "invalid feed ID"
    assert api.refused(400, "GET", "entries", category_id=99) == "invalid category ID"
    assert api.refused(400, "GET", "feeds/99/entries") == "invalid feed ID"
    assert "valid" in api.refused(400, "GET", "entries", order="x")


def test_entries_have_their_feed_and_its_category(api: Api) -> None:
    first, fourth = api.get("entries/1"), api.get("entries/4")
    assert first["feed"] == api.get("feeds/1")
    assert (first["feed_id"], first["feed"]["category"]["title"]) == (1, "Reading")
    assert (fourth["feed_id"], fourth["feed"]["category"]["id"]) == (2, ALL)
    assert first["content"] == api.library.items.articles([1])[0].article.html


def test_a_feed_or_category_has_only_its_own_entries(api: Api) -> None:
    assert set(api.ids("feeds/1/entries")) == {1, 2, 3}
    assert set(api.ids("categories/1/entries", status="unread")) == {1, 2, 3}
    assert api.get("feeds/1/entries/1") == api.get("entries/1") == api.get("categories/1/entries/1")
    for path in ("feeds/2/entries/1", f"categories/{ALL}/entries/1", "categories/99/entries/1", "entries/99"):
        assert api.refused(404, "GET", path) == "resource not found"


def test_saved_pages_and_left_feeds_are_a_feed_of_their_own(api: Api) -> None:
    assert api.refused(400, "GET", "entries", feed_id=OTHER_FEED) == "invalid feed ID"
    api.library.subscriptions.remove(2)
    page = make_article(30, title="Saved by hand")
    api.library.articles.save(page, page_of(page), now=NOW)
    assert set(api.ids(feed_id=OTHER_FEED)) == {4, 5, 6} == set(api.ids(category_id=ALL))
    found = api.get("entries/6")
    assert (found["feed_id"], found["feed"]["category"]["id"]) == (OTHER_FEED, ALL)
    assert api.get(f"feeds/{OTHER_FEED}/entries/6") == found


def test_what_was_flushed_is_hidden_from_lists_alone(api: Api) -> None:
    api.library.items.edit([1, 4], ItemEdit(read=True), now=NOW)
    api.library.items.edit([4], ItemEdit(starred=True), now=NOW)
    for method in ("PUT", "DELETE"):
        assert api.send(method, "flush-history").status_code == 202
    assert set(api.ids()) == {2, 3, 4, 5}
    assert api.get("entries", status="read")["total"] == 1
    assert api.get("entries/1")["status"] == "read"
    api.library.items.edit([1], ItemEdit(read=False), now=NOW)
    assert set(api.ids()) == {1, 2, 3, 4, 5}
    assert api.library.articles.newest_item() == 5


def test_numbers_alone_come_with_their_total(api: Api) -> None:
    api.library.items.edit([2], ItemEdit(read=True, starred=True), now=NOW)
    assert api.get("entries/ids") == {"total": 5, "entry_ids": [5, 4, 3, 2, 1]}
    assert api.get("entries/ids", status="unread", limit=2) == {"total": 4, "entry_ids": [5, 4]}
    assert api.get("entries/ids", starred="true") == {"total": 1, "entry_ids": [2]}
    assert api.get("entries/ids", offset=4)["entry_ids"] == [1]


def test_many_entries_are_sent_in_parts(api: Api) -> None:
    api.app.desk.subscribe([make_article(number) for number in range(100, 340)], title="Many")
    found = api.get("entries", limit=230, order="id", offset=3)
    assert found["total"] == 245
    assert [one["id"] for one in found["entries"]] == list(range(4, 234))
    assert len(api.get("entries", limit=-1)["entries"]) == 245
