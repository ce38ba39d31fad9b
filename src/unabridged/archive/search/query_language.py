"""Parser of the search query language: text to tree. Pure. BadQuery says what to type instead.

whale ship           both words            "white whale"     these words in a row
whal*                words with a prefix   whale OR ship     either
whale -ship          without the second    (a OR b) c        parentheses
title:whale author:melville tag:sea site:example.org lang:zh feed:"The Times"
after:2024-01 before:7d is:unread is:starred is:changed

Rules have regular expressions, too: title:/^live:/ author:/…/ url:/…/ text:/…/ tag:/…/. They have no is:.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from unabridged.archive.records.query_tree import And, Condition, Not, Or, Tree, Words
from unabridged.archive.search_index import tokenizer
from unabridged.archive.search_index.writer import FIELD_MARK
from unabridged.durations import parse_duration
from unabridged.errors import BadQuery
from unabridged.text.controls import spaced
from unabridged.text.patterns import lazy_regex

MOST_CHARACTERS = 1000
MAX_TERMS = 60
MAX_DEPTH = 20
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Later dates are clamped to this one: no article, and no row of the index, is so late."""

STATES = ("unread", "read", "starred", "changed", "muted")

PATTERN_FIELDS = ("title", "author", "url", "text", "tag")
"""Fields that a regular expression can be matched against."""

PASSING = ("is", "after", "before")
"""Conditions that begin or cease to hold without a change of the article, its feeds or its tags."""


