"""Changes as feeds and as a page: what they say, where they lead, and what stays the same."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import feedparser
import httpx
import nh3
import pytest

from tests.serve.running_app import HTML, NOW, Desk, make_article, page_of
from unabridged.archive.records.core import Failure
from unabridged.errors import ArchiveError

HOUR = timedelta(hours=1)
GONE = Failure(kind="taken-down", message="The publisher has taken the article down.")
Visit = Callable[..., httpx.Client]
READER = {"Accept": "application/atom+xml, */*"}


def edit(desk: Desk, place: int, old: str, new: str, hours: int) -> None:
    """Let the publisher replace words of the article in a place of the feed."""
    number, at = desk.articles[place], NOW + hours * HOUR
    now = desk.archive.library().articles.get(number).article
    text, html = now.text.replace(old, new), now.html.replace(old, new)
    changed = replace(now, text=text, html=html, title=now.title.replace(old, new))
    page = page_of(changed, at)
    page = replace(page, body=page.body + changed.title.encode())
    desk.archive.ingest.save_page(number, changed, page, now=at)


def miss(desk: Desk, place: int, hours: int) -> None:
    at = NOW + hours * HOUR
    desk.archive.ingest.record_page_failure(
        desk.articles[place], GONE, now=at, next_try_at=None, status=410, taken_down=True
    )


@pytest.fixture
def stage(desk: Desk, visit: Visit) -> tuple[Desk, httpx.Client]:
    """Three articles: 1 was edited twice, 2 taken down, 3 taken down and restored."""
    desk.subscribe([make_article(number) for number in (1, 2, 3)])
    edit(desk, 0, "first", "opening", 1)
    edit(desk, 0, "number 1", "<b>one</b> & only", 2)
    miss(desk, 1, 3)
    miss(desk, 2, 4)
    edit(desk, 2, "nothing", "at all", 5)
    desk.archive.library().tags.add([desk.articles[1]], ["sea"], now=NOW)
    return desk, visit(desk, clock=lambda: NOW + timedelta(days=2))


@pytest.mark.parametrize("format_name", ["rss", "atom"])
def test_each_change_is_an_item_with_its_words_and_both_versions(
    stage: tuple[Desk, httpx.Client], format_name: str
) -> None:
    desk, client = stage
    one, two, three = desk.articles
    answer = client.get(f"/changes/all.{format_name}", headers=READER)
    found = feedparser.parse(answer.content)
    assert not found.bozo
    assert [entry.title for entry in found.entries[:3]] == [
        "Restored: Story number 3",
        "Taken down: Story number 3",
        "Taken down: Story number 2",
    ]
    assert found.entries[3].id == f"urn:unabridged:change:{one}-edited-3"
    assert [entry.tags[0].term for entry in found.entries] == [
        *("Restored", "Taken down", "Taken down", "Edited", "Edited")
    ]
    base = str(client.base_url).rstrip("/")
    assert [urlsplit(entry.link).path for entry in found.entries] == [
        f"/a/{three}/v/1",
        f"/a/{three}/v/1",
        f"/a/{two}/v/1",
        f"/a/{one}/diff/2..3",
        f"/a/{one}/diff/1..2",
    ]
    times = [NOW + hours * HOUR for hours in (5, 4, 3, 2, 1)]
    assert [entry.published_parsed[:5] for entry in found.entries] == [at.timetuple()[:5] for at in times]
    words = found.entries[4].content[0].value
    assert "<del>first</del>" in words and "<ins>opening</ins>" in words
    for number in (1, 2):
        assert f'href="{base}/a/{one}/v/{number}"' in words
        assert client.get(f"/a/{one}/v/{number}").status_code == 200
    assert client.get(f"/a/{one}/diff/1..2").status_code == 200
    assert found.entries[4].summary == "1 word added, 1 word removed. Added: “opening”. Removed: “first”."
    if format_name == "atom":
        assert {entry.source.title for entry in found.entries} == {"The News"}


def test_what_publishers_write_is_text_in_an_item(stage: tuple[Desk, httpx.Client]) -> None:
    _, client = stage
    items = client.get("/changes/all.json", headers=READER).json()["items"]
    [html] = [item["content_html"] for item in items if item["id"].endswith("edited-3")]
    assert "<b>" not in html and "&lt;b&gt;" in html
    assert items[3]["title"].startswith("Edited: Story <b>one</b>")


def test_what_changed_outlives_the_cleaning_of_readers(stage: tuple[Desk, httpx.Client]) -> None:
    _, client = stage
    items = client.get("/changes/all.json", headers=READER).json()["items"]
    html = items[4]["content_html"]
    cleaned = nh3.clean(html)  # the allow-list of ammonia, on which many readers' are modelled
    assert "<del>first</del>" in cleaned and "<ins>opening</ins>" in cleaned
    bare = nh3.clean(html, tags={"p", "a"})
    assert "Added: “opening”. Removed: “first”." in bare, "the plain line says it without marks"


def test_each_scope_has_a_feed_and_a_page(stage: tuple[Desk, httpx.Client]) -> None:
    desk, client = stage
    mine = desk.archive.library()
    search = mine.searches.add("Two", 'title:"number 2"', now=NOW).id
    mine.marks.set_starred([desk.articles[2]], True, now=NOW)
    expected = {
        "all": 5,
        f"feeds/{desk.feed}": 5,
        "folders/Reading": 5,
        f"tags/{mine.tags.all()[0].id}": 1,
        f"searches/{search}": 1,
        "starred": 2,
        f"a/{desk.articles[0]}": 2,
        f"sources/{mine.articles.get(desk.articles[0]).source}": 5,
    }
    found = {
        name: len(client.get(f"/changes/{name}.json", headers=READER).json()["items"]) for name in expected
    }
    assert found == expected
    ids = set()
    for name, count in expected.items():
        page = client.get(f"/changes/{name}")
        assert page.status_code == 200 and page.text.count('<li id="c') == count
        [stem] = set(re.findall(r'href="(/changes/[^"]+)\.atom"', page.text))
        answer = client.get(f"{stem}.atom", headers=READER)
        ids.add(feedparser.parse(answer.content).feed.id)
    assert len(ids) == len(expected), "each feed has an id of its own"
    assert client.get("/changes").text.count('<li id="c') == 5


def test_a_kind_alone_is_a_feed_too(stage: tuple[Desk, httpx.Client]) -> None:
    _, client = stage
    counts = {
        kind: len(client.get(f"/changes/all.json?kind={kind}", headers=READER).json()["items"])
        for kind in ("all", "edited", "taken_down", "restored")
    }
    assert counts == {"all": 5, "edited": 2, "taken_down": 2, "restored": 1}
    assert client.get("/changes?kind=other").status_code == 400
    page = client.get("/changes?kind=taken_down").text
    assert page.count('<li id="c') == 2
    assert '/changes/all.rss?kind=taken_down"' in page


def test_a_feed_of_changes_is_sent_once(stage: tuple[Desk, httpx.Client]) -> None:
    desk, client = stage
    first = client.get("/changes/all.atom", headers=READER)
    assert (first.headers["content-language"], first.headers["vary"]) == (
        "en",
        "Accept, Accept-Language, Cookie",
    )
    assert first.headers["last-modified"] == "Fri, 20 Mar 2026 14:00:00 GMT"
    again = client.get("/changes/all.atom", headers=READER | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    edit(desk, 0, "second", "last", 7)
    anew = client.get("/changes/all.atom", headers=READER | {"If-None-Match": first.headers["etag"]})
    assert anew.status_code == 200
    before, after = (feedparser.parse(one.content).entries for one in (first, anew))
    assert [one.id for one in after[1:]] == [one.id for one in before]
    assert [(one.updated, one.content[0].value) for one in after[1:]] == [
        (one.updated, one.content[0].value) for one in before
    ]


def test_older_changes_are_pages_of_the_feed(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(1)])
    for hours in range(1, 26):
        edit(desk, 0, f"{hours - 1} " if hours > 1 else "first ", f"{hours} ", hours)
    client = visit(desk, clock=lambda: NOW + timedelta(days=2))
    ids: list[str] = []
    address: str | None = "/changes/all.json"
    while address:
        answer = client.get(address, headers=READER).json()
        ids += [item["id"] for item in answer["items"]]
        address = answer.get("next_url")
    assert len(ids) == len(set(ids)) == len(desk.archive.library().articles.revisions(desk.articles[0])) - 2
    page = client.get("/changes").text
    [older] = set(re.findall(r'href="(/changes/all\?before=[^"]+)"', page))
    assert page.count('<li id="c') + client.get(older).text.count('<li id="c') == len(ids)


@pytest.mark.parametrize(
    "name",
    *(["none", "feeds/9", "feeds/x", "folders/none", "tags/9", "searches/9", "a/9", "a/0", "sources/x"],),
)
def test_a_scope_that_is_not_there_is_not_found(stage: tuple[Desk, httpx.Client], name: str) -> None:
    _, client = stage
    for ending in ("", ".rss"):
        assert client.get(f"/changes/{name}{ending}", headers=READER).status_code == 404
    assert client.get("/changes?before=x").status_code == 404


def test_a_damaged_version_leaves_its_edit_in_the_list(stage: tuple[Desk, httpx.Client]) -> None:
    desk, client = stage
    with desk.archive._db._writer.connect() as conn, conn.begin():
        conn.exec_driver_sql("UPDATE revisions SET record = x'00' WHERE number = 2")
    with pytest.raises(ArchiveError):
        desk.archive.library().articles.revision(desk.articles[0], 2)
    items = client.get("/changes/all.json", headers=READER).json()["items"]
    assert len(items) == 5
    assert "<del>" not in items[4]["content_html"]


def test_an_empty_archive_has_no_changes(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(1)])
    client = visit(desk)
    assert "Nothing changed" in client.get("/changes").text
    assert client.get("/changes/all.rss", headers=READER).text.count("<item>") == 0


@pytest.fixture
def chinese(full: Desk, visit: Visit) -> Iterator[httpx.Client]:
    yield visit(full)


def test_chinese_is_compared_letter_by_letter(chinese: httpx.Client) -> None:
    items = chinese.get("/changes/all.json", headers=READER).json()["items"]
    assert "<del>二</del><ins>三</ins>" in items[0]["content_html"]
    assert 'lang="zh-CN"' in items[0]["content_html"]
    page = chinese.get("/changes", headers={"Accept": HTML}).text
    assert "<del>二</del><ins>三</ins>" in page


def test_a_token_in_the_address_opens_a_feed_of_changes_page_by_page(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(1)])
    for hours in range(1, 13):
        edit(desk, 0, f"{hours - 1} " if hours > 1 else "first ", f"{hours} ", hours)
    locked = replace(desk.settings, serve=replace(desk.settings.serve, login="always"))
    client = visit(desk, settings=locked)
    secret = desk.archive.library().tokens.add("reader", now=NOW).secret
    assert client.get("/changes/all.atom", headers=READER).status_code == 401
    assert client.get(f"/web/{make_article(1).url}", headers=READER).status_code == 401
    first = client.get(f"/changes/all.atom?token={secret}&kind=edited", headers=READER)
    links = {link.rel: link.href for link in feedparser.parse(first.content).feed.links}
    assert f"token={secret}" in links["self"] and "kind=edited" in links["self"]
    assert client.get(links["next"], headers=READER).status_code == 200
    assert secret not in first.text.split("<entry>", 1)[1], "no item names the token"


@pytest.mark.parametrize("format_name", ["rss", "atom", "json"])
def test_changes_with_an_ending_are_the_feed_of_all_articles(
    stage: tuple[Desk, httpx.Client], format_name: str
) -> None:
    _, client = stage
    short = client.get(f"/changes.{format_name}?kind=edited", headers=READER)
    whole = client.get(f"/changes/all.{format_name}?kind=edited", headers=READER)
    assert (short.status_code, short.text.count("-edited-")) == (200, 2)
    assert (short.content, short.headers["etag"]) == (whole.content, whole.headers["etag"])
    assert client.get("/changes.xml", headers=READER).status_code == 404
