"""Records of attributions: known outlets, places of a text that name one, what it is credited with."""

from dataclasses import dataclass
from enum import StrEnum


class Relation(StrEnum):
    """Relations of a named source to the text that names it."""

    report = "report"
    """The source published what the text repeats: "Reuters reported", "according to Le Monde"."""
    told = "told"
    """A person spoke to the source: "told the BBC", "in an interview with El País"."""
    cites = "cites"
    """Somebody in the text refers to the source: "Reuters, citing Xinhua"."""
    dateline = "dateline"
    """The source wrote the text itself, by its first line: "BEIJING (Xinhua) —"."""
    credit = "credit"
    """A picture or a part of the text is the source's: "Photo: AFP", "mit Material von dpa"."""
    unnamed = "unnamed"
    """A source without a name: "local media", "state television"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet or agency of the list in data/outlets.tsv."""

    domain: str
    """Domain of its site, its identity in the list."""
    country: str
    """ISO 3166 code of the country that it is edited in."""
    name: str
    """Name in Latin letters, as it calls itself to foreigners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place of a text that may name a source."""

    start: int
    end: int
    outlet: Outlet | None = None
    """None for a name that is not listed, and for sources without a name."""
    ambiguous: bool = False
    """The name is also a common word: only an unmistakable phrase makes it a source."""
    unnamed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A source that an article credits. A reading of one sentence, not a fact."""

    source: str
    """The listed name of a known outlet, or the words of the text."""
    mention: str
    """The words of the text that name it."""
    domain: str | None
    """Domain of a known outlet."""
    country: str | None
    """ISO 3166 code of a known outlet's country."""
    relation: Relation
    parent: int | None
    """Position among the attributions of the source that this one was taken from; None for the article."""
    evidence: str
    """The sentence, cut to MAX_EVIDENCE characters."""
    confidence: float
    """Score between 0 and 1 by the kind of phrase and of name, to order and to filter by; no probability."""
    times: int = 1
    """Number of places of the article that say the same."""