_LEXEMES = lazy_regex(
    r"""\s*(?:
      (?P<open>\()|(?P<close>\))|(?P<bar>\|)
      |(?P<minus>[-\u2212])(?=[^\s-])
      |(?P<field>[^\W\d_]+)[:：](?=\S)(?!//)
      |(?P<quote>["“”„«»「」『』＂])
      |(?P<word>[^\s()|"“”„«»「」『』＂]+)
    )""",
    re.VERBOSE,
)
_CLOSING = {"“": "”„“", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』"}
_PLAIN_QUOTES = '"“”＂'
_PATTERN = lazy_regex(r"/((?:[^/\\]|\\.)+)/(?=[\s)|]|$)")
"""Regular expression between slashes, at the end of a word; a slash in it has a backslash before it."""

_DAY = lazy_regex(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str
    place: int


def parse(text: str, *, now: datetime, rule: bool = False) -> Tree:
    """Parse a search. now: the time that before:7d counts from. rule: it is the query of a rule.

    Raises BadQuery.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadQuery(
            f"This search has {len(text):,} characters; at most {MOST_CHARACTERS:,} are allowed. Shorten it."
        )
    lexemes = list(_lexemes(spaced(text)))
    if len(lexemes) > 4 * MAX_TERMS:
        raise BadQuery(f"This search has too many parts; at most {MAX_TERMS} words are allowed. Shorten it.")
    parser = _Parser(lexemes, now, rule=rule)
    try:
        tree = parser.parse()
    except BadQuery as problem:
        place = parser.read_place() if problem.place is None else problem.place
        raise BadQuery(str(problem), place) from None
    if tree is None:
        raise BadQuery("This search has no words. Type a word: letters or digits, in any script.")
    if sum(1 for _ in leaves(tree)) > MAX_TERMS:
        raise BadQuery(f"This search has more than {MAX_TERMS} words. Leave some out.")
    return tree


def _lexemes(text: str) -> Iterator[_Lexeme]:
    place, field = 0, ""
    while (match := _LEXEMES.match(text, place)) is not None:
        kind = str(match.lastgroup)
        start, place = match.start(kind), match.end()
        if field in PATTERN_FIELDS and (pattern := _PATTERN.match(text, start)) is not None:
            place = pattern.end()
            yield _Lexeme("pattern", pattern[1], start)
        elif kind == "quote":
            inside, place = _quoted(text, match["quote"], place)
            yield _Lexeme("phrase", inside, start)
        else:
            yield _Lexeme(kind, match[kind], start)
        field = match["field"].casefold() if kind == "field" else ""


def _quoted(text: str, mark: str, start: int) -> tuple[str, int]:
    closing = _CLOSING.get(mark, "") + (_PLAIN_QUOTES if mark in _PLAIN_QUOTES else "")
    for place in range(start, len(text)):
        if text[place] in closing:
            return text[start:place], place + 1
    raise BadQuery(
        f'The quotation mark before {text[start : start + 30]!r} is not closed. Type "…" around the words '
        "of a phrase, or leave the mark out.",
        place=start - 1,
    )


class _Parser:
    """Recursive-descent parser. Every method returns None for a part without words or conditions."""

    def __init__(self, lexemes: Sequence[_Lexeme], now: datetime, *, rule: bool = False) -> None:
        self.lexemes = lexemes
        self.now = now
        self.rule = rule
        self.place = 0
        self.depth = 0

    def parse(self) -> Tree | None:
        tree = self.parse_or()
        if self.place < len(self.lexemes):
            raise BadQuery(
                'There is a ")" without a "(" before it. Leave it out, or type "(" before it.',
                self.lexemes[self.place].place,
            )
        return tree

    def read_place(self) -> int | None:
        """Return where in the text the last term that was read begins, with its field."""
        read = self.lexemes[: max(1, self.place)][-2:]
        if len(read) == 2 and read[0].kind != "field":
            read = read[1:]
        return read[0].place if read else None

    def peek(self) -> _Lexeme | None:
        return self.lexemes[self.place] if self.place < len(self.lexemes) else None

    def is_word(self, *words: str) -> bool:
        lexeme = self.peek()
        return lexeme is not None and lexeme.kind == "word" and lexeme.text in words

    def parse_or(self) -> Tree | None:
        parts = [self.parse_and()]
        while self.is_word("OR") or ((lexeme := self.peek()) is not None and lexeme.kind == "bar"):
            self.place += 1
            parts.append(self.parse_and())
            if parts[-1] is None or parts[-2] is None:
                raise BadQuery("OR needs a word on both sides: whale OR ship. (The word itself: or)")
        kept = [part for part in parts if part is not None]
        return kept[0] if len(kept) == 1 else Or(tuple(kept)) if kept else None

    def parse_and(self) -> Tree | None:
        found: list[Tree] = []
        while (lexeme := self.peek()) is not None and lexeme.kind not in ("close", "bar"):
            if self.is_word("OR"):
                break
            if self.is_word("AND"):
                self.place += 1
                continue
            one = self.parse_term()
            if one is not None:
                found.append(one)
        return found[0] if len(found) == 1 else And(tuple(found)) if found else None

    def parse_term(self) -> Tree | None:
        lexeme = self.lexemes[self.place]
        self.place += 1
        if lexeme.kind == "minus" or (lexeme.kind == "word" and lexeme.text == "NOT"):
            return self.parse_not()
        if lexeme.kind == "open":
            return self.parse_group()
        if lexeme.kind == "field":
            return self.parse_field(lexeme.text)
        return words(lexeme.text)

    def parse_not(self) -> Tree | None:
        following = self.peek()
        if following is None or following.kind in ("close", "bar"):
            raise BadQuery("NOT needs a word after it: whale NOT ship, or whale -ship.")
        self.descend()
        part = self.parse_term()
        self.depth -= 1
        return None if part is None else Not(part)

    def parse_group(self) -> Tree | None:
        self.descend()
        tree = self.parse_or()
        lexeme = self.peek()
        if lexeme is None or lexeme.kind != "close":
            raise BadQuery(
                'There is a "(" without a ")" after it. Type ")" after the group, or leave it out.'
            )
        self.place += 1
        self.depth -= 1
        return tree

    def descend(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadQuery(f"This search nests parentheses more than {MAX_DEPTH} deep. Use fewer.")

    def parse_field(self, name: str) -> Tree | None:
        known = name.casefold()
        lexeme = self.peek()
        if lexeme is None or lexeme.kind not in ("word", "phrase", "pattern"):
            raise BadQuery(
                f'{name}: needs a word or a phrase after it: {name}:whale, or {name}:"white whale".'
            )
        self.place += 1
        if lexeme.kind == "pattern":
            return self.pattern(known, lexeme)
        if self.rule and (problem := RULE_PROBLEMS.get(known)):
            raise BadQuery(problem)
        if known not in FIELDS:
            close = get_close_matches(known, FIELDS, n=1, cutoff=0.75)
            if close:
                raise BadQuery(
                    f"There is no field {name}: in searches. Did you mean {close[0]}:{lexeme.text}?"
                )
            return words(f"{name} {lexeme.text}")
        return FIELDS[known](known, lexeme, self.now)

    def pattern(self, name: str, lexeme: _Lexeme) -> Tree:
        if not self.rule:
            raise BadQuery(
                f"Searches have no regular expressions; rules have them. Type words: {name}:whale, or a "
                f'phrase: {name}:"white whale".'
            )
        expression = lexeme.text.replace(r"\/", "/")
        return Condition(name="regex", field=name, value=expression, place=lexeme.place)


RULE_PROBLEMS = {
    "is": "Rules have no is:, because they decide when an article comes, before anybody has read it.",
    "url": "url: needs a regular expression between slashes: url:/sport/. For a site, type site:example.org.",
    "text": "text: needs a regular expression between slashes: text:/whales?/. For words, leave text: out.",
}
"""Fields that rules do not have, or only with a regular expression, and what to type instead."""


def words(text: str, *, field: str | None = None) -> Words | None:
    """Tokenize a word or phrase; None if it has no letter or digit."""
    prefix = text.endswith("*")
    tokens, partial = tokenizer.query_tokens(text)
    if not tokens:
        return None
    unspaced = tokenizer.is_unspaced(tokens[-1][-1])
    return Words(tokens=tokens, prefix=partial or (prefix and not unspaced), field=field, said=text)


# Fields


def _in_field(name: str, lexeme: _Lexeme, _now: datetime) -> Tree | None:
    return words(lexeme.text, field=name)


def _tag(_name: str, lexeme: _Lexeme, _now: datetime) -> Tree | None:
    own = Condition(name="tag", value=lexeme.text)
    publishers = words(lexeme.text, field="tag")
    return own if publishers is None else Or((own, publishers))


def _site(_name: str, lexeme: _Lexeme, _now: datetime) -> Tree | None:
    host = lexeme.text.split("://")[-1].split("/")[0].removeprefix("www.")
    found = tokenizer.host_tokens(host)
    if not found:
        raise BadQuery("site: needs a host: site:example.org finds it and its subdomains.")
    return Words(tokens=(f"{FIELD_MARK}s{found[0]}",), field="fact", said=lexeme.text)


def _language(_name: str, lexeme: _Lexeme, _now: datetime) -> Tree | None:
    found = tokenizer.language_tokens(lexeme.text)
    if not found:
        raise BadQuery("lang: needs a language code: lang:en, lang:zh, lang:pt-BR.")
    return Words(tokens=(f"{FIELD_MARK}l{found[-1]}",), field="fact", said=lexeme.text)


def _state(_name: str, lexeme: _Lexeme, _now: datetime) -> Tree | None:
    value = lexeme.text.casefold()
    if value not in STATES:
        choices = ", ".join(f"is:{state}" for state in STATES)
        raise BadQuery(f"There is no is:{lexeme.text}. Type one of {choices}.")
    return Condition(name="is", value=value)


def _feed(_name: str, lexeme: _Lexeme, _now: datetime) -> Tree | None:
    return Condition(name="feed", value=lexeme.text)


def _moment(name: str, lexeme: _Lexeme, now: datetime) -> Tree | None:
    at = _day(lexeme.text) if _DAY.fullmatch(lexeme.text) else _ago(lexeme.text, now)
    if at is None:
        raise BadQuery(
            f"{name}:{lexeme.text} is not a date. Type {name}:2024, {name}:2024-02, {name}:2024-02-01, or a "
            f"time ago: {name}:7d."
        )
    return Condition(name=name, value=lexeme.text, at=min(at, LATEST))


def _day(text: str) -> datetime | None:
    match = _DAY.fullmatch(text)
    try:
        return match and datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=UTC)
    except ValueError:
        return None


def _ago(text: str, now: datetime) -> datetime | None:
    try:
        return now - timedelta(seconds=parse_duration(text))
    except (ValueError, OverflowError):
        return None


FIELDS: dict[str, Callable[[str, _Lexeme, datetime], Tree | None]] = {
    "title": _in_field,
    "author": _in_field,
    "tag": _tag,
    "site": _site,
    "lang": _language,
    "feed": _feed,
    "is": _state,
    "after": _moment,
    "before": _moment,
}


# Functions of trees


def leaves(tree: Tree) -> Iterator[Words | Condition]:
    """Yield every word and condition of a tree."""
    if isinstance(tree, And | Or):
        for part in tree.parts:
            yield from leaves(part)
    elif isinstance(tree, Not):
        yield from leaves(tree.part)
    else:
        yield tree


def is_text_only(tree: Tree) -> bool:
    """Tell if the text index alone can match a tree."""
    return all(isinstance(leaf, Words) for leaf in leaves(tree))


def highlight_terms(tree: Tree) -> Iterator[Words]:
    """Yield the words to highlight in a hit, without negated ones."""
    if isinstance(tree, And | Or):
        for part in tree.parts:
            yield from highlight_terms(part)
    elif isinstance(tree, Words) and tree.field in (None, "title"):
        yield tree


def required_words(tree: Tree) -> Tree | None:
    """Return a tree of words alone that every hit of a tree matches; None if there is none."""
    if isinstance(tree, Condition):
        return None
    if isinstance(tree, And | Or):
        parts = [required_words(part) for part in tree.parts]
        kept = tuple(part for part in parts if part is not None)
        if isinstance(tree, Or):
            return Or(kept) if len(kept) == len(parts) else None
        return And(kept) if len(kept) > 1 else kept[0] if kept else None
    return tree if is_text_only(tree) else None


def ignore_order(tree: Tree) -> Tree | None:
    """Return a tree with phrases in any order, which matches at least the same texts. None: all."""
    if isinstance(tree, And | Or):
        parts = [ignore_order(part) for part in tree.parts]
        kept = tuple(part for part in parts if part is not None)
        if isinstance(tree, Or):
            return Or(kept) if len(kept) == len(parts) else None
        return And(kept) if kept else None
    if isinstance(tree, Not):
        return None if has_phrase(tree.part) else tree
    if isinstance(tree, Words) and len(tree.tokens) > 1:
        return And(
            tuple(
                Words(
                    tokens=(token,),
                    field=tree.field,
                    prefix=tree.prefix and place == len(tree.tokens) - 1,
                )
                for place, token in enumerate(tree.tokens)
            )
        )
    return tree


def has_phrase(tree: Tree) -> bool:
    """Tell if a tree has a phrase of several tokens."""
    return any(isinstance(leaf, Words) and len(leaf.tokens) > 1 for leaf in leaves(tree))


def negates_phrase(tree: Tree) -> bool:
    """Tell if a tree negates a phrase."""
    if isinstance(tree, And | Or):
        return any(negates_phrase(part) for part in tree.parts)
    return isinstance(tree, Not) and has_phrase(tree.part)


def holds(tree: Tree, test: Callable[[Words | Condition], bool]) -> bool:
    """Evaluate a tree. test: says whether a word or a condition holds."""
    if isinstance(tree, And):
        return all(holds(part, test) for part in tree.parts)
    if isinstance(tree, Or):
        return any(holds(part, test) for part in tree.parts)
    if isinstance(tree, Not):
        return not holds(tree.part, test)
    return test(tree)


def matches(tree: Tree, fields: dict[str, tuple[list[str], list[str]]], *, past: bool = False) -> bool:
    """Tell if a document's tokens match a tree of words. past: its removed lines count as its text."""

    def test(leaf: Words | Condition) -> bool:
        if isinstance(leaf, Condition):
            raise TypeError("tokens cannot match a condition")
        names = [leaf.field or "text", *(["past"] if past and leaf.field is None else [])]
        return any(
            tokenizer.contains_phrase(found, leaf.tokens, prefix=leaf.prefix)
            for name in names
            for found in fields.get(name, ())
        )

    return holds(tree, test)


def conditions_named(tree: Tree, names: Iterable[str]) -> tuple[Condition, ...]:
    """Return the conditions of a tree with one of these names."""
    wanted = frozenset(names)
    return tuple(leaf for leaf in leaves(tree) if isinstance(leaf, Condition) and leaf.name in wanted)


def split_passing(tree: Tree) -> tuple[Tree | None, Tree | None]:
    """Split a tree into what an article matches for long, and what passes (is:, after:, before:).

    Both must hold; None: everything holds. Raises BadQuery if words and passing conditions are in one group.
    """
    lasting: list[Tree] = []
    passing: list[Tree] = []
    for part in tree.parts if isinstance(tree, And) else (tree,):
        found = conditions_named(part, PASSING)
        if found and len(found) < sum(1 for _ in leaves(part)):
            one = f"{found[0].name}:{found[0].value}"
            raise BadQuery(
                f"{one} is in one group with words or other fields. In a saved search it must stand beside "
                f"them: (whale OR ship) {one}."
            )
        (passing if found else lasting).append(part)
    return _all_of(lasting), _all_of(passing)


def _all_of(parts: Sequence[Tree]) -> Tree | None:
    return And(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None
