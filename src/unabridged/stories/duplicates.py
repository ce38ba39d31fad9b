"""Near-duplicates: articles with nearly the same text, such as wire copies and reposts. Pure.

A text is a set of shingles, runs of SHINGLE tokens of the search tokenizer, so that case, accents,
punctuation and Chinese variants make no difference. MinHash (Broder 1997) estimates how many shingles two
texts share; locality-sensitive hashing (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4) turns
the signature into BANDS keys, of which near-duplicates share at least one. Keys find candidates; `compare`
decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from struct import Struct

from rensa import RMinHash  # type: ignore[import-untyped]

SHINGLE = 4
"""Tokens of a shingle: four words, or five letters of a script without spaces."""

MAX_TOKENS = 20_000
"""Tokens of a text that count."""

MIN_SHINGLES = 24
"""Fewer are a caption, a notice or a wall; such texts have no keys."""

BANDS, ROWS = 16, 6
"""Chance of a key in common: .992 for two texts that share 80 % of their shingles, .012 for 30 %."""

SAME = 0.8
"""Jaccard similarity from which two texts are near-duplicates."""

INSIDE = 0.9
"""Share of the shorter text's shingles from which it counts as an extract of the longer one."""

LEAST = 0.5
"""Least Jaccard similarity of an extract and its original."""

NUMBERS, NUMBERS_SHARED = 3, 0.7
"""Texts with at least as many numbers, of which they share less, are two reports by one template."""

_SEED = 21
_BAND = Struct(f"<{1 + ROWS}I")
"""Number of a band, and its slots."""
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Shingles:
    """A text for comparison. runs: its distinct shingles. numbers: its distinct tokens with digits."""

    runs: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """Comparison of two texts.

    jaccard: shared shingles per distinct shingles of both. contained: shared shingles per shingles of the
    shorter text. numbers: shared numbers per numbers of both, 1 for too few to tell. All from 0 to 1.
    """

    jaccard: float
    contained: float
    numbers: float

    @property
    def near_duplicate(self) -> bool:
        """True for texts of the same article but for edits, cuts and additions."""
        alike = self.jaccard >= SAME or (self.contained >= INSIDE and self.jaccard >= LEAST)
        return alike and self.numbers >= NUMBERS_SHARED


def shingles(tokens: Sequence[str]) -> Shingles:
    """Return the shingles of a text's tokens, in order; see `tokens` of the search tokenizer."""
    part = tokens[:MAX_TOKENS]
    runs = frozenset(map(" ".join, zip(*(part[start:] for start in range(SHINGLE)), strict=False)))
    return Shingles(runs=runs, numbers=frozenset(filter(_NUMBER.search, part)))


def band_keys(text: Shingles) -> tuple[int, ...]:
    """Return BANDS keys as signed 64-bit integers, none for a text with fewer than MIN_SHINGLES."""
    if len(text.runs) < MIN_SHINGLES:
        return ()
    signature = RMinHash(num_perm=BANDS * ROWS, seed=_SEED)
    signature.update(list(text.runs))
    slots = signature.digest()
    return tuple(_key(band, slots[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS))


def _key(band: int, slots: Sequence[int]) -> int:
    digest = blake2b(_BAND.pack(band, *slots), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def compare(one: Shingles, other: Shingles) -> Similarity:
    """Compare two texts exactly."""
    shared = len(one.runs & other.runs)
    shorter = min(len(one.runs), len(other.runs))
    return Similarity(
        jaccard=shared / max(len(one.runs) + len(other.runs) - shared, 1),
        contained=shared / max(shorter, 1),
        numbers=_shared_numbers(one.numbers, other.numbers),
    )


def _shared_numbers(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of numbers in common, by the text that has fewer: an extract lacks some."""
    fewer = min(len(one), len(other))
    return 1.0 if fewer < NUMBERS else len(one & other) / fewer
