"""View-model of the health page: problems of feeds in words, and small charts. Pure."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from unabridged.archive.records.core import Subscription
from unabridged.archive.records.polling import ArrivedArticle, Waiting
from unabridged.poll.feeds.diagnostics import Finding
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.lists import NO_ICONS, Icons, Moment, Monogram
from unabridged.serve.views.sources.advice import plain_advice, plain_message

DAYS = 30
"""Days that the charts show."""
SHOWN = 40
"""Problems shown under one heading."""
BAR, GAP, HEIGHT = 8, 2, 60
"""Size of the charts' bars, in units of their view box."""

_SECTIONS: tuple[tuple[str, frozenset[str]], ...] = (
    # heading, kinds of findings; a finding of no other kind is in the first
    ("Failing", frozenset()),
    ("Ended", frozenset(("gone",))),
    ("Silent", frozenset(("silent",))),
    ("Shorter than before", frozenset(("shrunk",))),
    ("Subscribed twice", frozenset(("same",))),
    ("Moved", frozenset(("moved", "login"))),
    ("Paused", frozenset(("paused",))),
    ("Worth knowing", frozenset(("mended", "quarantined", "hub"))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A problem of a feed. may_try: reading it now may help. into: feed that it can be merged into, or 0."""

    id: int
    title: str
    href: str
    monogram: Monogram
    what: str
    advice: str
    status: str
    may_try: bool
    into: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLine:
    """Pages of a host that could not be read."""

    name: str
    what: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthSection:
    """Problems of one sort. more: how many are not shown."""

    title: str
    count: int
    lines: tuple[ProblemLine, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of a chart, in units of its view box. kind: its class. title: day and value in words."""

    x: int
    y: float
    height: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart: bars over days. summary: the same in words. first, last: names of the days at its ends."""

    title: str
    summary: str
    bars: tuple[Bar, ...]
    width: int
    height: int
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthView:
    """The health page. general: problems of the program as a whole."""

    general: tuple[HostLine, ...]
    sections: tuple[HealthSection, ...]
    hosts: tuple[HostLine, ...]
    feeds: str
    waiting: str
    charts: tuple[Chart, ...]


def health_view(
    findings: Sequence[Finding],
    subscriptions: Iterable[Subscription],
    waiting: Waiting,
    arrived: Sequence[ArrivedArticle],
    moment: Moment,
    icons: Icons = NO_ICONS,
) -> HealthView:
    """Build the health page."""
    by_id = {one.feed.id: one for one in subscriptions}
    lines = [
        (one, by_id[one.feed_id]) for one in findings if one.feed_id in by_id and one.feed_id is not None
    ]
    known = frozenset().union(*(kinds for _, kinds in _SECTIONS))
    sections = []
    for title, kinds in _SECTIONS:
        some = [pair for pair in lines if (pair[0].kind in kinds if kinds else pair[0].kind not in known)]
        if some:
            shown = tuple(_problem_line(one, subscription, icons) for one, subscription in some[:SHOWN])
            more = max(0, len(some) - SHOWN)
            sections.append(HealthSection(title=title, count=len(some), lines=shown, more=more))
    ill = len({one.feed_id for one, _ in lines if one.level != "note"})
    feeds = formatting.pluralize(len(by_id), "feed")
    return HealthView(
        general=tuple(_host_line(one) for one in findings if one.about == "polling"),
        sections=tuple(sections),
        hosts=tuple(_host_line(one) for one in findings if one.about == "host")[:SHOWN],
        feeds=f"{feeds}, {ill:,} with a problem." if ill else f"{feeds}, all well.",
        waiting=_waiting(waiting),
        charts=(_completeness_chart(arrived, moment), _latency_chart(arrived, moment)),
    )


def _problem_line(one: Finding, subscription: Subscription, icons: Icons) -> ProblemLine:
    feed = subscription.feed
    return ProblemLine(
        id=feed.id,
        title=subscription.title,
        href=lists.feed_path(feed.id),
        monogram=lists.monogram(subscription.title, feed.id, icons),
        what=plain_message(one.what),
        advice=plain_advice(one.kind, one.advice),
        status=feed.status,
        may_try=feed.status != "paused" and one.level != "note" and one.into is None,
        into=one.into or 0,
    )


def _host_line(one: Finding) -> HostLine:
    kind = "page-status" if (one.about, one.kind) == ("host", "status") else one.kind
    return HostLine(name=one.name, what=plain_message(one.what), advice=plain_advice(kind, one.advice))


def _waiting(waiting: Waiting) -> str:
    if not waiting.pages:
        return "No page waits to be read."
    return f"{formatting.pluralize(waiting.pages, 'page')} waiting to be read."


def _days(arrived: Iterable[ArrivedArticle], moment: Moment) -> list[tuple[date, list[ArrivedArticle]]]:
    """Group articles by the day on which they were seen: every day of the charts, oldest first."""
    today = moment.now.astimezone(moment.zone).date()
    days: dict[date, list[ArrivedArticle]] = {today - timedelta(days=DAYS - 1 - n): [] for n in range(DAYS)}
    for one in arrived:
        seen = one.seen.astimezone(moment.zone).date()
        if seen in days:
            days[seen].append(one)
    return list(days.items())


def _completeness_chart(arrived: Sequence[ArrivedArticle], moment: Moment) -> Chart:
    days = _days(arrived, moment)
    most = max((len(some) for _, some in days), default=0) or 1
    bars: list[Bar] = []
    for place, (day, some) in enumerate(days):
        whole = sum(one.whole for one in some)
        title = f"{_day_name(day)}: {whole:,} whole of {len(some):,}"
        full, part = HEIGHT * whole / most, HEIGHT * (len(some) - whole) / most
        x = place * (BAR + GAP)
        if full:
            bars.append(Bar(x=x, y=round(HEIGHT - full, 1), height=round(full, 1), kind="whole", title=title))
        if part:
            y = round(HEIGHT - full - part, 1)
            bars.append(Bar(x=x, y=y, height=round(part, 1), kind="partial", title=title))
    total = sum(len(some) for _, some in days)
    whole = sum(one.whole for _, some in days for one in some)
    share = f"{100 * whole / total:.0f} %" if total else "None"
    summary = f"{share} of {formatting.pluralize(total, 'article')} in {DAYS} days are whole."
    return _chart("Whole articles", summary if total else f"No articles in {DAYS} days.", bars, days)


def _latency_chart(arrived: Sequence[ArrivedArticle], moment: Moment) -> Chart:
    days = _days(arrived, moment)
    delays = [[_delay(one) for one in some if _delay(one) <= DAYS * 24] for _, some in days]
    medians = [statistics.median(some) if some else None for some in delays]
    most = max((one for one in medians if one is not None), default=0.0) or 1.0
    bars = [
        Bar(
            x=place * (BAR + GAP),
            y=round(HEIGHT - max(1.0, HEIGHT * median / most), 1),
            height=round(max(1.0, HEIGHT * median / most), 1),
            kind="delay",
            title=f"{_day_name(day)}: {_hours(median)}",
        )
        for place, ((day, _), median) in enumerate(zip(days, medians, strict=True))
        if median is not None
    ]
    every = [one for some in delays for one in some]
    summary = f"No articles in {DAYS} days."
    if every:
        usual = _hours(statistics.median(every))
        summary = f"Half of the articles are here {usual} after their publication, or sooner."
    return _chart("From publication to here", summary, bars, days)


def _chart(
    title: str, summary: str, bars: Sequence[Bar], days: Sequence[tuple[date, list[ArrivedArticle]]]
) -> Chart:
    return Chart(
        title=title,
        summary=summary,
        bars=tuple(bars),
        width=DAYS * (BAR + GAP) - GAP,
        height=HEIGHT,
        first=_day_name(days[0][0]),
        last=_day_name(days[-1][0]),
    )


def _delay(one: ArrivedArticle) -> float:
    """Return the hours between an article's publication and its arrival."""
    return max(0.0, (one.seen - one.published).total_seconds() / 3600)


def _hours(hours: float) -> str:
    if hours < 1:
        return formatting.pluralize(max(1, round(hours * 60)), "minute")
    if hours < 48:
        return formatting.pluralize(round(hours), "hour")
    return formatting.pluralize(round(hours / 24), "day")


def _day_name(day: date) -> str:
    return f"{day.day} {day:%B}"
