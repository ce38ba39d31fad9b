"""Search in the database: which of a user's articles answer a tree, page by page.

A page's place is a row of the index, which rises with time: both databases walk it from the newest down
and stop when the page is full. Where PostgreSQL had to leave out places of tokens, the order of words is
checked against the text itself.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Float,
    FromClause,
    Select,
    and_,
    bindparam,
    cast,
    column,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from unabridged.archive.search import fts_expression, query_language
from unabridged.archive.search.query_language import And, Condition, Not, Or, Tree
from unabridged.archive.search_index.tokenizer import fold
from unabridged.archive.search_index.writer import NUMBER_BITS, NUMBER_MASK, stored_documents
from unabridged.archive.storage.tables import (
    feeds,
    items,
    revisions,
    sightings,
    subscriptions,
    to_microseconds,
)
from unabridged.archive.storage.tables_library import item_tags, tags
from unabridged.archive.storage.tables_search import search_docs
from unabridged.errors import NotFound

Sort = Literal["newest", "best"]

NEAR = 200
"""Newest rows that are looked at one by one on PostgreSQL, 6 µs each."""

WINDOW = 2000
"""Newest hits that are put in order where the best are to come first."""

ANYWHERE = "{text title}"
"""Where words without a field are looked for: the title is in the text too, and here it weighs more."""

WEIGHTS = "1.0, 6.0, 3.0, 3.0, 0.0, 0.5"
"""Of the columns, for bm25: text, title, author, tag, fact, past."""

_CURSOR = re.compile(r"(-?\d{1,19})(?:_(-?\d\.\d{9}e[+-]\d{2}))?")
_INDEX = table(
    "search_index",
    column("rowid", BigInteger),
    column("place", BigInteger),
    column("article_id", BigInteger),
    column("tokens"),
    column("clipped", Boolean),
)
_TABLE: ColumnElement[Any] = literal_column("search_index")
_TOKENS: ColumnElement[Any] = literal_column("tokens")
_LATEST = 2**63 - 1
_BY_WORDS = text(
    "SELECT set_config('enable_seqscan', 'off', true),"
    " set_config('plan_cache_mode', 'force_generic_plan', true)"
)
"""For one transaction: PostgreSQL asks its index of words where it takes reading all rows for less (as it
does while the archive is small, or no vacuum has counted the index yet), and plans a statement once, not for
every word anew, which takes as long as most answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search by one user. past: only what earlier versions had. before: the `next` of the page before."""

    tree: Tree
    user: int
    past: bool = False
    sort: Sort = "newest"
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """A page of hits: article numbers in order, and the cursor for the page after it."""

    article_ids: tuple[int, ...]
    next: str | None = None


def find(conn: Connection, asked: Asked) -> Places:
    """One page of a search. Raises NotFound for a cursor that is none."""
    if conn.dialect.name != "sqlite" and _parted(asked)[0] is not None:
        conn.execute(_BY_WORDS)
    return _best(conn, asked) if asked.sort == "best" else _newest(conn, asked)


def _newest(conn: Connection, asked: Asked) -> Places:
    place = _cursor(asked.before)[0]
    found = []
    for row in _walk(conn, asked, place):
        found.append(row)
        if len(found) > asked.limit:
            break
    shown = found[: asked.limit]
    following = str(shown[-1]) if len(found) > asked.limit else None
    return Places(article_ids=tuple(map(number_of, shown)), next=following)


def number_of(place: int) -> int:
    """The article of a row in the index."""
    return place & NUMBER_MASK


def _cursor(given: str | None) -> tuple[int, float]:
    if given is None:
        return _LATEST, -math.inf
    match = _CURSOR.fullmatch(given)
    if match is None or abs(int(match[1])) > _LATEST:
        raise NotFound(f"{given[:40]!r} is not a place in a list. Start from the first page.")
    return int(match[1]), float(match[2]) if match[2] else -math.inf


def _walk(conn: Connection, asked: Asked, place: int) -> Iterator[int]:
    """The places of hits below a place, newest first.

    On PostgreSQL the newest rows are looked at one by one first: a page of a frequent word is full there.
    """
    from_text, rest = _parted(asked)
    may_be_full = from_text is not None and not _feeds_asked(rest)
    step, near = asked.limit + 1, may_be_full and conn.dialect.name != "sqlite"
    while True:
        rows = _rows_below(conn, asked, place, step, near=near)
        refused = _refused(conn, asked, {row.place for row in rows if row.unsure})
        yield from (row.place for row in rows if row.place not in refused)
        if len(rows) < step and not near:
            return
        place = rows[-1].place if rows else place
        step = step if near else min(step * 4, WINDOW)
        near = False


def _rows_below(conn: Connection, asked: Asked, place: int, step: int, *, near: bool) -> Sequence[Any]:
    """Rows of hits below a place, with `place` and `unsure`."""
    query, words = _statement(conn, asked, near=near)
    given = {"high": min(place, _span(asked.tree)[1]), "mine": asked.user, "step": step}
    return conn.execute(query, given | words).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Rows of the index in which hits are looked for; what is asked of them is given with the statement.

    there: they carry their words, so that more can be asked of each (and OFFSET 0 keeps PostgreSQL from
    asking of all). unsure: the order of words is still to be checked.
    """

    source: FromClause
    place: ColumnElement[int]
    number: ColumnElement[int]
    where: tuple[ColumnElement[bool], ...] = ()
    unsure: ColumnElement[bool] = field(default_factory=false)
    there: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How words are looked for: searches of one way share a statement, which takes long to make.

    near: only among the newest rows. ordered: the order of words matters; loose: whether they are there can
    be asked without it; strict: where a row's places are incomplete, what seems right is checked too.
    """

    sqlite: bool
    near: bool
    ordered: bool
    loose: bool
    strict: bool


def _statement(conn: Connection, asked: Asked, *, near: bool = False) -> tuple[Select[Any], dict[str, str]]:
    """The places of hits below `high`, `step` of them, and the words to be given with it."""
    from_text, rest = _parted(asked)
    if from_text is None:
        docs = _Rows(source=search_docs, place=search_docs.c.place, number=search_docs.c.article_id)
        return _with_conditions(conn, asked, docs, rest), {}
    way = _way(conn, asked, from_text, near=near)
    said = _said(from_text, way, past=asked.past)
    if not rest:
        return _words_alone(way), said
    shown = [] if way.sqlite else _feeds_asked(rest)
    of_feeds = [_shown_in(conn, one, asked.user) for one in shown]
    others = [part for part in rest if part not in shown]
    return _with_conditions(conn, asked, _rows(way, of_feeds), others), said


@cache
def _words_alone(way: _Way) -> Select[Any]:
    return _hits(_rows(way))


def _with_conditions(conn: Connection, asked: Asked, rows: _Rows, rest: Iterable[Tree]) -> Select[Any]:
    query = _hits(rows, *(_holds(conn, part, asked, there=rows.there) for part in rest))
    low, _ = _span(asked.tree)
    return query if low is None else query.where(rows.place >= low)


def _hits(rows: _Rows, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Rows of articles that a user has, newest first."""
    own = select(items.c.id).where(items.c.article_id == rows.number, items.c.user_id == bindparam("mine"))
    own = own.where(*conditions)
    mine = (own.offset(0) if rows.there else own).exists()
    shown: tuple[Any, ...] = rows.place.label("place"), rows.unsure.label("unsure")
    query = select(*shown).select_from(rows.source).where(*rows.where, mine, rows.place < bindparam("high"))
    return query.order_by(rows.place.desc()).limit(bindparam("step"))


