"""Reader apps after an edit by a publisher: the article is unread for the person who wishes that."""

from datetime import timedelta

from tests.serve.running_app import NOW, make_article, page_of
from tests.serve.sync.conftest import STATE, App
from unabridged.archive.records.items import ItemStream

EDITED = NOW + timedelta(hours=3)
UNREAD = {"s": f"{STATE}/reading-list", "xt": f"{STATE}/read"}


def edit(app: App, text: str) -> None:
    """Save another text of article 1, as its publisher's page."""
    article = make_article(0, text=text, html=f"<p>{text}</p>")
    app.desk.archive.ingest.save_page(1, article, page_of(article, EDITED), now=EDITED)


def changed(app: App) -> list[tuple[int, str]]:
    """Return the entries that Miniflux's API says have changed since everything was read."""
    since = int((NOW + timedelta(hours=2)).timestamp())
    call = app.client.get(f"/v1/entries?changed_after={since}", headers={"X-Auth-Token": app.secret})
    return [(one["id"], one["status"]) for one in call.json()["entries"]]


def unread(app: App) -> tuple[list[int], int, str]:
    """Return the unread items and their number in Google Reader's API, and the items in Fever's."""
    found = app.get("stream/items/ids", **UNREAD).json()["itemRefs"]
    counts = {one["id"]: one["count"] for one in app.get("unread-count").json()["unreadcounts"]}
    total = counts.get(f"{STATE}/reading-list", 0)
    return [int(one["id"]) for one in found], total, app.fever(unread_item_ids="")["unread_item_ids"]


def test_every_app_shows_an_edited_article_as_unread_for_who_wishes_it(app: App) -> None:
    library = app.desk.archive.library()
    library.items.read_all(ItemStream(), now=NOW + timedelta(hours=1))
    item = library.articles.get(1).item_id
    assert item is not None
    edit(app, "The first edit of the story changes its words.")
    assert unread(app) == ([], 0, "")
    assert changed(app) == [(item, "read")]

    library.preferences.set({"edited": "always"})
    edit(app, "The second edit of the story has other words again.")
    assert unread(app) == ([item], 1, str(item))
    assert changed(app) == [(item, "unread")]

    app.post("edit-tag", i=str(item), a=f"{STATE}/read")
    assert unread(app) == ([], 0, "")
