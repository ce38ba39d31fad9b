"""Scripts: letter ranges written without spaces, and languages written from right to left."""

import re

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

CJK_LETTER = re.compile(f"[{HAN_AND_KANA}]")
"""A Han or kana letter."""
WIDE_LETTER = re.compile(f"[{COMPATIBLE_HAN_AND_KANA}{HANGUL}]")
"""A Han, kana or hangul letter: twice as wide as a Latin letter."""

RIGHT_TO_LEFT = frozenset("ar ckb dv fa he iw ps sd ug ur yi".split())
"""Languages (ISO 639 codes) that are written from right to left."""


def direction(language: str | None) -> str:
    """Return "rtl" for the tag of a language written from right to left, else "ltr"."""
    return "rtl" if (language or "").split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
