"""B-cubed scores of a clustering (Bagga and Baldwin 1998)."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Mean over articles: of those in its cluster, the share of its story; of its story, the share in it."""

    precision: float
    recall: float
    articles: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def b_cubed(found: Mapping[int, Hashable], truth: Mapping[int, Hashable], counted: Iterable[int]) -> Scores:
    """Score the articles that are counted. found, truth: article -> its cluster; all articles are in both."""
    clusters, stories = Counter(found.values()), Counter(truth.values())
    together = Counter((found[number], truth[number]) for number in found)
    chosen = list(counted)
    shared = [together[found[number], truth[number]] for number in chosen]
    precision = sum(n / clusters[found[number]] for n, number in zip(shared, chosen, strict=True))
    recall = sum(n / stories[truth[number]] for n, number in zip(shared, chosen, strict=True))
    count = max(len(chosen), 1)
    return Scores(precision=precision / count, recall=recall / count, articles=len(chosen))
