"""Choose among the candidates of a metadata field by learnt weights of their features.

A candidate is a value with the names of its features. Each name has a weight, learnt by train/metadata.py
from pages of many hosts; unknown names have weight 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import Generic, TypeVar

from unabridged.model import Origin

Value = TypeVar("Value")


@dataclass(slots=True, kw_only=True)
class FieldCandidate(Generic[Value]):
    """A possible value of a field. origins: where it was found, best first. features: names of its
    features."""

    value: Value
    origins: list[Origin] = field(default_factory=list)
    features: set[str] = field(default_factory=set)

    def seen(self, origin: Origin, *features: str) -> None:
        """Add another origin of the value, with its features."""
        if origin not in self.origins:
            self.origins.append(origin)
        self.features.update(features)


def weight_of(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """Return the log-odds that a candidate with these features is right."""
    return fsum(weights.get(name, 0.0) for name in features)  # exact: sets have no order


def best(
    candidates: Iterable[FieldCandidate[Value]], weights: Mapping[str, float], least: float = -99.0
) -> FieldCandidate[Value] | None:
    """Return the candidate with the highest log-odds (the first of equals), None if none reaches `least`."""
    chosen: FieldCandidate[Value] | None = None
    for candidate in candidates:
        weight = weight_of(candidate.features, weights)
        if weight >= least and (chosen is None or weight > least):
            chosen, least = candidate, weight
    return chosen
