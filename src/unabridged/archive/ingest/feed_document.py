"""Saving a feed document: what is new, what is known, what was edited."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from unabridged.archive.articles.deletion import anything_buried, buried, grave_of_address, grave_of_entry
from unabridged.archive.articles.document_numbers import source_of_feed
from unabridged.archive.articles.version_policy import GIVEN_BYTES, decide, given_hash, words_hash
from unabridged.archive.articles.versions import (
    CHUNK,
    NewArticle,
    NewVersion,
    add_addresses,
    add_articles,
    add_versions,
    articles_at,
    current_version,
    deliver,
    list_time,
    make_current,
    next_number,
)
from unabridged.archive.ingest.scheduling import check_lease, write_description, write_outcome
from unabridged.archive.records.core import SavedEntries, StoredFeed
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import PollOutcome
from unabridged.archive.search_index.writer import index_new
from unabridged.archive.storage.bulk_rows import insert_rows, rows_among
from unabridged.archive.storage.identity import EntryKeys, entry_keys
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import articles, entries, revisions, sightings, subscriptions
from unabridged.cleaning import clean_article, clean_entry, clean_feed
from unabridged.model import Article, Entry, Feed
from unabridged.text.words import count_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """A feed document to be saved, as `Archive.save_entries` describes it."""

    parsed: Feed
    articles: Sequence[tuple[Entry, Article]]
    outcome: PollOutcome
    token: str | None
    read_newest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One entry with its keys and the article it belongs to, None for a new one.

    words: how many its text has; counted for new ones.
    """

    entry: Entry
    article: Article
    keys: EntryKeys
    article_id: int | None
    words: int


def save_entries(conn: Connection, feed_id: int, given: Harvest) -> SavedEntries:
    harvest = _cleaned(given)
    feed = check_lease(conn, feed_id, harvest.token)
    now = harvest.outcome.polled
    write_description(conn, feed_id, harvest.parsed)
    known, new, seen = _sort_out(conn, feed_id, harvest.articles)
    made = _make_new(conn, feed, harvest, new)
    updated = _update_known(conn, feed_id, known, now)
    numbers = [made[id(one)] for one in new] + [one.article_id for one in known if one.article_id is not None]
    _write_sightings(conn, feed_id, list(zip([*new, *known], numbers, strict=True)), seen, now)
    write_outcome(conn, feed, harvest.outcome)
    _deliver_to_subscribers(conn, feed_id, sorted(numbers), now)
    fresh = tuple(dict.fromkeys(made[id(one)] for one in new))
    return SavedEntries(new=fresh, known=len(harvest.articles) - len(fresh), updated=updated)


def _cleaned(harvest: Harvest) -> Harvest:
    """Check every record of a document, whoever read it."""
    pairs = [(clean_entry(entry), clean_article(article)) for entry, article in harvest.articles]
    return replace(harvest, parsed=clean_feed(replace(harvest.parsed, entries=())), articles=pairs)


def _sort_out(
    conn: Connection, feed_id: int, given: Sequence[tuple[Entry, Article]]
) -> tuple[list[_Found], list[_Found], dict[bytes, int]]:
    """Part the entries into known ones and new ones; with the keys that this feed gave before."""
    keys = entry_keys(given)
    seen = _known_entries(conn, feed_id, [key for one in keys for key in one.all()])
    at = articles_at(conn, [one.address for one in keys if one.address is not None])
    known: list[_Found] = []
    new: list[_Found] = []
    for (entry, article), key in zip(given, keys, strict=True):
        number = _recognise(key, seen, at)
        found = _Found(
            entry=entry,
            article=article,
            keys=key,
            article_id=number,
            words=count_words(article.text) if number is None else 0,
        )
        (new if number is None else known).append(found)
    return known, _without_erased(conn, feed_id, new), seen


def _without_erased(conn: Connection, feed_id: int, new: Sequence[_Found]) -> list[_Found]:
    """Leave out what was erased here before: it must not come back with the next poll."""
    if not new or not anything_buried(conn):
        return list(new)
    graves = {id(one): _graves(feed_id, one.keys) for one in new}
    standing = buried(conn, [grave for some in graves.values() for grave in some])
    return [one for one in new if not standing.intersection(graves[id(one)])]


def _graves(feed_id: int, keys: EntryKeys) -> list[bytes]:
    of_entry = [grave_of_entry(feed_id, key) for key in (keys.own, keys.guid) if key is not None]
    return of_entry if keys.address is None else [*of_entry, grave_of_address(keys.address)]


