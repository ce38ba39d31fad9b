"""Saving of feed documents: new, known and edited entries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from unabridged.archive.articles.deletion import (
    address_tombstone,
    entry_tombstone,
    existing_tombstones,
    has_tombstones,
)
from unabridged.archive.articles.document_numbers import source_of_feed
from unabridged.archive.articles.version_policy import (
    RAW_HASH_BYTES,
    classify_change,
    raw_text_hash,
    stable_text_hash,
)
from unabridged.archive.articles.versions import (
    CHUNK,
    NewArticle,
    NewVersion,
    add_addresses,
    add_articles,
    add_versions,
    article_ids_at,
    current_version,
    deliver,
    make_current,
    new_article,
    next_version_number,
    sort_time,
)
from unabridged.archive.ingest.feed_merge import former_ids
from unabridged.archive.ingest.leases import check_lease, write_description, write_outcome
from unabridged.archive.library.read_state import show_edit
from unabridged.archive.records.core import StoredFeed
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import PollOutcome, SavedEntries
from unabridged.archive.rules.filing import refile_for
from unabridged.archive.search_index.writer import index_new
from unabridged.archive.storage.bulk_rows import insert_rows, rows_among
from unabridged.archive.storage.identity import EntryKeys, another_item, entry_keys, is_other_item
from unabridged.archive.storage.outbox import note_event
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import articles, entries, revisions, sightings, subscriptions
from unabridged.archive.storage.tables_rules import saved_searches
from unabridged.cleaning import clean_article, clean_entry, clean_feed
from unabridged.model import Article, Entry, Feed
from unabridged.text.words import count_words


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSave:
    """Feed document to save, as described in `archive.ingest.save_entries`."""

    parsed: Feed
    articles: Sequence[tuple[Entry, Article]]
    outcome: PollOutcome
    token: str | None
    read_newest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _EntryMatch:
    """Entry with its keys and the id of the article it belongs to, None if it is new.

    words: number of words of its text if it is new, else 0.
    """

    entry: Entry
    article: Article
    keys: EntryKeys
    article_id: int | None
    words: int


def save_entries(conn: Connection, feed_id: int, given: FeedSave) -> SavedEntries:
    save = _cleaned(given)
    feed = check_lease(conn, feed_id, save.token)
    now = save.outcome.polled
    write_description(conn, feed_id, save.parsed)
    known, new, seen = _match_entries(conn, feed_id, save.articles)
    made = _add_new(conn, feed, save, new)
    updated = _apply_edits(conn, feed, known, now)
    numbers = [made[id(match)] for match in new] + [
        match.article_id for match in known if match.article_id is not None
    ]
    again = _add_sightings(conn, feed_id, list(zip([*new, *known], numbers, strict=True)), seen, now)
    write_outcome(conn, feed, save.outcome)
    _deliver_to_subscribers(conn, feed_id, sorted(numbers), now)
    _file_shown_again(conn, again)
    fresh = tuple(dict.fromkeys(made[id(match)] for match in new))
    return SavedEntries(new=fresh, known=len(save.articles) - len(fresh), updated=updated)


def _cleaned(save: FeedSave) -> FeedSave:
    """Clean every record of a document."""
    pairs = [(clean_entry(entry), clean_article(article)) for entry, article in save.articles]
    return replace(save, parsed=clean_feed(replace(save.parsed, entries=())), articles=pairs)


def _match_entries(
    conn: Connection, feed_id: int, given: Sequence[tuple[Entry, Article]]
) -> tuple[list[_EntryMatch], list[_EntryMatch], dict[bytes, int]]:
    """Return the known entries, the new ones, and the articles of the keys that this feed gave before."""
    keys = entry_keys(given)
    seen = _known_entries(conn, feed_id, [key for own in keys for key in own.all()])
    at = article_ids_at(conn, [key.address for key in keys if key.address is not None])
    keys = _with_reused_links(conn, feed_id, given, keys, seen, at)
    known: list[_EntryMatch] = []
    new: list[_EntryMatch] = []
    for (entry, article), key in zip(given, keys, strict=True):
        number = _match_entry(key, seen, at)
        found = _EntryMatch(
            entry=entry,
            article=article,
            keys=key,
            article_id=number,
            words=count_words(article.text) if number is None else 0,
        )
        (new if number is None else known).append(found)
    return known, _without_deleted(conn, feed_id, new), seen


def _with_reused_links(
    conn: Connection,
    feed_id: int,
    given: Sequence[tuple[Entry, Article]],
    keys: Sequence[EntryKeys],
    seen: dict[bytes, int],
    at: dict[bytes, int],
) -> tuple[EntryKeys, ...]:
    """Take the address from the keys of entries whose link this feed gave to another item before."""
    doubtful = {
        place: at[key.address]
        for place, key in enumerate(keys)
        if key.address is not None
        and key.address in at
        and _match_by_id(key, seen) is None
        and given[place][0].guid
    }
    if not doubtful:
        return tuple(keys)
    numbers = list(doubtful.values())
    guids = dict(rows_among(conn, sightings, ("article_id", "guid"), "article_id", numbers, feed_id=feed_id))
    hashes = _text_hashes(conn, feed_id, numbers)
    found = list(keys)
    for place, number in doubtful.items():
        entry, article = given[place]
        texts = hashes.get(number, {}).values()
        if raw_text_hash(article) in texts or stable_text_hash(article) in texts:
            continue
        first = _first_version_of(conn, number)
        published = None if first is None else first.published
        if is_other_item(entry, guid=guids.get(number), published=published):
            found[place] = another_item(keys[place])
    return tuple(found)


def _without_deleted(conn: Connection, feed_id: int, new: Sequence[_EntryMatch]) -> list[_EntryMatch]:
    """Leave out entries of deleted articles, which must not come back with the next poll."""
    if not new or not has_tombstones(conn):
        return list(new)
    numbers = (feed_id, *former_ids(conn, feed_id))
    keys_of = {id(match): _tombstone_keys(numbers, match.keys) for match in new}
    deleted = existing_tombstones(conn, [tombstone for some in keys_of.values() for tombstone in some])
    return [match for match in new if not deleted.intersection(keys_of[id(match)])]


def _tombstone_keys(feed_ids: Sequence[int], keys: EntryKeys) -> list[bytes]:
    """Return the tombstones that an entry may have. feed_ids: of its feed and of those merged into it."""
    own = [key for key in (keys.own, keys.guid) if key is not None]
    of_entry = [entry_tombstone(feed_id, key) for feed_id in feed_ids for key in own]
    return of_entry if keys.address is None else [*of_entry, address_tombstone(keys.address)]


def _match_entry(key: EntryKeys, seen: dict[bytes, int], at: dict[bytes, int]) -> int | None:
    number = _match_by_id(key, seen)
    return at.get(key.address) if number is None and key.address is not None else number


def _match_by_id(key: EntryKeys, seen: dict[bytes, int]) -> int | None:
    if key.own in seen:
        return seen[key.own]
    if key.guid is not None and key.guid in seen and key.repeated not in seen:
        return seen[key.guid]
    return None


def _known_entries(conn: Connection, feed_id: int, keys: Sequence[bytes]) -> dict[bytes, int]:
    return dict(rows_among(conn, entries, ("key_hash", "article_id"), "key_hash", keys, feed_id=feed_id))


def _add_new(
    conn: Connection, feed: StoredFeed, save: FeedSave, new: Sequence[_EntryMatch]
) -> dict[int, int]:
    """Add the new articles with version 0, oldest first. Maps id() of each match to its article id."""
    if not new:
        return {}
    now = save.outcome.polled
    groups = _group_by_article(new)
    groups.sort(key=lambda group: sort_time(group[0].article, now))
    wanted = _pages_to_fetch(feed, save, groups)
    title = save.parsed.title or feed.title
    source = source_of_feed(conn, feed.id, feed.url, title)
    rows = [_new_row(group[0], feed.id, source, now, place in wanted) for place, group in enumerate(groups)]
    numbers = add_articles(conn, rows)
    firsts = list(zip(numbers, (group[0] for group in groups), strict=True))
    add_addresses(conn, [(number, match.keys.address, match.article.url) for number, match in firsts])
    add_versions(conn, [_first_version(number, match, now) for number, match in firsts])
    index_new(conn, [(number, sort_time(match.article, now), 0, match.article) for number, match in firsts])
    for number, match in firsts:
        note_event(conn, new_article(number, feed.id, 0, match.article, now))
    return {id(match): number for number, group in zip(numbers, groups, strict=True) for match in group}


def _group_by_article(new: Sequence[_EntryMatch]) -> list[list[_EntryMatch]]:
    """Group entries of one document that are one article, in reversed order: the oldest first."""
    groups: dict[bytes, list[_EntryMatch]] = {}
    for match in reversed(new):
        groups.setdefault(match.keys.address or match.keys.own, []).append(match)
    return list(groups.values())


def _pages_to_fetch(feed: StoredFeed, save: FeedSave, groups: Sequence[list[_EntryMatch]]) -> set[int]:
    """Return the indices of articles whose pages to fetch: all, or the newest of a feed's first document.

    There are none of a feed whose own text is enough.
    """
    everything = range(len(groups)) if feed.full_text else range(0)
    if feed.last_ok is not None:
        return set(everything)
    return set(everything[max(0, len(groups) - save.read_newest) :])


def _new_row(match: _EntryMatch, feed_id: int, source: int, now: datetime, wanted: bool) -> NewArticle:
    readable = bool(match.entry.url) and not match.keys.shared
    return NewArticle(
        article=match.article,
        first_seen=now,
        source_id=source,
        feed_id=feed_id,
        page_state=("waiting" if wanted else "skipped") if readable else "none",
        page_next_try_at=now if wanted and readable else None,
        words=match.words,
    )


def _first_version(number: int, match: _EntryMatch, now: datetime) -> NewVersion:
    return NewVersion(
        article_id=number,
        number=0,
        source="feed",
        article=match.article,
        saved=now,
        reason="the feed's own text",
        entry=match.entry,
        words=match.words,
    )


def _apply_edits(
    conn: Connection, feed: StoredFeed, known: Sequence[_EntryMatch], now: datetime
) -> tuple[int, ...]:
    """Save edits of known entries, as new versions or by fetching the page again. Returns new versions."""
    before = _text_hashes(
        conn, feed.id, [match.article_id for match in known if match.article_id is not None]
    )
    updated: list[int] = []
    for match in known:
        number = match.article_id
        if number is None or not _has_changed(conn, feed.id, number, match, before.get(number, {})):
            continue
        if _apply_feed_edit(conn, number, match, now, reads_pages=feed.full_text):
            updated.append(number)
    return tuple(dict.fromkeys(updated))


def _text_hashes(conn: Connection, feed_id: int, numbers: Sequence[int]) -> dict[int, dict[bytes, bytes]]:
    """Map article ids and entry keys to the hash of the text that this feed last gave."""
    found: dict[int, dict[bytes, bytes]] = {}
    names = ("article_id", "key_hash", "text_hash")
    for number, key, text_hash in rows_among(conn, entries, names, "article_id", numbers, feed_id=feed_id):
        found.setdefault(number, {})[key] = text_hash
    return found


def _has_changed(
    conn: Connection, feed_id: int, number: int, match: _EntryMatch, before: dict[bytes, bytes]
) -> bool:
    """Say whether this feed gave another text for an entry before; under a new guid, for the article.

    Most texts never change, so they are stored with the cheap hash. Once it differs, the stable text is
    compared with that of version 0, the feed's first text.
    """
    own = [before[key] for key in (match.keys.own, match.keys.guid) if key in before][:1]
    former = own or list(before.values())
    if not former or raw_text_hash(match.article) in former:
        return False
    words = stable_text_hash(match.article)
    if words in former:
        return False
    mine = (entries.c.feed_id == feed_id) & (entries.c.key_hash.in_(match.keys.all()))
    conn.execute(update(entries).where(mine).values(text_hash=words))
    as_given = any(len(text_hash) == RAW_HASH_BYTES for text_hash in former)
    return not (as_given and words == _first_text_hash(conn, number))


def _first_text_hash(conn: Connection, number: int) -> bytes | None:
    """Return the stable-text hash of an article's version 0, None if there is none."""
    article = _first_version_of(conn, number)
    return None if article is None else stable_text_hash(article)


