"""Phrases of a language as compiled expressions around a name."""

import re
from dataclasses import dataclass, fields
from functools import cache

from unabridged.stories.attributions.phrases import ar, de, en, es, fr, ja, ru, zh
from unabridged.stories.attributions.phrases.table import Phrases

OPENING = "\"'“‘«„‚「『《〈"
CLOSING = "\"'”’»“‘」』》〉"
_NOTHING = re.compile("(?!)")
_ANY = Phrases(
    report_before="(?!)",
    report_after="(?!)",
    told_before="(?!)",
    cites_before="(?!)",
    open_name="(?!)",
    unnamed="(?!)",
)
"""Texts in other languages: only signs that need no words are read."""
TABLES = {module.__name__.rpartition(".")[2]: module.PHRASES for module in (ar, de, en, es, fr, ja, ru, zh)}

EDGES = {zh.PHRASES: "", ja.PHRASES: "", ar.PHRASES: r"(?<!\w)[وف]?"}
"""Beginning of a phrase: a whole word, except in Chinese and Japanese; Arabic writes "and" with the next word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expressions:
    """Compiled phrases; each `*_before` is searched in what precedes a name, each `*_after` matched behind it."""

    report_before: re.Pattern[str]
    report_after: re.Pattern[str]
    sure_after: re.Pattern[str]
    object_before: re.Pattern[str]
    told_before: re.Pattern[str]
    told_after: re.Pattern[str]
    spoke_before: re.Pattern[str]
    spoke_after: re.Pattern[str]
    cites_before: re.Pattern[str]
    cites_after: re.Pattern[str]
    cited_by: re.Pattern[str]
    that_before: re.Pattern[str]
    credit_before: re.Pattern[str]
    anaphor: re.Pattern[str]
    open_name: re.Pattern[str]
    unnamed: re.Pattern[str]
    unnamed_hints: tuple[str, ...]


@cache
def expressions(language: str) -> Expressions:
    """Return the expressions of a language; those of a language without phrases match nothing."""
    table = TABLES.get(language, _ANY)
    patterns = {
        one.name: _compiled(one.name, table) for one in fields(Expressions) if one.name != "unnamed_hints"
    }
    return Expressions(**patterns, unnamed_hints=table.unnamed_hints)


def _compiled(name: str, table: Phrases) -> re.Pattern[str]:
    source: str = getattr(table, name)
    if source == "(?!)":
        return _NOTHING
    if name.endswith("_before"):
        edge = EDGES.get(table, r"(?<!\w)")
        between = f" ?(?:(?:{table.article}) ?)?(?:(?:{table.noun}) ?)?[{OPENING}]?"
        return re.compile(f"{edge}(?:{source}){between}$", re.IGNORECASE)
    if name.endswith("_after") or name == "cited_by":
        return re.compile(f"[{CLOSING}]?(?: ?(?:{table.noun_after}))?(?:{source})", re.IGNORECASE)
    return re.compile(source, 0 if name == "open_name" else re.IGNORECASE)