def _recognise(key: EntryKeys, seen: dict[bytes, int], at: dict[bytes, int]) -> int | None:
    if key.own in seen:
        return seen[key.own]
    if key.guid is not None and key.guid in seen and key.repeated not in seen:
        return seen[key.guid]
    return None if key.address is None else at.get(key.address)


def _known_entries(conn: Connection, feed_id: int, keys: Sequence[bytes]) -> dict[bytes, int]:
    return dict(rows_among(conn, entries, ("key_hash", "article_id"), "key_hash", keys, feed_id=feed_id))


def _make_new(conn: Connection, feed: StoredFeed, harvest: Harvest, new: Sequence[_Found]) -> dict[int, int]:
    """Make the new articles with version 0, oldest first. Returns id() of a finding -> article number."""
    if not new:
        return {}
    now = harvest.outcome.polled
    groups = _same_articles(new)
    groups.sort(key=lambda group: list_time(group[0].article, now))
    wanted = _to_be_read(feed, harvest, groups)
    title = harvest.parsed.title or feed.title
    source = source_of_feed(conn, feed.id, feed.url, title)
    rows = [
        _new_article(group[0], feed.id, source, now, place in wanted) for place, group in enumerate(groups)
    ]
    numbers = add_articles(conn, rows)
    firsts = list(zip(numbers, (group[0] for group in groups), strict=True))
    add_addresses(conn, [(number, one.keys.address, one.article.url) for number, one in firsts])
    add_versions(conn, [_first_version(number, one, now) for number, one in firsts])
    index_new(conn, [(number, list_time(one.article, now), 0, one.article) for number, one in firsts])
    return {id(one): number for number, group in zip(numbers, groups, strict=True) for one in group}


def _same_articles(new: Sequence[_Found]) -> list[list[_Found]]:
    """Entries of one document that are one article, in its order reversed: the oldest first."""
    groups: dict[bytes, list[_Found]] = {}
    for one in reversed(new):
        groups.setdefault(one.keys.address or one.keys.own, []).append(one)
    return list(groups.values())


def _to_be_read(feed: StoredFeed, harvest: Harvest, groups: Sequence[list[_Found]]) -> set[int]:
    """Places of the articles whose pages are wanted: all, or the newest on a feed's first document."""
    everything = range(len(groups))
    if feed.last_ok is not None:
        return set(everything)
    return set(everything[max(0, len(groups) - harvest.read_newest) :])


def _new_article(one: _Found, feed_id: int, source: int, now: datetime, wanted: bool) -> NewArticle:
    readable = bool(one.entry.url)
    return NewArticle(
        article=one.article,
        first_seen=now,
        source_id=source,
        feed_id=feed_id,
        page_state=("waiting" if wanted else "skipped") if readable else "none",
        page_next_try_at=now if wanted and readable else None,
        words=one.words,
    )


def _first_version(number: int, one: _Found, now: datetime) -> NewVersion:
    return NewVersion(
        article_id=number,
        number=0,
        source="feed",
        article=one.article,
        saved=now,
        reason="the feed's own text",
        entry=one.entry,
        words=one.words,
    )


def _update_known(conn: Connection, feed_id: int, known: Sequence[_Found], now: datetime) -> tuple[int, ...]:
    """Look at known entries whose words changed: a new version, or another look at the page."""
    before = _text_hashes(conn, feed_id, [one.article_id for one in known if one.article_id is not None])
    updated: list[int] = []
    for one in known:
        number = one.article_id
        if number is None or not _changed(conn, feed_id, number, one, before.get(number, {})):
            continue
        if _take_edit(conn, number, one, now):
            updated.append(number)
    return tuple(dict.fromkeys(updated))


def _text_hashes(conn: Connection, feed_id: int, numbers: Sequence[int]) -> dict[int, dict[bytes, bytes]]:
    """Article number -> entry key -> fingerprint of what this feed last gave under it."""
    found: dict[int, dict[bytes, bytes]] = {}
    names = ("article_id", "key_hash", "text_hash")
    for number, key, text_hash in rows_among(conn, entries, names, "article_id", numbers, feed_id=feed_id):
        found.setdefault(number, {})[key] = text_hash
    return found


