"""Execution of a search on either database: the user's articles that match a query tree, page by page.

The cursor is a row number of the index (`place`), which rises with an article's time: both databases scan
from the newest row down and stop when the page is full. Where a tsvector lost positions of tokens, phrases
are checked against the text itself.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

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

from unabridged.archive.records.query_tree import And, Condition, Not, Or, Tree
from unabridged.archive.records.search import HitIds, Sort
from unabridged.archive.search import fts_expression, query_language
from unabridged.archive.search.item_conditions import passing_condition
from unabridged.archive.search.query_language import PASSING
from unabridged.archive.search_index.tokenizer import fold
from unabridged.archive.search_index.writer import NUMBER_BITS, NUMBER_MASK, stored_documents
from unabridged.archive.storage.tables import (
    feeds,
    items,
    merged_feeds,
    sightings,
    subscriptions,
    to_microseconds,
)
from unabridged.archive.storage.tables_library import item_tags, tags
from unabridged.archive.storage.tables_search import search_docs
from unabridged.errors import NotFound

RECENT_ROWS = 200
"""Newest rows that PostgreSQL tests one by one before it uses its index, 6 µs each."""

RANKED_HITS = 2000
"""Newest hits that are ranked for the order "best"."""

ANYWHERE = "{text title}"
"""FTS5 columns for words without a field. The title is in the text too, and counts more in its own column."""

WEIGHTS = "1.0, 6.0, 3.0, 3.0, 0.0, 0.5"
"""bm25 weights of the columns text, title, author, tag, fact, past."""

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
_FORCE_INDEX = text(
    "SELECT set_config('enable_seqscan', 'off', true),"
    " set_config('plan_cache_mode', 'force_generic_plan', true)"
)
"""Planner settings for one transaction. PostgreSQL must use the GIN index where it would rather scan the
table (a small archive, or no vacuum yet), and plan a statement once instead of for every word, which takes as
long as most searches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A search by one user. past: words that only earlier versions had. before: cursor of this page."""

    tree: Tree
    user: int
    past: bool = False
    sort: Sort = "newest"
    before: str | None = None
    limit: int = 50


def find(conn: Connection, request: SearchRequest) -> HitIds:
    """Return one page of hits. Raises NotFound for an invalid cursor."""
    if conn.dialect.name != "sqlite" and _split_tree(request)[0] is not None:
        conn.execute(_FORCE_INDEX)
    return _best(conn, request) if request.sort == "best" else _newest(conn, request)


def _newest(conn: Connection, request: SearchRequest) -> HitIds:
    place = _cursor(request.before)[0]
    found = []
    for row in _iter_hits(conn, request, place):
        found.append(row)
        if len(found) > request.limit:
            break
    shown = found[: request.limit]
    following = str(shown[-1]) if len(found) > request.limit else None
    return HitIds(article_ids=tuple(map(number_of, shown)), next=following)


def number_of(place: int) -> int:
    """Return the article number of an index row."""
    return place & NUMBER_MASK


def _cursor(given: str | None) -> tuple[int, float]:
    if given is None:
        return _LATEST, -math.inf
    match = _CURSOR.fullmatch(given)
    if match is None or abs(int(match[1])) > _LATEST:
        raise NotFound(f"{given[:40]!r} is not a cursor of a search. Start from the first page.")
    return int(match[1]), float(match[2]) if match[2] else -math.inf


def _iter_hits(conn: Connection, request: SearchRequest, place: int) -> Iterator[int]:
    """Yield index rows of hits before a row, newest first.

    On PostgreSQL the newest rows are tested one by one first: for a frequent word they fill the page.
    """
    from_text, rest = _split_tree(request)
    may_be_full = from_text is not None and not _feed_conditions(rest)
    step, near = request.limit + 1, may_be_full and conn.dialect.name != "sqlite"
    while True:
        rows = _rows_before(conn, request, place, step, near=near)
        false_hits = _false_hits(conn, request, {row.place for row in rows if row.unsure})
        yield from (row.place for row in rows if row.place not in false_hits)
        if len(rows) < step and not near:
            return
        place = rows[-1].place if rows else place
        step = step if near else min(step * 4, RANKED_HITS)
        near = False


def _rows_before(
    conn: Connection, request: SearchRequest, place: int, step: int, *, near: bool
) -> Sequence[Any]:
    """Select rows of hits before a row, with `place` and `unsure`."""
    query, words = _statement(conn, request, near=near)
    given = {"high": min(place, _span(request.tree)[1]), "mine": request.user, "step": step}
    return conn.execute(query, given | words).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Index rows to search, as a part of a statement; the search expressions are its parameters.

    indexed: the rows have the token columns, so that further conditions can test them (OFFSET 0 keeps
    PostgreSQL from testing all rows). unsure: the order of words must still be checked.
    """

    source: FromClause
    place: ColumnElement[int]
    number: ColumnElement[int]
    where: tuple[ColumnElement[bool], ...] = ()
    unsure: ColumnElement[bool] = field(default_factory=false)
    indexed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _QueryShape:
    """Shape of a text query. Searches of one shape share a statement, which is slow to build.

    near: only the newest rows. ordered: the order of words matters. loose: a test without order exists.
    strict: in rows with lost positions, seeming matches are checked too.
    """

    sqlite: bool
    near: bool
    ordered: bool
    loose: bool
    strict: bool


