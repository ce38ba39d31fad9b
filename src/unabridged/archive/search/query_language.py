"""What people type into a search, as a tree. Pure; malformed input is a BadQuery that says what to type.

whale ship           both words            "white whale"     these words in a row
whal*                words that begin so   whale OR ship     either
whale -ship          without the second    (a OR b) c        parentheses
title:whale author:melville tag:sea site:example.org lang:zh feed:"The Times"
after:2024-01 before:7d is:unread is:starred is:changed
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from unabridged.archive.search_index import tokenizer
from unabridged.archive.search_index.writer import FIELD_MARK
from unabridged.durations import parse_duration
from unabridged.errors import BadQuery
from unabridged.text.controls import spaced

MOST_CHARACTERS = 1000
MOST_TERMS = 60
DEEPEST = 20
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""What is asked of later days is asked of this one: no article, and no place in the index, is so late."""

STATES = ("unread", "read", "starred", "changed", "muted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Tokens in a row. field: title, author, tag or fact; None: anywhere in the article.

    prefix: of the last token only the beginning. said: as it was typed, for highlighting.
    """

    tokens: tuple[str, ...]
    prefix: bool = False
    field: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that the index does not know. name: is, feed, tag, before or after (at: the moment)."""

    name: str
    value: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class And:
    parts: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    parts: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Tree"


Tree = Words | Condition | And | Or | Not

_PIECES = re.compile(
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
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    text: str


def parse(text: str, *, now: datetime) -> Tree:
    """The tree of a search. now: the moment that before:7d counts from. Raises BadQuery."""
    if len(text) > MOST_CHARACTERS:
        raise BadQuery(
            f"This search has {len(text):,} characters; {MOST_CHARACTERS:,} are the most. Shorten it."
        )
    pieces = list(_pieces(spaced(text)))
    if len(pieces) > 4 * MOST_TERMS:
        raise BadQuery(f"This search has too many parts; about {MOST_TERMS} words are the most. Shorten it.")
    reader = _Reader(pieces, now)
    tree = reader.whole()
    if tree is None:
        raise BadQuery("There is nothing to look for. Type a word: letters or digits, in any script.")
    if sum(1 for _ in leaves(tree)) > MOST_TERMS:
        raise BadQuery(f"This search has more than {MOST_TERMS} words. Leave some out.")
    return tree


def _pieces(text: str) -> Iterator[_Piece]:
    place = 0
    while (match := _PIECES.match(text, place)) is not None:
        place = match.end()
        kind = str(match.lastgroup)
        if kind == "quote":
            inside, place = _quoted(text, match["quote"], place)
            yield _Piece("phrase", inside)
        else:
            yield _Piece(kind, match[kind])


def _quoted(text: str, mark: str, start: int) -> tuple[str, int]:
    closing = _CLOSING.get(mark, "") + (_PLAIN_QUOTES if mark in _PLAIN_QUOTES else "")
    for place in range(start, len(text)):
        if text[place] in closing:
            return text[start:place], place + 1
    raise BadQuery(
        f'The quotation mark before {text[start : start + 30]!r} is never closed. Type "…" around the words '
        "that belong together, or leave the mark out."
    )


class _Reader:
    """Reads pieces from left to right. Every method gives None for a part that asks for nothing."""

    def __init__(self, pieces: Sequence[_Piece], now: datetime) -> None:
        self.pieces = pieces
        self.now = now
        self.place = 0
        self.depth = 0

    def whole(self) -> Tree | None:
        tree = self.either()
        if self.place < len(self.pieces):
            raise BadQuery('There is a ")" without a "(" before it. Leave it out, or open it before.')
        return tree

    def peek(self) -> _Piece | None:
        return self.pieces[self.place] if self.place < len(self.pieces) else None

    def is_word(self, *words: str) -> bool:
        piece = self.peek()
        return piece is not None and piece.kind == "word" and piece.text in words

    def either(self) -> Tree | None:
        parts = [self.all_of()]
        while self.is_word("OR") or ((piece := self.peek()) is not None and piece.kind == "bar"):
            self.place += 1
            parts.append(self.all_of())
            if parts[-1] is None or parts[-2] is None:
                raise BadQuery("OR stands between two things to look for: whale OR ship. (The word: or)")
        kept = [part for part in parts if part is not None]
        return kept[0] if len(kept) == 1 else Or(tuple(kept)) if kept else None

    def all_of(self) -> Tree | None:
        found: list[Tree] = []
        while (piece := self.peek()) is not None and piece.kind not in ("close", "bar"):
            if self.is_word("OR"):
                break
            if self.is_word("AND"):
                self.place += 1
                continue
            one = self.one()
            if one is not None:
                found.append(one)
        return found[0] if len(found) == 1 else And(tuple(found)) if found else None

    def one(self) -> Tree | None:
        piece = self.pieces[self.place]
        self.place += 1
        if piece.kind == "minus" or (piece.kind == "word" and piece.text == "NOT"):
            return self.without()
        if piece.kind == "open":
            return self.inside()
        if piece.kind == "field":
            return self.field(piece.text)
        return words(piece.text)

    def without(self) -> Tree | None:
        following = self.peek()
        if following is None or following.kind in ("close", "bar"):
            raise BadQuery("NOT stands before what is not to be there: whale NOT ship, or whale -ship.")
        self.deeper()
        part = self.one()
        self.depth -= 1
        return None if part is None else Not(part)

    def inside(self) -> Tree | None:
        self.deeper()
        tree = self.either()
        piece = self.peek()
        if piece is None or piece.kind != "close":
            raise BadQuery('There is a "(" that is never closed. Type ")" where it ends, or leave it out.')
        self.place += 1
        self.depth -= 1
        return tree

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadQuery(f"Parentheses are {DEEPEST} deep here. Write it with fewer.")

    def field(self, name: str) -> Tree | None:
        known = name.casefold()
        piece = self.peek()
        if piece is None or piece.kind not in ("word", "phrase"):
            raise BadQuery(f'After {name}: comes a word or a phrase: {name}:whale, or {name}:"white whale".')
        self.place += 1
        if known not in FIELDS:
            close = get_close_matches(known, FIELDS, n=1, cutoff=0.75)
            if close:
                raise BadQuery(f"There is no field {name}: here. Did you mean {close[0]}:{piece.text}?")
            return words(f"{name} {piece.text}")
        return FIELDS[known](known, piece, self.now)


def words(text: str, *, field: str | None = None) -> Words | None:
    """The tokens of a word or phrase; None where it has no letter."""
    prefix = text.endswith("*")
    tokens, partial = tokenizer.asked(text)
    if not tokens:
        return None
    unspaced = tokenizer.is_unspaced(tokens[-1][-1])
    return Words(tokens=tokens, prefix=partial or (prefix and not unspaced), field=field, said=text)


# Fields


def _in_field(name: str, piece: _Piece, _now: datetime) -> Tree | None:
    return words(piece.text, field=name)


def _tag(_name: str, piece: _Piece, _now: datetime) -> Tree | None:
    own = Condition(name="tag", value=piece.text)
    publishers = words(piece.text, field="tag")
    return own if publishers is None else Or((own, publishers))


def _site(_name: str, piece: _Piece, _now: datetime) -> Tree | None:
    host = piece.text.split("://")[-1].split("/")[0].removeprefix("www.")
    found = tokenizer.host_tokens(host)
    if not found:
        raise BadQuery("After site: comes a host: site:example.org finds it and all below it.")
    return Words(tokens=(f"{FIELD_MARK}s{found[0]}",), field="fact", said=piece.text)


def _language(_name: str, piece: _Piece, _now: datetime) -> Tree | None:
    found = tokenizer.language_tokens(piece.text)
    if not found:
        raise BadQuery("After lang: comes a language's short name: lang:en, lang:zh, lang:pt-BR.")
    return Words(tokens=(f"{FIELD_MARK}l{found[-1]}",), field="fact", said=piece.text)


def _state(_name: str, piece: _Piece, _now: datetime) -> Tree | None:
    value = piece.text.casefold()
    if value not in STATES:
        choices = ", ".join(f"is:{state}" for state in STATES)
        raise BadQuery(f"is:{piece.text} is not known. There are {choices}.")
    return Condition(name="is", value=value)


def _feed(_name: str, piece: _Piece, _now: datetime) -> Tree | None:
    return Condition(name="feed", value=piece.text)


def _moment(name: str, piece: _Piece, now: datetime) -> Tree | None:
    at = _day(piece.text) if _DAY.fullmatch(piece.text) else _ago(piece.text, now)
    if at is None:
        raise BadQuery(
            f"{name}:{piece.text} is no day. Type {name}:2024, {name}:2024-02, {name}:2024-02-01, or how "
            f"long ago: {name}:7d."
        )
    return Condition(name=name, value=piece.text, at=min(at, LATEST))


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


FIELDS: dict[str, Callable[[str, _Piece, datetime], Tree | None]] = {
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


# Looking at trees


def leaves(tree: Tree) -> Iterator[Words | Condition]:
    """Every word and condition of a tree."""
    if isinstance(tree, And | Or):
        for part in tree.parts:
            yield from leaves(part)
    elif isinstance(tree, Not):
        yield from leaves(tree.part)
    else:
        yield tree


def is_text(tree: Tree) -> bool:
    """Whether the index alone answers a tree."""
    return all(isinstance(leaf, Words) for leaf in leaves(tree))


def wanted(tree: Tree) -> Iterator[Words]:
    """The words that a hit has, for highlighting: not those that it must not have."""
    if isinstance(tree, And | Or):
        for part in tree.parts:
            yield from wanted(part)
    elif isinstance(tree, Words) and tree.field in (None, "title"):
        yield tree


def needed(tree: Tree) -> Tree | None:
    """A tree of words alone that every hit of a tree answers; None where there is none."""
    if isinstance(tree, Condition):
        return None
    if isinstance(tree, And | Or):
        parts = [needed(part) for part in tree.parts]
        kept = tuple(part for part in parts if part is not None)
        if isinstance(tree, Or):
            return Or(kept) if len(kept) == len(parts) else None
        return And(kept) if len(kept) > 1 else kept[0] if kept else None
    return tree if is_text(tree) else None


def loosened(tree: Tree) -> Tree | None:
    """A tree that asks for a phrase's tokens in any order: what it rejects, the tree rejects. None: all."""
    if isinstance(tree, And | Or):
        parts = [loosened(part) for part in tree.parts]
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
    """Whether the order of tokens matters to a tree."""
    return any(isinstance(leaf, Words) and len(leaf.tokens) > 1 for leaf in leaves(tree))


def forbids_phrase(tree: Tree) -> bool:
    """Whether a tree may want a phrase not to be there."""
    if isinstance(tree, And | Or):
        return any(forbids_phrase(part) for part in tree.parts)
    return isinstance(tree, Not) and has_phrase(tree.part)


def holds(tree: Tree, fields: dict[str, tuple[list[str], list[str]]], *, past: bool = False) -> bool:
    """Whether a document's tokens answer a tree of words. past: its lost lines count as its text."""
    if isinstance(tree, And):
        return all(holds(part, fields, past=past) for part in tree.parts)
    if isinstance(tree, Or):
        return any(holds(part, fields, past=past) for part in tree.parts)
    if isinstance(tree, Not):
        return not holds(tree.part, fields, past=past)
    if isinstance(tree, Condition):
        raise TypeError("a condition is not answered by tokens")
    names = [tree.field or "text", *(["past"] if past and tree.field is None else [])]
    return any(
        tokenizer.holds(found, tree.tokens, prefix=tree.prefix)
        for name in names
        for found in fields.get(name, ())
    )
