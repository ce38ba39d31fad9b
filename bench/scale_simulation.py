"""A week of polling with a virtual clock: when a million feeds fall due, what an hour without workers costs.

    python -m bench.scale_simulation [--feeds 1000000 …] [--capacity 2.0] [--svg FILE]

Intervals come from the program's own schedule (`poll.schedule.next_check`), asked for rhythms of posting
drawn from a log-normal distribution; each poll draws its jitter anew. Domains have sizes after Zipf's law,
and their buckets are the program's own. Nothing is fetched: a step is a minute, and all feeds are in arrays.
"""

import argparse
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from unabridged.archive.storage.identity import BUCKETS, bucket_of
from unabridged.config import PollSettings
from unabridged.poll.feeds.schedule import JITTER_SHARE, PostingRate, next_check

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
MINUTES = 7 * 24 * 60
OUTAGE = (3 * 24 * 60, 3 * 24 * 60 + 60)
"""Minutes of the fourth day in which nothing is polled."""

MEDIAN_GAP, SPREAD = 6 * 3600.0, 1.4
"""Hours between a feed's posts: half the feeds post oftener than every six hours, one of twenty oftener than
every 36 minutes, one of twenty seldomer than every 60 hours."""

LARGEST = 0.03
"""Share of all feeds that the largest platform (one registrable domain) has."""

Minutes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Result of a simulated week. Rates are feeds a minute.

    due, done, backlog: one value a minute. skew: feeds in the fullest bucket as a multiple of the mean.
    """

    feeds: int
    capacity: float
    interval: float
    due: Minutes
    done: Minutes
    backlog: Minutes
    skew: float

    @property
    def mean(self) -> float:
        """Return how many feeds are polled in a usual minute, before the outage and after the first day."""
        return float(self.done[24 * 60 : OUTAGE[0]].mean())

    @property
    def peak(self) -> float:
        """Return the busiest usual minute."""
        return float(self.due[24 * 60 : OUTAGE[0]].max())

    @property
    def drained(self) -> int:
        """Return the minutes after the outage until nothing waits longer than usual."""
        usual = self.backlog[24 * 60 : OUTAGE[0]].max()
        over = np.flatnonzero(self.backlog[OUTAGE[1] :] <= usual)
        return int(over[0]) if len(over) else -1


def intervals(count: int, luck: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return each feed's interval in minutes, without jitter, from the program's own schedule."""
    gaps = np.clip(luck.lognormal(math.log(MEDIAN_GAP), SPREAD, count), 60, 90 * 86400)
    grid = np.geomspace(60, 90 * 86400, 400)
    settings = PollSettings()
    answers = [
        (
            next_check(
                NOW,
                rate=PostingRate(last_post=NOW - timedelta(seconds=gap / 2), usual_gap=int(gap)),
                settings=settings,
                jitter=0.0,
            )
            - NOW
        ).total_seconds()
        / 60
        for gap in grid
    ]
    return np.interp(gaps, grid, answers).astype(np.float32)


