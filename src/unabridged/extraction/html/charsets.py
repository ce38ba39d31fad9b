"""Plausibility of a decoded text: a measure of how likely it was read in the wrong charset.

Bytes of one one-byte charset can be read in nearly any other without an error. A wrong reading shows in its
sequences of characters: accents side by side ("Ïðèâåò"), two scripts in one word, capitals after small
letters, signs and controls inside words. The language need not be known.
"""

import unicodedata
from itertools import pairwise

from unabridged.text.patterns import lazy_regex

LEAST_DOUBLED = 2  # signs of double encoding before it is undone

MOST_WORDS = 3000
MOST_CHARACTERS = 60_000
LONGEST_WORD = 60  # characters of a word that are examined; scripts without spaces have long words

_WORD = lazy_regex(rf"[A-Za-z]{{0,20}}[^\x00-\x7f][A-Za-z\x80-\U0010ffff]{{0,{LONGEST_WORD}}}")
_QUIET = frozenset(
    "\xa0\xad\u200b\u200c\u200d\ufeff‘’“”„‚«»‹›–—…·•、。，．！？：；（）「」『』《》【】〈〉・　～"
)
_OPENING = frozenset("‚„")  # quotation marks that only open: never inside a word
_SCRIPTS = (  # (first character, last, script), without scripts in which Latin words stand unspaced
    (0x0041, 0x024F, "Latin"),
    (0x0370, 0x03FF, "Greek"),
    (0x0400, 0x052F, "Cyrillic"),
    (0x0590, 0x05FF, "Hebrew"),
    (0x0600, 0x06FF, "Arabic"),
)


def oddness(text: str) -> float:
    """Return the share of non-ASCII characters in odd places: from 0 to about 1; 0 for ASCII text."""
    odd = seen = 0.0
    for number, found in enumerate(_WORD.finditer(text)):
        if number >= MOST_WORDS or seen >= MOST_CHARACTERS:
            break
        word = found[0]
        seen += sum(char > "\x7f" for char in word)
        odd += _is_broken(word[0]) + sum(_odd_pair(one, other) for one, other in pairwise(word))
    return odd / seen if seen else 0.0


def _odd_pair(one: str, other: str) -> float:
    """Return how odd it is that `other` follows `one` inside a word: 0, 0.5 or 1."""
    if one <= "\x7f" and other <= "\x7f":
        return 0.0
    if _is_broken(other):
        return 1.0
    if other in _OPENING:
        return 1.0
    if one in _QUIET or other in _QUIET:
        return 0.0
    if not one.isalpha() or not other.isalpha():
        return float(_is_sign(one) or _is_sign(other))
    if one.islower() and other.isupper():
        return 1.0
    script, next_script = _script(one), _script(other)
    if script != next_script:
        return float(bool(script and next_script))
    if script == "Latin" and one > "\x7f" and other > "\x7f":
        return 1.0
    return 0.5 if one.isupper() and other.isupper() else 0.0


def _is_broken(char: str) -> bool:
    """Say whether a character is never part of a text: a control, a replacement or private-use character."""
    return char > "\x7f" and (char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn"))


def _is_sign(char: str) -> bool:
    return char > "\x7f" and unicodedata.category(char)[0] in "SPN"


def _script(char: str) -> str:
    point = ord(char)
    return next((name for first, last, name in _SCRIPTS if first <= point <= last), "")


_SURELY_DOUBLED = b"\xc3\xa2\xc2\x80\xc2"  # "â" and controls: formerly a quotation mark or a dash
_DOUBLED = lazy_regex(
    rb"\xc3[\x82\x83\x90]\xc2[\x80-\xbf]|\xc3[\x84-\x9f]\xc2[\x80-\x9f\xa1-\xaa\xac-\xba\xbc-\xbf]"
    rb"|\xc3[\xa0-\xaf](?:\xc2[\x80-\xbf]){2}|\xc3[\xb0-\xb4](?:\xc2[\x80-\xbf]){3}"
)


def fix_double_encoding(data: bytes) -> bytes:
    """Return valid UTF-8 with double encoding undone ("doesnâ\x80\x99t" is "doesn’t"), else the data
    unchanged.

    A program took UTF-8 for Latin-1 and encoded it again, often in a part of the page only. This leaves
    control characters that no text contains; only pages with them are changed. A capital before a blank or a
    quotation mark ("ÉTÉ »") is not double encoding.
    """
    if b"\xa2" not in data or data.count(_SURELY_DOUBLED) < LEAST_DOUBLED:
        return data
    return _DOUBLED.sub(lambda found: _decoded_once(found[0]), data)


def _decoded_once(doubled: bytes) -> bytes:
    once = doubled.decode("utf-8").encode("latin-1")
    try:
        once.decode("utf-8")
    except UnicodeDecodeError:  # an overlong form: coincidence
        return doubled
    return once
