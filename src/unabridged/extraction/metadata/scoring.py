"""Choosing among candidates by the learnt weight of what speaks for and against each.

A candidate is a value with the names of its features. The weights are plain numbers for each name, learnt by
train/metadata.py over pages of many hosts; an unknown name weighs nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import Generic, TypeVar

from unabridged.model import Origin

Value = TypeVar("Value")


@dataclass(slots=True, kw_only=True)
class FieldCandidate(Generic[Value]):
    """One value that a field may have. origins: where it was seen, the best first. features: what is known
    of it."""

    value: Value
    origins: list[Origin] = field(default_factory=list)
    features: set[str] = field(default_factory=set)

    def seen(self, origin: Origin, *features: str) -> None:
        """Note another place where the value was seen."""
        if origin not in self.origins:
            self.origins.append(origin)
        self.features.update(features)


def weight_of(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """The log-odds that a candidate with these features is the right one."""
    return fsum(weights.get(name, 0.0) for name in features)  # exact: sets have no order


def best(
    candidates: Iterable[FieldCandidate[Value]], weights: Mapping[str, float], least: float = -99.0
) -> FieldCandidate[Value] | None:
    """The candidate with the highest log-odds (the first of equals), None where none reaches `least`."""
    chosen: FieldCandidate[Value] | None = None
    for candidate in candidates:
        weight = weight_of(candidate.features, weights)
        if weight >= least and (chosen is None or weight > least):
            chosen, least = candidate, weight
    return chosen