def _first_version_of(conn: Connection, number: int) -> Article | None:
    """Return an article's version 0, which is the feed's own text; None if there is none."""
    first = (revisions.c.article_id == number) & (revisions.c.number == 0)
    record = conn.execute(select(revisions.c.record).where(first)).scalar()
    return None if record is None else article_of(record, f"article {number}, version 0")


def _apply_feed_edit(
    conn: Connection, article_id: int, match: _EntryMatch, now: datetime, *, reads_pages: bool
) -> bool:
    """Apply an edited entry: fetch the page again if it was tried; save the feed's text if it is current.

    Returns whether a version was saved.
    """
    current = current_version(conn, article_id)
    if reads_pages and current.row["page_state"] in ("read", "failed"):
        again = {"page_next_try_at": now, "page_attempts": 0}
        conn.execute(update(articles).where(articles.c.id == article_id).values(**again))
    decision = classify_change(current.article, match.article)
    if current.source != "feed" or decision.kind != "changed":
        return False
    version = NewVersion(
        article_id=article_id,
        number=next_version_number(conn, article_id),
        source="feed",
        article=match.article,
        saved=now,
        reason=decision.reason,
        entry=match.entry,
    )
    if make_current(conn, version, current):
        show_edit(conn, article_id, now)
    return True


