"""Reader apps and a near-duplicate that comes later: read if another one was, for who wishes that."""

from datetime import timedelta

from tests.serve.running_app import NOW
from tests.serve.sync.conftest import STATE, App
from tests.serve.sync.test_unread_again import changed, unread
from tests.serve.views.test_related import wire


def test_apps_get_a_late_copy_as_read_and_their_counts_agree(app: App) -> None:
    library = app.desk.archive.library()
    library.preferences.set({"share_marks": "shared", "copies": "first"})
    app.desk.subscribe([wire(21)], title="The Morning")
    app.desk.archive.analysis.all()
    for item in unread(app)[0]:
        app.post("edit-tag", i=str(item), a=f"{STATE}/read")
    assert unread(app) == ([], 0, "")

    app.desk.subscribe([wire(22)], title="The Evening")
    late = library.articles.newest_item()
    assert unread(app) == ([late], 1, str(late))  # until it is analysed
    app.desk.archive.analysis.some(now=NOW + timedelta(hours=3))
    assert unread(app) == ([], 0, "")
    assert (late, "read") in changed(app)
    every = app.get("stream/items/ids", s=f"{STATE}/reading-list", n=100).json()["itemRefs"]
    assert str(late) in {one["id"] for one in every}

    app.post("edit-tag", i=str(late), a=f"{STATE}/starred")
    starred = app.get("stream/items/ids", s=f"{STATE}/starred", n=100).json()["itemRefs"]
    assert len(starred) >= 2
