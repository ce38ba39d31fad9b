"""Ends of texts: in the middle of a sentence, with dots, with a call to read more."""

import re

from unabridged.extraction.completeness.facts import Facts
from unabridged.text.patterns import lazy_regex

LONGEST_CALL = 40
"""Characters of a "read more" that stands alone."""
LONGEST_END = 400
"""Characters at the end of a text that are searched for a "read more"."""
MOST_SHORT_LINES = 4
"""Lines after the last prose that may be left from a page's furniture."""
LEAST_OPEN = 30
"""Characters of half a sentence at the end; a shorter one is a signature."""
LEAST_LINE = 60
"""Characters of a line of prose; a Han, kana or Hangul letter counts as two."""

_CUT = lazy_regex(
    r"(?:\[?(?:…|\.\.\.)\]?|\b(?:read more|continue reading|read the full (?:story|article)|weiterlesen|"
    r"mehr lesen|lire la suite|"
    r"leer más|seguir leyendo|leggi tutto|continua a leggere|leia mais|lees (?:meer|verder)|czytaj "
    r"(?:dalej|więcej)|"
    r"continua(?:r|ndo)? (?:lendo|a ler)|läs mer|les mer|læs mere|lue lisää|číst (?:dále|více)|citește "
    r"mai mult|"
    r"διαβάστε περισσότερα|baca selengkapnya|xem thêm|اقرأ المزيد|"
    r"читать (?:далее|дальше|полностью)|читати далі|devamını oku|阅读全文|查看更多|閱讀全文|続きを読む|"
    r"더보기)\W*)$",
    re.I,
)
_CUT_HINTS = (
    "…", "...", "read more", "continue reading", "read the full", "weiterlesen", "mehr lesen", "la suite",
    "leer m", "seguir leyendo", "leggi tutto", "continua a leggere", "leia mais", "lees ", "czytaj", "читат",
    "lendo", "a ler", "läs mer", "les mer", "læs mere", "lue lis", "číst ", "citește", "διαβάστε", "baca ",
    "xem thêm", "اقرأ",
    "devam", "阅读全文", "查看更多", "閱讀全文", "続きを読む", "더보기",
)  # fmt: skip
"""Every alternative of such a call contains one of these, in lower case."""

_ENDS = frozenset(".!?…。！？:;؟।۔\"'”“»«›’」』）)]】*—–|©")
"""Characters that end a sentence, or a line that is no prose."""
_SENTENCE_END = lazy_regex(r"[.!?…。！？؟।]+[\"'”’»）)」]*\s*(?![\w.-]*\.\w)")
_NO_WORD = lazy_regex(r"@|/|\w\.\w|\d|[\w]-[\w]+-")
_WIDE = lazy_regex(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_read_more(text: str) -> bool:
    """Say whether a short text is only a "read more" ("Continue reading")."""
    return 0 < len(text) <= LONGEST_CALL and bool(_CUT.match(text.lstrip(" >»›→[(")))


def ends_with_more(facts: Facts) -> str:
    """Return the dots or the "read more" at the end of a text, "" for any other end."""
    end = _end_of_prose(facts)
    folded = end.lower()
    found = _CUT.search(end) if any(hint in folded for hint in _CUT_HINTS) else None
    return "" if found is None or _ends_in_quotation(end) else found[0].strip()


def _end_of_prose(facts: Facts) -> str:
    """Return the end of the text: of its last line, or of the last prose before at most a few short lines."""
    lines = facts.lines
    for line in lines[: -MOST_SHORT_LINES - 1 : -1]:
        if _width(line) >= LEAST_LINE or (is_read_more(line) and any(map(str.isalpha, line))):
            return line[-LONGEST_END:]
    return lines[-1][-LONGEST_END:] if lines else ""


def _ends_in_quotation(end: str) -> bool:
    return end.endswith(("...”", '..."', "…”", '…"', "…»"))


def breaks_off(facts: Facts) -> str:
    """Return the last words of a text that ends in the middle of a sentence, "" for any other end.

    Only a line of prose can break off: it is long, the text's other long lines end as sentences do, and its
    last word is a common one. Signatures and sources end with names, or stand behind a sentence's end.
    """
    lines = facts.lines
    if not lines or _width(lines[-1]) < LEAST_LINE or not _is_open(lines[-1]):
        return ""
    open_part = _SENTENCE_END.split(lines[-1])[-1].strip()
    last = open_part.rpartition(" ")[2]
    if _width(open_part) < LEAST_OPEN or len(last) < 2 or _NO_WORD.search(last):
        return ""
    if last[0].isupper() and not (facts.metadata.language or "").startswith("de"):
        return ""
    others = [line for line in lines[:-1] if _width(line) >= LEAST_LINE]
    if not others or any(map(_is_open, others)):
        return ""
    return lines[-1][-40:]


def _is_open(line: str) -> bool:
    last = line.rstrip()[-1]
    return last not in _ENDS and (last.isalpha() or last in ",、，،")


def _width(line: str) -> int:
    """Return the characters of a line, of a long one only as many as matter."""
    start = line[: 2 * LEAST_LINE]
    return len(start) + len(_WIDE.findall(start))
