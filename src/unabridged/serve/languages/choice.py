"""Languages that the reader speaks, and the choice of one by what a browser accepts. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the reader. code: BCP 47, as in `lang`. name: in the language itself."""

    code: str
    name: str
    direction: Literal["ltr", "rtl"] = "ltr"

    @property
    def is_spaced(self) -> bool:
        """Say whether a space stands between two sentences."""
        return self.code not in ("zh-Hans", "zh-Hant", "ja")


ENGLISH = Language(code="en", name="English")
LANGUAGES: Mapping[str, Language] = {
    one.code: one
    for one in (
        ENGLISH,
        Language(code="zh-Hans", name="简体中文"),
        Language(code="zh-Hant", name="繁體中文"),
        Language(code="fr", name="Français"),
        Language(code="de", name="Deutsch"),
        Language(code="ja", name="日本語"),
        Language(code="es", name="Español"),
        Language(code="ru", name="Русский"),
        Language(code="ar", name="العربية", direction="rtl"),
    )
}
"""Code -> language. English is the language of the source."""

BROWSER = "browser"
"""Value of the preference `language` that follows the browser."""

TRADITIONAL = frozenset(("hant", "tw", "hk", "mo"))
"""Parts of a tag that say that Chinese is written in traditional characters."""

MAX_RANGES = 30
_RANGE = re.compile(r"(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:;q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?")


def accepted_language(header: str) -> Language:
    """Choose a language by an Accept-Language header: of those with the highest weight, the first.

    English where none of ours is accepted. RFC 9110, 12.5.4; a part that cannot be read is left out.
    """
    best, weight = ENGLISH, 0.0
    for part in header.lower().split(",")[:MAX_RANGES]:
        found = _RANGE.fullmatch(re.sub(r"\s+", "", part))
        language = _language_of_range(found[1]) if found else None
        given = float(found[2] or 1) if found else 0.0
        if language is not None and given > weight:
            best, weight = language, given
    return best


def _language_of_range(tag: str) -> Language | None:
    """Return the language of a range in lower case ("zh-tw"); None for one that is not ours."""
    if tag == "*":
        return ENGLISH
    first, *others = tag.split("-")
    if first == "zh" or first == "yue":
        traditional = "hans" not in others and (first == "yue" or not TRADITIONAL.isdisjoint(others))
        return LANGUAGES["zh-Hant" if traditional else "zh-Hans"]
    return LANGUAGES.get(first)


def chosen_language(preference: str, header: str) -> Language:
    """Return the language that a person set, else the one that their browser asks for."""
    return LANGUAGES.get(preference) or accepted_language(header)
