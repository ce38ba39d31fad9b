"""Language of a text among the eight whose phrases of attribution are known."""

import re

from unabridged.text.scripts import HAN

LANGUAGES = ("ar", "de", "en", "es", "fr", "ja", "ru", "zh")
SAMPLE = 1500
"""Characters of a text that are looked at."""

_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile(f"[{HAN}]"),
    "ru": re.compile("[А-Яа-яЁё]"),
    "ar": re.compile("[\u0621-\u064a]"),
}
_LEAST_SHARE = {"ja": 0.05, "zh": 0.2, "ru": 0.3, "ar": 0.3}
_WORDS = {
    "en": frozenset("the of and to in that is was for on with as by at from has had said it".split()),
    "de": frozenset("der die das und ist nicht von mit den dem ein eine auf für im wie sich des zu".split()),
    "fr": frozenset("le la les des et est une un du dans que qui pour sur pas au par a selon en".split()),
    "es": frozenset("el la los las de y que en un una del por con para se no su al según lo".split()),
}
"""Commonest words of the languages in Latin letters."""


def language_of(text: str, stated: str | None = None) -> str:
    """Return the code of a text's language; "" for one whose phrases are not known.

    stated: code of the language as the page says it ("zh-TW"), believed if it is one of the eight.
    """
    primary = (stated or "").lower().replace("_", "-").split("-")[0]
    if primary in LANGUAGES:
        return primary
    sample = text[:SAMPLE]
    letters = 0 if sample.isascii() else sum(map(str.isalpha, sample))
    for language, script in _SCRIPTS.items() if letters else ():
        if len(script.findall(sample)) >= _LEAST_SHARE[language] * letters:
            return language
    if primary:
        return ""
    words = sample.lower().split()
    counts = {language: sum(map(common.__contains__, words)) for language, common in _WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= max(1, len(words) // 12) else ""
