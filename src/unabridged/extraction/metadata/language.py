"""Language of a page, from its declarations and the script of its title."""

import re
import unicodedata

from unabridged.extraction.metadata.json_ld import Graph
from unabridged.extraction.metadata.json_ld import first_text as first_text
from unabridged.extraction.metadata.scan import PageScan
from unabridged.model import Origin

_TAG = re.compile(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.@].*)?$", re.I)
_NAMES = {
    "english": "en",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "spanish": "es",
    "italian": "it",
    "chinese": "zh",
    "japanese": "ja",
    "korean": "ko",
    "russian": "ru",
    "cn": "zh",
    "jp": "ja",
    "kr": "ko",
    "gr": "el",
    "ua": "uk",
    "cz": "cs",
}
# Script of most letters -> languages written in it, most likely first.
_SCRIPTS = (
    ("HIRAGANA", ("ja",)),
    ("KATAKANA", ("ja",)),
    ("HANGUL", ("ko",)),
    ("CJK", ("zh", "ja", "yue", "wuu")),
    ("CYRILLIC", ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt", "uz", "bs")),
    ("ARABIC", ("ar", "fa", "ur", "ps", "ckb", "ug", "sd", "ku")),
    ("HEBREW", ("he", "yi", "iw")),
    ("GREEK", ("el",)),
    ("THAI", ("th",)),
    ("DEVANAGARI", ("hi", "mr", "ne", "sa")),
    ("BENGALI", ("bn", "as")),
    ("TAMIL", ("ta",)),
    ("TELUGU", ("te",)),
    ("GEORGIAN", ("ka",)),
    ("ARMENIAN", ("hy",)),
    ("KHMER", ("km",)),
    ("MYANMAR", ("my",)),
)


def language_of(scan: PageScan, graph: Graph, hint: str | None = None) -> tuple[str | None, Origin | None]:
    """Return a language tag ("de", "pt-BR") and its origin; the title's script overrules a wrong
    declaration."""
    claims: tuple[tuple[str, Origin], ...] = (
        (scan.language, "page"),
        (first_text(graph.article, "inLanguage"), "json-ld"),
        (scan.meta("og:locale", "language", "dc.language", "content-language", "lang"), "meta"),
        (hint or "", "feed"),
    )
    written = script_languages(scan.meta("og:title") or scan.page_title)
    for claim, origin in claims:
        tag = normal_tag(claim)
        if tag and (not written or tag.split("-")[0] in written):
            return tag, origin
    return (written[0], "page") if written else (None, None)


def normal_tag(claim: str) -> str | None:
    """Normalize 'EN_us' to 'en-US'; keep 'zh-Hant-TW'; None if it is not a tag."""
    claim = claim.split(",")[0].strip()
    claim = _NAMES.get(claim.lower(), claim)
    found = _TAG.match(claim)
    if not found:
        return None
    language, script, region = found.groups()
    parts = [language.lower(), *([script.title()] if script else []), *([region.upper()] if region else [])]
    return "-".join(parts)


def script_languages(text: str) -> tuple[str, ...]:
    """Return the languages of the script of most letters; () for Latin or too little text."""
    counts: dict[str, int] = {}
    letters = 0
    for char in text[:200]:
        if not char.isalpha():
            continue
        letters += 1
        if char > "\u036f":
            name = unicodedata.name(char, "").split(" ")[0]
            counts[name] = counts.get(name, 0) + 1
    kana = counts.get("HIRAGANA", 0) + counts.get("KATAKANA", 0)
    if kana >= 2 and kana + counts.get("CJK", 0) > letters / 2:
        return ("ja",)
    for script, languages in _SCRIPTS:
        if counts.get(script, 0) > letters / 2 and letters >= 4:
            return languages
    return ()
