"""Precision and recall of attributions over labelled sentences."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.attribution.made import Sentence
from unabridged.stories.attributions import Attribution, find_attributions


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts of one language."""

    sentences: int = 0
    without: int = 0
    """Sentences that credit no source."""
    labelled: int = 0
    found: int = 0
    right: int = 0
    """Found sources that are credited."""
    exact: int = 0
    """Of these, those with the labelled relation and parent."""
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the found sources that are credited."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the credited sources that are found."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def exact_share(self) -> float:
        """Share of the rightly found sources whose relation and parent are right, too."""
        return self.exact / self.right if self.right else 1.0


def score(rows: Iterable[Sentence]) -> dict[str, Tally]:
    """Return the counts by language, and those of all under "all"."""
    tallies: dict[str, Tally] = {}
    for row in rows:
        for key in (row.language, "all"):
            _count(tallies.setdefault(key, Tally()), row)
    return tallies


def _count(tally: Tally, row: Sentence) -> None:
    found = find_attributions(row.text, language=row.language)
    left = list(row.credits)
    tally.sentences += 1
    tally.without += not left
    tally.labelled += len(left)
    tally.found += len(found)
    faults = []
    for one in found:
        due = next((credit for credit in left if same_name(credit.name, one.mention)), None)
        if due is None:
            faults.append(f"not credited: {one.mention} ({one.relation})")
            continue
        left.remove(due)
        tally.right += 1
        if (due.relation, due.parent is None) == (one.relation, one.parent is None) and _parent_is(
            due.parent, one, found
        ):
            tally.exact += 1
        else:
            faults.append(
                f"{one.mention}: {one.relation} of {one.parent}, not {due.relation} of {due.parent}"
            )
    faults += [f"missed: {credit.name} ({credit.relation})" for credit in left]
    tally.wrong += [f"{row.id} {row.text} | {fault}" for fault in faults]


def _parent_is(name: str | None, one: Attribution, found: tuple[Attribution, ...]) -> bool:
    return name is None or (one.parent is not None and same_name(name, found[one.parent].mention))


_APART = str.maketrans("", "", "«»“”\"„'’《》")


def same_name(labelled: str, mention: str) -> bool:
    """Tell whether one of two names, without quotation marks, contains the other."""
    one, other = (" ".join(name.translate(_APART).casefold().split()) for name in (labelled, mention))
    return one in other or other in one


def relations(rows: Iterable[Sentence]) -> Counter[str]:
    """Return how many credits of each relation are labelled."""
    return Counter(credit.relation for row in rows for credit in row.credits)