def _statement(
    conn: Connection, request: SearchRequest, *, near: bool = False
) -> tuple[Select[Any], dict[str, str]]:
    """Return the statement for `step` hits before `high`, and the search expressions as its parameters."""
    from_text, rest = _split_tree(request)
    if from_text is None:
        docs = _Rows(source=search_docs, place=search_docs.c.place, number=search_docs.c.article_id)
        return _with_conditions(conn, request, docs, rest), {}
    shape = _query_shape(conn, request, from_text, near=near)
    expressions = _expressions(from_text, shape, past=request.past)
    if not rest:
        return _text_query(shape), expressions
    shown = [] if shape.sqlite else _feed_conditions(rest)
    of_feeds = [_shown_in(conn, one, request.user) for one in shown]
    others = [part for part in rest if part not in shown]
    return _with_conditions(conn, request, _rows(shape, of_feeds), others), expressions


@cache
def _text_query(shape: _QueryShape) -> Select[Any]:
    return _hits(_rows(shape))


def _with_conditions(
    conn: Connection, request: SearchRequest, rows: _Rows, rest: Iterable[Tree]
) -> Select[Any]:
    query = _hits(rows, *(_item_condition(conn, part, request, indexed=rows.indexed) for part in rest))
    low, _ = _span(request.tree)
    return query if low is None else query.where(rows.place >= low)


