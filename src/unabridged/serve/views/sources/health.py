"""View-model of the health page: problems of feeds in words, and small charts. Pure."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from unabridged.archive.records.core import Subscription
from unabridged.archive.records.polling import ArrivedArticle, Waiting
from unabridged.poll.feeds.diagnostics import Finding
from unabridged.serve.languages import formats
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, later, ngettext
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.lists import NO_ICONS, Icons, Moment, Monogram
from unabridged.serve.views.sources.advice import plain_advice, plain_message
from unabridged.serve.views.sources.site_profile import SiteLine

DAYS = 30
"""Days that the charts show."""
SHOWN = 40
"""Problems shown under one heading."""
BAR, GAP, HEIGHT = 8, 2, 60
"""Size of the charts' bars, in units of their view box."""

_SECTIONS: tuple[tuple[str, frozenset[str]], ...] = (
    # heading, kinds of findings; a finding of no other kind is in the first
    (later("Failing"), frozenset()),
    (later("Ended"), frozenset(("gone",))),
    (later("Silent"), frozenset(("silent",))),
    (later("Shorter than before"), frozenset(("shrunk",))),
    (later("Subscribed twice"), frozenset(("same",))),
    (later("Moved"), frozenset(("moved", "login"))),
    (later("Paused"), frozenset(("paused",))),
    (later("Worth knowing"), frozenset(("mended", "quarantined", "hub"))),
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
    """The health page. general: problems of the program as a whole. sites: those that were redesigned."""

    general: tuple[HostLine, ...]
    sections: tuple[HealthSection, ...]
    hosts: tuple[HostLine, ...]
    feeds: str
    waiting: str
    charts: tuple[Chart, ...]
    sites: tuple[SiteLine, ...] = ()


def health_view(
    findings: Sequence[Finding],
    subscriptions: Iterable[Subscription],
    waiting: Waiting,
    arrived: Sequence[ArrivedArticle],
    moment: Moment,
    icons: Icons = NO_ICONS,
    sites: tuple[SiteLine, ...] = (),
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
            sections.append(HealthSection(title=gettext(title), count=len(some), lines=shown, more=more))
    ill = len({one.feed_id for one, _ in lines if one.level != "note"})
    return HealthView(
        general=tuple(_host_line(one) for one in findings if one.about == "polling"),
        sections=tuple(sections),
        hosts=tuple(_host_line(one) for one in findings if one.about == "host")[:SHOWN],
        feeds=_feeds(len(by_id), ill),
        waiting=_waiting(waiting),
        charts=(_completeness_chart(arrived, moment), _latency_chart(arrived, moment)),
        sites=sites,
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


def _feeds(count: int, ill: int) -> str:
    """Say how many feeds there are, and how many of them have a problem."""
    if not ill:
        return formatting.counted("{n} feed, all well.", "{n} feeds, all well.", count)
    words = ngettext("{n} feed, {ill} with a problem.", "{n} feeds, {ill} with a problem.", count)
    return words.format(n=number(count), ill=number(ill))


def _waiting(waiting: Waiting) -> str:
    if not waiting.pages:
        return gettext("No page waits to be read.")
    return formatting.counted("{n} page waiting to be read.", "{n} pages waiting to be read.", waiting.pages)


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
        title = gettext("{day}: {whole} whole of {all}").format(
            day=formats.day(day), whole=number(whole), all=number(len(some))
        )
        full, part = HEIGHT * whole / most, HEIGHT * (len(some) - whole) / most
        x = place * (BAR + GAP)
        if full:
            bars.append(Bar(x=x, y=round(HEIGHT - full, 1), height=round(full, 1), kind="whole", title=title))
        if part:
            y = round(HEIGHT - full - part, 1)
            bars.append(Bar(x=x, y=y, height=round(part, 1), kind="partial", title=title))
    total = sum(len(some) for _, some in days)
    whole = sum(one.whole for _, some in days for one in some)
    summary = _no_articles()
    if total:
        words = ngettext(
            "{share} % of {n} article in {days} days are whole.",
            "{share} % of {n} articles in {days} days are whole.",
            total,
        )
        summary = words.format(share=number(100 * whole / total), n=number(total), days=DAYS)
    return _chart(gettext("Whole articles"), summary, bars, days)


def _no_articles() -> str:
    return gettext("No articles in {days} days.").format(days=DAYS)


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
            title=gettext("{day}: {span}").format(day=formats.day(day), span=_hours(median)),
        )
        for place, ((day, _), median) in enumerate(zip(days, medians, strict=True))
        if median is not None
    ]
    every = [one for some in delays for one in some]
    summary = _no_articles()
    if every:
        usual = _hours(statistics.median(every))
        summary = gettext("Half of the articles are here {span} after their publication, or sooner.").format(
            span=usual
        )
    return _chart(gettext("From publication to here"), summary, bars, days)


def _chart(
    title: str, summary: str, bars: Sequence[Bar], days: Sequence[tuple[date, list[ArrivedArticle]]]
) -> Chart:
    return Chart(
        title=title,
        summary=summary,
        bars=tuple(bars),
        width=DAYS * (BAR + GAP) - GAP,
        height=HEIGHT,
        first=formats.day(days[0][0]),
        last=formats.day(days[-1][0]),
    )


def _delay(one: ArrivedArticle) -> float:
    """Return the hours between an article's publication and its arrival."""
    return max(0.0, (one.seen - one.published).total_seconds() / 3600)


def _hours(hours: float) -> str:
    if hours < 1:
        return formatting.counted("{n} minute", "{n} minutes", max(1, round(hours * 60)))
    if hours < 48:
        return formatting.counted("{n} hour", "{n} hours", round(hours))
    return formatting.counted("{n} day", "{n} days", round(hours / 24))
