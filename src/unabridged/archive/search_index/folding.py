"""Case folding and normalization of letters beyond ASCII, for the search tokenizer.

A table maps code points to folded ones. It is filled on demand, so that a whole text is folded in one lookup.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt

from unabridged.text.scripts import ALL_HAN, EMOJI

_HAN = re.compile(f"[{ALL_HAN}]")
_DROPPED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
"""Accents, vowel points and other optional marks; not the vowel signs of Thai or Hindi, which are letters."""

_ALIKE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
    | {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"}
    | {chr(letter): chr(letter - 0x60) for letter in range(0x30A1, 0x30F7)}
)
"""Equivalent letters that Unicode does not decompose: Latin, Arabic spelling variants, katakana."""

_KEPT = frozenset({"L", "N", "M"})
_EMOJI = re.compile(f"[{EMOJI}]")
_SKIN_TONE = re.compile("[\U0001f3fb-\U0001f3ff]")

_IRREGULAR = 1 << 31
_COMBINING = 1 << 30
_CODE = (1 << 21) - 1


class _Folding:
    """Folding table of the letters seen so far.

    table: code point -> folded code point; 0: not seen yet. A letter that does not fold to exactly one
    letter stays, flagged _IRREGULAR, and its folding is in `changed`. _COMBINING flags letters that may
    combine with the letter before.
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
            mark = _COMBINING if _combines(letter) else 0
            self.table[code] = mark | (ord(folded) if len(folded) == 1 else _IRREGULAR | code)


@cache
def _simplify() -> Callable[[str], str]:
    """Return the converter from Traditional to Simplified Chinese; loading it takes 0.06 s."""
    import opencc

    # By absolute path: OpenCC looks for a bare name in the current folder first.
    rules = Path(opencc.__file__).with_name("clib") / "share" / "opencc" / "t2s.json"
    convert: Callable[[str], str] = opencc.OpenCC(str(rules)).convert
    return convert


def _fold_letter(letter: str) -> str:
    if unicodedata.category(letter) == "Cf" or _SKIN_TONE.match(letter):
        return ""
    if _EMOJI.match(letter):
        return letter
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", letter).casefold())
    folded = _DROPPED_MARKS.sub("", unicodedata.normalize("NFD", folded))
    folded = unicodedata.normalize("NFC", folded).translate(_ALIKE)
    if _HAN.search(folded):  # per letter: word rules would depend on where the text is cut
        folded = _simplify()(folded)
    plain = "".join(one if unicodedata.category(one)[0] in _KEPT else " " for one in folded)
    return " " if plain.isspace() else plain


def _combines(letter: str) -> bool:
    """Tell if a letter may combine with the one before it, so that the text must be normalized as a whole."""
    plain = unicodedata.normalize("NFKC", letter)
    mark = any(unicodedata.category(one)[0] == "M" and not _DROPPED_MARKS.match(one) for one in plain)
    return mark or "\u1100" <= letter <= "\u11ff"


_FOLDING = _Folding()

MAX_SINGLE_REPLACEMENTS = 80
"""Up to this many different letters, replacing one by one is faster than translating the whole text."""


def fold_lines(text: str) -> tuple[str, bool]:
    """Return the folded text with line ends, and whether every letter kept its position."""
    folded = _lookup(text)
    if int(folded.max()) < _COMBINING:
        return folded.tobytes().decode("utf-32-le"), True
    return _replace_irregular(text, folded), False


def _replace_irregular(text: str, folded: npt.NDArray[np.uint32]) -> str:
    """Fold a text with letters that become none or several."""
    if (folded & _COMBINING).any() and not unicodedata.is_normalized("NFKC", text):
        folded = _lookup(unicodedata.normalize("NFKC", text))
    irregular = np.unique(folded[folded >= _IRREGULAR] & _CODE).tolist()
    plain = (folded & _CODE).tobytes().decode("utf-32-le")
    if len(irregular) > MAX_SINGLE_REPLACEMENTS:
        return plain.translate(_FOLDING.changed)
    for code in irregular:
        plain = plain.replace(chr(code), _FOLDING.changed[code])
    return plain


def fold_each(texts: Sequence[str]) -> list[tuple[str, bool]]:
    """Return `fold_lines` of several non-empty texts, folded in one lookup."""
    folded = _lookup("\n".join(texts))
    starts = list(accumulate((len(text) + 1 for text in texts[:-1]), initial=0))
    highest = np.maximum.reduceat(folded, starts).tolist()
    plain = (folded & _CODE).tobytes().decode("utf-32-le")
    found = []
    for text, start, most in zip(texts, starts, highest, strict=True):
        part = slice(start, start + len(text))
        found.append(
            (plain[part], True) if most < _COMBINING else (_replace_irregular(text, folded[part]), False)
        )
    return found


def _lookup(text: str) -> npt.NDArray[np.uint32]:
    """Return the table's value for every letter of a text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    folded = _FOLDING.table.take(codes, mode="clip")  # all are in range; the default bounds check is slower
    if not folded.min():
        _FOLDING.learn(np.unique(codes[folded == 0]).tolist())
        folded = _FOLDING.table.take(codes, mode="clip")
    return folded
