"""Structures kept: precision and recall of code, tables, formulas, notes, embeds and lists.

python -m bench.structures [KEY …]      what each page lacks and has too much (default: every page)

The truths are `truths/structures.jsonl`, labelled by reading the pages: one object a page with `set`, `key`
and a list for each kind. A structure is told by a fingerprint (see the modules of `structure`); an `optional`
one may be kept or left. Found and true structures are matched one to one, by `structure.matching`.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.corpora import Case, corpus_folder, page_sets
from bench.extractors import STRUCTURE_PEERS, Prediction, predict, predict_peer, structures_ours
from bench.figures import Figure, with_peers
from bench.structure.matching import matched
from bench.structure.readers import KINDS, Structures, read_html, read_markdown
from bench.structure.texts import Structure, folded

TRUTHS = Path(__file__).parent / "truths" / "structures.jsonl"
MOST_OF_A_PAGE = 20
"""A page with more structures of a kind weighs as if it had so many, so that no page decides a figure."""
READERS: dict[str, Callable[[str], Structures]] = {"markdown": read_markdown, "html": read_html}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Structures of one kind on one page: found (of those that count), true ones, and right ones."""

    found: int
    true: int
    right: int
    languages: tuple[int, int] = (0, 0)  # named by the page on blocks that are right, of them named alike

    @property
    def weight(self) -> float:
        return min(1.0, MOST_OF_A_PAGE / max(self.found, self.true, 1))


def read_truths(path: Path = TRUTHS) -> dict[str, dict[str, Any]]:
    """Return the truths: page's key -> object."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return {row["key"]: row for row in rows}


def tally(kind: str, found: list[Structure], true: list[Structure]) -> Tally:
    """Hold the structures of one kind that an extractor kept against those that the article has."""
    pairs = matched(kind, found, true)
    needed = [number for number, structure in enumerate(true) if not structure.get("optional")]
    right = sum(1 for number in needed if number in pairs)
    uncounted = sum(1 for number in pairs if true[number].get("optional"))
    taken = set(pairs.values())
    weak = sum(1 for n, structure in enumerate(found) if structure.get("weak") and n not in taken)
    named = [(found[f]["lang"], true[t]["lang"]) for t, f in pairs.items() if true[t].get("lang")]
    return Tally(
        found=len(found) - uncounted - weak,
        true=len(needed),
        right=right,
        languages=(len(named), sum(1 for ours, theirs in named if same_language(ours, theirs))),
    )


def same_language(found: str | None, true: str) -> bool:
    """Say whether two names are of one language."""
    return found is not None and LANGUAGES.get(found, found) == LANGUAGES.get(true, true)


LANGUAGES = {
    "c++": "cpp",
    "cs": "csharp",
    "c#": "csharp",
    "docker": "dockerfile",
    "golang": "go",
    "js": "javascript",
    "py": "python",
    "python3": "python",
    "rs": "rust",
    "sh": "bash",
    "shell": "bash",
    "ts": "typescript",
    "yml": "yaml",
}
"""Other names of languages."""


def rates(tallies: Iterable[Tally]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over pages, each with its weight."""
    rows = list(tallies)
    right = sum(row.right * row.weight for row in rows)
    found = sum(row.found * row.weight for row in rows)
    true = sum(row.true * row.weight for row in rows)
    precision, recall = right / found if found else 1.0, right / true if true else 1.0
    return precision, recall, 2 * right / (found + true) if found + true else 1.0


def figures(corpus: Path) -> list[Figure]:
    """Return the rows of every kind; none where the corpora lack the labelled pages."""
    cases = labelled_cases(corpus)
    if not cases:
        return []
    truths = read_truths()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        predictions = predict(structures_ours, cases, pool)
        own = list(_figures(predictions, truths, ("markdown", "html")))
        others = {
            peer: list(_figures(predict_peer(peer, tuple(cases), pool, STRUCTURE_PEERS), truths, (form,)))
            for peer, form in (PEER_FORMS.items() if os.environ.get("PEERS") else ())
        }
    return with_peers(own, others)


PEER_FORMS = {"trafilatura": "markdown", "readability-lxml": "html", "go-readability": "html"}


def labelled_cases(corpus: Path) -> list[Case]:
    """Return the pages of a folder of corpora that have truths here."""
    truths = read_truths()
    found = {
        case.key: case
        for pages in page_sets(corpus, frozenset(row["set"] for row in truths.values()), None)
        for case in pages.cases
        if case.key in truths
    }
    cases = [found[key] for key in sorted(found)]
    sample = int(os.environ.get("SAMPLE") or len(cases))
    return cases if sample >= len(cases) else random.Random(0).sample(cases, sample)


def _figures(
    predictions: dict[str, Prediction], truths: dict[str, dict[str, Any]], forms: tuple[str, ...]
) -> Iterator[Figure]:
    read = {form: read_all(predictions, truths, form) for form in forms}
    for kind in KINDS:
        rows = [tally(kind, found[kind], truths[key][kind]) for key, found in read[forms[0]].items()]
        pages = sum(1 for row in rows if row.true)
        detail = f"{sum(row.true for row in rows)} on {pages} pages"
        part = f"structure {kind}"
        for measure, value in zip(("precision", "recall", "F1"), rates(rows), strict=True):
            yield Figure(part=part, measure=measure, cases=len(rows), value=value, detail=detail)
        if kind == "code" and (named := sum(row.languages[0] for row in rows)):
            value = sum(row.languages[1] for row in rows) / named
            yield Figure(part=part, measure="language", cases=named, value=value)
        for form in forms[1:]:
            body = rates(tally(kind, found[kind], truths[key][kind]) for key, found in read[form].items())
            yield Figure(part=part, measure=f"F1 in {form.upper()}", cases=len(rows), value=body[2])


def read_all(
    predictions: dict[str, Prediction], truths: dict[str, dict[str, Any]], form: str
) -> dict[str, Structures]:
    """Return the structures of every prediction in one form, an extraction that failed as an empty one."""
    read = {key: READERS[form](prediction.get(form) or "") for key, prediction in predictions.items()}
    return {
        key: {**found, "lists": without_notes(found["lists"], truths[key]["notes"])}
        for key, found in read.items()
    }


def without_notes(lists: list[Structure], notes: list[Structure]) -> list[Structure]:
    """Leave out lists of the article's notes: an extractor that lost their marks lacks notes, no more."""
    texts = [folded(note["text"]) for note in notes]

    def is_of_notes(found: Structure) -> bool:
        first = folded(found["first"]).lstrip("0123456789")
        return len(first) > 5 and any(text.lstrip("0123456789").startswith(first) for text in texts)

    return [found for found in lists if not is_of_notes(found)]


def main() -> int:
    """Print what our Markdown lacks and has too much, page by page."""
    truths = read_truths()
    cases = [case for case in labelled_cases(corpus_folder()) if not sys.argv[1:] or case.key in sys.argv[1:]]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        read = read_all(predict(structures_ours, cases, pool), truths, "markdown")
    for key, found in read.items():
        for kind in KINDS:
            true = truths[key][kind]
            pairs = matched(kind, found[kind], true)
            taken = set(pairs.values())
            lacking = [s for n, s in enumerate(true) if n not in pairs and not s.get("optional")]
            beyond = [s for n, s in enumerate(found[kind]) if n not in taken and not s.get("weak")]
            if lacking or beyond:
                print(f"{key} {kind}: {len(true) - len(lacking)} of {len(true)}")
            for sign, structures in (("-", lacking), ("+", beyond)):
                print("".join(f"  {sign} {json.dumps(s, ensure_ascii=False)}\n" for s in structures), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
