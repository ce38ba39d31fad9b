"""Attributions of a text: which sources it credits, and which of them another one was taken from."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from unabridged.stories.attributions.languages import language_of
from unabridged.stories.attributions.outlets import find_outlets
from unabridged.stories.attributions.phrases.compiled import Expressions, expressions
from unabridged.stories.attributions.records import Attribution, Mention, Relation
from unabridged.stories.attributions.roles import CERTAINTY, WINDOW, Role, role_of, surroundings
from unabridged.stories.attributions.sentences import sentences

MAX_TEXT = 300_000
"""Characters of a text that are read."""
MAX_MENTIONS = 1000
"""Names of a text that are looked at, the first ones."""
MAX_ATTRIBUTIONS = 300
MAX_EVIDENCE = 600
"""Characters of a sentence that are kept as evidence."""

HINT_REACH = 60
"""Characters around a hint that are searched for a source without a name."""

_JOINED = re.compile(
    r"[\"'”’»“」』》]?(?: ?, ?| and | und | et | y | e | и | و ?|، ?|[和与與及跟、]|や|と| & |, and )"
    r"(?:the |der |die |das |le |la |el |l['’]|газета |агентство |صحيفة |وكالة )?[\"'“‘„«「『《]?"
)
"""Between two names that share one phrase: "Reuters and AFP reported"."""
_CONFIDENCE = {"known": 0.99, "ambiguous": 0.88, "open": 0.85, "unnamed": 0.9}
"""Kind of name -> factor of the confidence."""
_NOUN_GAP = 4
"""Characters between "state media" and the name that it describes: 官方媒体新华社, "state agency Xinhua"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A credited source in a sentence."""

    mention: Mention
    role: Role


def find_attributions(text: str, *, language: str | None = None) -> tuple[Attribution, ...]:
    """Return the sources that an article's text credits, in order of their first sentence.

    text: plain text, a paragraph a line. language: its code if the page states one; otherwise it is guessed.
    Phrases are known in Arabic, Chinese, English, French, German, Japanese, Russian and Spanish; in other
    languages only datelines and credit lines are read. A source is named once for each relation and parent.
    Time grows with the length of the text, whatever it holds, and ends at MAX_TEXT.
    """
    text = text[:MAX_TEXT]
    code = language_of(text, language)
    phrases = expressions(code)
    mentions = _mentions(text, code, phrases)
    collected = _Collected(text, phrases)
    if mentions:
        for sentence, named in _by_sentence(text, mentions):
            collected.add(sentence, _credited(text, sentence, named, phrases))
            if len(collected.attributions) >= MAX_ATTRIBUTIONS:
                break
    return tuple(collected.attributions[:MAX_ATTRIBUTIONS])


def _mentions(text: str, language: str, phrases: Expressions) -> list[Mention]:
    """Return the places that may name a source, in order and apart: listed names, unnamed ones, others."""
    known = find_outlets(text, language)
    found = [*known]
    places = ((_unnamed(text, phrases), True), (phrases.open_name.finditer(text), False))
    for matches, unnamed in places:
        found.sort(key=lambda one: one.start)
        starts = [one.start for one in found]
        for match in matches:
            place = bisect_right(starts, match.end() - 1)
            clear = (not place or found[place - 1].end <= match.start()) and not match.group().isupper()
            following = text[match.end() : starts[place]] if place < len(starts) else None
            if clear and not (unnamed and following is not None and _is_a_noun_of(following)):
                found.append(Mention(start=match.start(), end=match.end(), unnamed=unnamed))
    found.sort(key=lambda one: one.start)
    return found[:MAX_MENTIONS]


def _unnamed(text: str, phrases: Expressions) -> Iterator[re.Match[str]]:
    """Yield the sources without a name, searched only around the hints where a language has some."""
    if not phrases.unnamed_hints:
        yield from phrases.unnamed.finditer(text)
        return
    places = sorted(hit.start() for hint in phrases.unnamed_hints for hit in re.finditer(hint, text))
    last = 0
    for place in places:
        if place >= last:
            for match in phrases.unnamed.finditer(text, max(last, place - HINT_REACH), place + HINT_REACH):
                yield match
                last = match.end()


def _is_a_noun_of(gap: str) -> bool:
    return len(gap) <= _NOUN_GAP and not any(sign in ",.;，。、；" for sign in gap)


def _by_sentence(text: str, mentions: list[Mention]) -> Iterator[tuple[tuple[int, int, bool], list[Mention]]]:
    """Yield each sentence that names a source, with the names; paragraphs without any are passed over."""
    place = 0
    while place < len(mentions):
        for sentence in sentences(text, text.rfind("\n", 0, mentions[place].start) + 1):
            named = []
            while place < len(mentions) and mentions[place].start < sentence[1]:
                named.append(mentions[place])
                place += 1
            if named:
                yield sentence, named
            if place == len(mentions) or text[sentence[1] - 1] == "\n":
                break


def _credited(
    text: str, sentence: tuple[int, int, bool], named: list[Mention], phrases: Expressions
) -> list[_Found]:
    """Return the sources that a sentence credits; names joined by "and" share their phrase."""
    roles = [role_of(one, surroundings(text, sentence, one), phrases) for one in named]
    forward = range(1, len(named))
    for here, other in [*((i, i - 1) for i in forward), *((i - 1, i) for i in reversed(forward))]:
        role, first = roles[other], min(here, other)
        if roles[here] is None and role is not None and _joined(text, named[first], named[first + 1]):
            roles[here] = replace(role, phrase="joined")
    return [
        _Found(mention=one, role=role) for one, role in zip(named, roles, strict=True) if role is not None
    ]


def _joined(text: str, first: Mention, second: Mention) -> bool:
    return second.start - first.end <= 20 and _JOINED.fullmatch(text, first.end, second.start) is not None


class _Collected:
    """Attributions of the sentences read so far."""

    def __init__(self, text: str, phrases: Expressions) -> None:
        self.attributions: list[Attribution] = []
        self._places: dict[tuple[str, Relation, int | None], int] = {}
        self._text, self._phrases = text, phrases
        self._last: int | None = None

    def add(self, sentence: tuple[int, int, bool], found: list[_Found]) -> None:
        """Take the sources of a sentence, those before their dependants that they are the parents of."""
        evidence = " ".join(self._text[sentence[0] : sentence[1]].split())[:MAX_EVIDENCE]
        before, numbers = self._last, dict[int, int]()
        for place in sorted(range(len(found)), key=lambda i: found[i].role.relation is Relation.cites):
            origin = self._origin(sentence, found, place)
            parent = numbers.get(origin) if origin is not None else None
            if origin is None and found[place].role.relation is Relation.cites:
                parent = before if self._phrases.anaphor.match(evidence) else None
            numbers[place] = self._number(found[place], parent, evidence)
            if found[place].role.relation is Relation.report:
                self._last = numbers[place]

    def _origin(self, sentence: tuple[int, int, bool], found: list[_Found], place: int) -> int | None:
        """Return the place in the sentence of the source that one was taken from."""
        if found[place].role.relation is not Relation.cites:
            return place - 1 if self._is_inside(found, place) else None
        if place and found[place - 1].role.relation is Relation.cites:
            previous = found[place - 1].mention
            if _joined(self._text, previous, found[place].mention):
                return self._origin(sentence, found, place - 1)
            return place - 1
        others = [
            i for i, one in enumerate(found) if one.role.relation in (Relation.report, Relation.unnamed)
        ]
        return max((i for i in others if i < place), default=min(others, default=None))

    def _is_inside(self, found: list[_Found], place: int) -> bool:
        """Tell whether a report is what the source before it reported: "Reuters reported that Xinhua …"."""
        if not place or found[place].role.relation is not Relation.report:
            return False
        start = found[place].mention.start
        between = self._text[max(found[place - 1].mention.end, start - WINDOW) : start]
        reported = found[place - 1].role.relation is Relation.report
        return reported and self._phrases.that_before.search(" ".join(between.split())) is not None

    def _number(self, found: _Found, parent: int | None, evidence: str) -> int:
        """Return the position of a source's attribution, which is made or counted once more."""
        made = self._made(found, parent, evidence)
        key = (made.source, made.relation, parent)
        place = self._places.setdefault(key, len(self.attributions))
        if place == len(self.attributions):
            self.attributions.append(made)
        else:
            old = self.attributions[place]
            self.attributions[place] = replace(
                old, times=old.times + 1, confidence=max(old.confidence, made.confidence)
            )
        return place

    def _made(self, found: _Found, parent: int | None, evidence: str) -> Attribution:
        mention, outlet = found.mention, found.mention.outlet
        kind = "unnamed" if mention.unnamed else "open" if outlet is None else "known"
        kind = "ambiguous" if mention.ambiguous else kind
        words = " ".join(self._text[mention.start : mention.end].split())
        return Attribution(
            source=outlet.name if outlet else words,
            mention=words,
            domain=outlet.domain if outlet else None,
            country=outlet.country if outlet else None,
            relation=Relation.unnamed if mention.unnamed else found.role.relation,
            parent=parent,
            evidence=evidence,
            confidence=round(_CONFIDENCE[kind] * CERTAINTY[found.role.phrase], 2),
        )
