"""Streams as apps read them: numbers and whole items, by feed, label and mark, page by page."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from tests.serve.running_app import NOW, make_article, page_of
from tests.serve.sync.conftest import API, LATER, STATE, App
from unabridged.archive.records.core import Query
from unabridged.serve.sync.google_reader.ids import long_id
from unabridged.serve.sync.google_reader.streams import OTHER_FEED


def seconds(at: object) -> str:
    return str(int(at.timestamp()))  # type: ignore[attr-defined]


STREAMS: dict[str, list[int]] = {
    f"{STATE}/reading-list": [5, 4, 3, 2, 1],
    "user/1/state/com.google/reading-list": [5, 4, 3, 2, 1],
    f"{STATE}/read": [2],
    f"{STATE}/unread": [5, 4, 3, 1],
    f"{STATE}/kept-unread": [5, 4, 3, 1],
    f"{STATE}/starred": [4, 1],
    f"{STATE}/broadcast": [],
    f"{STATE}/like": [],
    "user/-/label/Reading": [3, 2, 1],
    "user/-/label/Much / käse": [5],
    "user/-/label/none": [],
    "feed/1": [3, 2, 1],
    "feed/2": [5, 4],
    "feed/https://news.example/0.xml": [3, 2, 1],
    "feed/https:/news.example/0.xml": [3, 2, 1],
    "feed/77": [],
    "feed/not an address": [],
    "nonsense": [],
}


def test_every_kind_of_stream_has_its_items(app: App) -> None:
    library, numbers = app.desk.archive.library(), article_numbers(app)
    library.marks.set_read([numbers[2]], True, now=NOW)
    library.marks.set_starred([numbers[4], numbers[1]], True, now=NOW)
    library.tags.add([numbers[5]], ["Much / käse"], now=NOW)
    for stream, expected in STREAMS.items():
        assert app.ids(stream, n="1000") == expected, stream
        for path in (stream, quote(stream, safe=""), quote(stream, safe="/")):
            answer = app.client.get(f"{API}/stream/contents/{path}?n=50", headers=app.headers)
            found = [one["id"] for one in answer.json()["items"]]
            assert found == [long_id(number) for number in expected], path


def article_numbers(app: App) -> dict[int, int]:
    return {one.item_id or 0: one.id for one in app.desk.archive.library().articles.items_after(0, 100)}


def test_several_streams_are_one_list(app: App) -> None:
    app.desk.archive.library().marks.set_starred([article_numbers(app)[1]], True, now=NOW)
    answer = app.client.get(
        f"{API}/stream/items/ids?s=feed/2&s={STATE}/starred&n=10&output=json", headers=app.headers
    )
    assert [ref["id"] for ref in answer.json()["itemRefs"]] == ["5", "4", "1"]


FILTERS: tuple[tuple[dict[str, str], list[int]], ...] = (
    ({"xt": f"{STATE}/read"}, [5, 3, 1]),
    ({"it": f"{STATE}/read"}, [4, 2]),
    ({"it": f"{STATE}/unread"}, [5, 3, 1]),
    ({"it": f"{STATE}/starred"}, [5]),
    ({"xt": "user/-/label/Reading"}, [5, 4]),
    ({"xt": "feed/2", "it": f"{STATE}/read"}, [2]),
    ({"xt": f"{STATE}/broadcast"}, [5, 4, 3, 2, 1]),
    ({"it": f"{STATE}/like"}, [5, 4, 3, 2, 1]),
    ({"r": "o"}, [1, 2, 3, 4, 5]),
    ({"r": "n"}, [5, 4, 3, 2, 1]),
    ({"r": "d"}, [5, 4, 3, 2, 1]),
    ({"n": "2"}, [5, 4]),
    ({"n": "0"}, [5, 4, 3, 2, 1]),
    ({"n": "many"}, [5, 4, 3, 2, 1]),
    ({"ot": seconds(NOW)}, [5, 4, 3, 2, 1]),
    ({"ot": seconds(NOW + timedelta(hours=1))}, []),
    ({"nt": seconds(NOW)}, [5, 4, 3, 2, 1]),
    ({"nt": seconds(NOW - timedelta(seconds=1))}, []),
    ({"ck": "1", "client": "app"}, [5, 4, 3, 2, 1]),
)


def test_filters_narrow_a_stream(app: App) -> None:
    library, numbers = app.desk.archive.library(), article_numbers(app)
    library.marks.set_read([numbers[2], numbers[4]], True, now=NOW)
    library.marks.set_starred([numbers[5]], True, now=NOW)
    for filters, expected in FILTERS:
        assert app.ids(**filters) == expected, filters
        assert [one["id"] for one in app.items(**filters)] == [long_id(n) for n in expected], filters


def test_pages_go_on_where_they_ended_while_new_articles_come(app: App) -> None:
    first = app.get("stream/items/ids", s=f"{STATE}/reading-list", n=2).json()
    assert first["continuation"].isdigit()
    app.desk.subscribe([make_article(20), make_article(21)], title="Third")
    second = app.get("stream/items/ids", s=f"{STATE}/reading-list", n=2, c=first["continuation"]).json()
    third = app.get("stream/items/ids", s=f"{STATE}/reading-list", n=2, c=second["continuation"]).json()
    seen = [int(ref["id"]) for page in (first, second, third) for ref in page["itemRefs"]]
    assert seen == [5, 4, 3, 2, 1]
    assert "continuation" not in third
    whole = app.get("stream/contents/feed%2F1", n=2).json()
    rest = app.get("stream/contents/feed%2F1", n=2, c=whole["continuation"]).json()
    assert [one["id"] for one in (*whole["items"], *rest["items"])] == [long_id(n) for n in (3, 2, 1)]
    assert "continuation" not in rest
    assert app.get("stream/items/ids", s="feed/1", c="xyz").status_code == 400


def test_an_item_is_the_whole_article_with_all_its_facts(app: App) -> None:
    [newest] = [one for one in app.items("feed/1") if one["title"] == "Story number 0"]
    stored = app.desk.archive.library().articles.get(article_numbers(app)[int(newest["id"][-16:], 16)])
    assert newest["content"] == newest["summary"] == {"direction": "ltr", "content": stored.article.html}
    assert "The second one, with more words" in newest["content"]["content"]
    assert newest["canonical"] == [{"href": "https://news.example/story-0"}]
    assert newest["alternate"] == [{"href": "https://news.example/story-0", "type": "text/html"}]
    assert newest["author"] == "Ada Writer, Bo Second"
    assert newest["published"] == int(NOW.timestamp())
    assert newest["updated"] == int(stored.revised.timestamp())
    assert newest["origin"] == {
        "streamId": "feed/1",
        "title": "The News",
        "htmlUrl": "https://news.example/",
    }
    assert newest["categories"] == [
        f"{STATE}/reading-list",
        "user/-/label/Reading",
        "Harbour",
        "Weather",
    ]
    audio = "https://news.example/0.mp3"
    assert newest["enclosure"] == [{"href": audio, "url": audio, "type": "audio/mpeg", "length": 123}]


def test_times_of_items_differ_and_rise_with_their_numbers(app: App) -> None:
    found = app.items(r="o")
    stamps = [int(one["timestampUsec"]) for one in found]
    assert stamps == sorted(set(stamps))
    assert [one["crawlTimeMsec"] for one in found] == [str(stamp // 1000) for stamp in stamps]
    refs = app.get("stream/items/ids", s=f"{STATE}/reading-list", r="o").json()["itemRefs"]
    assert refs == [{"id": str(number)} for number in (1, 2, 3, 4, 5)]
    assert all(stamp // 1_000_000 == int(NOW.timestamp()) for stamp in stamps)


def test_a_new_revision_keeps_the_id_and_moves_the_time_of_change(app: App) -> None:
    before = app.items()[-1]
    number = article_numbers(app)[1]
    app.desk.archive.library().marks.set_read([number], True, now=NOW)
    stored = app.desk.archive.library().articles.get(number)
    text = stored.article.text.replace("more words", "many more words than before")
    changed = replace(stored.article, html=f"<p>{text}</p>", text=text)
    app.desk.archive.ingest.save_page(number, changed, page_of(changed, LATER), now=LATER)
    after = app.items()[-1]
    assert (after["id"], after["timestampUsec"]) == (before["id"], before["timestampUsec"])
    assert after["updated"] == int(LATER.timestamp()) > before["updated"]
    assert "many more words than before" in after["content"]["content"]
    assert f"{STATE}/read" in after["categories"]


def test_items_are_asked_for_by_any_form_of_their_ids(app: App) -> None:
    body = f"i={long_id(3)}&i=1&i=0000000000000005&i=4&i=999&i=junk&i=-4&T="
    answer = app.post("stream/items/contents?output=json", body=body)
    assert [one["id"] for one in answer.json()["items"]] == [long_id(number) for number in (3, 1, 5, 4)]
    assert answer.json()["id"] == f"{STATE}/reading-list"
    assert answer.json()["direction"] == "ltr"
    again = app.get("stream/items/contents", i=["2", "1"], r="o").json()
    assert [one["id"] for one in again["items"]] == [long_id(1), long_id(2)]


def test_more_items_than_a_batch_are_one_document(app: App) -> None:
    app.desk.subscribe([make_article(number) for number in range(100, 230)], title="Many")
    assert len(app.items(n="1000")) == 135
    numbers = list(range(1, 136))
    body = "&".join(f"i={number}" for number in (*range(1000, 1060), *numbers))
    found = app.post("stream/items/contents", body=body).json()["items"]
    assert [one["id"] for one in found] == [long_id(number) for number in numbers]


def test_saved_pages_belong_to_a_feed_that_the_list_has(app: App) -> None:
    listed = app.get("subscription/list").json()["subscriptions"]
    assert [one["id"] for one in listed] == ["feed/2", "feed/1"]
    page = make_article(50)
    app.desk.archive.library().articles.save(page, page_of(page), now=NOW)
    listed = app.get("subscription/list").json()["subscriptions"]
    assert listed[-1]["id"] == f"feed/{OTHER_FEED}"
    [item] = app.items(f"feed/{OTHER_FEED}")
    assert item["title"] == "Story number 50"
    assert item["origin"]["streamId"] == f"feed/{OTHER_FEED}"
    app.desk.archive.library().subscriptions.remove(2)
    assert len(app.items(f"feed/{OTHER_FEED}")) == 3
    assert {one["origin"]["streamId"] for one in app.items()} == {"feed/1", f"feed/{OTHER_FEED}"}


def test_the_duplicate_of_an_article_is_in_no_stream(app: App) -> None:
    library = app.desk.archive.library()
    assert len(app.ids()) == len(library.articles.headlines(Query()).headlines) == 5


def test_the_shape_is_that_of_a_stream_whatever_is_asked(app: App) -> None:
    for call in ("stream/contents/feed/77", "stream/contents/", "stream/contents", "stream/nonsense/1"):
        assert isinstance(app.get(call).json()["items"], list), call
    assert app.get("stream/items/ids", s="feed/77").json() == {"itemRefs": []}
    assert app.get("stream/items/ids", s="feed/1", output="xml").status_code == 501
    assert app.get("friend/list").json() == []


def test_titles_hold_no_tag_in_apps_that_show_them_as_html(app: App) -> None:
    article = make_article(30, title="<script>alert(1)</script> & more")
    app.desk.subscribe([article], title="<b>Bold</b>")
    [newest] = app.items(n="1")
    assert newest["title"] == "＜script＞alert(1)＜/script＞ & more"
    titles = [one["title"] for one in app.get("subscription/list").json()["subscriptions"]]
    assert "＜b＞Bold＜/b＞" in titles
