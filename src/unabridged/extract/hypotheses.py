"""Different answers to "which blocks are the article?", each right where others fail.

The tree's answer at several levels of trust in the evidence (a page as a whole may look more or less like
an article than it is); what lies inside the best container; what follows the title; what the
structured data quotes. A chooser weighs them (`choose`).
"""

from dataclasses import dataclass

import numpy as np

from unabridged.extract.features import Floats, Sheet, best_parent
from unabridged.extract.tree import Flags, gains, settle

PRICE = 3.0
"""Cost of a change on the tree; 2 to 4 did equally well out of fold."""
TRUSTS = (("tree", 0.0), ("generous", 1.2), ("more generous", 2.5), ("strict", -1.2), ("stricter", -2.5))
"""Log-odds added to every block of a page before the tree settles."""
LENIENT = -2.5
"""Inside a container that is taken for the article, blocks with at least this evidence are kept."""
LEAST_WORDS = 25.0


@dataclass(slots=True)
class Hypothesis:
    """One answer. kept: a flag per block."""

    name: str
    kept: Flags


def suppose(sheet: Sheet, evidence: Floats, titled: int) -> list[Hypothesis]:
    """All answers for a page; those that agree with an earlier one are left out.

    evidence: log-odds of each block; titled: index of the block that is the title, -1 where there is none.
    """
    found = [Hypothesis(name, _settled(sheet, evidence + trust)) for name, trust in TRUSTS]
    best = best_parent(sheet)
    found.append(Hypothesis("best container", _inside(sheet, evidence, best)))
    found.append(Hypothesis("around best container", _inside(sheet, evidence, int(sheet.parent[best]))))
    found.append(Hypothesis("holder", _inside(sheet, evidence, holder(sheet, 0.8))))
    found.append(Hypothesis("after title", _after_title(sheet, evidence, titled)))
    found.append(Hypothesis("strongest container", _strongest(sheet, evidence)))
    distinct: dict[bytes, Hypothesis] = {}
    for hypothesis in found:
        if hypothesis.kept.any() or hypothesis.name == "tree":
            distinct.setdefault(hypothesis.kept.tobytes(), hypothesis)
    return list(distinct.values())


def holder(sheet: Sheet, share: float) -> int:
    """The smallest container with at least this share of the page's prose."""
    prose = sheet.within("prose")
    enough = np.flatnonzero(prose >= share * sheet.sums["prose"][-1] - 1e-9)
    size = sheet.within("size")[enough]
    return int(enough[np.lexsort((-enough, size))[0]])


def _settled(sheet: Sheet, evidence: Floats) -> Flags:
    return settle(sheet.layout.parents, sheet.home, gains(evidence, sheet.size), PRICE)


def _inside(sheet: Sheet, evidence: Floats, container: int) -> Flags:
    """What a container holds, less what speaks clearly against itself (relative to its best half)."""
    kept = np.zeros(len(evidence), dtype=np.bool_)
    first, end = int(sheet.first[max(container, 0)]), int(sheet.end[max(container, 0)])
    if end > first:
        own = evidence[first:end]
        level = np.average(own, weights=sheet.prose[first:end] + 1e-6)
        lifted = own + max(0.0, 1.5 - level)
        kept[first:end] = _settled(
            sheet, np.concatenate((np.full(first, -9.0), lifted, np.full(len(evidence) - end, -9.0)))
        )[first:end]
    return kept


def _after_title(sheet: Sheet, evidence: Floats, titled: int) -> Flags:
    """The smallest container of the title that also holds some text that may be the article's."""
    if titled < 0:
        return np.zeros(len(evidence), dtype=np.bool_)
    words = np.where((evidence > -1.5) & (sheet.prose > 0), sheet.prose, 0.0)
    words[: titled + 1] = 0.0
    total = np.concatenate(([0.0], np.cumsum(words)))
    at = int(sheet.home[titled])
    while at > 0 and total[sheet.end[at]] - total[sheet.first[at]] < LEAST_WORDS:
        at = int(sheet.parent[at])
    return _inside(sheet, evidence, at)


def _strongest(sheet: Sheet, evidence: Floats) -> Flags:
    """The container whose subtree gains most when every block counts a little less than its evidence."""
    gain = np.concatenate(([0.0], np.cumsum(gains(evidence - np.quantile(evidence, 0.9) + 1.0, sheet.size))))
    worth = gain[sheet.end] - gain[sheet.first]
    return _inside(sheet, evidence, int(worth.argmax()))
