"""The client over real HTTP: everything that it does arrives in the archive."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.serve.api.conftest import LATER, Program, filled, program_on
from tests.serve.routes.test_any_feed import feed_of
from tests.serve.routes.test_save import PAGE, TEXT, URL
from tests.serve.running_app import NOW, Shelf, in_thread, make_article, page_of, serving
from unabridged.api_records.feeds import FeedChange
from unabridged.api_records.library import NewHighlight, ReadAll, SearchDraft
from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.rules import RuleDraft
from unabridged.client import Client, Forbidden, InvalidRequest, NoSuchThing, SiteFailed, TokenRefused


@dataclass
class Stage:
    """A client with a writing token of the owner, and the owner's library."""

    client: Client
    mine: Library
    program: Program
    address: str

    @property
    def numbers(self) -> list[int]:
        return self.program.desk.articles


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Archive(f"sqlite:///{tmp_path / 'archive.sqlite'}") as archive:
        desk = filled(archive, tmp_path)
        with program_on(desk) as program:
            address = str(program.client.base_url)
            with Client(address, program.secret) as client:
                yield Stage(client=client, mine=archive.library(), program=program, address=address)


def test_lists_go_on_over_all_pages(stage: Stage) -> None:
    articles = stage.client.articles
    found = [one.id for one in articles.all(page_size=2)]
    assert len(found) == len(set(found)) == 5
    assert [one.id for one in articles.all(page_size=2, order="oldest")] == found[::-1]
    whole = list(articles.all(feed=stage.program.desk.feed, content="text", page_size=1))
    assert len(whole) == 3 and all(one.content for one in whole)
    assert [one.id for one in articles.all(since=NOW)] == found[:1]
    assert [hit.article.id for hit in stage.client.search("story")] == found[1:]


def test_events_are_read_and_followed(stage: Stage) -> None:
    events, library = stage.client.events, stage.mine
    found = list(events.all())
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    page = events.page(limit=2)
    assert page.events == found[:2] and page.more and page.next == 2
    changed = list(events.all(kinds=["article.changed", "feed.moved"]))
    assert changed == [one for one in found if one.kind == "article.changed"] != []
    assert list(events.all(feed=stage.program.desk.feed)) != found
    with pytest.raises(NoSuchThing):
        list(events.all(feed=777))
    followed = events.follow(found[-2].number)
    assert next(followed) == found[-1]
    article = make_article(90)
    number = library.articles.save(article, page_of(article), now=LATER).article_id
    assert (next(followed).article, number) == (number, number)
    followed.close()


def test_an_article_is_read_in_its_versions(stage: Stage) -> None:
    articles = stage.client.articles
    number = articles.by_url("https://news.example/story-0").id
    assert articles.get(number, format="text").version == 2
    assert [one.edit for one in articles.versions(number)] == [False, False, True]
    assert articles.version(number, 0, format="text").content == "Three lines."
    assert articles.version_as_of(number, NOW + timedelta(hours=1)).number == 1
    assert articles.version_as_of(number, LATER).number == 2
    assert [(one.kind, one.before, one.after) for one in articles.changes(article=number)] == [
        ("edited", 1, 2)
    ]
    assert list(articles.changes(since=LATER)) == list(articles.changes(kind="restored")) == []
    diff = articles.diff(number, 1, 2)
    assert (diff.added, diff.removed) == (1, 1)


def test_marks_arrive_and_are_counted_over_many_requests(stage: Stage) -> None:
    articles = stage.client.articles
    some = articles.read_all(ReadAll(until=NOW))
    assert some.changed == 4 and stage.mine.mark_counts().unread == 1
    assert articles.undo_read_all(some) == 4
    done = articles.mark([*stage.numbers, *range(10_000, 12_500)], read=True, add_tags=["harbour"])
    assert (done.read, done.tagged, done.starred) == (3, 3, 0)
    assert stage.client.counts().unread == stage.mine.mark_counts().unread == 2
    assert articles.read_all().changed == 2
    with pytest.raises(InvalidRequest):
        articles.mark(stage.numbers, add_tags=["\x07"])


def test_tags_searches_rules_and_highlights_are_kept(stage: Stage) -> None:
    client, mine = stage.client, stage.mine
    client.articles.mark(stage.numbers, add_tags=["a"])
    tag = client.tags.all()[0]
    assert [one.name for one in client.tags.rename(tag.id, "b")] == ["b"]
    client.tags.remove(tag.id)
    assert mine.tags.all() == ()
    search = client.searches.add(SearchDraft(name="Stories", query="story"))
    client.searches.change(search.id, SearchDraft(name="Others", query="story -first"))
    assert [one.name for one in client.searches.all()] == ["Others"]
    client.searches.remove(search.id)
    assert mine.searches.all() == ()
    mine.rules.add(RuleDraft(action="mute", query="title:x"), now=NOW)
    assert [one.query for one in client.rules()] == ["title:x"]
    made = client.highlights.add(NewHighlight(article=stage.numbers[-1], exact="second one"))
    assert client.highlights.set_note(made.id, "hm").note == "hm"
    assert [one.id for one in client.highlights.all()] == [made.id]
    assert [one.note for one in client.highlights.of_article(stage.numbers[-1])] == ["hm"]
    client.highlights.remove(made.id)
    assert mine.highlights.by_article() == ()


def test_feeds_are_found_added_changed_and_removed(stage: Stage) -> None:
    feeds = stage.client.feeds
    with in_thread(serving(Shelf())) as shelf:
        shelf.answers = {"/daily": ("application/rss+xml", feed_of(shelf.origin))}
        address = f"{shelf.origin}/daily"
        assert feeds.preview(address, format="text").articles
        added = feeds.add(address, folder="Daily")
    assert added.new and [one.name for one in feeds.folders()] == ["Daily", "Reading"]
    number = added.feed.id
    assert feeds.change(number, FeedChange(title="Mine")).folder == "Daily", "what is not given stays"
    assert feeds.change(number, FeedChange(folder=None, interval=7200)).interval == 7200
    assert {one.title for one in feeds.all()} == {"Mine", "The News", "Other News"}
    assert [one.title for one in feeds.all(words="other")] == ["Other News"]
    assert feeds.add_folder("Empty").name == "Empty"
    folder = feeds.folders()[0]
    feeds.rename_folder(folder.id, "Else")
    feeds.remove_folder(folder.id)
    feeds.remove(number)
    with pytest.raises(NoSuchThing):
        feeds.get(number)
    assert isinstance(feeds.health(), list)
    with pytest.raises(SiteFailed):
        feeds.discover("http://127.0.0.1:47999/")


def test_pages_are_saved_as_text_and_as_bytes(stage: Stage) -> None:
    made = stage.client.articles.save(URL, html=PAGE.encode("gb2312"))
    assert made.change == "new"
    assert TEXT in stage.client.articles.get(made.id, format="text").content
    assert stage.client.articles.save(URL, html=PAGE).change == "same"


def test_without_its_extra_the_client_says_what_to_install() -> None:
    code = "import sys; sys.modules['httpx'] = None; import unabridged.client"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "unabridged.client needs httpx. Install it" in done.stderr and "'.[client]'" in done.stderr


def test_what_a_token_may_not_do_is_an_exception(stage: Stage) -> None:
    reading = stage.mine.tokens.add("reader", "read", now=NOW).secret
    with Client(stage.address, reading) as client:
        assert client.me().scope == "read"
        with pytest.raises(Forbidden):
            client.articles.read_all()
    with Client(stage.address, "wrong") as client, pytest.raises(TokenRefused):
        client.me()
