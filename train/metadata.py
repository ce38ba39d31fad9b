"""Learn the weights of the features of title, lead image, publication date and author candidates.

    python -m train.metadata                      write src/unabridged/extraction/metadata/weights.py
    python -m train.metadata published authors    only these fields; the weights of the others stay
    python -m train.metadata --check              only print the table

The table has the share that is right on each half of the hosts with the other half's weights, and on each
collection with weights of the others.

A conditional logit over each page's candidates (the right one against the others), with equal weight for
every host of a set and a quadratic penalty. Deterministic.
"""

import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bench.corpora import corpus_folder, page_sets
from bench.folds import site_of
from bench.scorer import day, people, plain, without_query
from unabridged.errors import UnabridgedError
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata import weights as shipped_weights
from unabridged.extraction.metadata.read import read_candidates

SETS = {
    "wcxb": 1.0,
    "trafilatura": 1.0,
    "fundus": 2.0,
    "postlight": 1.0,
    "newspaper4k": 0.5,
    "zhweb": 1.0,
    "sites": 1.0,
}
SETS_OF: dict[str, dict[str, float]] = {"lead_image": {"fundus": 1.0, "newspaper4k": 1.0}}
"""Weights of collections for one field, in place of SETS."""
NOT_LEARNT_FROM = {
    "title": frozenset({"sites dragnet"}),
    "lead_image": frozenset[str](),
    "published": frozenset[str](),
    "authors": frozenset[str](),
}
"""Sets whose truths of a field follow other conventions."""
ARTICLES = frozenset({"wcxb article", "wcxb forum", "wcxb documentation"})
"""The parts of wcxb used for training; the others are not articles: products, lists, services."""
PENALTY = {"title": 1.5, "lead_image": 2.0, "published": 1.0, "authors": 3.0}
PRIOR: dict[str, dict[str, float]] = {
    "title": {
        "h1": 1.0,
        "og": 1.0,
        "ld:headline": 1.0,
        "h1:alone": 1.0,
        "is:site": -3.0,
        "is:host": -3.0,
        "cut:quote": -2.0,
        "lost:signs": -2.0,
        "feed": 2.0,
    },
    "lead_image": {
        "declared": 1.0,
        "first": 2.0,
        "logo": -3.0,
        "same:high": 1.0,
        "same:preloaded": 1.0,
        "noise": -1.0,
        "width:250": -1.0,
    },
    "published": {
        "ld:datePublished": 3.0,
        "ld:dateCreated": 2.0,
        "ldpage:datePublished": 1.0,
        "swapped:confirmed": 1.0,
        "swapped:rival": -1.0,
        "meta:article": 3.0,
        "meta:prop": 2.5,
        "meta:parsely": 2.5,
        "meta:dc": 2.0,
        "meta:other": 2.0,
        "itemprop:stated": 2.0,
        "itemprop": 2.0,
        "url": 2.0,
        "feed": 2.5,
        "meta:modified": -1.0,
        "ld:modified": -1.0,
        "seen:modified": -1.0,
    },
    "authors": {
        "ld:author": 3.0,
        "ld:thread": 2.0,
        "ldpage:author": 1.0,
        "meta:author": 1.5,
        "meta:parsely": 2.0,
        "meta:dc": 1.5,
        "meta:article": 1.5,
        "meta:twitter": 1.5,
        "rel": 1.0,
        "itemprop": 1.5,
        "said:by": 1.0,
        "bare:linked": 1.0,
        "bare:dated": 0.5,
        "is:host": -1.0,
        "bare:list": 1.0,
        "lacks:site": 0.5,
        "late": -0.5,
        "late:only": 1.0,
        "late:first": 0.5,
        "said:other": -1.0,
        "account:rivalled": -1.5,
        "first:name": -1.0,
        "signed:author": 2.5,
        "signed:reporter": 2.0,
        "signed:editor": 1.0,
        "signed:end": 1.5,
        "extra:odd": -1.0,
        "feed": 1.5,
        "part:ld": -2.0,
        "part:meta": -1.0,
        "part:rel": -0.5,
        "part:class": -0.5,
        "is:site": -2.0,
        "credit:all": -1.5,
        "shape:all": 1.5,
        "shape:none": -1.5,
        "class:noise": -1.0,
        "rel:noise": -0.5,
    },
}
"""Weights before training: the reliability of a source by its definition."""
POOLED = ("wcxb article", "trafilatura", "fundus", "postlight")
LEAST_HOSTS = 3
"""A feature seen on fewer hosts gets no weight."""

TARGET = Path(__file__).parent.parent / "src" / "unabridged" / "extraction" / "metadata" / "weights.py"
TESTS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "title": (
        "title",
        lambda truth, value: plain(truth) == plain(value),
    ),
    "lead_image": (
        "lead_image",
        lambda truth, value: without_query(truth) == without_query(value),
    ),
    "published": ("date", lambda truth, value: day(truth) == day(value)),
    "authors": ("authors", lambda truth, value: people(truth) == people(list(value))),
}


@dataclass(slots=True)
class Choice:
    """One page's candidates for one field, and which of them are right."""

    set: str
    key: str
    site: str
    values: list[Any]
    features: list[frozenset[str]]
    right: list[bool]
    truth: Any = None

    @property
    def half(self) -> int:
        return zlib.crc32(self.site.encode()) % 2


def read_case(task: tuple[str, Any]) -> list[tuple[str, Choice]]:
    """Return the choices of one page, for each field with a known truth."""
    name, case = task
    try:
        found = read_candidates(parse(case.read()), url=case.url)
    except UnabridgedError:
        return []
    site = site_of(case.url, case.host, case.key)
    choices = []
    for part, (key, agrees) in TESTS.items():
        truth = case.truth.get(key)
        if not truth:
            continue
        candidates = found[part]
        right = [agrees(truth, candidate.value) for candidate in candidates]
        values = [candidate.value for candidate in candidates]
        features = [frozenset(candidate.features) for candidate in candidates]
        choices.append((part, Choice(name, case.key, site, values, features, right, truth)))
    return choices


