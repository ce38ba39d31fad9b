"""Recall and precision of near-duplicates among originals, variants and reports by one template."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time

from bench.duplicates.texts import Text
from bench.duplicates.variants import next_report, sentences, variant
from unabridged.archive.search_index.tokenizer import fold, tokens
from unabridged.stories.duplicates import Shingles, band_keys, compare, shingles

VARIANTS = 4
TEMPLATE_NUMBERS = 6
"""Numbers of a text from which its template with other numbers is another report."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be compared. origin: number of the text that it comes from. changes: "" for that text."""

    origin: int
    changes: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a run found.

    pairs: near-duplicates by definition among original and variant. hits: those found. found: all pairs
    called near-duplicates. wrong: those of different reports. alike: pairs of different texts of the corpora
    that are near-duplicates themselves (reposts), counted neither way. missed: changes of each miss.
    """

    documents: int
    pairs: int
    hits: int
    found: int
    wrong: int
    alike: int
    candidates: int
    missed: tuple[str, ...]
    milliseconds: float


def documents(texts: Sequence[Text], seed: int = 0) -> list[Document]:
    """Return each text with its variants and, if it has numbers, the next report by its template."""
    rng = random.Random(seed)
    pool: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        pool[text.language] += [part for part in sentences(text.text) if len(part) > 30][:30]
    found = []
    for number, text in enumerate(texts):
        found.append(Document(number, "", text.text))
        for _ in range(VARIANTS):
            changed, names = variant(text.text, rng, text.language, pool[text.language])
            found.append(Document(number, names, changed))
        if len(_shingles(text.text).numbers) >= TEMPLATE_NUMBERS:
            found.append(Document(number, TEMPLATE, next_report(text.text, rng)))
    return found


TEMPLATE = "template"


def measure(texts: Sequence[Document]) -> Measured:
    """Find near-duplicates by shared keys, and compare them with the definition."""
    start = process_time()
    found, candidates, bodies = find(texts)
    spent = process_time() - start
    original = {document.origin: n for n, document in enumerate(texts) if not document.changes}
    due = [
        (original[document.origin], n)
        for n, document in enumerate(texts)
        if document.changes not in ("", TEMPLATE)
        and compare(bodies[original[document.origin]], bodies[n]).jaccard >= 0.8
    ]
    missed = tuple(texts[n].changes for first, n in due if (first, n) not in found)
    apart = (pair for pair in found if texts[pair[0]].origin != texts[pair[1]].origin)
    alike = {pair for pair in apart if _reposted(texts, pair, bodies, original)}
    wrong = {pair for pair in found if not _one_report(texts[pair[0]], texts[pair[1]])} - alike
    return Measured(
        documents=len(texts),
        pairs=len(due),
        hits=len(due) - len(missed),
        found=len(found) - len(alike),
        wrong=len(wrong),
        alike=len(alike),
        candidates=candidates,
        missed=missed,
        milliseconds=spent * 1000 / max(len(texts), 1),
    )


def find(texts: Sequence[Document]) -> tuple[set[Pair], int, list[Shingles]]:
    """Return the near-duplicates as pairs of places, the number of candidates, and the shingles."""
    index: dict[int, list[int]] = defaultdict(list)
    bodies: list[Shingles] = []
    found: set[Pair] = set()
    candidates = 0
    for number, document in enumerate(texts):
        body = _shingles(document.text)
        near = set()
        for key in band_keys(body):
            near.update(index[key])
            index[key].append(number)
        candidates += len(near)
        found |= {(other, number) for other in near if compare(bodies[other], body).near_duplicate}
        bodies.append(body)
    return found, candidates, bodies


def _shingles(text: str) -> Shingles:
    return shingles(tokens(fold(text)))


def _one_report(one: Document, other: Document) -> bool:
    return one.origin == other.origin and (one.changes == TEMPLATE) == (other.changes == TEMPLATE)


def _reposted(
    texts: Sequence[Document], pair: Pair, bodies: Sequence[Shingles], original: dict[int, int]
) -> bool:
    """Say whether the originals of a pair are near-duplicates themselves, by the definition."""
    one, other = (bodies[original[texts[place].origin]] for place in pair)
    return compare(one, other).jaccard >= 0.5
