"""Language of a page, from its declarations, the script of its title, the script and words of its text."""

import re
import unicodedata
from collections import Counter

from unabridged.extraction.metadata.json_ld import Graph
from unabridged.extraction.metadata.json_ld import first_text as first_text
from unabridged.extraction.metadata.scan import PageScan
from unabridged.model import Origin
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import CJK_LETTER, right_to_left_language

_TAG = lazy_regex(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.@].*)?$", re.I)
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


# ---- texts -------------------------------------------------------------------------------------

SAMPLE = 800
"""Characters of a text that show its language."""
FEWEST_LETTERS = 40
FEWEST_WORDS = 25
LEAST_SHARE, LEAST_SURE = 0.08, 0.16
"""Share of common words that names a language: where none is stated, and against the stated one."""
KANA_SHARE = 0.04
"""Share of kana among the Han and kana letters of the plainest Japanese."""

_NOT_LATIN = lazy_regex("[\u0370-\u1cff\u1f00-\u1fff\u2c80-\u2dff\u3005-\ud7ff\uf900-\ufaff\ufb1d-\ufefc]")
_KANA = lazy_regex("[\u3041-\u30ff]")
_CYRILLIC = (
    ("uk", lazy_regex("[їєґ]", re.I)),
    ("be", lazy_regex("ў", re.I)),
    ("mk", lazy_regex("[ѓќѕ]", re.I)),
    ("sr", lazy_regex("[ђћљњ]", re.I)),
    ("kk", lazy_regex("[әғқңұһ]", re.I)),
    ("ru", lazy_regex("[ыэё]", re.I)),
    ("bg", lazy_regex("ъ", re.I)),
)
"""Languages in Cyrillic with letters that show them, the first match first."""
_WORDS = {
    language: words.split()
    for language, words in {
        "en": "the of and to that is was for with on are this have from they be his it you",
        "de": "der die das und ist nicht von mit den dem ein eine auf für im sich des zu auch wie",
        "fr": "le la les des et est une un du dans que qui pour sur pas au par il elle ce",
        "es": "el la los las de y que en un una del por con para se no su al lo es",
        "pt": "o a os as de e que em um uma do da por com para não se no na ao foi",
        "it": "il la di e che in un una del della per con non si le i da al sono è",
        "nl": "de het een en van in is dat op te zijn met voor niet aan ook er door bij was",
        "pl": "w i na z się do nie to jest że o jak po ale za od co przez dla są",
        "cs": "a v se na je že s z do to o ve pro jsem jako si by tak podle po",
        "sv": "och att det i på är som en av för den till inte med har om ett de var från",
        "da": "og at det i på er som en af for den til ikke med har om et de var fra",
        "nb": "og at det i på er som en av for den til ikke med har om et de var fra",
        "fi": "ja on ei että se oli hän mutta ovat kun myös joka mukaan sen ole tai kuin",
        "hu": "a az és hogy nem is egy volt meg csak ez már mint de el vagy még",
        "ro": "și în de a la cu pe nu că este un o din care pentru mai au fost să",
        "tr": "ve bir bu da de için ile olarak çok daha olan gibi en ne kadar sonra",
        "id": "yang dan di dari ini untuk dengan pada tidak dalam itu akan juga ke oleh",
        "vi": "và của là có được trong cho không với các đã một người này những",
    }.items()
}
"""Commonest words of languages in Latin letters."""
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _common in _WORDS.items():
    for _word in _common:
        _LANGUAGES_OF.setdefault(_word, []).append(_language)
_NEVER_LATIN = frozenset(language for _, languages in _SCRIPTS for language in languages) - frozenset(
    "sr bs uz kk ku mn tg tt".split()
)
"""Languages that are not written in Latin letters."""
_ALIKE = (frozenset({"da", "nb", "no", "nn", "sv"}), frozenset({"id", "ms"}), frozenset({"cs", "sk"}))
"""Languages that share so many common words that one is not held against another."""


def language_of_text(stated: str | None, text: str) -> str | None:
    """Return the language of a text: the stated one unless the script or the words of the text contradict it.

    stated: a tag as `language_of` returns it, None if no language is stated.
    """
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < FEWEST_LETTERS:
        return stated
    primary = (stated or "").split("-")[0]
    foreign = 0 if sample.isascii() else len(_NOT_LATIN.findall(sample))
    if 2 * foreign < letters and not (primary in _NEVER_LATIN and 20 * foreign > letters):
        return _by_words(stated, primary, sample)
    written = script_languages(sample)
    if not written:
        return stated
    if written[0] == "zh":
        written = (_han_language(sample),)
    if primary in written:
        return stated
    if written[0] == "ru":
        return next((language for language, own in _CYRILLIC if own.search(sample)), "ru")
    return right_to_left_language(sample) or written[0]


def _han_language(sample: str) -> str:
    """Return "ja" for Han letters with kana between them, else "zh"."""
    wide = len(CJK_LETTER.findall(sample))
    return "ja" if len(_KANA.findall(sample)) >= KANA_SHARE * wide else "zh"


def _by_words(stated: str | None, primary: str, sample: str) -> str | None:
    """Return the language whose common words a text in Latin letters has, if that is sure enough."""
    if primary == "en" and " the " in sample and " of " in sample:  # most pages
        return stated
    words = sample.lower().split()
    if len(words) < FEWEST_WORDS:
        return stated
    counts = Counter(language for word in words for language in _LANGUAGES_OF.get(word, ()))
    best = max(_WORDS, key=lambda language: counts[language])
    share = counts[best] / len(words)
    if not primary or primary in _NEVER_LATIN:
        return best if share >= LEAST_SHARE else stated
    if primary not in _WORDS or any({primary, best} <= alike for alike in _ALIKE):
        return stated
    return best if share >= LEAST_SURE and counts[primary] * 3 < counts[best] else stated
