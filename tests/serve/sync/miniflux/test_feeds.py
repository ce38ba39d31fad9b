"""Feeds with every key, icons, counters."""

import base64

from tests.serve.running_app import NOW, make_article, page_of
from tests.serve.sync.miniflux.conftest import Api
from unabridged.archive.records.items import ItemEdit
from unabridged.config import FeedSettings
from unabridged.serve.sync.google_reader.streams import OTHER_FEED
from unabridged.serve.sync.miniflux.categories import ALL

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


def test_feeds_have_every_key_and_no_secret(api: Api) -> None:
    own = FeedSettings(
        user_agent="Secret/1", username="Secret", password="Secret", origin="https://news.example"
    )
    api.app.desk.archive.feeds.set_settings(1, own, now=NOW)
    found = api.get("feeds")
    assert [(one["title"], one["category"]["title"]) for one in found] == [
        ("Other News", "All"),
        ("The News", "Reading"),
    ]
    assert {type(value) for one in found for value in one.values()} == {int, str, bool, dict}
    assert len(found[0]) == 43
    assert "Secret" not in str(found)
    assert (found[1]["feed_url"], found[1]["site_url"]) == (
        "https://news.example/0.xml",
        "https://news.example/",
    )
    assert (found[1]["checked_at"], found[1]["next_check_at"]) == (
        "2026-03-20T09:00:00Z",
        "2026-03-20T10:00:00Z",
    )
    assert found[1] == api.get("feeds/1")
    assert api.refused(404, "GET", "feeds/99") == "resource not found"


def test_an_icon_has_the_number_of_its_feed(api: Api) -> None:
    images = api.app.desk.archive.images
    assert api.refused(404, "GET", "feeds/1/icon")
    images.queue_icons(NOW)
    for one in images.claim(NOW, 9):
        images.save(one.id, "image/png", PIXEL, now=NOW)
    known = api.get("feeds/1")["icon"]
    assert (known["feed_id"], known["icon_id"]) == (1, 1)
    for path in ("feeds/1/icon", "icons/1"):
        icon = api.get(path)
        assert (icon["id"], icon["mime_type"]) == (1, "image/png")
        assert icon["data"] == "image/png;base64," + base64.b64encode(PIXEL).decode()
    for path in ("feeds/99/icon", "icons/99"):
        assert api.refused(404, "GET", path)


def test_counters_are_of_read_and_unread_entries(api: Api) -> None:
    assert api.get("feeds/counters") == {"reads": {}, "unreads": {"1": 3, "2": 2}}
    api.library.items.edit([1, 2, 3, 4], ItemEdit(read=True), now=NOW)
    assert api.get("feeds/counters") == {"reads": {"1": 3, "2": 1}, "unreads": {"2": 1}}
    api.library.subscriptions.remove(2)
    other = str(OTHER_FEED)
    assert api.get("feeds/counters") == {"reads": {"1": 3, other: 1}, "unreads": {other: 1}}


def test_saved_pages_are_in_a_feed_of_the_category_all(api: Api) -> None:
    assert api.refused(404, "GET", f"feeds/{OTHER_FEED}")
    page = make_article(30)
    api.library.articles.save(page, page_of(page), now=NOW)
    other = api.get(f"feeds/{OTHER_FEED}")
    assert api.get("feeds")[-1] == other == api.get(f"categories/{ALL}/feeds")[-1]
    assert other["title"] == "Saved pages and other articles"
    assert set(other) == set(api.get("feeds/1"))
    assert api.send("PUT", f"feeds/{OTHER_FEED}/mark-all-as-read").status_code == 204
    assert api.app.marks()[6] == (True, False)
    for method in ("PUT", "DELETE"):
        assert api.refused(404, method, f"feeds/{OTHER_FEED}", {})
