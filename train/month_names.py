"""Write src/unabridged/dates/month_names.py: month names of many languages, from Babel's CLDR.

    python train/month_names.py

Deterministic. Needs Babel (extra "train"). Run it again after adding a language to LANGUAGES.
"""

import re
import unicodedata
from pathlib import Path

from babel import Locale
from babel.dates import get_month_names

# Where two languages disagree about a word, the earlier one wins on pages without a language
# ("listopad" is November in Polish, October in Croatian).
LANGUAGES = """
en es pt fr de it nl pl ru uk tr id ar ar_LB ar_DZ ar_MA fa hi th el cs sk hu ro bg sr sr_Latn hr bs sl mk
sq be da nb nn sv fi et lv lt is ga cy ca gl eu mt he az kk ky uz mn hy ka bn ur ta te mr gu kn ml pa ne si
km my lo ms fil sw af am so zu
""".split()

# Forms that newspapers write and CLDR does not list.
EXTRA = {
    "en": {9: "sept", 6: "june", 7: "july", 3: "march", 4: "april"},
    "es": {1: "ene", 8: "ago", 9: "septiembre setiembre sep set", 12: "dic"},
    "pt": {2: "fev", 4: "abr", 5: "mai", 8: "ago", 9: "set", 10: "out", 12: "dez"},
    "it": {1: "gen genn", 2: "febb", 5: "magg", 6: "giu", 7: "lug", 9: "sett", 10: "ott", 12: "dic"},
    "fr": {1: "janv", 2: "fév fevr", 7: "juill juil", 8: "aou", 12: "déc"},
    "de": {1: "jänner jän", 2: "feber", 3: "mär mrz", 9: "sept"},
    "nl": {3: "mrt", 5: "mei"},
    "pl": {5: "maj", 9: "wrz", 10: "paź"},
    "ru": {5: "май", 9: "сент", 11: "нояб"},
    "id": {2: "peb", 8: "agt agu ags", 10: "okt", 11: "nop", 12: "des"},
    "tr": {1: "ocak", 8: "ağustos"},
    "ms": {8: "ogos", 12: "dis"},
    "ar": {4: "ابريل", 6: "يونية", 7: "يولية", 8: "اغسطس", 10: "اكتوبر", 11: "نونبر", 12: "دجنبر"},
    "vi": {},
    "mk": {},
    "hi": {9: "सितम्बर", 11: "नवम्बर", 12: "दिसम्बर"},
}


def plain(name: str) -> str:
    """Return the name as the date parser looks it up: folded, without dots, inner spaces as '_'."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("\u0307", "")
    bare = re.sub(r"[.'’\u200b-\u200f]", "", folded).strip()
    return re.sub(r"[\s\-]+", "_", bare)


def names(language: str) -> list[list[str]]:
    """Return twelve lists of names for the months of one language."""
    locale = Locale.parse(language)
    found: list[list[str]] = [[] for _ in range(12)]
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for month, name in get_month_names(width, context, locale).items():
                found[month - 1].append(plain(name))
    for month, words in EXTRA.get(language, {}).items():
        found[month - 1] += [plain(word) for word in words.split()]
    return [[w for w in dict.fromkeys(words) if len(w) > 1 and not re.search(r"\d", w)] for words in found]


def literal(text: str, width: int = 92) -> list[str]:
    """Return the text as lines of a parenthesised string literal."""
    lines, line = [], ""
    for piece in re.findall(r"\S+\s?", text):
        if line and len(line) + len(piece) > width:
            lines.append(line)
            line = ""
        line += piece
    return [f'        "{part}"' for part in [*lines, line]]


def main() -> None:
    rows = [
        '"""Month names of many languages (Unicode CLDR), written by train/month_names.py."""',
        "",
    ]
    rows += ["# language -> twelve groups parted by '|', names by spaces; a space in a name is written '_'."]
    rows += ["MONTH_NAMES: dict[str, str] = {"]
    for language in LANGUAGES:
        text = " | ".join(" ".join(words) for words in names(language))
        rows += [f'    "{language.replace("_", "-")}": (', *literal(text), "    ),"]
    rows += ["}", ""]
    target = Path(__file__).parent.parent / "src" / "unabridged" / "dates" / "month_names.py"
    target.write_text("\n".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
