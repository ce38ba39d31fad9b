"""The labelled set of stories, and the scores."""

from datetime import datetime

import pytest

from bench.stories.measure import by_titles
from bench.stories.reports import DATA, KINDS, LANGUAGES, events, reports
from bench.stories.scores import b_cubed


def test_there_are_64_events_each_in_every_language() -> None:
    assert len(events()) == 64
    assert not set(KINDS["dev"]) & set(KINDS["test"])
    for part, kinds in KINDS.items():
        chosen = {one.number for one in events() if one.kind in kinds}
        found = reports(part)
        assert {(report.story[0], report.language) for report in found if report.story} == {
            (number, language) for number in chosen for language in LANGUAGES
        }


def test_every_event_has_three_to_nine_reports_in_a_language_and_later_ones() -> None:
    found = reports("dev")
    for event in (one for one in events() if one.kind in KINDS["dev"]):
        for language in LANGUAGES:
            own = [
                one
                for one in found
                if one.story and one.story[0] == event.number and one.language == language
            ]
            assert 3 <= len(own) <= 9
            assert own[-1].at.timestamp() - own[0].at.timestamp() > 10 * 3600


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_sentences_and_every_fact_is_told(language: str) -> None:
    rows = [line.split(" ", 2) for line in DATA.joinpath(f"{language}.txt").read_text("utf-8").splitlines()]
    forms = {(kind, part): text.split(" / ") for kind, part, text in rows}
    wanted = {"h": 3, "l": 3, "d": 4, "H": 2, "L": 2}
    for kinds in KINDS.values():
        for kind in kinds:
            assert {part: len(forms[kind, part]) for part in wanted} == wanted
            told = " ".join(text for part in wanted for text in forms[kind, part])
            assert all(f"{{{fact}}}" in told for fact in ("a", "b", "c", "n", "k", "x")) or kind in (
                "quake",
                "strike",
            )


def test_similar_events_follow_one_another_within_days() -> None:
    starts: dict[int, datetime] = {}
    for part in KINDS:
        for one in reports(part):
            if one.story:
                starts.setdefault(one.story[0], one.at)
    for event in events():
        if event.near is not None:
            apart = (starts[event.number] - starts[event.near]).total_seconds() / 86400
            assert 1 < apart < 7


def test_b_cubed_of_a_known_example() -> None:
    truth = {1: "a", 2: "a", 3: "b", 4: "c"}
    scores = b_cubed({1: 1, 2: 1, 3: 1, 4: 4}, truth, truth)
    assert scores.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert scores.recall == 1
    assert b_cubed(truth, truth, [1, 2]).f1 == 1


def test_the_baseline_joins_equal_titles() -> None:
    found = reports("dev")[:200]
    clusters = by_titles(found, 1.0)
    for one, other in [(i, j) for i in range(200) for j in range(i)]:
        if found[one].title == found[other].title:
            assert clusters[one] == clusters[other]
