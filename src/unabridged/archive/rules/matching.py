"""Match of a query tree with one article in memory: pure, with the semantics of search, in linear time."""

import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]

from unabridged.archive.records.query_tree import Condition, Tree, Words
from unabridged.archive.search import query_language
from unabridged.archive.search_index.writer import field_tokens
from unabridged.errors import BadQuery
from unabridged.model import Article

MAX_TEXT = 200_000
"""Characters of a text that a regular expression is matched against."""

MAX_MEMORY = 4_000_000
"""Memory in bytes for matching a regular expression: with less, matching takes three times as long."""

MAX_PROGRAM = 90_000
r"""Bytes that a regular expression may take when compiled: 5,000 steps, at worst 6 s for a text as long as
one may be. Three letters of any script (`\pL{3}`) take 3,600 steps."""

MAX_PATTERNS = 5
"""Regular expressions of one query."""

FeedNames = Mapping[str, frozenset[int]]
"""Value of a condition feed: -> the numbers of the feeds that it names."""


class Subject:
    """Article to be matched, whose texts are folded and cut into tokens when they are first needed.

    feeds: numbers of all feeds that showed it. subscribed: those that the user subscribes to -> their folder.
    tags: the user's own. at: the time that orders lists.
    """

    def __init__(
        self,
        article: Article,
        *,
        at: datetime,
        feeds: Collection[int] = (),
        subscribed: Mapping[int, int | None] | None = None,
        tags: Collection[str] = (),
    ) -> None:
        self.article = article
        self.at = at
        self.feeds = frozenset(feeds)
        self.subscribed = dict.fromkeys(feeds) if subscribed is None else subscribed
        self.folders = frozenset(self.subscribed.values())
        self.tags = frozenset(tag.lower() for tag in tags)
        self._fields: dict[str, _Field] = {}
        self._texts: dict[str, tuple[str, ...]] = {}

    def field(self, name: str) -> "_Field":
        """Return the tokens of a field of the search index."""
        if name not in self._fields:
            self._fields[name] = _Field(*field_tokens(self.article, name))
        return self._fields[name]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts that a regular expression for a field is matched against."""
        if name not in self._texts:
            self._texts[name] = tuple(map(_normalize, _raw_texts(name, self.article)))
        return self._texts[name]


class _Field:
    """Tokens of a field, joined for phrases and prefixes. letters: single ones of unspaced scripts."""

    def __init__(self, tokens: list[str], letters: list[str]) -> None:
        self._known = frozenset((*tokens, *letters))
        self._rows = (f" {' '.join(tokens)} ", f" {' '.join(letters)} ")

    def contains(self, wanted: Words) -> bool:
        whole = wanted.tokens[:-1] if wanted.prefix else wanted.tokens
        if not self._known.issuperset(whole):
            return False
        if len(wanted.tokens) == 1 and not wanted.prefix:
            return True
        row = f" {' '.join(wanted.tokens)}{'' if wanted.prefix else ' '}"
        return any(row in one for one in self._rows)


def matches(tree: Tree, subject: Subject, feeds: FeedNames) -> bool:
    """Tell if an article matches a tree. feeds: for each condition feed: of the tree."""

    def test(leaf: Words | Condition) -> bool:
        if isinstance(leaf, Words):
            return subject.field(leaf.field or "text").contains(leaf)
        return _condition_holds(leaf, subject, feeds)

    return query_language.holds(tree, test)


def _condition_holds(one: Condition, subject: Subject, feeds: FeedNames) -> bool:
    if one.name == "regex":
        search = compile_regex(one.value).search
        return any(search(text) is not None for text in subject.texts(one.field or "text"))
    if one.at is not None:
        return subject.at >= one.at if one.name == "after" else subject.at < one.at
    if one.name == "tag":
        return one.value.lower() in subject.tags
    if one.name == "feed":
        return not subject.feeds.isdisjoint(feeds[one.value])
    raise TypeError(f"{one.name}: is no condition on an article alone")


# Regular expressions


def check_patterns(tree: Tree) -> None:
    """Raise BadQuery for regular expressions that cannot be used, or that match every text."""
    found = query_language.conditions_named(tree, ["regex"])
    if len(found) > MAX_PATTERNS:
        raise BadQuery(f"A rule has at most {MAX_PATTERNS} regular expressions. Make two rules.")
    for one in found:
        try:
            compiled = compile_regex(one.value, MAX_PROGRAM)
        except BadQuery as exc:
            raise BadQuery(str(exc), one.place) from None
        if compiled.search("") is not None:
            raise BadQuery(f"/{one.value}/ matches every text, even an empty one.", one.place)


@lru_cache(maxsize=1024)
def compile_regex(expression: str, memory: int = MAX_MEMORY) -> "Any":
    """Compile a regular expression with RE2, which matches any expression in linear time. Raises BadQuery."""
    options = re2.Options()
    options.case_sensitive = False
    options.max_mem = memory
    options.log_errors = False
    try:
        return re2.compile(_normalize(expression), options=options)
    except re2.error as exc:
        detail = exc.args[0].decode("utf-8", "replace") if isinstance(exc.args[0], bytes) else str(exc)
        raise BadQuery(
            f"/{expression}/ is no regular expression that can be used here ({detail}). Look-ahead and "
            "back-references are not supported: expressions with them may take unlimited time."
        ) from None


def _raw_texts(name: str, article: Article) -> Collection[str]:
    texts: dict[str, Collection[str]] = {
        "title": (article.title,),
        "author": (*article.authors, *article.credit),
        "url": tuple(url for url in (article.url, article.canonical_url) if url),
        "text": (article.text,),
        "tag": (*article.tags, *((article.section,) if article.section else ())),
    }
    return texts[name]


def _normalize(text: str) -> str:
    """Return text in NFKC, cut before and after: one letter may become eighteen."""
    return unicodedata.normalize("NFKC", text[:MAX_TEXT])[:MAX_TEXT]