def _add_sightings(
    conn: Connection,
    feed_id: int,
    pairs: Sequence[tuple[_EntryMatch, int]],
    seen: Collection[bytes],
    now: datetime,
) -> list[int]:
    """Record which entries this feed gave for which articles. seen: the keys that it gave before.

    Returns the known articles that it shows for the first time.
    """
    fresh: dict[bytes, dict[str, Any]] = {}
    for match, number in pairs:
        keys = [key for key in _keys_to_store(match.keys) if key not in seen]
        row = {"feed_id": feed_id, "article_id": number, "text_hash": _text_hash(match)} if keys else {}
        fresh |= {key: row | {"key_hash": key} for key in keys}
    insert_rows(conn, entries, list(fresh.values()), skip=True)
    newly = {number: match for match, number in pairs if match.keys.own in fresh}
    rows = [_sighting_row(feed_id, number, match, now) for number, match in newly.items()]
    again = [match.article_id for match in newly.values() if match.article_id is not None]
    if rows:
        insert_rows(conn, sightings, rows, skip=True)
        _sync_sort_times(conn, feed_id, again)
    return again


def _text_hash(match: _EntryMatch) -> bytes:
    """Hash the text of an entry; the cheap hash is enough for a new article, whose version 0 has the text."""
    return raw_text_hash(match.article) if match.article_id is None else stable_text_hash(match.article)