def cases() -> Iterator[tuple[str, Any]]:
    """Yield every page of the sets with metadata, once."""
    for pages in page_sets(corpus_folder(), frozenset(SETS), None):
        if not pages.name.endswith(" zh"):
            yield from ((pages.name, case) for case in pages.cases)


def load() -> dict[str, list[Choice]]:
    """Load all choices, by field."""
    found: dict[str, list[Choice]] = {part: [] for part in TESTS}
    with ProcessPoolExecutor(2) as pool:
        for choices in pool.map(read_case, cases(), chunksize=16):
            for part, choice in choices:
                found[part].append(choice)
    return found


def learn(part: str, choices: list[Choice]) -> dict[str, float]:
    """Fit the weights of one field on the collections that it is learnt from."""
    used = [choice for choice in choices if choice.set not in NOT_LEARNT_FROM[part]]
    return fit(used, PENALTY[part], PRIOR[part], SETS | SETS_OF.get(part, {}))


def fit(
    choices: list[Choice], penalty: float, prior: dict[str, float], sets: dict[str, float]
) -> dict[str, float]:
    """Fit the weights of a conditional logit, by feature. sets: weight of each collection."""
    usable = [c for c in choices if any(c.right) and not all(c.right)]
    usable = [c for c in usable if not c.set.startswith("wcxb") or c.set in ARTICLES]
    seen = {(name, c.site) for c in usable for features in c.features for name in features}
    hosts = Counter(name for name, _ in seen)
    names = sorted({name for name, count in hosts.items() if count >= LEAST_HOSTS} | prior.keys())
    middle = np.array([prior.get(name, 0.0) for name in names])
    index = {name: i for i, name in enumerate(names)}
    rows = [[index[name] for name in features if name in index] for c in usable for features in c.features]
    sizes = [len(c.values) for c in usable]
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    design = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        design[i, row] = 1.0
    right = np.array([flag for c in usable for flag in c.right])
    pages = Counter((c.set, c.site) for c in usable)
    weight = np.array([sets[c.set.split()[0]] / pages[c.set, c.site] ** 0.5 for c in usable])

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        score = design @ beta
        top = np.repeat(np.maximum.reduceat(score, starts), sizes)
        power = np.exp(score - top)
        total = np.add.reduceat(power, starts)
        good = np.add.reduceat(power * right, starts)
        share = power / np.repeat(total, sizes) - power * right / np.repeat(good, sizes)
        value = -(weight * np.log(good / total)).sum() + penalty * ((beta - middle) ** 2).sum() / 2
        return value, design.T @ (share * np.repeat(weight, sizes)) + penalty * (beta - middle)

    result = minimize(loss, middle, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return {
        name: round(float(value), 2)
        for name, value in zip(names, result.x, strict=True)
        if abs(value) >= 0.02
    }


def chosen(choice: Choice, weights: dict[str, float]) -> int:
    """Return the index of the candidate with the highest weight, -1 for none."""
    scores = [fsum(weights.get(name, 0.0) for name in features) for features in choice.features]
    return int(np.argmax(scores)) if scores else -1


def correct(choice: Choice, weights: dict[str, float]) -> bool:
    at = chosen(choice, weights)
    return at >= 0 and choice.right[at]


def collection(choice: Choice) -> str:
    """Return the collection that a page comes from: "wcxb" of "wcxb article"."""
    return choice.set.split()[0]


def table(found: dict[str, list[Choice]]) -> None:
    """Print each field and set: share right on each half with the other half's weights, on each collection
    with weights of the others, and the best possible."""
    columns = ("field", "set", "pages", "half 0", "half 1", "both", "others", "oracle", "as shipped")
    print("| " + " | ".join(columns) + " |")
    for part, choices in found.items():
        halves = [learn(part, [c for c in choices if c.half != half]) for half in (0, 1)]
        shipped = learn(part, choices)
        groups: dict[str, list[Choice]] = {}
        for choice in choices:
            groups.setdefault(collection(choice), []).append(choice)
        others = {name: learn(part, [c for c in choices if collection(c) != name]) for name in groups}
        pooled = [choice for choice in choices if choice.set in POOLED]
        for name, members in {**groups, "pooled": pooled}.items():
            hits = [[correct(c, halves[half]) for c in members if c.half == half] for half in (0, 1)]
            rates = [np.mean(some) if some else 0.0 for some in (*hits, hits[0] + hits[1])]
            rates += [np.mean([correct(c, others[collection(c)]) for c in members])]
            rates += [np.mean([any(c.right) for c in members])]
            rates += [np.mean([correct(c, shipped) for c in members])]
            print(
                f"| {part} | {name} | {len(members)} | " + " | ".join(f"{rate:.3f}" for rate in rates) + " |"
            )


def main() -> None:
    found = load()
    table(found)
    if "--check" in sys.argv:
        return
    parts = [part for part in TESTS if part in sys.argv[1:]] or list(TESTS)
    tables = {part: dict(getattr(shipped_weights, part.upper())) for part in TESTS}
    tables |= {part: learn(part, found[part]) for part in parts}
    lines = [
        '"""Weights of the features of metadata candidates (log-odds), learnt by train/metadata.py."""',
        "",
    ]
    for part, weights in tables.items():
        lines += [f"{part.upper()}: dict[str, float] = {{"]
        lines += [f'    "{name}": {value},' for name, value in weights.items()] + ["}", ""]
    TARGET.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
