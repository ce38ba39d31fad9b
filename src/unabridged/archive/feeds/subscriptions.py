"""Subscriptions of users and their folders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, delete, func, insert, select, update

from unabridged.archive.feeds.feed_options import LONGEST_INTERVAL, SHORTEST_INTERVAL
from unabridged.archive.feeds.feeds import CHUNK, add_feeds, set_status, stored_feed
from unabridged.archive.feeds.fetch_settings import load_settings, set_settings
from unabridged.archive.feeds.unread_counts import unread_by_feed, unread_by_folder
from unabridged.archive.records.core import Folder, ListedFeed, StoredFeed, Subscription
from unabridged.archive.records.encoding import storable
from unabridged.archive.storage.tables import feed_settings, feeds, folders, sightings, subscriptions
from unabridged.cleaning import clean_name
from unabridged.config import FeedSettings
from unabridged.errors import InvalidValue, NotFound
from unabridged.urls import origin


def subscribe(
    conn: Connection, user: int, url: str, now: datetime, folder: str | None, title: str | None
) -> Subscription:
    listed = ListedFeed(url=url, folder=folder, title=title)
    [(feed_id, new)] = _add_subscriptions(conn, user, [listed], now, {})
    return one_subscription(conn, user, feed_id, new=new)


def subscribe_many(
    conn: Connection, user: int, wanted: Iterable[ListedFeed], now: datetime, retain: Mapping[str, int]
) -> tuple[int, ...]:
    """Subscribe to many feeds; returns their ids, in order. retain: retention (s) of folders added now."""
    places: dict[str, int] = {}
    mine = select(folders.c.name).where(folders.c.user_id == user)
    there = set(conn.execute(mine).scalars()) if retain else set()
    found = tuple(feed_id for feed_id, _ in _add_subscriptions(conn, user, tuple(wanted), now, places))
    for name, seconds in retain.items():
        if name in places and clean_name(name) not in there:
            conn.execute(update(folders).where(folders.c.id == places[name]).values(retain=seconds))
    return found


def _add_subscriptions(
    conn: Connection, user: int, wanted: Sequence[ListedFeed], now: datetime, places: dict[str, int]
) -> list[tuple[int, bool]]:
    """Add or change subscriptions; returns each feed's id and whether the subscription is new.

    places: ids of folders by name, filled as folders are looked up.
    """
    found = add_feeds(conn, [one.url for one in wanted], now)
    held = _subscribed_feeds(conn, user, [feed.id for feed in found])
    rows: dict[int, dict[str, object]] = {}
    for one, feed in zip(wanted, found, strict=True):
        given = _listed_columns(conn, user, one, places)
        if feed.id not in held:
            row = {"user_id": user, "feed_id": feed.id, "title": None, "folder_id": None, "added": now}
            rows[feed.id] = rows.get(feed.id, row) | given
        elif given:
            mine = (subscriptions.c.user_id == user) & (subscriptions.c.feed_id == feed.id)
            conn.execute(update(subscriptions).where(mine).values(**given))
    if rows:
        conn.execute(insert(subscriptions), list(rows.values()))
    for one, feed in zip(wanted, found, strict=True):
        if feed.id in rows:
            _make_due(conn, feed, now)
            if one.paused or one.user_agent or one.interval or not one.full_text:
                _apply_listed_state(conn, feed, one, now)
    return [(feed.id, feed.id in rows) for feed in found]


def _subscribed_feeds(conn: Connection, user: int, feed_ids: Sequence[int]) -> set[int]:
    """Return those of the feeds that a user subscribes to."""
    held: set[int] = set()
    for start in range(0, len(feed_ids), CHUNK):
        part = subscriptions.c.feed_id.in_(feed_ids[start : start + CHUNK])
        mine = select(subscriptions.c.feed_id).where(subscriptions.c.user_id == user, part)
        held.update(conn.execute(mine).scalars())
    return held


def _listed_columns(
    conn: Connection, user: int, one: ListedFeed, places: dict[str, int]
) -> dict[str, object]:
    """Return the columns that a list sets on a subscription: folder and title."""
    given: dict[str, object] = {}
    if one.folder is not None:
        given["folder_id"] = places[one.folder] = places.get(one.folder) or folder_id(conn, user, one.folder)
    if one.title is not None:
        given["title"] = one.title and clean_name(one.title)
    return given


def _make_due(conn: Connection, feed: StoredFeed, now: datetime) -> None:
    """Make an active feed due if no poll is planned; feeds with a plan keep it when added again."""
    if feed.status == "active" and feed.next_poll_at is None:
        conn.execute(update(feeds).where(feeds.c.id == feed.id).values(next_poll_at=now))


def _apply_listed_state(conn: Connection, feed: StoredFeed, one: ListedFeed, now: datetime) -> None:
    """Set state, interval, full text and user agent as a list says, unless others subscribe to the feed."""
    readers = select(func.count()).select_from(subscriptions).where(subscriptions.c.feed_id == feed.id)
    if conn.execute(readers).scalar_one() > 1:
        return
    if one.paused:
        set_status(conn, feed.id, "paused", now)
    options: dict[str, int] = {} if one.full_text else {"full_text": 0}
    if one.interval:
        options["poll_interval"] = min(max(one.interval, SHORTEST_INTERVAL), LONGEST_INTERVAL)
    if options:
        conn.execute(update(feeds).where(feeds.c.id == feed.id).values(**options))
    if one.user_agent:
        before = load_settings(conn, [feed.id]).get(feed.id, FeedSettings())
        set_settings(conn, feed.id, replace(before, user_agent=storable(one.user_agent)), now)


def unsubscribe(conn: Connection, user: int, feed_id: int) -> None:
    mine = (subscriptions.c.user_id == user) & (subscriptions.c.feed_id == feed_id)
    if conn.execute(delete(subscriptions).where(mine)).rowcount == 0:
        raise _no_subscription(feed_id)
    drop_empty_folders(conn, user)


def _no_subscription(feed_id: int) -> NotFound:
    return NotFound(f"There is no subscription {feed_id}. `unabridged list` shows the numbers.")


def folder_id(conn: Connection, user: int, name: str) -> int:
    """Return the id of a user's folder, added if missing."""
    name = clean_name(name)
    mine = select(folders.c.id).where(folders.c.user_id == user, folders.c.name == name)
    found = conn.execute(mine).scalar()
    if found is None:
        made = insert(folders).returning(folders.c.id)
        found = conn.execute(made, {"user_id": user, "name": name}).scalar_one()
    return int(found)


