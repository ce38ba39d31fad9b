"""Labelled reports: written by a generator from facts of 64 made-up events in eight languages.

data/events.tsv has the events, data/<language>.txt the headlines (h), first sentences (l) and details (d) of
each kind of event, and those of later days (H, L). Both are our own texts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

DATA = Path(__file__).with_name("data")
LANGUAGES = {
    "en": "Latin",
    "de": "Latin",
    "fr": "Latin",
    "es": "Latin",
    "ru": "Cyrillic",
    "zh": "zh",
    "ja": "ja",
    "ar": "ar",
}
"""Language -> script of the names in events.tsv; languages of one script have their stories in common."""

KINDS = {"dev": ("quake", "election", "strike", "takeover"), "test": ("match", "fire", "trial", "crash")}
"""Kinds of events that thresholds are chosen on, and those that are reported."""

TOLLS = {"quake": "k", "fire": "n", "crash": "n"}
"""Kind -> number that is lower in some of the first reports."""

OUTLETS = 8
START = datetime(2024, 3, 4, tzinfo=UTC)
DAYS = 14
_EARLY_TOLL, _WIRE_COPY = 0.3, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article. story: number of its event and the script, None for background. outlet: below OUTLETS."""

    language: str
    outlet: int
    at: datetime
    title: str
    text: str
    story: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event. near: the similar one that it follows within days. names: script -> four names at most."""

    number: int
    kind: str
    near: int | None
    numbers: dict[str, int]
    names: dict[str, tuple[str, ...]]


@cache
def events() -> tuple[Event, ...]:
    """Return the events in the order of the file."""
    heading, *lines = DATA.joinpath("events.tsv").read_text(encoding="utf-8").splitlines()
    scripts = heading.split("\t")[5:]
    found = []
    for number, line in enumerate(lines, 1):
        kind, near, *rest = line.split("\t")
        numbers = dict(zip("nkx", map(int, rest[:3]), strict=True))
        names = {script: tuple(row.split("|")) for script, row in zip(scripts, rest[3:], strict=True)}
        found.append(
            Event(number=number, kind=kind, near=int(near) if near else None, numbers=numbers, names=names)
        )
    return tuple(found)


@cache
def _sentences(language: str) -> dict[tuple[str, str], list[str]]:
    """Map kind of event and kind of sentence to its forms."""
    rows = (
        line.split(" ", 2)
        for line in DATA.joinpath(f"{language}.txt").read_text(encoding="utf-8").splitlines()
    )
    return {(kind, part): forms.split(" / ") for kind, part, forms in rows}


def reports(part: str) -> list[Report]:
    """Return the reports of the events of a part (a key of KINDS), in the order of time."""
    chosen = [one for one in events() if one.kind in KINDS[part]]
    starts = _starts()
    found = [
        report
        for one in chosen
        for language in LANGUAGES
        for report in _written(one, language, starts[one.number])
    ]
    return sorted(found, key=lambda report: (report.at, report.language, report.title))


def _starts() -> dict[int, datetime]:
    """Return when each event happens; similar ones two to four days apart."""
    random = Random(21)
    found: dict[int, datetime] = {}
    for one in events():
        hours = random.uniform(0, (DAYS - 8) * 24)
        near = found.get(one.near or 0)
        found[one.number] = (
            START + timedelta(hours=hours) if near is None else near + timedelta(hours=48 + hours / 3)
        )
    return found


def _written(event: Event, language: str, start: datetime) -> list[Report]:
    """Write three to eight reports on an event: of the first day, and one to three of later days."""
    random = Random(f"{event.number} {language}")
    outlets = random.sample(range(OUTLETS), OUTLETS)
    first = [_report(event, language, outlets.pop(), start, random) for _ in range(random.randint(2, 5))]
    later = [
        _report(event, language, outlets.pop(), start, random, later=True)
        for _ in range(random.randint(1, 3))
    ]
    if random.random() < _WIRE_COPY and outlets:
        copied = first[0]
        at = copied.at + timedelta(hours=random.uniform(0.5, 6))
        first.append(
            Report(
                **{
                    **{name: getattr(copied, name) for name in Report.__slots__},
                    "outlet": outlets.pop(),
                    "at": at,
                }
            )
        )
    return [*first, *later]


def _report(
    event: Event, language: str, outlet: int, start: datetime, random: Random, *, later: bool = False
) -> Report:
    script = LANGUAGES[language]
    given: dict[str, object] = dict(zip("abcd", event.names[script], strict=False))
    given |= event.numbers
    given["m"] = f"{event.numbers['n'] / 10:.1f}".replace(
        ".", "." if language in ("en", "zh", "ja", "ar") else ","
    )
    toll = TOLLS.get(event.kind)
    if toll and not later and random.random() < _EARLY_TOLL:
        given[toll] = max(1, round(event.numbers[toll] * 0.8))
    forms = _sentences(language)
    title = random.choice(forms[event.kind, "H" if later else "h"])
    lead = random.choice(forms[event.kind, "L" if later else "l"])
    details = forms[event.kind, "d"]
    body = random.sample(details, random.randint(1, 2) if later else random.randint(2, 3))
    hours = random.uniform(24, 96) if later else random.uniform(0, 14)
    gap = "" if script in ("zh", "ja") else " "
    return Report(
        language=language,
        outlet=outlet,
        at=start + timedelta(hours=hours),
        title=title.format(**given),
        text=gap.join(one.format(**given) for one in (lead, *body)),
        story=(event.number, script),
    )