def _way(conn: Connection, asked: Asked, tree: Tree, *, near: bool) -> _Way:
    return _Way(
        sqlite=conn.dialect.name == "sqlite",
        near=near,
        ordered=query_language.has_phrase(tree),
        loose=query_language.loosened(tree) is not None,
        strict=asked.past or query_language.forbids_phrase(tree),
    )


def _said(tree: Tree, way: _Way, *, past: bool) -> dict[str, str]:
    """What `_rows` of a way is given: the expressions of a tree's words."""
    said = {"exact": _expression(tree, sqlite=way.sqlite, past=past)}
    if way.ordered and not way.sqlite:
        loose = query_language.loosened(tree)
        said["lost"] = fts_expression.tsquery_lost(tree, past=past)
        said |= {"loose": fts_expression.tsquery(loose, past=past)} if loose is not None else {}
    return said


def _rows(way: _Way, shown: Sequence[Select[Any]] = ()) -> _Rows:
    """Rows of the index: on PostgreSQL the newest ones, or those that its index of words knows.

    Its planner cannot know which of the two is sooner done: it takes looking at a row's words, half a page
    of them to unpack, for next to nothing. So it is not asked: LIMIT, and an order that is no index's, leave
    it one way. Among what the index of words found, the order of words is looked at only until the page is
    full. shown: the articles of feeds that are asked for, mostly few beside what the index finds.
    """
    exact = _says("exact", sqlite=way.sqlite)
    if way.sqlite:
        number = _INDEX.c.rowid.bitwise_and(NUMBER_MASK)
        return _Rows(source=_INDEX, place=_INDEX.c.rowid, number=number, where=(exact,))
    loose = _says("loose") if way.ordered else exact
    columns = _INDEX.c.article_id, _INDEX.c.tokens, _INDEX.c.clipped
    place = _INDEX.c.place if way.near or not way.loose else _INDEX.c.place + 0
    inside = select(place.label("place"), *columns).where(place < bindparam("high")).order_by(place.desc())
    if way.near:
        inside = inside.limit(NEAR)
    elif way.loose:
        inside = inside.where(loose)
    source = inside.where(*(_INDEX.c.article_id.in_(one) for one in shown)).offset(0).subquery("found")
    rows = _Rows(source=source, place=source.c.place, number=source.c.article_id, there=True)
    if not way.ordered:
        return replace(rows, where=(exact,) if way.near else ())
    doubt = and_(source.c.clipped, _says("lost"))
    may_be = and_(doubt, loose) if way.loose else doubt
    unsure = doubt if way.strict else and_(doubt, not_(exact))
    return replace(rows, where=(or_(exact, may_be),), unsure=unsure)