def drop_empty_folders(conn: Connection, user: int) -> None:
    """Delete the folders of a user in which no feed is left, but for those that were made by themselves."""
    used = select(subscriptions.c.folder_id).where(
        subscriptions.c.user_id == user, subscriptions.c.folder_id.is_not(None)
    )
    empty = (folders.c.user_id == user) & folders.c.id.not_in(used)
    conn.execute(delete(folders).where(empty, folders.c.kept == 0))


def add_folder(conn: Connection, user: int, name: str) -> Folder:
    """Add a folder that stays when no feed is in it. Raises InvalidValue for no name, or a taken one."""
    clean = clean_name(name)
    if not clean:
        raise InvalidValue("A folder needs a name.")
    taken = select(folders.c.id).where(folders.c.user_id == user, folders.c.name == clean)
    if conn.execute(taken).first() is not None:
        raise InvalidValue(f"There is a folder {clean[:100]!r} already.")
    number = folder_id(conn, user, clean)
    conn.execute(update(folders).where(folders.c.id == number).values(kept=1))
    return Folder(id=number, name=clean)


def rename(conn: Connection, user: int, feed_id: int, title: str | None) -> None:
    mine = (subscriptions.c.user_id == user) & (subscriptions.c.feed_id == feed_id)
    if (
        conn.execute(update(subscriptions).where(mine).values(title=title and clean_name(title))).rowcount
        == 0
    ):
        raise _no_subscription(feed_id)