def bucket_sizes(count: int) -> npt.NDArray[np.int64]:
    """Return the feeds in each bucket."""
    domains = min(count // 2, 500_000)
    sizes = 1 / np.arange(1, domains + 1)
    sizes = sizes / sizes.sum() * count
    scale = LARGEST * count / sizes[0]
    sizes[: min(domains, 1000)] *= min(1.0, scale)
    buckets = np.zeros(BUCKETS)
    for number, size in enumerate(sizes):
        buckets[bucket_of(f"https://site{number}/")] += size
    buckets *= count / buckets.sum()
    return buckets.astype(np.int64)


def simulate(count: int, capacity: float, seed: int = 1) -> Week:
    """Let a week go by. capacity: polls that all workers do, as a multiple of the mean rate."""
    luck = np.random.default_rng(seed)
    base = intervals(count, luck)
    most = int(capacity * float((1 / (base * (1 + JITTER_SHARE / 2))).sum()))
    slot = (luck.random(count, dtype=np.float32) * base).astype(np.uint16)
    waiting: list[npt.NDArray[np.int64]] = []
    held = 0
    due, done, backlog = (np.zeros(MINUTES, np.int32) for _ in range(3))
    for minute in range(MINUTES):
        fallen = np.flatnonzero(slot == minute)
        due[minute] = len(fallen)
        waiting.append(fallen)
        held += len(fallen)
        room = 0 if OUTAGE[0] <= minute < OUTAGE[1] else most
        while room and waiting:
            taken, rest = waiting[0][:room], waiting[0][room:]
            _plan(slot, base, taken, minute, luck)
            room -= len(taken)
            held -= len(taken)
            done[minute] += len(taken)
            waiting = [rest, *waiting[1:]] if len(rest) else waiting[1:]
        backlog[minute] = held
    sizes = bucket_sizes(count)
    return Week(
        feeds=count,
        capacity=capacity,
        interval=float(1 / (1 / (base * (1 + JITTER_SHARE / 2))).mean()),
        due=due,
        done=done,
        backlog=backlog,
        skew=float(sizes.max() / sizes.mean()),
    )


def _plan(
    slot: npt.NDArray[np.uint16],
    base: npt.NDArray[np.float32],
    taken: npt.NDArray[np.int64],
    minute: int,
    luck: np.random.Generator,
) -> None:
    """Give polled feeds their next minute; one beyond the week is never due again in it."""
    after = base[taken] * (1 + JITTER_SHARE * luck.random(len(taken), dtype=np.float32))
    slot[taken] = np.minimum(minute + np.maximum(after, 1.0), MINUTES + 1).astype(np.uint16)


WIDTH, HEIGHT, LEFT = 720.0, 220.0, 70.0
FROM, TO = OUTAGE[0] - 180, OUTAGE[1] + 360


def plot(weeks: list[Week]) -> str:
    """Draw polls a minute and the backlog around the outage as an SVG picture."""
    tall = HEIGHT + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 100:g} {len(weeks) * tall:g}"',
        ' font-family="sans-serif" font-size="12">',
        "<title>Feeds waiting, and polls a minute, around an outage of one hour</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for place, week in enumerate(weeks):
        parts += _panel(week, place * tall + 30)
    return "\n".join([*parts, "</svg>\n"])


def _panel(week: Week, top: float) -> list[str]:
    most = float(max(week.backlog[FROM:TO].max(), 1))
    low = top + HEIGHT
    words = (
        f"{week.feeds:,} feeds, workers for {week.capacity:g} × the mean; drained after {week.drained} min"
    )
    parts = [f'<text x="{LEFT:g}" y="{top - 8:g}">{words}</text>']
    for line, (values, colour, name) in enumerate(
        ((week.backlog, "#a5301c", "waiting"), (week.done, "#2b5d8a", "polled a minute"))
    ):
        points = " ".join(
            f"{LEFT + WIDTH * (at - FROM) / (TO - FROM):.1f},{top + HEIGHT * (1 - values[at] / most):.1f}"
            for at in range(FROM, TO, 2)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{WIDTH - 60:g}" y="{top + 20 + 16 * line:g}" fill="{colour}">{name}</text>')
    parts.append(f'<path d="M{LEFT:g} {top:g} V{low:g} h{WIDTH:g}" fill="none" stroke="#888"/>')
    parts.append(f'<text x="4" y="{top + 10:g}">{most:,.0f}</text>')
    for at, name in ((FROM, "−3 h"), (OUTAGE[0], "outage"), (OUTAGE[1], "+0"), (TO - 20, "+6 h")):
        x = LEFT + WIDTH * (at - FROM) / (TO - FROM)
        parts.append(f'<text x="{x:.0f}" y="{low + 16:g}">{name}</text>')
    return parts


def table(weeks: list[Week]) -> Table:
    """Return the figures beside the arithmetic of a mean interval of two hours."""
    shown = Table(
        "feeds",
        "mean interval",
        "polls/s",
        "busiest minute",
        "waiting after 1 h",
        "drained",
        "fullest bucket",
    )
    for week in weeks:
        shown.add_row(
            f"{week.feeds:,}",
            f"{week.interval:.0f} min",
            f"{week.mean / 60:.0f} (at 120 min: {week.feeds / 7200:.0f})",
            f"{week.peak / 60:.0f}/s",
            f"{week.backlog.max():,}",
            f"{week.drained} min at {week.capacity:g} ×",
            f"{week.skew:.1f} × the mean ({100 * week.skew / BUCKETS:.1f} %)",
        )
    return shown


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--capacity", type=float, default=2.0)
    parser.add_argument("--svg", type=Path)
    given = parser.parse_args()
    weeks = [simulate(count, given.capacity) for count in given.feeds]
    Console(width=160).print(table(weeks))
    if given.svg:
        given.svg.write_text(plot(weeks))


if __name__ == "__main__":
    main()
