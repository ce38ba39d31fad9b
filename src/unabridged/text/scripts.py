"""Scripts: letter ranges written without spaces, and languages written from right to left."""

import re

from unabridged.text.patterns import lazy_regex

# Each is the inside of a regular expression's character class.
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
"""The common ideographs of the Basic Multilingual Plane, without the compatibility forms."""
ALL_HAN = HAN + "\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff"
HANGUL = "\uac00-\ud7af"
THAI = "\u0e00-\u0e7f"
HAN_AND_KANA = KANA + HAN
COMPATIBLE_HAN_AND_KANA = HAN_AND_KANA + "\uf900-\ufaff"
ALL_HAN_AND_KANA = KANA + ALL_HAN
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Letters of all scripts without spaces between words (and hangul, which joins particles to words)."""
EMOJI = (
    "\u231a\u231b\u23e9-\u23f3\u23f8-\u23fa\u2600-\u2604\u260e\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u2626\u262a"
    "\u262e\u262f\u2638-\u263a\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f\u2692-\u2697\u2699\u269b"
    "\u269c\u26a0\u26a1\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26ce\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea"
    "\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712\u271d\u2721\u2728\u2744\u274c\u2763\u2764\u2b50\u2b55"
    "\U0001f000-\U0001f0ff\U0001f1e6-\U0001f1ff\U0001f300-\U0001f3fa\U0001f400-\U0001faff"
)
"""Pictures that people search for; not the arrows, ticks and boxes that mark lists, nor skin tones."""

CJK_LETTER = lazy_regex(f"[{HAN_AND_KANA}]")
"""A Han or kana letter."""
WIDE_LETTER = lazy_regex(f"[{COMPATIBLE_HAN_AND_KANA}{HANGUL}]")
"""A Han, kana or hangul letter: twice as wide as a Latin letter."""

RIGHT_TO_LEFT = frozenset("ar ckb dv fa he iw ps sd ug ur yi".split())
"""Languages (ISO 639 codes) that are written from right to left."""

RIGHT_TO_LEFT_SCRIPTS = frozenset(("arab", "hebr", "syrc", "thaa", "nkoo", "adlm"))
"""Scripts (ISO 15924 codes, as in "pa-Arab") that are written from right to left."""
RIGHT_TO_LEFT_LETTERS = (
    "\u05d0-\u05ea\u05ef-\u05f2\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0710-\u072f\u074d-\u07a5"
    "\u07ca-\u07ea\u0800-\u0815\u0840-\u0858\u0860-\u086a\u08a0-\u08c9\ufb1d-\ufdfb\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff"
)

DIRECTION_SAMPLE = 2000
"""Characters of a text that show its direction."""
LEADING_SHARE = 0.25
"""Share of right-to-left letters that makes a text right-to-left if its first letter is one."""

_RIGHT_TO_LEFT_LETTER = lazy_regex(f"[{RIGHT_TO_LEFT_LETTERS}]")
_SCRIPTS_BY_LETTER = (
    ("he", "\u05d0-\u05ea"),
    ("ur", "\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2"),
    ("fa", "\u067e\u0686\u0698\u06af\u06a9\u06cc"),
    ("ar", "\u0620-\u064a"),
)
"""Language -> letters that show it, the first match first: all others of its script have no such letters."""


def direction(language: str | None, text: str = "") -> str:
    """Return "rtl" or "ltr": the direction of the letters of a text, without letters that of its language.

    A stated language written from right to left holds unless the text has no letter of such a script.
    """
    sample = text[:DIRECTION_SAMPLE]
    if sample.isascii() and not _is_right_to_left(language):
        return "ltr"
    letters = [letter for letter in sample if letter.isalpha()]
    backward = len(_RIGHT_TO_LEFT_LETTER.findall("".join(letters)))
    if _is_right_to_left(language):
        return "rtl" if backward or not letters else "ltr"
    if not backward:
        return "ltr"
    leads = _RIGHT_TO_LEFT_LETTER.match(letters[0]) is not None
    return "rtl" if backward > len(letters) * (LEADING_SHARE if leads else 0.5) else "ltr"


def _is_right_to_left(language: str | None) -> bool:
    primary, *others = (language or "").lower().replace("_", "-").split("-")
    script = next((one for one in others if len(one) == 4 and one.isalpha()), "")
    return script in RIGHT_TO_LEFT_SCRIPTS or (primary in RIGHT_TO_LEFT and script != "latn")


def right_to_left_language(text: str) -> str | None:
    """Guess the language of a text in Hebrew or Arabic letters; None for other texts."""
    if direction(None, text) == "ltr":
        return None
    sample = text[:DIRECTION_SAMPLE]
    return next((name for name, letters in _SCRIPTS_BY_LETTER if re.search(f"[{letters}]", sample)), None)