def move(conn: Connection, user: int, feed_id: int, folder: str | None) -> None:
    mine = (subscriptions.c.user_id == user) & (subscriptions.c.feed_id == feed_id)
    target = None if folder is None else folder_id(conn, user, folder)
    if conn.execute(update(subscriptions).where(mine).values(folder_id=target)).rowcount == 0:
        raise _no_subscription(feed_id)
    drop_empty_folders(conn, user)


def last_polled(conn: Connection, user: int) -> datetime | None:
    """Return when a feed of a user was last polled; None if none was."""
    own = (subscriptions.c.feed_id == feeds.c.id) & (subscriptions.c.user_id == user)
    found: datetime | None = conn.execute(
        select(func.max(feeds.c.last_polled)).join(subscriptions, own)
    ).scalar()
    return found


def rename_folder(conn: Connection, user: int, name: str, new: str) -> None:
    """Rename a folder; if another folder has the new name, its feeds move there."""
    here = _existing_folder(conn, user, name)
    clean = clean_name(new)
    if not clean:
        raise InvalidValue("A folder needs a name.")
    there = folders.c.user_id == user
    other = select(folders.c.id).where(there, folders.c.name == clean, folders.c.id != here)
    target = conn.execute(other).scalar()
    if target is None:
        conn.execute(update(folders).where(folders.c.id == here).values(name=clean))
        return
    mine = (subscriptions.c.user_id == user) & (subscriptions.c.folder_id == here)
    conn.execute(update(subscriptions).where(mine).values(folder_id=target))
    drop_empty_folders(conn, user)


def remove_folder(conn: Connection, user: int, name: str) -> None:
    """Remove a folder; its feeds stay, in no folder."""
    here = _existing_folder(conn, user, name)
    conn.execute(delete(folders).where(folders.c.id == here))  # the column becomes NULL in its subscriptions


def _existing_folder(conn: Connection, user: int, name: str) -> int:
    mine = select(folders.c.id).where(folders.c.user_id == user, folders.c.name == clean_name(name))
    found = conn.execute(mine).scalar()
    if found is None:
        raise NotFound(f"There is no folder {name[:100]!r}.")
    return int(found)


def list_folders(conn: Connection, user: int, *, unread: bool = True) -> tuple[Folder, ...]:
    """Return a user's folders by name. unread: count unread items, which takes long in a large archive."""
    counted = select(subscriptions.c.folder_id, func.count()).where(subscriptions.c.user_id == user)
    inside: dict[int, int] = dict(conn.execute(counted.group_by(subscriptions.c.folder_id)).all())
    waiting = unread_by_folder(conn, user) if unread else {}
    rows = conn.execute(select(folders).where(folders.c.user_id == user).order_by(folders.c.name))
    return tuple(
        Folder(
            id=row.id,
            name=row.name,
            feeds=inside.get(row.id, 0),
            unread=waiting.get(row.id, 0),
            retain=row.retain,
        )
        for row in rows
    )


def one_subscription(conn: Connection, user: int, feed_id: int, *, new: bool = False) -> Subscription:
    found = _subscriptions(conn, user, feed_id, new=new)
    if not found:
        raise _no_subscription(feed_id)
    return found[0]


def list_subscriptions(conn: Connection, user: int) -> tuple[Subscription, ...]:
    found = _subscriptions(conn, user, None)
    return tuple(sorted(found, key=lambda one: ((one.folder or "").casefold(), one.title.casefold())))


def subscriptions_of(conn: Connection, user: int, feed_ids: Sequence[int] | None) -> tuple[Subscription, ...]:
    """Return subscriptions by number, without counts. feed_ids: only these, None: all."""
    query = _subscription_query(user).order_by(feeds.c.id)
    if feed_ids is None:
        return _with_counts(conn.execute(query).mappings(), user, {}, {}, new=False)
    found: tuple[Subscription, ...] = ()
    for start in range(0, len(feed_ids), CHUNK):
        part = query.where(feeds.c.id.in_(feed_ids[start : start + CHUNK]))
        found += _with_counts(conn.execute(part).mappings(), user, {}, {}, new=False)
    return found


_SHOWN_TITLE = func.coalesce(subscriptions.c.title, func.nullif(feeds.c.title, ""), feeds.c.url)


