"""Relation of one named source to the sentence around it."""

import re
from dataclasses import dataclass

from unabridged.stories.attributions.phrases.compiled import OPENING, Expressions
from unabridged.stories.attributions.records import Mention, Relation

WINDOW = 110
"""Characters of a sentence that are read on each side of a name. It bounds the cost of every expression."""
CERTAINTY = {"dateline": 0.99, "credit": 0.97, "before": 0.98, "after": 0.96, "joined": 0.88}
"""Kind of phrase -> factor of the confidence."""

_DATELINES = (
    (re.compile(r"^[^()（）!?]{2,40}\d[^()（）!?\d]{0,12}[(（]$"), re.compile(r"^[)）]")),
    (re.compile(r"^[^()（）.!?]{2,60}[(（](?:[^\W\d_]{1,8}['’ ]){0,2}$"), re.compile(r"^[)）]\.? ?[-–—―:]")),
    (
        re.compile(r"^[A-ZÀ-ÞА-ЯЁ][^()（）!?]{2,40}\d [^\W\d]{3,9}\.?,? ?[—–-] ?$"),
        re.compile(r"^(?: ?[.,/]|$)"),
    ),
    (
        re.compile(r"^[（(【\[]?(?:[据據])?$"),
        re.compile(
            r"^(?:[\u4e00-\u9fff、]{0,12}?)(?:\d{1,2}月)?\d{1,2}[日号號](?:综合|綜合)?(?:电|電|讯|訊)"
        ),
    ),
    (re.compile(r"^【[^】]{0,15}$"), re.compile(r"^[^】]{0,8}】")),
)
"""Words before and behind a name in the first words of a text that its source wrote."""
_CREDITS = (
    (re.compile(r"(?:^|[.。，,]) ?$"), re.compile(r"^ ?[发發](?: |$)")),
    (re.compile(r"(?:^|[.!?…。！？”\"»] ?)[(（]$"), re.compile(r"^[)）][.。]?$")),
    (re.compile(r"(?:^|[.!?。”\"»] ?)[—–-]{1,2} ?$"), re.compile(r"^\.?$")),
    (re.compile(r"\w\.?[)]? ?[/|／] ?$"), re.compile(r"^[)）]?\.?$")),
)
_QUOTED = re.compile(f"[{OPENING}]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A relation, and the kind of phrase that showed it."""

    relation: Relation
    phrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The sentence on both sides of a name, cut to WINDOW, with single spaces."""

    before: str
    after: str
    first: bool
    """The window reaches back to the beginning of a paragraph."""


def surroundings(text: str, sentence: tuple[int, int, bool], mention: Mention) -> Surroundings:
    """Return what stands around a name inside its sentence."""
    start, end, first = sentence
    left = max(start, mention.start - WINDOW)
    before, after = text[left : mention.start], text[mention.end : min(end, mention.end + WINDOW)]
    return Surroundings(
        before=_flat(before).lstrip(), after=_flat(after).rstrip(), first=first and left == start
    )


def _flat(text: str) -> str:
    words = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{words}{' ' * (text[-1:].isspace() and words != '')}"


def role_of(mention: Mention, around: Surroundings, phrases: Expressions) -> Role | None:
    """Return what a sentence says of a source; None where it names it for another reason."""
    before, after = around.before, around.after
    if mention.outlet is not None:
        if around.first and not mention.ambiguous and _beside(_DATELINES, before, after):
            return Role(relation=Relation.dateline, phrase="dateline")
        signed = not mention.ambiguous and _beside(_CREDITS, before, after)
        if signed or phrases.credit_before.search(before):
            return Role(relation=Relation.credit, phrase="credit")
    return _spoken(mention, before, after, phrases)


def _beside(pairs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...], before: str, after: str) -> bool:
    return any(left.search(before) and right.match(after) for left, right in pairs)


def _spoken(mention: Mention, before: str, after: str, phrases: Expressions) -> Role | None:
    """Return the role by the words of the language, the most particular first."""
    if phrases.cites_before.search(before):
        return Role(relation=Relation.cites, phrase="before")
    if phrases.told_before.search(before):
        return Role(relation=Relation.told, phrase="before")
    if phrases.spoke_before.search(before) and phrases.spoke_after.match(after):
        return Role(relation=Relation.told, phrase="after")
    doubtful = mention.ambiguous and not _QUOTED.search(before)
    if not doubtful and phrases.told_after.match(after):
        return Role(relation=Relation.told, phrase="after")
    if not doubtful and phrases.cites_after.match(after):
        return Role(relation=Relation.cites, phrase="after")
    if phrases.report_before.search(before):
        return Role(relation=Relation.report, phrase="before")
    reported = (phrases.sure_after if doubtful else phrases.report_after).match(after)
    if reported and not phrases.object_before.search(before):
        return Role(relation=Relation.report, phrase="after")
    return None
