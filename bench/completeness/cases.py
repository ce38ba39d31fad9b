"""Labelled cases: pages with the verdict that a reader of the page would give."""

import hashlib
from dataclasses import dataclass, field

from unabridged.model import CompletenessKind, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledCase:
    """One page and the verdict on it.

    name: unique. origin: "real", "cut" or "made". recipe: how it was made, "whole" for a real page. verdict:
    the right one; also: others that are right too (a video page with two sentences is complete, and hardly an
    article). group: host or template; a group is wholly in one part.
    """

    name: str
    origin: str
    recipe: str
    verdict: CompletenessKind
    html: bytes
    group: str
    also: tuple[CompletenessKind, ...] = ()
    url: str | None = None
    entry: Entry | None = field(default=None, compare=False)

    @property
    def part(self) -> str:
        """Return "dev" or "test"; the test part is for reporting only."""
        return part_of(self.group)

    def is_right(self, kind: str) -> bool:
        return kind == self.verdict or kind in self.also


def part_of(group: str) -> str:
    """Return the part of a group of cases: the same on every machine, each half of the groups."""
    return "test" if hashlib.sha256(group.encode()).digest()[0] % 2 else "dev"
