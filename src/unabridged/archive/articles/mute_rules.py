"""Mute rules of users: matched in linear time, applied at delivery and when a page is saved."""

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
from unabridged.errors import InvalidValue, NotFound
from unabridged.model import Article
from unabridged.text.scripts import HAN_AND_KANA, HANGUL, THAI

MAX_PATTERN = 300
"""Characters of a pattern."""

MAX_RULES = 500
"""Most rules of one user."""

MAX_TEXT = 200_000
"""Characters of a text that are matched."""

MAX_MEMORY = 4_000_000
"""Memory in bytes for matching a regular expression: with less, matching takes three times as long."""

MAX_PROGRAM = 90_000
r"""Bytes that a regular expression may take when compiled: 5,000 steps, at worst 6 s for a text as long as
one may be. Three letters of any script (`\pL{3}`) take 3,600 steps."""

MAX_UNREAD_CHECKED = 2000
"""Unread articles that a new rule is applied to, newest first."""

CHUNK = 500

_SPACED_LETTER = re.compile(rf"[^\W\d_{HAN_AND_KANA}{HANGUL}{THAI}]|\d")
"""Letters of scripts that put spaces between words, where a word ends if no letter follows."""

Matcher = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Article to match against rules. feeds: ids of the feeds that showed it."""

    article: Article
    feeds: frozenset[int]


def mute_reason(rules: Iterable[MuteRule], subject: Subject) -> str | None:
    """Return in words which rule mutes an article, None if none does. Pure."""
    normalized: dict[MuteField, tuple[str, ...]] = {}
    for rule in rules:
        if rule.feed_id is not None and rule.feed_id not in subject.feeds:
            continue
        if rule.field not in normalized:
            normalized[rule.field] = tuple(map(_normalize, _texts(rule.field, subject.article)))
        matches = _matcher(rule.kind, rule.pattern)
        if any(map(matches, normalized[rule.field])):
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
    expression = _compile_regex(pattern) if kind == "regex" else _compile_words(pattern)

    def matches(normalized: str) -> bool:
        return expression.search(normalized) is not None

    return matches


def _normalize(text: str) -> str:
    """Return text in NFKC, cut before and after: one letter may become eighteen."""
    return unicodedata.normalize("NFKC", text[:MAX_TEXT])[:MAX_TEXT]


def _compile_regex(pattern: str, memory: int = MAX_MEMORY) -> "re.Pattern[str]":
    """Compile a regular expression with RE2, which matches any expression in linear time."""
    try:
        compiled: re.Pattern[str] = re2.compile(_normalize(pattern), options=_options(memory))
    except re2.error as exc:
        detail = exc.args[0].decode("utf-8", "replace") if isinstance(exc.args[0], bytes) else str(exc)
        raise InvalidValue(
            f"{pattern!r} is no regular expression that can be used here ({detail}). Look-ahead and "
            "back-references are not supported: expressions with them may take unlimited time."
        ) from None
    return compiled


def _options(memory: int) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = memory
    options.log_errors = False
    return options


def _compile_words(pattern: str) -> "re.Pattern[str]":
    """Compile words into an expression: in order, any white space between, whole words in spaced scripts."""
    normalized = _normalize(pattern).split()
    joined = r"\s+".join(map(re.escape, normalized))
    first, last = normalized[0][0], normalized[-1][-1]
    before = r"(?<![^\W_])" if _SPACED_LETTER.match(first) else ""
    after = r"(?![^\W_])" if _SPACED_LETTER.match(last) else ""
    return re.compile(before + joined + after, re.IGNORECASE)


def check_rule(field: str, kind: str, pattern: str) -> str:
    """Return a rule's pattern as it is stored. Raises ArchiveError that says what to write instead."""
    if field not in get_args(MuteField):
        raise InvalidValue(f"Rules cannot mute by {field!r}, only by {', '.join(get_args(MuteField))}.")
    if kind not in get_args(MuteKind):
        raise InvalidValue(f"There is no kind of rule {kind!r}, only {', '.join(get_args(MuteKind))}.")
    clean = " ".join(storable(pattern).split()) if kind == "words" else storable(pattern).strip()
    if not clean or len(clean) > MAX_PATTERN:
        raise InvalidValue(f"The pattern of a rule must have 1 to {MAX_PATTERN} characters.")
    if kind == "regex":
        _compile_regex(clean, MAX_PROGRAM)  # new rules only: an older rule must not make polls fail
    if _matcher(kind, clean)(""):
        raise InvalidValue(f"{clean!r} matches everything, and would mute every article.")
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
    known = list_rules(conn, user)
    if len(known) >= MAX_RULES:
        raise InvalidValue(f"There are {MAX_RULES} rules already. Remove some first.")
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
    _apply_to_unread(conn, user, made, now)
    return made


def list_rules(conn: Connection, user: int) -> tuple[MuteRule, ...]:
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
        raise NotFound(f"There is no mute rule {rule_id}. `unabridged mute list` shows the rules.")


def mute_reasons(conn: Connection, user: int, article_ids: Sequence[int]) -> dict[int, str]:
    """Map article ids to the reason why the user's rules mute them, for articles that they mute."""
    rules = list_rules(conn, user)
    if not rules or not article_ids:
        return {}
    return _match_rules(conn, rules, article_ids)


def _match_rules(conn: Connection, rules: Sequence[MuteRule], article_ids: Sequence[int]) -> dict[int, str]:
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


def _apply_to_unread(conn: Connection, user: int, rule: MuteRule, now: datetime) -> None:
    """Apply a new rule to the user's unread articles."""
    unread = (items.c.user_id == user) & items.c.read.is_(False) & items.c.muted.is_(None)
    query = (
        select(items.c.article_id).where(unread).order_by(items.c.sort_at.desc()).limit(MAX_UNREAD_CHECKED)
    )
    found = _match_rules(conn, [rule], list(conn.execute(query).scalars()))
    for number, reason in found.items():
        _mute(conn, user, number, reason, now)


def reapply_rules(conn: Connection, article_id: int, now: datetime) -> None:
    """Apply rules to an article whose text changed, for users who have rules and have not read it."""
    unread = (items.c.article_id == article_id) & items.c.read.is_(False) & items.c.muted.is_(None)
    ruled = select(mute_rules.c.user_id).where(mute_rules.c.user_id == items.c.user_id)
    for user in conn.execute(select(items.c.user_id).where(unread, ruled.exists())).scalars().all():
        for number, reason in mute_reasons(conn, user, [article_id]).items():
            _mute(conn, user, number, reason, now)


def _mute(conn: Connection, user: int, article_id: int, reason: str, now: datetime) -> None:
    mine = (items.c.user_id == user) & (items.c.article_id == article_id)
    muted = {"read": True, "read_at": now, "muted": reason, "changed": now}
    conn.execute(update(items).where(mine).values(**muted))
