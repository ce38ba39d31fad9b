"""Search tokenizer: folds texts and splits them into tokens, the same for both databases. Pure.

Scripts with spaces between words are split into words. In scripts without spaces (Han, kana, Hangul, Thai,
Lao, Khmer, Burmese) and among emoji every letter is a position, and its token is the bigram of it and the
next letter; the last letter of a run is followed by END instead. So n letters are found by n - 1 consecutive
tokens, and a single letter by the set of letters that is indexed beside the tokens. Folding never returns
private-use characters, so that markers made of them cannot occur in a text.
"""

import re
from collections.abc import Iterable, Sequence
from operator import add

from unabridged.text.scripts import EMOJI, UNSPACED

VERSION = 3
"""Version of the tokens and of the index layout; an index of another version is rebuilt."""

MAX_WORD_LENGTH = 100
"""Letters of a word that are indexed; longer words are addresses or data."""

MAX_CHARACTERS = 400_000
"""Characters of a text that are indexed: a tsvector holds 1 MB, and no article is so long."""

GAP = "\ue000"
"""Separates the parts of a text, so that no phrase matches across them; every document has one."""
END = "\ue001"
"""Follows the last letter of a run."""
LETTER = "\ue004"
"""Precedes a letter in the set of single letters."""
JOINT = "\ue003"
"""Replaces a dot or hyphen inside a token that is a whole host or language tag."""

_RUNS = re.compile(f"([{UNSPACED}{EMOJI}]+)")
_ASCII = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() and code < 128 else code if code == 10 else 32
    for code in range(256)
)


def fold(text: str) -> str:
    """Fold case, accents and variants; everything but letters, digits and emoji becomes a space."""
    return fold_lines(text)[0].replace("\n", " ")


def fold_lines(text: str) -> tuple[str, bool]:
    """Fold, but keep line ends; also return whether every letter kept its position."""
    if text.isascii():
        return text.encode().translate(_ASCII).decode(), True
    from unabridged.archive.search_index import folding

    return folding.fold_lines(text)


def fold_each(texts: Sequence[str]) -> list[tuple[str, bool]]:
    """Return `fold_lines` of several non-empty texts; those beyond ASCII are folded in one lookup."""
    beyond = [text for text in texts if not text.isascii()]
    folded = iter(_fold_beyond_ascii(beyond))
    return [fold_lines(text) if text.isascii() else next(folded) for text in texts]


def _fold_beyond_ascii(texts: Sequence[str]) -> list[tuple[str, bool]]:
    from unabridged.archive.search_index import folding

    return folding.fold_each(texts) if texts else []


def tokens(folded: str) -> list[str]:
    """Return the tokens of a folded text, one for every position."""
    return _cut(folded, set())


def _cut(folded: str, letters: set[str]) -> list[str]:
    """Return the tokens, and add letters of unspaced scripts to `letters`."""
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
    if len(folded) > MAX_WORD_LENGTH and max(map(len, words), default=0) > MAX_WORD_LENGTH:
        return [word[:MAX_WORD_LENGTH] for word in words]
    return words


def document_tokens(parts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the tokens of a text's parts with gaps around them, and its letters of unspaced scripts.

    Letters are sorted, without duplicates, each after LETTER.
    """
    found, seen = [GAP], set[str]()
    for part in parts:
        found += _cut(fold(part[:MAX_CHARACTERS]), seen)
        found.append(GAP)
    return found, [LETTER + one for one in sorted(seen)]


def is_unspaced(letter: str) -> bool:
    """Tell if a letter is of a script without spaces between words, or an emoji."""
    return _RUNS.fullmatch(letter) is not None


# Queries


def query_tokens(words: str) -> tuple[tuple[str, ...], bool]:
    """Return the consecutive tokens to search for, and whether the last one is a prefix.

    A single letter of an unspaced script is searched in the set of letters.
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
    """Return a host and its parent domains, each as one token."""
    labels = [label for part in host.split(".") if (label := _joined(part))][-10:]
    return tuple(JOINT.join(labels[start:]) for start in range(len(labels)))


def _joined(text: str) -> str:
    return JOINT.join(fold(text[:MAX_WORD_LENGTH]).split())


def language_tokens(language: str | None) -> tuple[str, ...]:
    """Return a language tag and its shorter forms (zh-Hant-TW, zh-Hant, zh), each as one token."""
    subtags = fold((language or "")[:MAX_WORD_LENGTH]).split()[:5]
    return tuple(JOINT.join(subtags[:count]) for count in range(1, len(subtags) + 1))


def contains_phrase(haystack: Sequence[str], wanted: Sequence[str], *, prefix: bool = False) -> bool:
    """Tell if the wanted tokens occur consecutively. prefix: the last one is a prefix."""
    row = f" {' '.join(wanted)}{'' if prefix else ' '}"
    return row in f" {' '.join(haystack)} "
