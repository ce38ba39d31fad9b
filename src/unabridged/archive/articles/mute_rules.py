"""Rules by which people mute articles: matched safely, applied at delivery and when the page is read."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, get_args

import re2  # type: ignore[import-untyped]
from sqlalchemy import Connection, Row, delete, insert, select, update

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.library import MuteField, MuteKind, MuteRule
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import articles, items, revisions, sightings, subscriptions
from unabridged.archive.storage.tables_library import mute_rules
from unabridged.errors import ArchiveError, NotFound
from unabridged.model import Article
from unabridged.text.scripts import HAN_AND_KANA, HANGUL, THAI

MAX_PATTERN = 300
"""Characters of a rule."""

MAX_RULES = 500
"""Rules of one user."""

MAX_TEXT = 200_000
"""Characters of a text that are looked at."""

MAX_MEMORY = 4_000_000
"""Bytes that a regular expression may take while it is matched: with less it takes three times as long."""

MAX_PROGRAM = 90_000
r"""Bytes that a regular expression may take when compiled: 5,000 steps, at worst 6 s for a text as long as
one may be. Three letters of any script (`\pL{3}`) take 3,600 steps."""

LOOKED_BACK = 2000
"""Unread articles that a new rule is applied to, newest first."""

CHUNK = 500

_TIGHT = re.compile(rf"[^\W\d_{HAN_AND_KANA}{HANGUL}{THAI}]|\d")
"""Letters of scripts that put spaces between words: a word there ends where no letter follows."""

Matcher = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An article as rules see it. feeds: the numbers of those that showed it."""

    article: Article
    feeds: frozenset[int]


def mute_reason(rules: Iterable[MuteRule], subject: Subject) -> str | None:
    """Say in words which rule mutes an article, None where none does. Pure."""
    levelled: dict[MuteField, tuple[str, ...]] = {}
    for rule in rules:
        if rule.feed_id is not None and rule.feed_id not in subject.feeds:
            continue
        if rule.field not in levelled:
            levelled[rule.field] = tuple(map(_level, _texts(rule.field, subject.article)))
        matches = _matcher(rule.kind, rule.pattern)
        if any(map(matches, levelled[rule.field])):
            return f"{rule.field} {'matches' if rule.kind == 'regex' else 'has'} {rule.pattern}"
    return None


def _texts(field: MuteField, article: Article) -> Collection[str]:
    texts: dict[MuteField, Collection[str]] = {
        "title": (article.title,),
        "author": (*article.authors, *article.credit),
        "url": tuple(url for url in (article.url, article.canonical_url) if url),
        "text": (article.text,),
        "tag": (*article.tags, *((article.section,) if article.section else ())),
    }
    return texts[field]


@lru_cache(maxsize=1024)
def _matcher(kind: MuteKind, pattern: str) -> Matcher:
    expression = _regular(pattern) if kind == "regex" else _words(pattern)

    def matches(levelled: str) -> bool:
        return expression.search(levelled) is not None

    return matches


def _level(text: str) -> str:
    """Return text as rules see it, cut before and after: one letter may become eighteen."""
    return unicodedata.normalize("NFKC", text[:MAX_TEXT])[:MAX_TEXT]


def _regular(pattern: str, memory: int = MAX_MEMORY) -> "re.Pattern[str]":
    """A regular expression of RE2: its time grows with the text alone, whatever the expression."""
    try:
        compiled: re.Pattern[str] = re2.compile(_level(pattern), options=_options(memory))
    except re2.error as exc:
        detail = exc.args[0].decode("utf-8", "replace") if isinstance(exc.args[0], bytes) else str(exc)
        raise ArchiveError(
            f"{pattern!r} is no regular expression that can be used here ({detail}). Look-ahead and "
            "back-references are not supported, so that no expression can hold up the program."
        ) from None
    return compiled


def _options(memory: int) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = memory
    options.log_errors = False
    return options


def _words(pattern: str) -> "re.Pattern[str]":
    """Words in their order, whole ones where the script parts them by spaces; white space is any."""
    levelled = _level(pattern).split()
    joined = r"\s+".join(map(re.escape, levelled))
    first, last = levelled[0][0], levelled[-1][-1]
    before = r"(?<![^\W_])" if _TIGHT.match(first) else ""
    after = r"(?![^\W_])" if _TIGHT.match(last) else ""
    return re.compile(before + joined + after, re.IGNORECASE)


def check_rule(field: str, kind: str, pattern: str) -> str:
    """A rule's pattern as it is kept. Raises ArchiveError that says what to write instead."""
    if field not in get_args(MuteField):
        raise ArchiveError(f"{field!r} is nothing to mute by. There are: {', '.join(get_args(MuteField))}.")
    if kind not in get_args(MuteKind):
        raise ArchiveError(f"{kind!r} is no kind of rule. There are: {', '.join(get_args(MuteKind))}.")
    clean = " ".join(storable(pattern).split()) if kind == "words" else storable(pattern).strip()
    if not clean or len(clean) > MAX_PATTERN:
        raise ArchiveError(f"A rule takes 1 to {MAX_PATTERN} signs.")
    if kind == "regex":
        _regular(clean, MAX_PROGRAM)  # new rules only: one that was kept before must not end a poll
    if _matcher(kind, clean)(""):
        raise ArchiveError(f"{clean!r} matches everything, and would mute all that comes.")
    return clean


