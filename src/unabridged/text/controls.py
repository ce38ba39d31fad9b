"""Control characters in outside text: taken out of it, or written as escapes in JSON.

Control characters are those of Unicode's category Cc (C0, DEL and C1, which terminals obey as code points,
too), the bidirectional controls (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters),
the two separators of lines and paragraphs, and lone surrogates, which no encoding can write.
"""

from unabridged.text.patterns import lazy_regex

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ANY = lazy_regex(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}\u2028\u2029\ud800-\udfff]")
_NEVER = lazy_regex(f"[\x00-\x08\x0e-\x1f\x7f-\x9f{_BIDI}]")
_BREAK = lazy_regex("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SURROGATE = lazy_regex("[\ud800-\udfff]")
_WHITE = lazy_regex("[\t\n]")
_IN_JSON = lazy_regex(f"[\x7f-\x9f{_BIDI}\u2028\u2029]")

_STRING = "\x07\x1b\x90\x98\x9c-\x9f"
_SEQUENCE = lazy_regex(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, clearing
    f"|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^{_STRING}]{{0,8192}}(?:\x07|\x1b\\\\|\x9c)"  # OSC, DCS, APC, PM
    "|\x1b[ -/]*[0-~]"
)
"""Sequences of ECMA-48, by which terminals are told to do something: taken out whole. Linear in the text,
since no part of a sequence can begin another one."""


def without_controls(text: str) -> str:
    """Return text without control sequences and control characters; its lines and tabs stay."""
    if _ANY.search(text) is None:
        return text
    text = _BREAK.sub("\n", _SEQUENCE.sub("", text))
    return without_surrogates(_NEVER.sub("", text))


def without_surrogates(text: str) -> str:
    """Return text in which U+FFFD stands for every lone surrogate, which no encoding can write."""
    return _SURROGATE.sub("\ufffd", text)


def on_one_line(text: str) -> str:
    """Return text without control characters, a space for every tab and every end of a line."""
    return _WHITE.sub(" ", without_controls(text))


def as_label(text: str) -> str:
    """Return text fit for a title or a name: no control characters, one line, single spaces."""
    return " ".join(without_controls(text).split())


def spaced(text: str) -> str:
    """Return text with a space for every control character, ends of lines and tabs too."""
    return _WHITE.sub(" ", _ANY.sub(" ", text))


def escaped_in_json(data: bytes) -> bytes:
    """Return JSON with its control characters written as escapes: the same values, and nothing to obey.

    JSON escapes C0 by itself; the others stand in strings only, where an escape means the same.
    """
    if data.isascii() and b"\x7f" not in data:
        return data
    text = data.decode("utf-8", "replace")
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()
