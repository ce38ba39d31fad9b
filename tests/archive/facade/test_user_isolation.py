"""No user reaches another's: every call that takes a user, with one user's numbers under another's name."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from tests.archive.sample_feeds import NOW, URL, a_feed, a_page, an_article, an_entry, fine, save
from unabridged.archive import Archive, Imported, Query
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import metadata
from unabridged.errors import ArchiveError, NotFound

OTHERS = "https://other.example/feed"


@dataclass
class Theirs:
    """What the owner has, by number; `me` is somebody else."""

    me: int
    feed: int
    folder: int
    article: int
    item: int
    snapshot: str
    tag: int
    token: int
    rule: int


@pytest.fixture
def theirs(archive: Archive) -> Theirs:
    """The owner has everything; the other user one feed of their own."""
    feed = archive.subscribe(URL, now=NOW, folder="Private").feed
    [number] = save(archive, feed.id, an_entry(1)).new
    archive.save_page(number, an_article("https://news.example/1"), a_page("https://news.example/1"), now=NOW)
    archive.star([number], True, now=NOW)
    archive.tag([number], ["mine"], now=NOW)
    me = archive.add_user("somebody", now=NOW)
    other = archive.subscribe(OTHERS, now=NOW, user=me, folder="Own").feed
    archive.save_entries(other.id, *_document())
    stored = archive.article(number)
    assert stored.snapshot is not None and stored.item_id is not None
    return Theirs(
        me=me,
        feed=feed.id,
        folder=archive.folders()[0].id,
        article=number,
        item=stored.item_id,
        snapshot=stored.snapshot,
        tag=archive.tags()[0].id,
        token=archive.add_token("phone", now=NOW).token.id,
        rule=archive.add_mute_rule("title", "never there", now=NOW).id,
    )


def _document() -> tuple[Any, Any, Any]:
    return a_feed(), [an_entry(9, url="https://other.example/9")], fine()


Call = Callable[[Archive, Theirs], Any]

NOTHING: dict[str, Call] = {
    # calls that must find nothing, or change nothing and say how many they changed
    "headlines": lambda a, t: a.headlines(Query(feed=t.feed), user=t.me).headlines,
    "articles": lambda a, t: a.articles(Query(folder=t.folder), user=t.me).articles,
    "all_articles": lambda a, t: list(a.all_articles(Query(tag=t.tag), user=t.me)),
    "find_article": lambda a, t: a.find_article("https://news.example/1", user=t.me),
    "mark_read": lambda a, t: a.mark_read([t.article], True, now=NOW, user=t.me),
    "star": lambda a, t: a.star([t.article], False, now=NOW, user=t.me),
    "tag": lambda a, t: a.tag([t.article], ["x"], now=NOW, user=t.me),
    "untag": lambda a, t: a.untag([t.article], ["mine"], now=NOW, user=t.me),
    "tags": lambda a, t: a.tags(user=t.me),
    "tags_of": lambda a, t: a.tags_of([t.article], user=t.me),
    "tokens": lambda a, t: a.tokens(user=t.me),
    "mute_rules": lambda a, t: a.mute_rules(user=t.me),
    "mark_all_read": lambda a, t: a.mark_all_read(Query(feed=t.feed), now=NOW, before=NOW, user=t.me),
    "neighbours": lambda a, t: any(a.neighbours(t.article, Query(), user=t.me)),
    "headlines_among": lambda a, t: a.headlines_among(Query(), [t.article], user=t.me),
    "count_articles": lambda a, t: a.count_articles(Query(feed=t.feed), user=t.me),
    "search": lambda a, t: a.search("site:news.example", user=t.me).hits,
    "search_ids": lambda a, t: a.search_ids("-nothing site:news.example", user=t.me).article_ids,
    "search_page": lambda a, t: a.search_page(f"feed:{t.feed}", user=t.me).articles,
    "search_articles": lambda a, t: list(a.search_articles("site:news.example", user=t.me)),
    "items_before": lambda a, t: a.items_before(t.item + 1, user=t.me),
    "subscriptions": lambda a, t: [s for s in a.subscriptions(user=t.me) if s.feed.id == t.feed],
    "folders": lambda a, t: [f for f in a.folders(user=t.me) if f.id == t.folder],
    "items_after": lambda a, t: [i for i in a.items_after(0, user=t.me) if i.id == t.article],
    "counts": lambda a, t: a.counts(user=t.me).starred + (a.counts(user=t.me).articles - 1),
}

REFUSED: dict[str, Call] = {
    # calls that must be refused as if the number did not exist, or as the owner's alone
    "article": lambda a, t: a.article(t.article, user=t.me),
    "revisions": lambda a, t: a.revisions(t.article, user=t.me),
    "revision": lambda a, t: a.revision(t.article, 1, user=t.me),
    "observations": lambda a, t: a.observations(t.article, user=t.me),
    "joined_articles": lambda a, t: a.joined_articles(t.article, user=t.me),
    "sightings": lambda a, t: a.sightings(t.article, user=t.me),
    "snapshot": lambda a, t: a.snapshot(t.snapshot, user=t.me),
    "article_pictures": lambda a, t: a.article_pictures(t.article, user=t.me),
    "request_page": lambda a, t: a.request_page(t.article, now=NOW, user=t.me),
    "subscription": lambda a, t: a.subscription(t.feed, user=t.me),
    "unsubscribe": lambda a, t: a.unsubscribe(t.feed, user=t.me),
    "purge": lambda a, t: a.purge(t.feed, user=t.me),
    "rename": lambda a, t: a.rename(t.feed, "x", user=t.me),
    "move": lambda a, t: a.move(t.feed, "x", user=t.me),
    "rename_folder": lambda a, t: a.rename_folder(t.folder, "x", user=t.me),
    "feed": lambda a, t: a.feed(t.feed, user=t.me),
    "feed_moves": lambda a, t: a.feed_moves(t.feed, user=t.me),
    "set_feed_url": lambda a, t: a.set_feed_url(t.feed, "https://evil.example/", now=NOW, user=t.me),
    "set_feed_status": lambda a, t: a.set_feed_status(t.feed, "paused", now=NOW, user=t.me),
    "rename_tag": lambda a, t: a.rename_tag(t.tag, "x", user=t.me),
    "remove_tag": lambda a, t: a.remove_tag(t.tag, user=t.me),
    "remove_token": lambda a, t: a.remove_token(t.token, user=t.me),
    "remove_mute_rule": lambda a, t: a.remove_mute_rule(t.rule, user=t.me),
    "add_mute_rule": lambda a, t: a.add_mute_rule("title", "x", feed=t.feed, now=NOW, user=t.me),
    "delete_article": lambda a, t: a.delete_article(t.article, now=NOW, user=t.me),
    "allow_again": lambda a, t: a.allow_again("https://news.example/1", user=t.me),
    "set_retention": lambda a, t: a.set_retention("Private", 1, user=t.me),
}

OWN = {
    # calls that only ever make something for the user who makes them
    "subscribe",
    "subscribe_many",
    "save_article",
    "import_article",
    "import_articles",
    "import_pages",
    "add_token",
}


def rows(dsn: str) -> dict[str, list[str]]:
    database = Database(dsn)
    with database.reading() as conn:
        found = {
            name: sorted(repr(tuple(row)) for row in conn.execute(select(table)))
            for name, table in metadata.tables.items()
        }
    database.close()
    return found


def test_every_call_that_takes_a_user_is_examined_here() -> None:
    taking = {
        name
        for name, call in inspect.getmembers(Archive, callable)
        if not name.startswith("_") and "user" in inspect.signature(call).parameters
    }
    assert taking == {*NOTHING, *REFUSED, *OWN}


def test_with_anothers_numbers_nothing_is_found_and_nothing_changes(
    archive: Archive, theirs: Theirs, dsn: str
) -> None:
    before = rows(dsn)
    found = {name: call(archive, theirs) for name, call in NOTHING.items()}
    assert {name: value for name, value in found.items() if value} == {}
    assert rows(dsn) == before


def test_with_anothers_numbers_calls_are_refused_and_nothing_changes(
    archive: Archive, theirs: Theirs, dsn: str
) -> None:
    before = rows(dsn)
    for name, call in REFUSED.items():
        expected = ArchiveError if name in ("delete_article", "allow_again", "set_retention") else NotFound
        with pytest.raises(expected):
            call(archive, theirs)
            pytest.fail(f"{name} was not refused")
    assert rows(dsn) == before


def test_what_one_user_makes_is_only_theirs(archive: Archive, theirs: Theirs) -> None:
    me = theirs.me
    page = a_page("https://own.example/1")
    saved = archive.save_article(an_article("https://own.example/1"), page, now=NOW, user=me)
    file = Imported(article=an_article("https://own.example/2"), origin="document", source="own")
    imported = archive.import_article(file, now=NOW, user=me)
    archive.add_token("desk", now=NOW, user=me)
    archive.tag([saved.article_id], ["mine"], now=NOW, user=me)
    archive.subscribe("https://own.example/feed", now=NOW, user=me, folder="Private")
    mine = {one.id for one in archive.headlines(Query(), user=me).headlines}
    assert {saved.article_id, imported.article_id} < mine and theirs.article not in mine
    assert [one.id for one in archive.headlines(Query()).headlines] == [theirs.article]
    assert [tag.articles for tag in archive.tags()] == [1]
    assert [tag.articles for tag in archive.tags(user=me)] == [1]
    assert [folder.name for folder in archive.folders()] == ["Private"]
    assert archive.folders(user=me)[1].id != theirs.folder
    assert [token.name for token in archive.tokens()] == ["phone"]


def test_an_article_delivered_to_two_has_each_ones_own_marks(archive: Archive, theirs: Theirs) -> None:
    archive.subscribe(URL, now=NOW, user=theirs.me)
    save(archive, theirs.feed, an_entry(1))
    own = archive.article(theirs.article, user=theirs.me)
    assert (own.read, own.starred, own.item_id != theirs.item) == (False, False, True)
    archive.mark_read([theirs.article], True, now=NOW, user=theirs.me)
    archive.tag([theirs.article], ["other"], now=NOW, user=theirs.me)
    assert archive.article(theirs.article).read is False
    assert archive.tags_of([theirs.article]) == {theirs.article: ("mine",)}
    assert archive.tags_of([theirs.article], user=theirs.me) == {theirs.article: ("other",)}