# In the database


def add(
    conn: Connection, user: int, rule: tuple[MuteField, MuteKind, str], feed_id: int | None, now: datetime
) -> MuteRule:
    field, kind, pattern = rule
    clean = check_rule(field, kind, pattern)
    if feed_id is not None:
        mine = (subscriptions.c.user_id == user) & (subscriptions.c.feed_id == feed_id)
        if conn.execute(select(subscriptions.c.feed_id).where(mine)).first() is None:
            raise NotFound(f"There is no subscription {feed_id}. `unabridged list` shows the numbers.")
    known = every_rule(conn, user)
    if len(known) >= MAX_RULES:
        raise ArchiveError(f"There are {MAX_RULES} rules already. Remove some first.")
    same = (
        one
        for one in known
        if (one.field, one.kind, one.pattern, one.feed_id) == (field, kind, clean, feed_id)
    )
    found = next(same, None)
    if found is not None:
        return found
    row = {
        "user_id": user,
        "feed_id": feed_id,
        "field": field,
        "kind": kind,
        "pattern": clean,
        "created": now,
    }
    number = conn.execute(insert(mute_rules).returning(mute_rules.c.id), row).scalar_one()
    made = MuteRule(id=number, field=field, kind=kind, pattern=clean, feed_id=feed_id, created=now)
    _look_back(conn, user, made, now)
    return made


def every_rule(conn: Connection, user: int) -> tuple[MuteRule, ...]:
    query = select(mute_rules).where(mute_rules.c.user_id == user).order_by(mute_rules.c.id)
    return tuple(_rule(row) for row in conn.execute(query))


def _rule(row: Row[tuple[object, ...]]) -> MuteRule:
    return MuteRule(
        id=row.id,
        field=row.field,
        kind=row.kind,
        pattern=row.pattern,
        feed_id=row.feed_id,
        created=row.created,
    )


def remove(conn: Connection, user: int, rule_id: int) -> None:
    mine = (mute_rules.c.id == rule_id) & (mute_rules.c.user_id == user)
    if conn.execute(delete(mute_rules).where(mine)).rowcount == 0:
        raise NotFound(f"There is no mute rule {rule_id}. `unabridged mute list` shows those there are.")


def reasons(conn: Connection, user: int, article_ids: Sequence[int]) -> dict[int, str]:
    """Article number -> why the user's rules mute it, for those that they do."""
    rules = every_rule(conn, user)
    if not rules or not article_ids:
        return {}
    return _reasons(conn, rules, article_ids)


def _reasons(conn: Connection, rules: Sequence[MuteRule], article_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(article_ids), CHUNK):
        for number, subject in _subjects(conn, article_ids[start : start + CHUNK]):
            reason = mute_reason(rules, subject)
            if reason is not None:
                found[number] = reason
    return found


def _subjects(conn: Connection, article_ids: Sequence[int]) -> Iterable[tuple[int, Subject]]:
    shown: dict[int, set[int]] = {}
    here = select(sightings.c.article_id, sightings.c.feed_id)
    for number, feed in conn.execute(here.where(sightings.c.article_id.in_(article_ids))):
        shown.setdefault(number, set()).add(feed)
    current = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
    query = select(articles.c.id, revisions.c.record).join(revisions, current)
    for number, record in conn.execute(query.where(articles.c.id.in_(article_ids))).all():
        article = article_of(record, f"article {number}")
        if article is not None:
            yield number, Subject(article=article, feeds=frozenset(shown.get(number, ())))


def _look_back(conn: Connection, user: int, rule: MuteRule, now: datetime) -> None:
    """Apply a new rule to what is there unread."""
    unread = (items.c.user_id == user) & items.c.read.is_(False) & items.c.muted.is_(None)
    query = select(items.c.article_id).where(unread).order_by(items.c.sort_at.desc()).limit(LOOKED_BACK)
    found = _reasons(conn, [rule], list(conn.execute(query).scalars()))
    for number, reason in found.items():
        _mute(conn, user, number, reason, now)


def mute_again(conn: Connection, article_id: int, now: datetime) -> None:
    """Apply rules to an article whose text is new: where it is still unread, with those who have rules."""
    unread = (items.c.article_id == article_id) & items.c.read.is_(False) & items.c.muted.is_(None)
    ruled = select(mute_rules.c.user_id).where(mute_rules.c.user_id == items.c.user_id)
    for user in conn.execute(select(items.c.user_id).where(unread, ruled.exists())).scalars().all():
        for number, reason in reasons(conn, user, [article_id]).items():
            _mute(conn, user, number, reason, now)


def _mute(conn: Connection, user: int, article_id: int, reason: str, now: datetime) -> None:
    mine = (items.c.user_id == user) & (items.c.article_id == article_id)
    muted = {"read": True, "read_at": now, "muted": reason, "changed": now}
    conn.execute(update(items).where(mine).values(**muted))
