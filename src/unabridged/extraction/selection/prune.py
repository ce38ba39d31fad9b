"""Leaving out what the kept blocks say twice: hidden variants, print copies, one block with all the text."""

from collections import Counter
from itertools import chain

from unabridged.extraction.selection.token_tables import CJK

LEAST_CHARACTERS = 120
"""Shorter blocks may repeat (a refrain, a table's cell)."""
PROBE = 30
"""Characters from the middle of a block that would stand in its copy too."""
MOST_REPEATED = 0.8
"""Share of a block's shingles in other kept blocks above which it is a copy."""


def without_repeats(texts: list[str], kept: list[int]) -> list[int]:
    """The kept blocks less those that others repeat; the biggest first, so that a giant copy goes."""
    long = [index for index in kept if len(texts[index]) >= LEAST_CHARACTERS]
    if len(long) < 2 or not _may_repeat([texts[index] for index in long]):
        return kept
    shingles = {index: _shingles(texts[index]) for index in kept}
    count = Counter(chain.from_iterable(shingles.values()))
    dropped = set()
    for index in sorted(long, key=lambda index: (-len(texts[index]), -index)):
        own = shingles[index]
        if own and sum(count[shingle] > 1 for shingle in own) >= MOST_REPEATED * len(own):
            dropped.add(index)
            for shingle in own:
                count[shingle] -= 1
    return [index for index in kept if index not in dropped]


def _may_repeat(texts: list[str]) -> bool:
    """Whether the middle of any of these texts stands in another of them: cheap, and enough."""
    joined = "\n".join(texts)
    for text in texts:
        middle = len(text) // 2
        if joined.count(text[middle : middle + PROBE]) > 1:
            return True
    return False


def _shingles(text: str) -> set[int]:
    """Hashes of all runs of four words (of four ideographs) of a text."""
    words = list(text) if CJK.search(text[:60]) else text.casefold().split()
    if len(words) < 4:
        return {hash(tuple(words))}
    return set(map(hash, zip(words, words[1:], words[2:], words[3:], strict=False)))
