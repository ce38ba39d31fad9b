"""Marks that apps set: read, starred, labels; whole streams up to a time; labels renamed and removed."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.serve.running_app import NOW, make_article, page_of
from tests.serve.sync.conftest import STATE, App, app_on, filled
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.items import ItemEdit
from unabridged.serve.sync.google_reader.ids import long_id
from unabridged.serve.sync.google_reader.marks import item_edit

READ, KEPT, STARRED = f"{STATE}/read", f"{STATE}/kept-unread", f"{STATE}/starred"


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("a", READ)], ItemEdit(read=True)),
        ([("r", READ)], ItemEdit(read=False)),
        ([("a", KEPT)], ItemEdit(read=False)),
        ([("r", KEPT)], ItemEdit(read=True)),
        ([("a", READ), ("r", KEPT), ("ac", "edit")], ItemEdit(read=True)),
        ([("r", READ), ("a", KEPT), ("a", f"{STATE}/tracking-kept-unread")], ItemEdit(read=False)),
        ([("a", READ), ("a", KEPT)], ItemEdit(read=False)),
        ([("a", KEPT), ("a", READ)], ItemEdit(read=True)),
        ([("a", "user/1/state/com.google/starred")], ItemEdit(starred=True)),
        ([("r", STARRED)], ItemEdit(starred=False)),
        ([("a", f"{STATE}/broadcast"), ("a", f"{STATE}/like"), ("a", "junk")], ItemEdit()),
        ([("a", "user/-/label/A/b c"), ("r", "user/-/label/D")], ItemEdit(add=("A/b c",), remove=("D",))),
        ([("a", "user/-/label/A"), ("r", "user/-/label/A")], ItemEdit(remove=("A",))),
        ([("s", READ), ("a", "feed/1")], ItemEdit()),
    ],
)
def test_added_and_removed_states_are_marks_and_the_last_wins(
    pairs: list[tuple[str, str]], expected: ItemEdit
) -> None:
    assert item_edit(pairs) == expected


def test_marks_of_apps_are_those_of_the_archive(app: App) -> None:
    assert app.post("edit-tag", i=long_id(3), a=READ, r=KEPT, ac="edit", T="").text == "OK"
    assert app.post("edit-tag", i=["1", "0000000000000002", "999", "junk"], a=STARRED).text == "OK"
    assert app.marks() == {
        1: (False, True),
        2: (False, True),
        3: (True, False),
        4: (False, False),
        5: (False, False),
    }
    # as Newsboat sends it: nothing is escaped
    body = f"i={long_id(3)}&r={READ}&a={KEPT}&a={STATE}/tracking-kept-unread&ac=edit&T="
    assert app.post("edit-tag", body=body).text == "OK"
    assert app.post("edit-tag", i="1", r=STARRED).text == "OK"
    assert app.marks()[3] == (False, False)
    assert app.marks()[1] == (False, False)


def test_a_label_is_made_for_an_item_and_taken_from_it(app: App) -> None:
    label = "user/-/label/Später / 後で"
    assert app.post("edit-tag", i=["5", "1"], a=label).text == "OK"
    assert app.ids(label) == [5, 1]
    assert label in app.items(label)[0]["categories"]
    listed = app.get("tag/list").json()["tags"]
    wanted = {"id": label, "label": "Später / 後で", "type": "tag"}
    assert wanted in listed
    assert app.post("edit-tag", i="5", r=label).text == "OK"
    assert app.ids(label) == [1]
    assert app.post("edit-tag", i="5", a="user/-/label/" + "x" * 101).status_code == 400


def test_a_stream_is_marked_read_up_to_a_time_and_no_further(app: App) -> None:
    stamps = {int(one["id"][-16:], 16): int(one["timestampUsec"]) for one in app.items()}
    assert app.post("mark-all-as-read", s="feed/1", ts=str(stamps[2])).text == "OK"
    assert {number for number, (read, _) in app.marks().items() if read} == {1, 2}
    assert app.post("mark-all-as-read", s="feed/2", ts=str(stamps[5] - 1_000_000)).text == "OK"
    assert {number for number, (read, _) in app.marks().items() if read} == {1, 2}
    milliseconds = str(stamps[5] // 1000)
    assert app.post("mark-all-as-read", s="user/-/label/Reading", ts=milliseconds).text == "OK"
    assert {number for number, (read, _) in app.marks().items() if read} == {1, 2, 3}
    before = str(int(NOW.timestamp()) - 1)
    assert app.post("mark-all-as-read", s=f"{STATE}/reading-list", ts=before).text == "OK"
    assert len([read for read, _ in app.marks().values() if read]) == 3
    seconds = str(int(NOW.timestamp()))
    assert app.post("mark-all-as-read", s=f"{STATE}/reading-list", ts=seconds).text == "OK"
    assert all(read for read, _ in app.marks().values())


@pytest.mark.parametrize("ts", [None, "0", ""])
def test_without_a_time_all_of_a_stream_is_read(app: App, ts: str | None) -> None:
    form = {"s": "feed/2"} | ({} if ts is None else {"ts": ts})
    assert app.post("mark-all-as-read", **form).text == "OK"
    assert {number for number, (read, _) in app.marks().items() if read} == {4, 5}
    for wrong in ({"s": "feed/https://no.example/"}, {"s": "junk"}, {"s": "feed/1", "ts": "soon"}):
        assert app.post("mark-all-as-read", **wrong).status_code == 400
    assert len([read for read, _ in app.marks().values() if read]) == 2


def test_what_came_after_the_time_stays_unread(app: App) -> None:
    later = NOW + timedelta(seconds=5)
    app.desk.archive.library().articles.save(make_article(60), page_of(make_article(60)), now=later)
    app.post("mark-all-as-read", s=f"{STATE}/reading-list", ts=str(int(NOW.timestamp()) + 4))
    assert [number for number, (read, _) in app.marks().items() if not read] == [6]


def test_labels_are_renamed_and_removed(app: App) -> None:
    mine = app.desk.archive.library()
    app.post("edit-tag", i="5", a="user/-/label/Keep")
    old, new = "user/-/label/Reading", "user/-/label/World / news"
    assert app.post("rename-tag", s=old, dest=new).text == "OK"
    assert [one.name for one in mine.subscriptions.folders()] == ["World / news"]
    assert app.ids(new) == [3, 2, 1]
    assert app.post("rename-tag", s="user/-/label/Keep", dest="user/-/label/Kept").text == "OK"
    assert [one.name for one in mine.tags.all()] == ["Kept"]
    assert app.post("rename-tag", s="user/-/label/none", dest=new).status_code == 404
    assert app.post("rename-tag", s=old).status_code == 400
    assert app.post("disable-tag", s=[new, "user/-/label/Kept"]).text == "OK"
    assert mine.subscriptions.folders() == ()
    assert mine.tags.all() == ()
    assert {one.feed.id: one.folder for one in mine.subscriptions.all()} == {1: None, 2: None}
    assert app.post("disable-tag", s=new).status_code == 404
    assert app.marks().keys() == {1, 2, 3, 4, 5}


def test_a_folder_with_the_name_of_another_joins_it(app: App) -> None:
    app.post("subscription/edit", ac="edit", s="feed/2", a="user/-/label/Other")
    app.post("rename-tag", s="user/-/label/Other", dest="user/-/label/Reading")
    [folder] = app.desk.archive.library().subscriptions.folders()
    assert (folder.name, folder.feeds) == ("Reading", 2)


def test_a_token_that_may_only_read_marks_nothing(archive: Archive, tmp_path: Path) -> None:
    with app_on(filled(archive, tmp_path), scope="read") as app:
        assert app.ids() == [5, 4, 3, 2, 1]
        before = app.marks()
        calls = {
            "edit-tag": {"i": "1", "a": READ},
            "mark-all-as-read": {"s": "feed/1"},
            "rename-tag": {"s": "user/-/label/Reading", "dest": "user/-/label/x"},
            "disable-tag": {"s": "user/-/label/Reading"},
            "subscription/edit": {"ac": "unsubscribe", "s": "feed/1"},
            "subscription/quickadd": {"quickadd": "https://news.example/0.xml"},
            "subscription/import": {"x": "y"},
        }
        for call, form in calls.items():
            answer = app.post(call, **form)
            assert (answer.status_code, answer.text[:19]) == (403, "This token may only"), call
        assert app.marks() == before
        assert len(app.desk.archive.library().subscriptions.all()) == 2
        assert [one.name for one in app.desk.archive.library().subscriptions.folders()] == ["Reading"]


def test_nothing_is_changed_by_a_get(app: App) -> None:
    for call in ("edit-tag", "mark-all-as-read", "rename-tag", "disable-tag", "subscription/edit"):
        assert app.get(call, i="1", a=READ, s="feed/1", ac="unsubscribe").status_code == 405, call
    assert not any(read for read, _ in app.marks().values())
