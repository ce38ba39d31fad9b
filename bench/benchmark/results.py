"""Results of the benchmark: every extractor over the same pages, and the rows of its tables."""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import turbohtml

from bench.benchmark.classes import Drawn
from bench.benchmark.intervals import Interval, drawn_f1, interval
from bench.benchmark.peers import Ready
from bench.benchmark.workers import Worker, message_of
from bench.figures import as_truth
from bench.scorer import Rates, TextMatch, match_text, text_rates
from unabridged.extraction.html.dom import decode

WARM_UP = 5
"""Pages that are extracted before the first that counts: imports, caches, compilers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One extractor on one page. milliseconds: CPU of its process."""

    match: TextMatch
    milliseconds: float
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One extractor on one class. gap: its F1 less ours, None for ours. ratio: its median time to ours."""

    label: str
    rates: Rates
    bounds: Interval
    gap: float | None
    gap_bounds: Interval | None
    median: float
    p95: float
    ratio: float
    failed: int


Results = dict[str, list[Result]]
"""Label -> a result for each page, in the order of the pages."""


def run(
    extractors: Sequence[Ready], drawn: Sequence[Drawn], seconds: float, tell: Callable[[int], None]
) -> Results:
    """Extract pages by all extractors in turn, page by page, until all are done or the seconds are over.

    tell: called with the number of pages done. Returns results for the same pages for each extractor.
    """
    ends = time.monotonic() + seconds
    results: Results = {one.peer.label: [] for one in extractors}
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(one)) for one in extractors]
        for page in drawn[:WARM_UP]:
            asked(workers, page)
        for number, page in enumerate(drawn, start=1):
            if time.monotonic() > ends:
                break
            for label, result in asked(workers, page).items():
                results[label].append(result)
            tell(number)
    return results


def asked(workers: Sequence[Worker], page: Drawn) -> dict[str, Result]:
    """Extract one page by all extractors in turn, and score their texts. Returns label -> result."""
    html = page.case.read()
    messages = {
        "bytes": message_of(page.case, html, None),
        "text": message_of(page.case, html, decode(html)[0]),
    }
    found = {one.ready.peer.label: one.ask(messages[one.ready.peer.takes]) for one in workers}
    return {label: result_of(page, answer) for label, answer in found.items()}


def result_of(page: Drawn, answer: dict[str, Any]) -> Result:
    """Score the answer to one page."""
    given = as_truth(page.pages, {**answer, "text": text_of(answer)})
    return Result(
        match=match_text(page.case.truth["text"], given["text"] or ""),
        milliseconds=answer["ms"],
        failed="error" in answer,
    )


def text_of(found: dict[str, Any]) -> str:
    """Return the text of an answer; its HTML is turned into text the same way for all, untimed."""
    return found.get("text") or (turbohtml.parse(found["html"]).to_text() if found.get("html") else "")


def rows(results: Results) -> list[Row]:
    """Return a row for each extractor; the first is the one that the others are compared with."""
    own = next(iter(results.values()))
    own_f1, own_drawn = text_rates(one.match for one in own).f1, drawn_f1([one.match for one in own])
    own_median = statistics.median(one.milliseconds for one in own)
    found = []
    for label, members in results.items():
        matches = [one.match for one in members]
        times = sorted(one.milliseconds for one in members)
        rates, values = text_rates(matches), drawn_f1(matches)
        is_own = members is own
        found.append(
            Row(
                label=label,
                rates=rates,
                bounds=interval(values),
                gap=None if is_own else rates.f1 - own_f1,
                gap_bounds=None if is_own else interval(values - own_drawn),
                median=statistics.median(times),
                p95=times[int(len(times) * 0.95)],
                ratio=statistics.median(times) / own_median,
                failed=sum(one.failed for one in members),
            )
        )
    return found


def by_class(results: Results, drawn: Sequence[Drawn]) -> dict[str, Results]:
    """Return the results of each class of pages."""
    done = len(next(iter(results.values())))
    places: dict[str, list[int]] = {}
    for place, page in enumerate(drawn[:done]):
        places.setdefault(page.group, []).append(place)
    return {
        group: {label: [members[place] for place in chosen] for label, members in results.items()}
        for group, chosen in places.items()
    }
