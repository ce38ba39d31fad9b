"""Paths in a page's data: the keys that lead to a text, and the texts to which they lead on another page."""

import re
from collections.abc import Iterable, Iterator, Sequence

from unabridged.extraction.structure.page_data.data_articles import (
    MAX_INNER,
    Candidate,
    Owner,
    References,
    list_candidate,
    text_candidates,
)
from unabridged.extraction.structure.page_data.page_data import DataHolder, HeldValue, parse_json
from unabridged.extraction.structure.page_data.rich_text import RichText
from unabridged.text.patterns import lazy_regex

MOST_STEPS = 16
"""Keys of a path; deeper texts have none."""
LONGEST_STEP = 60
"""Characters of a key in a path."""
MAX_FOLLOWED = 20_000
"""Values of a page's data that are looked at along a path."""
ANY = "*"
"""End of a key that stands for any rest."""
_OF_ONE_PAGE = lazy_regex(r"\d|[/{\"%&?=]|(?<=\w[:(])")
"""Beginning of what belongs to one page in a key: numbers, addresses, arguments."""


def path_of(found: Candidate) -> tuple[str, ...] | None:
    """Return the keys from the outermost object to a text, without what belongs to this page; None for a text
    that has no short path."""
    keys = [found.key] if found.key else []
    owner = found.owner
    while owner is not None and len(keys) <= MOST_STEPS:
        if owner.key:
            keys.append(owner.key)
        owner = owner.above
    if owner is not None or len(keys) > MOST_STEPS:
        return None
    return tuple(step_of(key) for key in reversed(keys))


def step_of(key: str) -> str:
    """Return a key as a step: "Article:812" becomes "Article:*"."""
    found = _OF_ONE_PAGE.search(key, 0, LONGEST_STEP)
    if found is None and len(key) <= LONGEST_STEP:
        return key
    return key[: found.start() if found is not None else LONGEST_STEP] + ANY


def common_path(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return paths of one length as one: where their keys differ it has what these begin with, if that is a
    word."""
    return tuple(map(_common_step, zip(*paths, strict=True)))


def _common_step(steps: tuple[str, ...]) -> str:
    first, last = min(steps), max(steps)
    if first == last:
        return first
    shared = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    beginning = re.match(r".*[:(@_/-]", first[:shared])
    return (beginning[0] if beginning else "") + ANY


def texts_at(values: Iterable[HeldValue], path: Sequence[str]) -> Iterator[Candidate]:
    """Yield the texts to which a path leads, HTML, plain text or rich text, in the data's order."""
    references = References()
    writer = RichText(references.follow)
    keep: list[object] = []  # objects of JSON in strings live as long as their texts are compared
    left = MAX_FOLLOWED
    for holder, whole in values:
        keep.append(whole)
        stack: list[_Place] = [(whole, "", None, 0, 0)]
        while stack and left > 0:
            left -= 1
            place = stack.pop()
            value, key, owner, at, inner = place
            if isinstance(value, dict):
                references.add(value)
                stack += _inside(value, place, path, references)
                continue
            if at == len(path):
                texts = list(_texts(value, key, owner, holder, writer))
                yield from texts
                if texts:
                    continue
            if isinstance(value, list):
                stack += [(item, key, owner, at, inner) for item in reversed(value[:left])]
            elif isinstance(value, str) and inner < MAX_INNER and value[:1] in ("{", "["):
                stack.append((parse_json(value), key, owner, at, inner + 1))


_Place = tuple[object, str, Owner | None, int, int]
"""A value, its key, the object around it, the steps that led to it, the levels of JSON in strings."""


def _inside(
    value: dict[str, object], place: _Place, path: Sequence[str], references: References
) -> Iterator[_Place]:
    """Yield what an object holds under the next key of a path, or what it refers to."""
    _, key, owner, at, inner = place
    following = references.follow(value)
    if following is not value:
        yield following, key, owner, at, inner
    elif at < len(path):
        step, here = path[at], Owner(value, owner, key)
        if not step.endswith(ANY):
            if step in value:
                yield value[step], step, here, at + 1, inner
            return
        for name in reversed(list(value)[:MAX_FOLLOWED]):
            if name.startswith(step[:-1]):
                yield value[name], name, here, at + 1, inner


def _texts(
    value: object, key: str, owner: Owner | None, holder: DataHolder, writer: RichText
) -> Iterator[Candidate]:
    if isinstance(value, str):
        yield from text_candidates(value, key, owner, holder)
    elif isinstance(value, list):
        found = list_candidate(value, key, owner, holder, writer)
        if found is not None:
            yield found
