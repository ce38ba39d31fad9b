"""No user reaches another's: every call of a library, with the numbers of another user."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.archive.sample_feeds import NOW, URL, a_feed, a_page, an_article, an_entry, fine, save
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive, Imported, Query
from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.changes import ChangeQuery
from unabridged.archive.records.core import Failure
from unabridged.archive.records.events import ChannelDraft, EventQuery
from unabridged.archive.records.items import ItemEdit, ItemList, ItemStream, StreamPart
from unabridged.archive.records.rules import RuleDraft
from unabridged.archive.records.stories import StoryQuery
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import metadata
from unabridged.errors import ArchiveError, NotFound
from unabridged.text.quotes import Quote

OTHERS = "https://other.example/feed"
ANY_RULE = RuleDraft(action="mute", query="story")


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
    search: int
    share: int
    highlight: int
    channel: int


@pytest.fixture
def theirs(archive: Archive) -> Theirs:
    """The owner has everything; the other user one feed of their own."""
    feed = archive.library().subscriptions.add(URL, now=NOW, folder="Private").feed
    [number] = save(archive, feed.id, an_entry(1)).new
    archive.ingest.save_page(
        number, an_article("https://news.example/1"), a_page("https://news.example/1"), now=NOW
    )
    gone = Failure(kind="taken-down", message="It is gone.")
    archive.ingest.record_page_failure(number, gone, now=NOW, next_try_at=None, status=410, taken_down=True)
    archive.library().marks.set_starred([number], True, now=NOW)
    archive.library().tags.add([number], ["mine"], now=NOW)
    archive.library().preferences.set({"theme": "dark"})
    archive.library().positions.set(number, "a1", 60, 600, now=NOW)
    me = add_user(archive, "somebody")
    other = archive.library(me).subscriptions.add(OTHERS, now=NOW, folder="Own").feed
    archive.ingest.save_entries(other.id, *_document())
    stored = archive.library().articles.get(number)
    assert stored.snapshot is not None and stored.item_id is not None
    hook = ChannelDraft(address="https://hooks.example/")
    return Theirs(
        me=me,
        feed=feed.id,
        folder=archive.library().subscriptions.folders()[0].id,
        article=number,
        item=stored.item_id,
        snapshot=stored.snapshot,
        tag=archive.library().tags.all()[0].id,
        token=archive.library().tokens.add("phone", now=NOW).token.id,
        highlight=archive.library().highlights.add(number, 1, Quote(exact="Paragraph"), now=NOW),
        share=archive.library().shares.add(number, 1, now=NOW).share.id,
        rule=archive.library().rules.add(RuleDraft(action="mute", query="never"), now=NOW).id,
        channel=archive.library().channels.add(hook, now=NOW).channel.id,
        search=archive.library().searches.add("mine", "story", now=NOW).id,
    )


def _document() -> tuple[Any, Any, Any]:
    return a_feed(), [an_entry(9, url="https://other.example/9")], fine()


def feed_part(theirs: Theirs) -> StreamPart:
    return StreamPart(kind="feed", number=theirs.feed)


Call = Callable[[Library, Theirs], Any]

NOTHING: dict[str, Call] = {
    # calls that must find nothing, or change nothing and say how many they changed
    "articles.headlines": lambda me, t: me.articles.headlines(Query(feed=t.feed)).headlines,
    "articles.page": lambda me, t: me.articles.page(Query(folder=t.folder)).articles,
    "articles.all": lambda me, t: list(me.articles.all(Query(tag=t.tag))),
    "articles.changes": lambda me, t: me.articles.changes(ChangeQuery()).changes,
    "articles.find": lambda me, t: me.articles.find("https://news.example/1"),
    "stories.folded_headlines": lambda me, t: (
        me.stories.folded_headlines(Query(feed=t.feed), "first").headlines
    ),
    "stories.folded_neighbours": lambda me, t: any(me.stories.folded_neighbours(t.article, Query(), "first")),
    "stories.folded_unread": lambda me, t: me.stories.folded_unread().every,
    "stories.folding": lambda me, t: me.stories.folding(Query(), [t.article], "first"),
    "stories.folding_among": lambda me, t: me.stories.folding_among([t.article], "first"),
    "channels.all": lambda me, t: me.channels.all(),
    "channels.dead_letters": lambda me, t: me.channels.dead_letters(),
    "events.read": lambda me, t: [one for one in me.events.read(EventQuery()).events if one.feed == t.feed],
    "events.latest": lambda me, t: [
        one for one in me.events.latest(EventQuery()).events if one.feed == t.feed
    ],
    "marks.set_read": lambda me, t: me.marks.set_read([t.article], True, now=NOW),
    "marks.set_starred": lambda me, t: me.marks.set_starred([t.article], False, now=NOW),
    "tags.add": lambda me, t: me.tags.add([t.article], ["x"], now=NOW),
    "tags.remove": lambda me, t: me.tags.remove([t.article], ["mine"], now=NOW),
    "tags.all": lambda me, t: me.tags.all(),
    "tags.by_article": lambda me, t: me.tags.by_article([t.article]),
    "tokens.all": lambda me, t: me.tokens.all(),
    "highlights.page": lambda me, t: me.highlights.page(),
    "highlights.by_article": lambda me, t: me.highlights.by_article(),
    "highlights.of_article": lambda me, t: me.highlights.of_article(t.article),
    "positions.of_article": lambda me, t: me.positions.of_article(t.article),
    "positions.of_articles": lambda me, t: me.positions.of_articles([t.article]),
    "positions.latest": lambda me, t: me.positions.latest([t.article]),
    "shares.all": lambda me, t: me.shares.all(),
    "rules.all": lambda me, t: me.rules.all(),
    "rules.has_any": lambda me, t: me.rules.has_any(),
    "rules.progress": lambda me, t: me.rules.progress(),
    "rules.preview": lambda me, t: [
        line for line in me.rules.preview(ANY_RULE, now=NOW).lines if line.headline.id == t.article
    ],
    "searches.all": lambda me, t: me.searches.all(),
    "searches.with_unread": lambda me, t: me.searches.with_unread(me.searches.all(), now=NOW),
    "marks.set_all_read": lambda me, t: me.marks.set_all_read(Query(feed=t.feed), now=NOW, before=NOW),
    "articles.neighbours": lambda me, t: any(me.articles.neighbours(t.article, Query())),
    "articles.headlines_among": lambda me, t: me.articles.headlines_among(Query(), [t.article]),
    "marks.undo_all_read": lambda me, t: me.marks.undo_all_read(NOW, now=NOW),
    "stories.marks": lambda me, t: me.stories.marks([t.article]),
    "stories.readings": lambda me, t: me.stories.readings([t.article]),
    "articles.newest_item": lambda me, t: me.articles.newest_item() == t.item,
    "preferences.get": lambda me, t: me.preferences.get(["theme"]),
    "articles.count": lambda me, t: me.articles.count(Query(feed=t.feed)),
    "items.page": lambda me, t: me.items.page(ItemStream(parts=(feed_part(t),))).refs,
    "items.numbers": lambda me, t: [n for n in me.items.numbers(ItemStream()) if n == t.item],
    "items.change_stamp": lambda me, t: me.items.change_stamp()[0] == t.item,
    "items.count": lambda me, t: me.items.count(ItemStream()) - 1,
    "items.listed": lambda me, t: me.items.listed(ItemList(parts=(feed_part(t),))).numbers,
    "items.subscriptions": lambda me, t: me.items.subscriptions([t.feed]),
    "items.counts_by_feed": lambda me, t: [
        counts for counts in me.items.counts_by_feed() if t.feed in counts
    ],
    "items.joined_late": lambda me, t: me.items.joined_late(feed_part(t), t.item),
    "items.articles": lambda me, t: me.items.articles([t.item]),
    "items.origins": lambda me, t: me.items.origins([t.article]),
    "items.newest_by_feed": lambda me, t: t.feed in me.items.newest_by_feed(),
    "items.has_others": lambda me, t: me.items.has_others(),
    "items.edit": lambda me, t: me.items.edit([t.item], ItemEdit(read=True, add=("x",)), now=NOW),
    "items.read_all": lambda me, t: me.items.read_all(ItemStream(parts=(feed_part(t),)), now=NOW),
    "subscriptions.last_polled": lambda me, t: me.subscriptions.last_polled() is None,
    "search.hits": lambda me, t: me.search.hits("site:news.example").hits,
    "search.ids": lambda me, t: me.search.ids("-nothing site:news.example").article_ids,
    "search.articles": lambda me, t: me.search.articles(f"feed:{t.feed}").articles,
    "subscriptions.all": lambda me, t: [s for s in me.subscriptions.all() if s.feed.id == t.feed],
    "subscriptions.page": lambda me, t: [s for s in me.subscriptions.page(0, 9)[0] if s.feed.id == t.feed],
    "health.lengths": lambda me, t: t.feed in me.health.lengths(now=NOW),
    "health.recent_titles": lambda me, t: me.health.recent_titles([t.feed]),
    "health.first_polls": lambda me, t: me.health.first_polls().waiting,
    "health.arrived": lambda me, t: me.health.arrived(since=NOW.replace(year=2000), limit=9)[1:],
    "subscriptions.ids": lambda me, t: t.feed in me.subscriptions.ids(),
    "subscriptions.restore_removed": lambda me, t: me.subscriptions.restore_removed(now=NOW),
    "subscriptions.folders": lambda me, t: [f for f in me.subscriptions.folders() if f.id == t.folder],
    "subscriptions.folder_names": lambda me, t: [
        f for f in me.subscriptions.folder_names() if f.id == t.folder
    ],
    "mark_counts": lambda me, t: me.mark_counts().starred,
    "articles.items_after": lambda me, t: [i for i in me.articles.items_after(0) if i.id == t.article],
    "counts": lambda me, t: me.counts().starred + (me.counts().articles - 1),
}

REFUSED: dict[str, Call] = {
    # calls that must be refused as if the number did not exist, or as the owner's alone
    "articles.changes": lambda me, t: me.articles.changes(ChangeQuery(article=t.article)),
    "events.read": lambda me, t: me.events.read(EventQuery(feed=t.feed)),
    "events.latest": lambda me, t: me.events.latest(EventQuery(feed=t.feed)),
    "articles.get": lambda me, t: me.articles.get(t.article),
    "articles.revisions": lambda me, t: me.articles.revisions(t.article),
    "articles.revision": lambda me, t: me.articles.revision(t.article, 1),
    "articles.observations": lambda me, t: me.articles.observations(t.article),
    "articles.duplicates": lambda me, t: me.articles.duplicates(t.article),
    "stories.copies": lambda me, t: me.stories.copies(t.article),
    "stories.read_with": lambda me, t: me.stories.read_with(t.article),
    "stories.credits": lambda me, t: me.stories.credits(t.article),
    "stories.details": lambda me, t: me.stories.details(t.article),
    "stories.of_article": lambda me, t: me.stories.of_article(t.article),
    "stories.get": lambda me, t: me.stories.get(t.article),
    "stories.current_number": lambda me, t: me.stories.current_number(t.article),
    "stories.recent": lambda me, t: me.stories.recent(StoryQuery(feed=t.feed)),
    "articles.snapshot": lambda me, t: me.articles.snapshot(t.snapshot),
    "articles.images": lambda me, t: me.articles.images(t.article),
    "articles.request_page": lambda me, t: me.articles.request_page(t.article, now=NOW),
    "subscriptions.get": lambda me, t: me.subscriptions.get(t.feed),
    "subscriptions.remove": lambda me, t: me.subscriptions.remove(t.feed),
    "subscriptions.purge": lambda me, t: me.subscriptions.purge(t.feed),
    "subscriptions.rename": lambda me, t: me.subscriptions.rename(t.feed, "x"),
    "subscriptions.rename_folder": lambda me, t: me.subscriptions.rename_folder("Private", "x"),
    "subscriptions.remove_folder": lambda me, t: me.subscriptions.remove_folder("Private"),
    "subscriptions.move": lambda me, t: me.subscriptions.move(t.feed, "x"),
    "subscriptions.feed": lambda me, t: me.subscriptions.feed(t.feed),
    "subscriptions.set_feed_url": lambda me, t: me.subscriptions.set_feed_url(
        t.feed, "https://evil.example/", now=NOW
    ),
    "subscriptions.set_statuses": lambda me, t: me.subscriptions.set_statuses([t.feed], "paused", now=NOW),
    "subscriptions.set_interval": lambda me, t: me.subscriptions.set_interval([t.feed], 3600, now=NOW),
    "subscriptions.set_full_text": lambda me, t: me.subscriptions.set_full_text([t.feed], on=False, now=NOW),
    "subscriptions.move_all": lambda me, t: me.subscriptions.move_all([t.feed], "x"),
    "subscriptions.remove_all": lambda me, t: me.subscriptions.remove_all([t.feed], now=NOW),
    "tags.rename": lambda me, t: me.tags.rename(t.tag, "x"),
    "tags.delete": lambda me, t: me.tags.delete(t.tag),
    "tokens.remove": lambda me, t: me.tokens.remove(t.token),
    "highlights.add": lambda me, t: me.highlights.add(t.article, 1, Quote(exact="x"), now=NOW),
    "highlights.set_note": lambda me, t: me.highlights.set_note(t.highlight, "x"),
    "highlights.remove": lambda me, t: me.highlights.remove(t.highlight),
    "positions.set": lambda me, t: me.positions.set(t.article, "a1", 5, 9, now=NOW),
    "shares.add": lambda me, t: me.shares.add(t.article, 1, now=NOW),
    "shares.remove": lambda me, t: me.shares.remove(t.share),
    "rules.get": lambda me, t: me.rules.get(t.rule),
    "rules.remove": lambda me, t: me.rules.remove(t.rule, now=NOW),
    "rules.change": lambda me, t: me.rules.change(t.rule, ANY_RULE, now=NOW),
    "rules.add": lambda me, t: me.rules.add(replace(ANY_RULE, feed_id=t.feed), now=NOW),
    "searches.get": lambda me, t: me.searches.get(t.search),
    "searches.scope": lambda me, t: me.searches.scope(t.search, now=NOW),
    "searches.remove": lambda me, t: me.searches.remove(t.search),
    "searches.change": lambda me, t: me.searches.change(t.search, "x", "y", now=NOW),
    "channels.get": lambda me, t: me.channels.get(t.channel),
    "channels.pause": lambda me, t: me.channels.pause(t.channel),
    "channels.resume": lambda me, t: me.channels.resume(t.channel, now=NOW),
    "channels.remove": lambda me, t: me.channels.remove(t.channel),
    "channels.rotate": lambda me, t: me.channels.rotate(t.channel, now=NOW),
    "channels.dead_letters": lambda me, t: me.channels.dead_letters(t.channel),
    "channels.send_again": lambda me, t: me.channels.send_again(t.channel),
    "channels.signing": lambda me, t: me.channels.signing(t.channel, now=NOW),
    "articles.delete": lambda me, t: me.articles.delete(t.article, now=NOW),
    "articles.remove_tombstone": lambda me, t: me.articles.remove_tombstone("https://news.example/1"),
    "subscriptions.set_retention": lambda me, t: me.subscriptions.set_retention("Private", 1),
}

OWNERS_ALONE = {"articles.delete", "articles.remove_tombstone", "subscriptions.set_retention"}

OWN = {
    # calls that only ever make something for the user who makes them
    "subscriptions.add",
    "subscriptions.add_folder",
    "subscriptions.add_many",
    "articles.save",
    "imports.add",
    "imports.add_many",
    "imports.add_pages",
    "tokens.add",
    "preferences.set",
    "events.imported",
    "events.last_number",
    "channels.add",
    "searches.add",
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


def test_every_call_of_a_library_is_examined_here(archive: Archive) -> None:
    library = archive.library()
    calls = {name for name in vars(Library) if not name.startswith("_")}
    for part, held in vars(library).items():
        if not part.startswith("_"):
            calls |= {f"{part}.{name}" for name in vars(type(held)) if not name.startswith("_")}
    assert calls == {*NOTHING, *REFUSED, *OWN}


def test_with_anothers_numbers_nothing_is_found_and_nothing_changes(
    archive: Archive, theirs: Theirs, dsn: str
) -> None:
    before = rows(dsn)
    found = {name: call(archive.library(theirs.me), theirs) for name, call in NOTHING.items()}
    assert {name: value for name, value in found.items() if value} == {}
    assert rows(dsn) == before


def test_with_anothers_numbers_calls_are_refused_and_nothing_changes(
    archive: Archive, theirs: Theirs, dsn: str
) -> None:
    before = rows(dsn)
    for name, call in REFUSED.items():
        expected = ArchiveError if name in OWNERS_ALONE else NotFound
        with pytest.raises(expected):
            call(archive.library(theirs.me), theirs)
            pytest.fail(f"{name} was not refused")
    assert rows(dsn) == before


def test_what_one_user_makes_is_only_theirs(archive: Archive, theirs: Theirs) -> None:
    me = theirs.me
    page = a_page("https://own.example/1")
    saved = archive.library(me).articles.save(an_article("https://own.example/1"), page, now=NOW)
    file = Imported(article=an_article("https://own.example/2"), origin="document", source="own")
    imported = archive.library(me).imports.add(file, now=NOW)
    archive.library(me).tokens.add("desk", now=NOW)
    archive.library(me).tags.add([saved.article_id], ["mine"], now=NOW)
    search = archive.library(me).searches.add("All", "-nothing", now=NOW)
    scope = archive.library(me).searches.scope(search.id, now=NOW)
    found = {one.id for one in archive.library(me).articles.headlines(Query(search=scope)).headlines}
    assert found == {one.id for one in archive.library(me).articles.headlines(Query()).headlines}
    archive.library(me).subscriptions.add("https://own.example/feed", now=NOW, folder="Private")
    mine = {one.id for one in archive.library(me).articles.headlines(Query()).headlines}
    assert {saved.article_id, imported.article_id} < mine and theirs.article not in mine
    assert [one.id for one in archive.library().articles.headlines(Query()).headlines] == [theirs.article]
    assert [tag.articles for tag in archive.library().tags.all()] == [1]
    assert [tag.articles for tag in archive.library(me).tags.all()] == [1]
    assert [folder.name for folder in archive.library().subscriptions.folders()] == ["Private"]
    assert archive.library(me).subscriptions.folders()[1].id != theirs.folder
    assert [token.name for token in archive.library().tokens.all()] == ["phone"]


def test_an_article_delivered_to_two_has_each_ones_own_marks(archive: Archive, theirs: Theirs) -> None:
    archive.library(theirs.me).subscriptions.add(URL, now=NOW)
    save(archive, theirs.feed, an_entry(1))
    own = archive.library(theirs.me).articles.get(theirs.article)
    assert (own.read, own.starred, own.item_id != theirs.item) == (False, False, True)
    archive.library(theirs.me).marks.set_read([theirs.article], True, now=NOW)
    archive.library(theirs.me).tags.add([theirs.article], ["other"], now=NOW)
    assert archive.library().articles.get(theirs.article).read is False
    assert archive.library().tags.by_article([theirs.article]) == {theirs.article: ("mine",)}
    assert archive.library(theirs.me).tags.by_article([theirs.article]) == {theirs.article: ("other",)}
