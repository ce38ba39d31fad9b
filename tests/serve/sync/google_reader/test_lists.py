"""What a person has, as apps list it: account, feeds, labels, unread counts, preferences."""

from tests.serve.running_app import NOW, make_article, page_of
from tests.serve.sync.conftest import STATE, App
from unabridged.serve.sync.google_reader.streams import OTHER_FEED


def test_the_account_is_all_strings(app: App) -> None:
    assert app.get("user-info").json() == {
        "userId": "1",
        "userName": "owner",
        "userProfileId": "1",
        "userEmail": "owner",
    }


def test_subscriptions_have_every_key_of_the_apps(app: App) -> None:
    found = {one["id"]: one for one in app.get("subscription/list").json()["subscriptions"]}
    assert found.keys() == {"feed/1", "feed/2"}
    assert found["feed/1"] == {
        "id": "feed/1",
        "title": "The News",
        "categories": [{"id": "user/-/label/Reading", "label": "Reading", "type": "folder"}],
        "url": "https://news.example/0.xml",
        "htmlUrl": "https://news.example/",
        "iconUrl": "",
        "sortid": "00000001",
        "firstitemmsec": str(int(NOW.timestamp() * 1000)),
    }
    assert found["feed/2"]["categories"] == []


def test_labels_are_the_star_folders_and_tags_each_once(app: App) -> None:
    app.post("edit-tag", i="1", a=["user/-/label/Reading", "user/-/label/Later"])
    assert app.get("tag/list").json() == {
        "tags": [
            {"id": f"{STATE}/starred"},
            {"id": "user/-/label/Reading", "label": "Reading", "type": "folder"},
            {"id": "user/-/label/Later", "label": "Later", "type": "tag"},
        ]
    }


def test_unread_counts_are_of_feeds_labels_and_everything(app: App) -> None:
    app.post("edit-tag", i=["5", "1"], a=f"{STATE}/read")
    app.post("edit-tag", i=["2", "5"], a="user/-/label/Later")
    page = make_article(50)
    app.desk.archive.library().articles.save(page, page_of(page), now=NOW)
    answer = app.get("unread-count").json()
    counts = {one["id"]: one for one in answer["unreadcounts"]}
    assert {name: one["count"] for name, one in counts.items()} == {
        "feed/1": 2,
        "feed/2": 1,
        f"feed/{OTHER_FEED}": 1,
        "user/-/label/Reading": 2,
        "user/-/label/Later": 1,
        f"{STATE}/reading-list": 4,
    }
    assert answer["max"] == 4
    stamps = {int(one["timestampUsec"]) for one in app.items()}
    for name in ("feed/1", "feed/2", "user/-/label/Reading", f"{STATE}/reading-list"):
        assert int(counts[name]["newestItemTimestampUsec"]) in stamps
    assert all(isinstance(one["newestItemTimestampUsec"], str) for one in counts.values())


def test_preferences_are_empty_and_unknown_calls_too(app: App) -> None:
    assert app.get("preference/list").json() == {"prefs": []}
    assert app.get("preference/stream/list").json() == {"streamprefs": {}}
    for call in ("friend/list", "related/list", "nothing"):
        assert app.get(call).json() == []
        assert app.post(call).json() == []
