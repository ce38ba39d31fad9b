"""Alarms of site profiles: a redesign raises one, odd pages do not."""

from datetime import UTC, datetime, timedelta

import pytest

from unabridged.extraction.sites.alarms import (
    Watch,
    after_learning,
    alarm_of,
    watch_from_json,
    watch_to_json,
    watched,
)
from unabridged.extraction.sites.outcome import Observation

HOUR = timedelta(hours=1)
FINE = Observation(length=1.0, by_profile=True)
MISSED = Observation(missed=True)
SHORT = Observation(length=0.1, agrees=False)
LONG = Observation(length=4.0, agrees=False)
LONG_AND_RIGHT = Observation(length=4.0, agrees=True)
AGREES, DISAGREES = Observation(length=1, agrees=True), Observation(length=1, agrees=False)
DAY = datetime(2026, 5, 1, tzinfo=UTC)


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
        (SHORT, FINE, FINE, MISSED, FINE, FINE, FINE, SHORT),
        (LONG_AND_RIGHT,) * 8,
        (FINE, MISSED, FINE, FINE) * 10 + (MISSED, FINE, MISSED, MISSED),
        (AGREES, DISAGREES) * 10 + (DISAGREES,) * 4,
        (DISAGREES, DISAGREES, AGREES) * 10 + (DISAGREES,) * 30,
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
        ((LONG, FINE, AGREES, LONG, LONG), "the text was unusually short or long on 3 of the last 5 pages"),
        ((FINE,) * 90 + (MISSED, SHORT, MISSED), "the body matched nothing on 3 of the last 5 pages"),
        ((FINE, MISSED, FINE, FINE) * 10 + (MISSED,) * 7, "the body matched nothing on 7 of the last 8"),
        ((AGREES, DISAGREES) * 10 + (DISAGREES,) * 9, "the profile disagreed with the general extraction 10"),
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


def test_the_first_sign_is_remembered_until_the_signs_are_gone_and_after_an_alarm() -> None:
    watch = watched(watched(Watch(), FINE, DAY), MISSED, DAY + HOUR)
    assert (watch.since, watch.suspect_since) == ((DAY + HOUR).isoformat(), "")
    calm = watch
    for hour in range(2, 13):
        calm = watched(calm, FINE, DAY + hour * HOUR)
    assert calm.since == ""
    alarmed = watched(watched(watch, MISSED, DAY + 2 * HOUR), MISSED, DAY + 3 * HOUR)
    assert alarm_of(alarmed)
    for changed in (True, False):
        learnt = after_learning(alarmed, changed=changed)
        assert (learnt.suspect_since, learnt.signs) == ((DAY + HOUR).isoformat(), "")
        assert learnt.odd == (0 if changed else 3)


def test_a_watch_survives_json() -> None:
    watch = after(FINE, MISSED, SHORT)
    assert watch_from_json(watch_to_json(watch)) == watch
    assert watch_from_json("") == watch_from_json("{]") == Watch()