def _hits(rows: _Rows, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select rows of the user's articles, newest first."""
    own = select(items.c.id).where(items.c.article_id == rows.number, items.c.user_id == bindparam("mine"))
    own = own.where(*conditions)
    mine = (own.offset(0) if rows.indexed else own).exists()
    shown: tuple[Any, ...] = rows.place.label("place"), rows.unsure.label("unsure")
    query = select(*shown).select_from(rows.source).where(*rows.where, mine, rows.place < bindparam("high"))
    return query.order_by(rows.place.desc()).limit(bindparam("step"))


def _query_shape(conn: Connection, request: SearchRequest, tree: Tree, *, near: bool) -> _QueryShape:
    return _QueryShape(
        sqlite=conn.dialect.name == "sqlite",
        near=near,
        ordered=query_language.has_phrase(tree),
        loose=query_language.ignore_order(tree) is not None,
        strict=request.past or query_language.negates_phrase(tree),
    )


def _expressions(tree: Tree, shape: _QueryShape, *, past: bool) -> dict[str, str]:
    """Return the search expressions of a tree, by parameter name, for `_rows` of the same shape."""
    expressions = {"exact": _expression(tree, sqlite=shape.sqlite, past=past)}
    if shape.ordered and not shape.sqlite:
        loose = query_language.ignore_order(tree)
        expressions["lost"] = fts_expression.tsquery_lost(tree, past=past)
        expressions |= {"loose": fts_expression.tsquery(loose, past=past)} if loose is not None else {}
    return expressions


def _rows(shape: _QueryShape, shown: Sequence[Select[Any]] = ()) -> _Rows:
    """Return index rows: on PostgreSQL the newest ones, or those that the GIN index finds.

    The planner cannot tell which is faster: it underrates the cost of testing a tsvector, which has to be
    unpacked. So it gets no choice: LIMIT, or an ORDER BY that no index serves, leave one plan. Among rows
    that the GIN index found, the order of words is tested only until the page is full. shown: articles of
    the feeds named in the search, usually few.
    """
    exact = _matches_param("exact", sqlite=shape.sqlite)
    if shape.sqlite:
        number = _INDEX.c.rowid.bitwise_and(NUMBER_MASK)
        return _Rows(source=_INDEX, place=_INDEX.c.rowid, number=number, where=(exact,))
    loose = _matches_param("loose") if shape.ordered else exact
    columns = _INDEX.c.article_id, _INDEX.c.tokens, _INDEX.c.clipped
    place = _INDEX.c.place if shape.near or not shape.loose else _INDEX.c.place + 0
    inside = select(place.label("place"), *columns).where(place < bindparam("high")).order_by(place.desc())
    if shape.near:
        inside = inside.limit(RECENT_ROWS)
    elif shape.loose:
        inside = inside.where(loose)
    source = inside.where(*(_INDEX.c.article_id.in_(one) for one in shown)).offset(0).subquery("found")
    rows = _Rows(source=source, place=source.c.place, number=source.c.article_id, indexed=True)
    if not shape.ordered:
        return replace(rows, where=(exact,) if shape.near else ())
    doubt = and_(source.c.clipped, _matches_param("lost"))
    may_be = and_(doubt, loose) if shape.loose else doubt
    unsure = doubt if shape.strict else and_(doubt, not_(exact))
    return replace(rows, where=(or_(exact, may_be),), unsure=unsure)


def _matches_param(name: str, *, sqlite: bool = False) -> ColumnElement[bool]:
    """Return the condition that an index row matches the expression of a parameter."""
    return _answers(bindparam(name), sqlite=sqlite)


def _feed_conditions(rest: Iterable[Tree]) -> list[Condition]:
    """Return the conditions on feeds that all hits must meet."""
    return [part for part in rest if isinstance(part, Condition) and part.name == "feed"]


def _split_tree(request: SearchRequest) -> tuple[Tree | None, tuple[Tree, ...]]:
    """Split a search into the part for the text index, and further conditions on its hits."""
    parts = request.tree.parts if isinstance(request.tree, And) else (request.tree,)
    rest = tuple(part for part in parts if not query_language.is_text_only(part))
    if not request.past:
        return query_language.required_words(request.tree), rest
    of_text = tuple(part for part in parts if query_language.is_text_only(part))
    return (And(of_text) if len(of_text) > 1 else of_text[0] if of_text else None), rest


def _span(tree: Tree) -> tuple[int | None, int]:
    """Return the range of index rows given by after: and before:."""
    low, high = None, _LATEST
    for part in tree.parts if isinstance(tree, And) else (tree,):
        if isinstance(part, Condition) and part.at is not None:
            edge = max(0, to_microseconds(part.at) // 1_000_000) << NUMBER_BITS
            if part.name == "after":
                low = edge if low is None else max(low, edge)
            else:
                high = min(high, edge)
    return low, high


# Conditions on the text index


def _matches(conn: Connection, tree: Tree, *, past: bool) -> ColumnElement[bool]:
    sqlite = conn.dialect.name == "sqlite"
    return _answers(_expression(tree, sqlite=sqlite, past=past), sqlite=sqlite)


def _answers(expression: Any, *, sqlite: bool) -> ColumnElement[bool]:
    """Return the condition that an index row matches an expression, or a parameter for one."""
    if sqlite:
        return _TABLE.op("MATCH", return_type=Boolean())(expression)
    return _TOKENS.op("@@", return_type=Boolean())(cast(expression, TSQUERY))


def _expression(tree: Tree, *, sqlite: bool, past: bool) -> str:
    """Return the search expression of a tree for a database's index."""
    if sqlite:
        return fts_expression.fts5_past(tree) if past else fts_expression.fts5(tree, ANYWHERE)
    return fts_expression.tsquery_past(tree) if past else fts_expression.tsquery(tree)


def _false_hits(conn: Connection, request: SearchRequest, places: set[int]) -> frozenset[int]:
    """Return the rows whose text does not contain the words in their order after all."""
    from_text, _ = _split_tree(request)
    if from_text is None or not places:
        return frozenset()
    false_hits = set()
    for one in stored_documents(conn, [number_of(place) for place in places]):
        ok = query_language.matches(from_text, one.fields, past=request.past)
        if request.past:
            ok = ok and not query_language.matches(from_text, one.fields)
        if not ok:
            false_hits.add(one.place)
    return frozenset(false_hits)


# Ranking


def _best(conn: Connection, request: SearchRequest) -> HitIds:
    from_text, _ = _split_tree(request)
    if from_text is None:
        return _newest(conn, request)
    place, score = _cursor(request.before)
    ordered = sorted((-value, -one) for one, value in _scores(conn, request, from_text))
    left = [(worth, one) for worth, one in ordered if (worth, one) > (score, -place)]
    shown = left[: request.limit]
    following = f"{-shown[-1][1]}_{shown[-1][0]:.9e}" if len(left) > request.limit else None
    return HitIds(article_ids=tuple(number_of(-one) for _, one in shown), next=following)


def _scores(conn: Connection, request: SearchRequest, tree: Tree) -> Iterator[tuple[int, float]]:
    """Yield the newest hits with their scores; higher is better."""
    if conn.dialect.name == "sqlite":
        score: Any = literal_column(f"-bm25(search_index, {WEIGHTS})")
    else:
        ranked = cast(fts_expression.tsquery(tree, past=request.past), TSQUERY)
        score = func.ts_rank(_TOKENS, ranked, 1)
    query, words = _statement(conn, request)
    given = {"high": _span(request.tree)[1], "mine": request.user, "step": RANKED_HITS}
    rows = conn.execute(query.add_columns(_named(score)), given | words).all()
    false_hits = _false_hits(conn, request, {row.place for row in rows if row.unsure})
    yield from ((row.place, float(f"{row.score:.9e}")) for row in rows if row.place not in false_hits)


def _named(score: Any) -> ColumnElement[float]:
    named: ColumnElement[float] = type_coerce(score, Float).label("score")
    return named


# Conditions on items


def _item_condition(
    conn: Connection, tree: Tree, request: SearchRequest, *, indexed: bool
) -> ColumnElement[bool]:
    """Return a tree as a condition on a user's item. indexed: the statement has the index row too."""
    if isinstance(tree, And):
        return and_(*(_item_condition(conn, part, request, indexed=indexed) for part in tree.parts))
    if isinstance(tree, Or):
        return or_(*(_item_condition(conn, part, request, indexed=indexed) for part in tree.parts))
    if isinstance(tree, Not):
        return not_(_item_condition(conn, tree.part, request, indexed=indexed))
    if isinstance(tree, Condition):
        return _condition(conn, tree, request.user)
    matches = _matches(conn, tree, past=request.past)
    if indexed:
        return matches
    number = _INDEX.c.rowid.bitwise_and(NUMBER_MASK) if conn.dialect.name == "sqlite" else _INDEX.c.article_id
    return items.c.article_id.in_(select(number).select_from(_INDEX).where(matches))


def _condition(conn: Connection, one: Condition, user: int) -> ColumnElement[bool]:
    if one.name in PASSING:
        return passing_condition(one)
    if one.name == "tag":
        tagged = select(item_tags.c.item_id).join(tags, tags.c.id == item_tags.c.tag_id)
        named = func.lower(tags.c.name) == one.value.lower()
        return items.c.id.in_(tagged.where(tags.c.user_id == user, named))
    return items.c.article_id.in_(_shown_in(conn, one, user))


def _shown_in(conn: Connection, one: Condition, user: int) -> Select[Any]:
    """Select the articles of the feeds named by a condition."""
    named = feeds_named(conn, user, one.value)
    return select(sightings.c.article_id).where(sightings.c.feed_id.in_(named))


def feeds_named(conn: Connection, user: int, name: str) -> list[int]:
    """Return the feeds that a user names: by number, or by a part of the title or URL."""
    if name.isdecimal() and len(name) < 10:
        number = int(name)
        into = select(merged_feeds.c.feed_id).where(merged_feeds.c.id == number)
        return [number, *conn.execute(into).scalars()]
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


def articles_in_order(found: dict[int, Any], numbers: Sequence[int]) -> list[Any]:
    """Return the found articles in the order of the numbers, without those deleted meanwhile."""
    return [found[number] for number in numbers if number in found]