def _keys_to_store(keys: EntryKeys) -> tuple[bytes, ...]:
    """Return the keys to store; `repeated` only if several entries share the guid."""
    if keys.guid is not None:
        return (keys.own, keys.guid)
    return keys.all()


def _sighting_row(feed_id: int, number: int, match: _EntryMatch, now: datetime) -> dict[str, Any]:
    return {
        "feed_id": feed_id,
        "article_id": number,
        "sort_at": sort_time(match.article, now),
        "seen": now,
        "url": storable(match.entry.url or ""),
        "guid": None if match.entry.guid is None else storable(match.entry.guid),
    }


def _sync_sort_times(conn: Connection, feed_id: int, numbers: Sequence[int]) -> None:
    """Sort known articles in this feed's list by their own time."""
    for start in range(0, len(numbers), CHUNK):
        part = sightings.c.article_id.in_(numbers[start : start + CHUNK])
        own = select(articles.c.sort_at).where(articles.c.id == sightings.c.article_id).scalar_subquery()
        conn.execute(update(sightings).where(sightings.c.feed_id == feed_id, part).values(sort_at=own))


def _file_shown_again(conn: Connection, numbers: Sequence[int]) -> None:
    """File known articles that one more feed shows into saved searches that name feeds."""
    if not numbers:
        return
    named = saved_searches.c.query.contains("feed")
    for user in conn.execute(select(saved_searches.c.user_id).where(named).distinct()).scalars().all():
        refile_for(conn, user, numbers, ["feed"])


def _deliver_to_subscribers(conn: Connection, feed_id: int, numbers: Sequence[int], now: datetime) -> None:
    readers = select(subscriptions.c.user_id).where(subscriptions.c.feed_id == feed_id)
    for user in conn.execute(readers.order_by(subscriptions.c.user_id)).scalars().all():
        deliver(conn, user, numbers, now)
