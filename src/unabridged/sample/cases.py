"""The table of all that can be switched on: pages, feeds, events and hosts that go wrong."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from unabridged.errors import ConfigError
from unabridged.sample.faults import FAULTS
from unabridged.sample.layout import Site

EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "edit": ("edit",),
    "takedown": ("takedown", "gone"),
    "redesign": ("redesign",),
}
"""A case that is an event, or several in their order: what happens while the publisher runs."""

EVERYTHING: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """Requested cases, sorted. pages: of articles, feeds and whole sites; hosts: names in FAULTS.

    events: in the order in which they happen.
    """

    pages: frozenset[str]
    hosts: tuple[str, ...]
    events: tuple[str, ...]


def cases_of(sites: Iterable[Site]) -> frozenset[str]:
    """The cases that articles, feeds and sites name, as their folders say."""
    named: set[str] = set()
    for site in sites:
        named.update({site.case, *(feed.case for feed in site.feeds), *(item.case for item in site.articles)})
    return frozenset(named - {""})


def switch_on(wanted: Collection[str], sites: Iterable[Site]) -> Switched:
    """Sort the cases asked for; "all" is every one. Raises ConfigError naming those there are."""
    pages = cases_of(sites)
    known = pages | set(FAULTS) | set(EVENTS)
    unknown = set(wanted) - known - {EVERYTHING}
    if unknown:
        there = ", ".join(sorted(known))
        raise ConfigError(f"There is no case {', '.join(sorted(unknown))}. There are: {there}; or all.")
    chosen = known if EVERYTHING in wanted else set(wanted)
    return Switched(
        pages=frozenset(chosen),
        hosts=tuple(name for name in FAULTS if name in chosen),
        events=tuple(event for name, events in EVENTS.items() if name in chosen for event in events),
    )