def _says(name: str, *, sqlite: bool = False) -> ColumnElement[bool]:
    """Whether a row of the index answers what is given under a name."""
    return _answers(bindparam(name), sqlite=sqlite)


def _feeds_asked(rest: Iterable[Tree]) -> list[Condition]:
    """The feeds among what is to hold of all hits."""
    return [part for part in rest if isinstance(part, Condition) and part.name == "feed"]


def _parted(asked: Asked) -> tuple[Tree | None, tuple[Tree, ...]]:
    """What the index answers of a search, and the parts that are still to be asked of what it finds."""
    parts = asked.tree.parts if isinstance(asked.tree, And) else (asked.tree,)
    rest = tuple(part for part in parts if not query_language.is_text(part))
    if not asked.past:
        return query_language.needed(asked.tree), rest
    of_text = tuple(part for part in parts if query_language.is_text(part))
    return (And(of_text) if len(of_text) > 1 else of_text[0] if of_text else None), rest


def _span(tree: Tree) -> tuple[int | None, int]:
    """The rows between which hits lie, by after: and before:."""
    low, high = None, _LATEST
    for part in tree.parts if isinstance(tree, And) else (tree,):
        if isinstance(part, Condition) and part.at is not None:
            edge = max(0, to_microseconds(part.at) // 1_000_000) << NUMBER_BITS
            if part.name == "after":
                low = edge if low is None else max(low, edge)
            else:
                high = min(high, edge)
    return low, high


# What the index answers


def _matches(conn: Connection, tree: Tree, *, past: bool) -> ColumnElement[bool]:
    sqlite = conn.dialect.name == "sqlite"
    return _answers(_expression(tree, sqlite=sqlite, past=past), sqlite=sqlite)


def _answers(expression: Any, *, sqlite: bool) -> ColumnElement[bool]:
    """Whether a row of the index answers an expression, which may be given later."""
    if sqlite:
        return _TABLE.op("MATCH", return_type=Boolean())(expression)
    return _TOKENS.op("@@", return_type=Boolean())(cast(expression, TSQUERY))


def _expression(tree: Tree, *, sqlite: bool, past: bool) -> str:
    """The words of a tree as a database's index is asked for them."""
    if sqlite:
        return fts_expression.fts5_past(tree) if past else fts_expression.fts5(tree, ANYWHERE)
    return fts_expression.tsquery_past(tree) if past else fts_expression.tsquery(tree)


def _refused(conn: Connection, asked: Asked, places: set[int]) -> frozenset[int]:
    """Those of the places whose text does not hold the words in their order after all."""
    from_text, _ = _parted(asked)
    if from_text is None or not places:
        return frozenset()
    refused = set()
    for one in stored_documents(conn, [number_of(place) for place in places]):
        ok = query_language.holds(from_text, one.fields, past=asked.past)
        if asked.past:
            ok = ok and not query_language.holds(from_text, one.fields)
        if not ok:
            refused.add(one.place)
    return frozenset(refused)


# The best first


def _best(conn: Connection, asked: Asked) -> Places:
    from_text, _ = _parted(asked)
    if from_text is None:
        return _newest(conn, asked)
    place, score = _cursor(asked.before)
    ordered = sorted((-value, -one) for one, value in _scores(conn, asked, from_text))
    left = [(worth, one) for worth, one in ordered if (worth, one) > (score, -place)]
    shown = left[: asked.limit]
    following = f"{-shown[-1][1]}_{shown[-1][0]:.9e}" if len(left) > asked.limit else None
    return Places(article_ids=tuple(number_of(-one) for _, one in shown), next=following)


def _scores(conn: Connection, asked: Asked, tree: Tree) -> Iterator[tuple[int, float]]:
    """The newest hits with how well they answer; higher is better."""
    if conn.dialect.name == "sqlite":
        score: Any = literal_column(f"-bm25(search_index, {WEIGHTS})")
    else:
        ranked = cast(fts_expression.tsquery(tree, past=asked.past), TSQUERY)
        score = func.ts_rank(_TOKENS, ranked, 1)
    query, words = _statement(conn, asked)
    given = {"high": _span(asked.tree)[1], "mine": asked.user, "step": WINDOW}
    rows = conn.execute(query.add_columns(_named(score)), given | words).all()
    refused = _refused(conn, asked, {row.place for row in rows if row.unsure})
    yield from ((row.place, float(f"{row.score:.9e}")) for row in rows if row.place not in refused)


def _named(score: Any) -> ColumnElement[float]:
    named: ColumnElement[float] = type_coerce(score, Float).label("score")
    return named


# What the index does not know


def _holds(conn: Connection, tree: Tree, asked: Asked, *, there: bool) -> ColumnElement[bool]:
    """A tree as a condition on a user's item. there: beside it stands the row of the index."""
    if isinstance(tree, And):
        return and_(*(_holds(conn, part, asked, there=there) for part in tree.parts))
    if isinstance(tree, Or):
        return or_(*(_holds(conn, part, asked, there=there) for part in tree.parts))
    if isinstance(tree, Not):
        return not_(_holds(conn, tree.part, asked, there=there))
    if isinstance(tree, Condition):
        return _condition(conn, tree, asked.user)
    matches = _matches(conn, tree, past=asked.past)
    if there:
        return matches
    number = _INDEX.c.rowid.bitwise_and(NUMBER_MASK) if conn.dialect.name == "sqlite" else _INDEX.c.article_id
    return items.c.article_id.in_(select(number).select_from(_INDEX).where(matches))


def _condition(conn: Connection, one: Condition, user: int) -> ColumnElement[bool]:
    if one.at is not None:
        return items.c.sort_at >= one.at if one.name == "after" else items.c.sort_at < one.at
    if one.name == "is":
        state: ColumnElement[bool] = _STATES[one.value]()
        return state
    if one.name == "tag":
        tagged = select(item_tags.c.item_id).join(tags, tags.c.id == item_tags.c.tag_id)
        named = func.lower(tags.c.name) == one.value.lower()
        return items.c.id.in_(tagged.where(tags.c.user_id == user, named))
    return items.c.article_id.in_(_shown_in(conn, one, user))


def _shown_in(conn: Connection, one: Condition, user: int) -> Select[Any]:
    """The articles of the feeds that a condition names."""
    named = feeds_named(conn, user, one.value)
    return select(sightings.c.article_id).where(sightings.c.feed_id.in_(named))


def feeds_named(conn: Connection, user: int, name: str) -> list[int]:
    """The feeds that a user means: one by its number, else those of a title, folder or address."""
    if name.isdecimal() and len(name) < 10:
        return [int(name)]
    wanted = " ".join(fold(name).split())
    query = select(feeds.c.id, feeds.c.title, feeds.c.url, subscriptions.c.title.label("own"))
    query = query.join(subscriptions, subscriptions.c.feed_id == feeds.c.id)
    rows = conn.execute(query.where(subscriptions.c.user_id == user))
    return [
        row.id
        for row in rows
        if wanted
        and any(wanted in " ".join(fold(one or "").split()) for one in (row.own, row.title, row.url))
    ]


def _changed() -> ColumnElement[bool]:
    """The publisher changed the text: a version after another that was not merely the feed's teaser of it."""
    before, after = revisions.alias(), revisions.alias()
    edited = and_(
        before.c.article_id == items.c.article_id,
        after.c.article_id == items.c.article_id,
        before.c.number < after.c.number,
        before.c.source != "replay",
        after.c.source != "replay",
        not_(and_(before.c.source == "feed", after.c.source != "feed")),
    )
    return exists().where(edited)


_STATES: dict[str, Any] = {
    "unread": lambda: items.c.read.is_(False),
    "read": lambda: items.c.read.is_(True),
    "starred": lambda: items.c.starred.is_(True),
    "muted": lambda: items.c.muted.is_not(None),
    "changed": _changed,
}


def articles_in_order(found: dict[int, Any], numbers: Sequence[int]) -> list[Any]:
    """What was found, in the order of the numbers; what is gone meanwhile is left out."""
    return [found[number] for number in numbers if number in found]