def meant_subscriptions(user: int, folder: int | None, words: str) -> list[ColumnElement[bool]]:
    """Return the conditions of a list of subscriptions: folder and words as in `page_of_subscriptions`."""
    meant: list[ColumnElement[bool]] = [subscriptions.c.user_id == user]
    if folder is not None:
        meant.append(subscriptions.c.folder_id == folder if folder else subscriptions.c.folder_id.is_(None))
    for word in words.lower().split():
        meant.append(
            func.lower(_SHOWN_TITLE).contains(word, autoescape=True)
            | func.lower(feeds.c.url).contains(word, autoescape=True)
        )
    return meant


def page_of_subscriptions(
    conn: Connection, user: int, first: int, most: int, *, folder: int | None, words: str
) -> tuple[tuple[Subscription, ...], int]:
    """Return up to `most` subscriptions from position `first` on, and the total of those that are meant.

    They are sorted by folder, those without one last, then by title. folder: only those in the folder of this
    id, 0: those without one. words: only those with these words in title or address.
    """
    meant = meant_subscriptions(user, folder, words)
    order = (folders.c.name.is_(None), func.lower(folders.c.name), func.lower(_SHOWN_TITLE), feeds.c.id)
    query = _subscription_query(user).where(*meant).order_by(*order).offset(first).limit(most)
    rows = conn.execute(query).mappings().all()
    numbers = [row["id"] for row in rows]
    totals, unread = article_counts(conn, numbers), unread_by_feed(conn, user, numbers)
    counted = select(func.count()).select_from(subscriptions)
    if words:
        counted = counted.join(feeds, feeds.c.id == subscriptions.c.feed_id)
    total = int(conn.execute(counted.where(*meant)).scalar_one())
    return _with_counts(rows, user, totals, unread, new=False), total


def _subscriptions(
    conn: Connection, user: int, feed_id: int | None, *, new: bool = False
) -> tuple[Subscription, ...]:
    query = _subscription_query(user)
    if feed_id is not None:
        query = query.where(feeds.c.id == feed_id)
    one = None if feed_id is None else [feed_id]
    totals, unread = article_counts(conn, one), unread_by_feed(conn, user, one)
    return _with_counts(conn.execute(query).mappings(), user, totals, unread, new=new)


def _subscription_query(user: int) -> Select[Any]:
    return (
        select(
            feeds,
            subscriptions.c.title.label("own_title"),
            subscriptions.c.added.label("subscribed"),
            folders.c.name.label("folder"),
            subscriptions.c.folder_id.label("in_folder"),
            feed_settings.c.origin.label("login_origin"),
        )
        .join(subscriptions, subscriptions.c.feed_id == feeds.c.id)
        .outerjoin(folders, folders.c.id == subscriptions.c.folder_id)
        .outerjoin(feed_settings, feed_settings.c.feed_id == feeds.c.id)
        .where(subscriptions.c.user_id == user)
    )


def _with_counts(
    rows: Iterable[RowMapping], user: int, totals: Mapping[int, int], unread: Mapping[int, int], *, new: bool
) -> tuple[Subscription, ...]:
    return tuple(
        Subscription(
            user=user,
            feed=stored_feed(row),
            title=row["own_title"] or row["title"] or row["url"],
            folder=row["folder"],
            folder_id=row["in_folder"],
            added=row["subscribed"],
            new=new,
            articles=totals.get(row["id"], 0),
            unread=unread.get(row["id"], 0),
            login_origin=_foreign_login(row["login_origin"], row["url"]),
        )
        for row in rows
    )


def _foreign_login(login: str | None, url: str) -> str | None:
    """Return the origin that a feed's login is bound to, None if it is that of the feed's address."""
    return login if login is not None and login != origin(url) else None


def article_counts(conn: Connection, numbers: Sequence[int] | None = None) -> dict[int, int]:
    """Map feed ids to the number of articles that the feed showed. numbers: only of these feeds."""
    query = select(sightings.c.feed_id, func.count()).group_by(sightings.c.feed_id)
    if numbers is not None:
        query = query.where(sightings.c.feed_id.in_(numbers))
    return dict(conn.execute(query).all())
