"""Alarms of site profiles: a redesign raises one, odd pages do not."""

import pytest

from unabridged.extraction.sites.alarms import Watch, alarm_of, watch_from_json, watch_to_json, watched
from unabridged.extraction.sites.outcome import Observation

FINE = Observation(length=1.0, by_profile=True)
MISSED = Observation(missed=True)
SHORT = Observation(length=0.1, agrees=False)
LONG = Observation(length=4.0, agrees=True)


def after(*seen: Observation) -> Watch:
    watch = Watch()
    for one in seen:
        watch = watched(watch, one)
    return watch


@pytest.mark.parametrize(
    "seen",
    [
        (FINE,) * 8,
        (FINE, MISSED, FINE, FINE, MISSED),
        (LONG, FINE, FINE, LONG, FINE, FINE, LONG),
        (Observation(length=1, agrees=False), Observation(length=1, agrees=False), FINE),
        (MISSED, MISSED, FINE, FINE, FINE, MISSED),
    ],
)
def test_odd_pages_raise_no_alarm(seen: tuple[Observation, ...]) -> None:
    assert alarm_of(after(*seen)) == ""


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ((FINE, MISSED, MISSED, FINE, MISSED), "the body matched nothing on 3 of the last 5 pages"),
        ((MISSED, MISSED, MISSED), "the body matched nothing on 3 of the last 3 pages"),
        ((LONG, FINE, LONG, LONG), "the text was unusually short or long on 3 of the last 4 pages"),
        (
            (Observation(length=1, agrees=False),) * 3,
            "the profile disagreed with the general extraction 3 times",
        ),
    ],
)
def test_three_signs_raise_one(seen: tuple[Observation, ...], said: str) -> None:
    assert alarm_of(after(*seen)).startswith(said)


def test_an_agreement_ends_a_row_of_disagreements() -> None:
    bad, good = Observation(length=1, agrees=False), Observation(length=1, agrees=True)
    watch = after(bad, bad, good, bad)
    assert (watch.disagreements, watch.compared, watch.disagreed) == (1, 4, 3)


def test_a_watch_survives_json() -> None:
    watch = after(FINE, MISSED, SHORT)
    assert watch_from_json(watch_to_json(watch)) == watch
    assert watch_from_json("") == watch_from_json("{]") == Watch()
