"""Figures and floors: what the examination found, held against what it may not fall below."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.corpora import PageSet
from bench.scorer import SetScores, score

FLOORS = Path(__file__).parent / "floors.toml"
META = ("title", "date", "authors", "lead_image", "lead_text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row: what was measured on how many cases; peers: the same measure of others."""

    part: str
    measure: str
    cases: int
    value: float
    detail: str = ""
    peers: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.part}: {self.measure}"


def score_set(pages: PageSet, predictions: dict[str, dict[str, Any]]) -> list[Figure]:
    """Score one set's predictions (keyed by `Case.key`) by every measure its truths allow."""
    truths = [{**case.truth, "id": case.key} for case in pages.cases]
    given = {key: as_truth(pages, value) for key, value in predictions.items()}
    result = score(truths, given)
    return [*_text_figures(pages, result), *_meta_figures(pages, result)]


def as_truth(pages: PageSet, prediction: dict[str, Any]) -> dict[str, Any]:
    """Return a prediction as a set's truths are: with the title before the text where those begin with it."""
    if not pages.title_in_text:
        return prediction
    joined = "\n".join(filter(None, (prediction.get("title"), prediction.get("text"))))
    return {**prediction, "text": joined}


def _text_figures(pages: PageSet, result: SetScores) -> Iterable[Figure]:
    for measure, found in (("text F1", result.text), ("segments F1", result.segments)):
        if found:
            rates = found.rates
            detail = f"P {rates.precision:.3f}  R {rates.recall:.3f}"
            yield Figure(part=pages.name, measure=measure, cases=found.pages, value=rates.f1, detail=detail)


def _meta_figures(pages: PageSet, result: SetScores) -> Iterable[Figure]:
    for name in META:
        if found := result.fields.get(name):
            detail = f"given {found.given:.3f}"
            yield Figure(part=pages.name, measure=name, cases=found.pages, value=found.rate, detail=detail)


def with_peers(own: list[Figure], others: dict[str, list[Figure]]) -> list[Figure]:
    """Put the peers' figures of the same measure beside ours."""
    found = {(peer, figure.name): figure.value for peer, figures in others.items() for figure in figures}
    return [
        Figure(
            part=figure.part,
            measure=figure.measure,
            cases=figure.cases,
            value=figure.value,
            detail=figure.detail,
            peers={peer: found[peer, figure.name] for peer in others if (peer, figure.name) in found},
        )
        for figure in own
    ]


def pooled(figures: list[Figure], parts: tuple[str, ...]) -> list[Figure]:
    """Return the mean of each metadata measure over several sets' articles, weighted by their cases."""
    rows = []
    for measure in META:
        members = [f for f in figures if f.measure == measure and f.part.removesuffix(" article") in parts]
        cases = sum(f.cases for f in members)
        if len({f.part for f in members}) > 1:
            value = sum(f.value * f.cases for f in members) / cases
            peers = {
                peer: sum(f.peers[peer] * f.cases for f in members if peer in f.peers) / cases
                for peer in members[0].peers
            }
            rows.append(Figure(part="pooled news", measure=measure, cases=cases, value=value, peers=peers))
    return rows


def read_floors() -> dict[str, float]:
    """Return the floors: row name -> least figure."""
    return dict(tomllib.loads(FLOORS.read_text(encoding="utf-8"))) if FLOORS.is_file() else {}


def below_floor(figures: list[Figure], floors: dict[str, float]) -> list[Figure]:
    """Return the rows that fell below their floors."""
    return [f for f in figures if f.name in floors and round(f.value, 4) < floors[f.name]]