def _changed(conn: Connection, feed_id: int, number: int, one: _Found, before: dict[bytes, bytes]) -> bool:
    """Whether this feed gave other words for an entry before; under a new guid, for the article.

    Most texts never change, so that their words are told from their advertisements only once they do:
    against version 0, which is what the feed gave at first.
    """
    own = [before[key] for key in (one.keys.own, one.keys.guid) if key in before][:1]
    former = own or list(before.values())
    if not former or given_hash(one.article) in former:
        return False
    words = words_hash(one.article)
    if words in former:
        return False
    mine = (entries.c.feed_id == feed_id) & (entries.c.key_hash.in_(one.keys.all()))
    conn.execute(update(entries).where(mine).values(text_hash=words))
    as_given = any(len(text_hash) == GIVEN_BYTES for text_hash in former)
    return not (as_given and words == _first_words(conn, number))


def _first_words(conn: Connection, number: int) -> bytes | None:
    """The fingerprint of the words of an article's version 0, None where there is none."""
    first = (revisions.c.article_id == number) & (revisions.c.number == 0)
    record = conn.execute(select(revisions.c.record).where(first)).scalar()
    article = None if record is None else article_of(record, f"article {number}, version 0")
    return None if article is None else words_hash(article)


def _take_edit(conn: Connection, article_id: int, one: _Found, now: datetime) -> bool:
    """An entry was edited: where we hold the page's text, the page is asked; else the feed's text counts."""
    current = current_version(conn, article_id)
    if current.row["page_state"] in ("read", "failed"):
        again = {"page_next_try_at": now, "page_attempts": 0}
        conn.execute(update(articles).where(articles.c.id == article_id).values(**again))
    decision = decide(current.article, one.article)
    if current.source != "feed" or decision.kind != "changed":
        return False
    version = NewVersion(
        article_id=article_id,
        number=next_number(conn, article_id),
        source="feed",
        article=one.article,
        saved=now,
        reason=decision.reason,
        entry=one.entry,
    )
    make_current(conn, version, current)
    return True


def _write_sightings(
    conn: Connection,
    feed_id: int,
    pairs: Sequence[tuple[_Found, int]],
    seen: Collection[bytes],
    now: datetime,
) -> None:
    """Write down which entries this feed gave for which articles. seen: the keys that it gave before."""
    fresh: dict[bytes, dict[str, Any]] = {}
    for one, number in pairs:
        keys = [key for key in _keys_to_keep(one.keys) if key not in seen]
        row = {"feed_id": feed_id, "article_id": number, "text_hash": _text_hash(one)} if keys else {}
        fresh |= {key: row | {"key_hash": key} for key in keys}
    insert_rows(conn, entries, list(fresh.values()), skip=True)
    newly = {number: one for one, number in pairs if one.keys.own in fresh}
    rows = [_sighting_row(feed_id, number, one, now) for number, one in newly.items()]
    if rows:
        insert_rows(conn, sightings, rows, skip=True)
        _level_times(conn, feed_id, [one.article_id for one in newly.values() if one.article_id is not None])


def _text_hash(one: _Found) -> bytes:
    """Of a new article, whose version 0 keeps these very words, the quick fingerprint is enough."""
    return given_hash(one.article) if one.article_id is None else words_hash(one.article)


def _keys_to_keep(keys: EntryKeys) -> tuple[bytes, ...]:
    """`repeated` is kept only once its guid proved to stand for several entries."""
    if keys.guid is not None:
        return (keys.own, keys.guid)
    return keys.all()


def _sighting_row(feed_id: int, number: int, one: _Found, now: datetime) -> dict[str, Any]:
    return {
        "feed_id": feed_id,
        "article_id": number,
        "sort_at": list_time(one.article, now),
        "seen": now,
        "url": storable(one.entry.url or ""),
        "guid": None if one.entry.guid is None else storable(one.entry.guid),
    }


def _level_times(conn: Connection, feed_id: int, numbers: Sequence[int]) -> None:
    """An article that was known before stands in this feed's list at its own time."""
    for start in range(0, len(numbers), CHUNK):
        part = sightings.c.article_id.in_(numbers[start : start + CHUNK])
        own = select(articles.c.sort_at).where(articles.c.id == sightings.c.article_id).scalar_subquery()
        conn.execute(update(sightings).where(sightings.c.feed_id == feed_id, part).values(sort_at=own))


def _deliver_to_subscribers(conn: Connection, feed_id: int, numbers: Sequence[int], now: datetime) -> None:
    readers = select(subscriptions.c.user_id).where(subscriptions.c.feed_id == feed_id)
    for user in conn.execute(readers.order_by(subscriptions.c.user_id)).scalars().all():
        deliver(conn, user, numbers, now)
