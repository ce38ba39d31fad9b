"""Texts as search sees them: folded, and cut into tokens. Pure; both databases are fed with the same tokens.

Scripts that put spaces between words are cut into words. Where they do not (Han, kana, Hangul, Thai, Lao,
Khmer, Burmese) every letter is a place of its own, and its token is that letter with the next one; the
last letter of a run carries END instead. So a run of n letters is found by n - 1 tokens in a row, and a
single letter by the set of letters that stands beside them. Private-use characters never come out of
folding, so the marks made of them cannot be mistaken for text.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from operator import add
from types import ModuleType

from unabridged.text.scripts import UNSPACED

VERSION = 2
"""Of the tokens and of what the index holds of them: one made with another version is made anew."""

LONGEST = 100
"""Letters of a word that count; a longer one is an address, or data."""

MAX_CHARACTERS = 400_000
"""Of a text that are indexed: a tsvector holds 1 MB, and no article is so long."""

GAP = "\ue000"
"""Between the parts of a text, so that no phrase reaches over it; every document has one."""
END = "\ue001"
"""After the last letter of a run."""
LETTER = "\ue004"
"""Before a letter that stands for itself, in the set of letters."""
JOINT = "\ue003"
"""Stands for a dot or a hyphen inside a token that is a whole address or language."""

_RUNS = re.compile(f"([{UNSPACED}]+)")
_ASCII = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() and code < 128 else code if code == 10 else 32
    for code in range(256)
)


@cache
def _folding() -> ModuleType:
    """The folding of letters beyond ASCII; loading takes 0.1 s, which only they are worth."""
    return import_module("unabridged.archive.search_index.folding")


def fold(text: str) -> str:
    """A text with everything levelled that search does not tell apart; what is no letter becomes a space."""
    return fold_lines(text)[0].replace("\n", " ")


def fold_lines(text: str) -> tuple[str, bool]:
    """The same with the ends of lines kept, and whether every letter of it stands in its old place."""
    if text.isascii():
        return text.encode().translate(_ASCII).decode(), True
    beyond: tuple[str, bool] = _folding().fold_lines(text)
    return beyond


def fold_each(texts: Sequence[str]) -> list[tuple[str, bool]]:
    """`fold_lines` of several texts, none of them empty: those beyond ASCII are looked up at once."""
    beyond = [text for text in texts if not text.isascii()]
    folded = iter(_folding().fold_each(beyond) if beyond else ())
    return [fold_lines(text) if text.isascii() else next(folded) for text in texts]


def tokens(folded: str) -> list[str]:
    """The tokens of a folded text, one for every place."""
    return _cut(folded, set())


def _cut(folded: str, letters: set[str]) -> list[str]:
    """The tokens; the letters of unspaced scripts are added to those given."""
    if folded.isascii():
        return _words(folded)
    found: list[str] = []
    parts = _RUNS.split(folded)
    for place, part in enumerate(parts):
        if place % 2:
            found += map(add, part, part[1:])
            found.append(part[-1] + END)
        elif part:
            found += _words(part)
    letters.update(*parts[1::2])
    return found


def _words(folded: str) -> list[str]:
    words = folded.split()
    if len(folded) > LONGEST and max(map(len, words), default=0) > LONGEST:
        return [word[:LONGEST] for word in words]
    return words


def stream(parts: Iterable[str]) -> tuple[list[str], list[str]]:
    """The tokens of a text's parts with gaps around them, and the letters of unspaced scripts in it.

    A letter comes once, marked as such, in a fixed order.
    """
    found, seen = [GAP], set[str]()
    for part in parts:
        found += _cut(fold(part[:MAX_CHARACTERS]), seen)
        found.append(GAP)
    return found, [LETTER + one for one in sorted(seen)]


def is_unspaced(letter: str) -> bool:
    """Whether a letter is of a script that puts no spaces between words."""
    return _RUNS.fullmatch(letter) is not None


# What is asked


def asked(words: str) -> tuple[tuple[str, ...], bool]:
    """The tokens in a row by which words are found, and whether the last one is only a token's beginning.

    A single letter of an unspaced script is found by itself, in the set of letters.
    """
    folded = fold(words[:MAX_CHARACTERS])
    found = tokens(folded)
    if not found or not found[-1].endswith(END):
        return tuple(found), False
    if len(found) == 1:
        return (LETTER + found[0][0],), False
    if len(found[-2]) == 2 and _RUNS.fullmatch(found[-2]):
        return tuple(found[:-1]), False  # the last letter is in the token before
    return (*found[:-1], found[-1][0]), True


def host_tokens(host: str) -> tuple[str, ...]:
    """A host and every domain above it, each as one token."""
    labels = [label for part in host.split(".") if (label := _joined(part))][-10:]
    return tuple(JOINT.join(labels[start:]) for start in range(len(labels)))


def _joined(text: str) -> str:
    return JOINT.join(fold(text[:LONGEST]).split())


def language_tokens(language: str | None) -> tuple[str, ...]:
    """A language tag and every shorter form of it (zh-Hant-TW, zh-Hant, zh), each as one token."""
    subtags = fold((language or "")[:LONGEST]).split()[:5]
    return tuple(JOINT.join(subtags[:count]) for count in range(1, len(subtags) + 1))


def holds(tokens_there: Sequence[str], wanted: Sequence[str], *, prefix: bool = False) -> bool:
    """Whether the tokens stand in a row somewhere; prefix: of the last one only the beginning."""
    row = f" {' '.join(wanted)}{'' if prefix else ' '}"
    return row in f" {' '.join(tokens_there)} "
