"""Letters beyond ASCII as search sees them: everything levelled that it does not tell apart.

Folding is a table by code point, filled as letters are met, so that a text is looked up all at once.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt

from unabridged.text.scripts import ALL_HAN

_HAN = re.compile(f"[{ALL_HAN}]")
_DROPPED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
"""Accents, points, vowel signs that may be left out in writing; not those that Thai or Hindi cannot spare."""

_ALIKE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
    | {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"}
    | {chr(letter): chr(letter - 0x60) for letter in range(0x30A1, 0x30F7)}
)
"""Letters that are written one for another: without a decomposition, Arabic spellings, katakana."""

_KEPT = frozenset({"L", "N", "M"})

_ODD = 1 << 31
_JOINS = 1 << 30
_CODE = (1 << 21) - 1


class _Folding:
    """What every letter met so far is folded to.

    table: by code point, the code point it becomes; 0 where the letter was not met yet. A letter that does
    not become exactly one other stays, marked _ODD, and stands in `changed`; _JOINS marks those that may be
    one with the letter before.
    """

    def __init__(self) -> None:
        self.table = np.zeros(0x110000, np.uint32)
        self.changed: dict[int, str] = {}

    def learn(self, codes: Iterable[int]) -> None:
        for code in codes:
            letter = chr(code)
            folded = "\n" if letter == "\n" else _fold_letter(letter)
            if len(folded) != 1:
                self.changed[code] = folded
            mark = _JOINS if _joins(letter) else 0
            self.table[code] = mark | (ord(folded) if len(folded) == 1 else _ODD | code)


@cache
def _simplify() -> Callable[[str], str]:
    """Traditional letters to simplified ones; loading takes 0.06 s, which only Chinese is worth."""
    import opencc

    # By its whole path: of a bare name, OpenCC takes a file of the current folder first.
    rules = Path(opencc.__file__).with_name("clib") / "share" / "opencc" / "t2s.json"
    convert: Callable[[str], str] = opencc.OpenCC(str(rules)).convert
    return convert


def _fold_letter(letter: str) -> str:
    if unicodedata.category(letter) == "Cf":
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", letter).casefold())
    folded = _DROPPED_MARKS.sub("", unicodedata.normalize("NFD", folded))
    folded = unicodedata.normalize("NFC", folded).translate(_ALIKE)
    if _HAN.search(folded):  # letter by letter, since a word's own rule would depend on where it is cut
        folded = _simplify()(folded)
    levelled = "".join(one if unicodedata.category(one)[0] in _KEPT else " " for one in folded)
    return " " if levelled.isspace() else levelled


def _joins(letter: str) -> bool:
    """Whether a letter may be one with the letter before it, so that a text must be normalised as a whole."""
    plain = unicodedata.normalize("NFKC", letter)
    mark = any(unicodedata.category(one)[0] == "M" and not _DROPPED_MARKS.match(one) for one in plain)
    return mark or "\u1100" <= letter <= "\u11ff"


_FOLDING = _Folding()

FEW = 80
"""Replacing so many different letters one by one is faster than translating all of a text."""


def fold_lines(text: str) -> tuple[str, bool]:
    """A text folded with the ends of lines kept, and whether every letter of it stands in its old place."""
    folded = _looked_up(text)
    if int(folded.max()) < _JOINS:
        return folded.tobytes().decode("utf-32-le"), True
    return _replaced(text, folded), False


def _replaced(text: str, folded: npt.NDArray[np.uint32]) -> str:
    """A looked-up text in which some letters become more or less than one."""
    if (folded & _JOINS).any() and not unicodedata.is_normalized("NFKC", text):
        folded = _looked_up(unicodedata.normalize("NFKC", text))
    odd = np.unique(folded[folded >= _ODD] & _CODE).tolist()
    levelled = (folded & _CODE).tobytes().decode("utf-32-le")
    if len(odd) > FEW:
        return levelled.translate(_FOLDING.changed)
    for code in odd:
        levelled = levelled.replace(chr(code), _FOLDING.changed[code])
    return levelled


def fold_each(texts: Sequence[str]) -> list[tuple[str, bool]]:
    """`fold_lines` of texts that are not empty, looked up all at once."""
    folded = _looked_up("\n".join(texts))
    starts = list(accumulate((len(text) + 1 for text in texts[:-1]), initial=0))
    highest = np.maximum.reduceat(folded, starts).tolist()
    plain = (folded & _CODE).tobytes().decode("utf-32-le")
    found = []
    for text, start, most in zip(texts, starts, highest, strict=True):
        part = slice(start, start + len(text))
        found.append((plain[part], True) if most < _JOINS else (_replaced(text, folded[part]), False))
    return found


def _looked_up(text: str) -> npt.NDArray[np.uint32]:
    """What stands in the folding's table for every letter of a text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    folded = _FOLDING.table.take(codes, mode="clip")  # all are in it; to be sure of it takes longer
    if not folded.min():
        _FOLDING.learn(np.unique(codes[folded == 0]).tolist())
        folded = _FOLDING.table.take(codes, mode="clip")
    return folded
