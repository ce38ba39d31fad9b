"""Words and letters of plain text: two ways of counting words, white space, letters for comparison."""

import unicodedata
from functools import lru_cache

from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import ALL_HAN_AND_KANA, HAN_AND_KANA, HANGUL, THAI

_HAN_RUN = lazy_regex(f"[{ALL_HAN_AND_KANA}]+")
_BEYOND_HAN = lazy_regex("[^\x00-\u303f]")
"""Matches early in a text with Han or kana letters; the quickest search in one without."""
_BEYOND_THAI = lazy_regex("[^\x00-\u0dff\u2000-\u2dff]")
"""Matches a text with a Thai, Han, kana or hangul letter, and some others: the quicker search."""
_MARKS_ALONE = lazy_regex(r" [^\w ]+(?= )")
_HALF_WORDS = lazy_regex(f"[{HAN_AND_KANA}{HANGUL}{THAI}]+")
_NOT_LETTERS = lazy_regex(r"[\W_]+")


def count_words(text: str) -> int:
    """Count the words of a text; each Han or kana letter counts as one word."""
    flat, letters = " ".join(text_lines(text)), 0
    if not flat.isascii() and _BEYOND_HAN.search(flat):
        rest = _HAN_RUN.split(flat)
        letters = len(flat) - sum(map(len, rest))
        flat = " ".join(" ".join(rest).split()) if letters else flat
    if not flat:
        return letters
    padded = f" {flat} ".replace("_", "-")
    return letters + padded.count(" ") - 1 - len(_MARKS_ALONE.findall(padded))


def estimate_words(text: str) -> int:
    """Estimate how many English words a text is worth: a Han, kana, hangul or Thai letter counts half."""
    if text.isascii() or not (_BEYOND_THAI.search(text) and _HALF_WORDS.search(text)):
        return len(text.split())
    letters = sum(map(len, _HALF_WORDS.findall(text)))
    return len(_HALF_WORDS.sub(" ", text).split()) + letters // 2


def text_lines(text: str) -> list[str]:
    """Return the lines of a text that are not empty, with runs of white space folded to one space."""
    lines = text.split("\n")
    if "  " not in text and "".join(lines).isprintable():  # as in most texts
        return list(filter(None, map(str.strip, lines)))
    found: list[str] = []
    for line in lines:
        if line.isprintable() and "  " not in line:  # so its only white space is single spaces
            found.append(line.strip())
        else:
            found.extend(" ".join(part.split()) for part in line.splitlines())
    return list(filter(None, found))


def fold_spaces(text: str) -> str:
    """Return a text on one line, with runs of white space folded to one space."""
    return " ".join(text.split())


def letters_only(text: str) -> str:
    """Return only the letters and digits of a text, case-folded: for comparing texts."""
    return _NOT_LETTERS.sub("", text.casefold())


_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})


@lru_cache(maxsize=256)
def title_key(text: str) -> str:
    """Fold a title for comparison: width, case, quotes, white space."""
    return fold_spaces(unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES))


@lru_cache(maxsize=256)
def title_letters(text: str) -> str:
    """Return only the letters and digits of a title, folded."""
    return letters_only(unicodedata.normalize("NFKC", text))


def share_of_words(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much two sets of words have in common, 0 to 1."""
    common = len(one & other)
    return common / max(1, len(one) + len(other) - common)
