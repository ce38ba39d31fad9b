"""Diagnosis of feeds, hosts and rules: each problem with its reason and what to do. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from unabridged.archive.records.core import FeedMove, StoredFeed, Subscription
from unabridged.archive.records.polling import FailingPage, FeedLengths, HubSubscription, Waiting, silent_from
from unabridged.poll.extractor.suspect_pages import SiteAlarm, SuspectPages
from unabridged.poll.feeds.same_feeds import SameFeed
from unabridged.urls import host, origin

BROKEN_AFTER = timedelta(days=7)
"""A feed that fails for longer than this is unlikely to recover without help."""

MOVED_RECENTLY = timedelta(days=60)
OVERDUE = timedelta(hours=2)
"""Feeds that are due for longer than this mean that no poller runs."""

EXAMPLES = 3

SHRUNK_TO = 0.4
MIN_RECENT, MIN_BEFORE = 3, 5
"""A feed has shrunk if its articles have less than this share of the words that they had on average before;
with fewer articles than these, nothing is said."""

NO_LENGTHS: Mapping[int, FeedLengths] = {}

Level = Literal["broken", "warning", "note"]
"""broken: something is missing and a person has to act. warning: it may recover. note: for information."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem. name: the feed, host or rule file it is about.

    kind: a stable identifier for programs; what: a sentence for people; since: when it began. into: number of
    the feed that this one can be merged into.
    """

    level: Level
    about: Literal["feed", "host", "rule", "polling"]
    name: str
    kind: str
    what: str
    advice: str = ""
    feed_id: int | None = None
    since: datetime | None = None
    into: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleUse:
    """Recent use of a file of site rules. pages: articles read with it; missed: those in which its body
    expressions matched nothing; ignored: lines of the file that have no effect."""

    file: str
    pages: int
    missed: int
    ignored: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Input of `diagnose`. moves, hubs, lengths: by feed ID. quarantined: feeds that crashed the parser.

    same: feeds that are the same as another one. sites: profiles with an alarm now or lately."""

    subscriptions: Sequence[Subscription]
    moves: Mapping[int, Sequence[FeedMove]]
    hubs: Mapping[int, HubSubscription]
    quarantined: frozenset[int]
    pages: Sequence[FailingPage]
    rules: Sequence[RuleUse]
    waiting: Waiting
    lengths: Mapping[int, FeedLengths] = field(default_factory=lambda: NO_LENGTHS)
    same: Sequence[SameFeed] = ()
    sites: Sequence[SiteAlarm] = ()


def diagnose(evidence: Evidence, now: datetime) -> tuple[Finding, ...]:
    """Return all problems, broken things first."""
    found = [*_polling(evidence.waiting, now)]
    for subscription in evidence.subscriptions:
        found += _feed(subscription, evidence, now)
    found += _same(evidence)
    found += _hosts(evidence.pages)
    found += _rules(evidence.rules)
    found += _sites(evidence.sites)
    order: tuple[Level, ...] = ("broken", "warning", "note")
    return tuple(sorted(found, key=lambda one: order.index(one.level)))


def _polling(waiting: Waiting, now: datetime) -> Iterator[Finding]:
    since = waiting.feeds_since
    if since is not None and now - since > OVERDUE:
        yield Finding(
            level="broken",
            about="polling",
            name="poller",
            kind="not-polling",
            what=f"{waiting.feeds} feeds are due, the first for {rough_duration(now - since)}: "
            "nobody polls them.",
            advice="Run `unabridged serve` or `unabridged poll --watch`, or put `unabridged poll` into cron.",
            since=since,
        )


def _feed(subscription: Subscription, evidence: Evidence, now: datetime) -> Iterator[Finding]:
    feed = subscription.feed
    for rule in (_gone, _failing, _paused, _silent, _repaired):
        problem = rule(feed, now)
        if problem is not None:
            level, kind, what, advice, since = problem
            yield _finding(subscription, level, kind, what, advice, since)
    if (shrunk := _shrunk(evidence.lengths.get(feed.id))) is not None and feed.status == "active":
        yield _finding(subscription, "warning", "shrunk", *shrunk)
    if (stayed := login_stayed(subscription)) is not None:
        yield _finding(subscription, "warning", "login", *stayed)
    for move in evidence.moves.get(feed.id, ())[-1:]:
        if now - move.at < MOVED_RECENTLY:
            what = f"It moved from {move.old_url} to {move.new_url}."
            yield _finding(subscription, "note", "moved", what, "", move.at)
    if feed.id in evidence.quarantined:
        what = "One of its documents crashed the parser; that document is stored apart."
        yield _finding(
            subscription, "note", "quarantined", what, "`unabridged doctor --body NUMBER` prints it."
        )
    hub = evidence.hubs.get(feed.id)
    if hub is not None and hub.state == "denied":
        what = f"The hub {hub.hub} refused the subscription: {hub.message}"
        yield _finding(subscription, "note", "hub", what, "Nothing to do: it is polled as before.")


def _sites(sites: Sequence[SiteAlarm]) -> Iterator[Finding]:
    """Yield the sites that were redesigned, or whose pages are not what was learnt any more."""
    for one in sites:
        site = one.stored
        if site.alarm:
            yield Finding(
                level="warning",
                about="rule",
                name=site.site,
                kind="site-changed",
                what=f"The site was redesigned, or is not what was learnt about it: {site.alarm}."
                + _read_meanwhile(one.pages),
                advice="Nothing is lost: its pages are extracted the general way until it is learnt again. "
                f"`unabridged rules learn {site.site}` learns it now.",
                since=site.alarmed,
            )
        else:
            yield Finding(
                level="note",
                about="rule",
                name=site.site,
                kind="site-learnt",
                what="The site was redesigned, and was learnt again." + _read_meanwhile(one.pages),
                advice=_replay_advice(one.pages),
                since=site.alarmed,
            )


def _read_meanwhile(pages: SuspectPages | None) -> str:
    """Say how many articles were read while the profile was out of date."""
    if pages is None:
        return ""
    more = "more than " if pages.more else ""
    articles = "article" if pages.pages == 1 else "articles"
    came = f" Since the first sign {more}{pages.pages} {articles} came"
    return f"{came}, {pages.by_profile} of them by the old profile."


def _replay_advice(pages: SuspectPages | None) -> str:
    if pages is None:
        return "Nothing to do."
    if pages.replayed:
        return "Nothing to do: the articles that came meanwhile were extracted again."
    return (
        f"`unabridged replay {pages.options}` extracts these again; a worse text never replaces a better one."
    )


def _same(evidence: Evidence) -> Iterator[Finding]:
    names = {one.feed.id: one for one in evidence.subscriptions}
    advice = "Merge the two in the reader (page Health), or `unabridged remove NUMBER`."
    for one in evidence.same:
        found = _finding(names[one.feed_id], "warning", "same", one.why, advice)
        yield replace(found, into=one.into)


def login_stayed(subscription: Subscription) -> tuple[str, str] | None:
    """Return (problem, advice) for a feed that moved to another site than its login, None for any other."""
    if subscription.login_origin is None:
        return None
    here, number = origin(subscription.feed.url), subscription.feed.id
    what = f"Its login belongs to {subscription.login_origin} and is not sent to {here}, its address now."
    advice = (
        f"`unabridged set {number} origin={here}` sends it there; "
        f"`unabridged set {number} user=NAME password=-` gives a new one."
    )
    return what, advice


def _shrunk(lengths: FeedLengths | None) -> tuple[str, str] | None:
    """Return (problem, advice) for a feed whose articles have become much shorter, None for any other."""
    if lengths is None or lengths.recent < MIN_RECENT or lengths.before < MIN_BEFORE:
        return None
    lately, earlier = lengths.recent_words / lengths.recent, lengths.before_words / lengths.before
    if lately >= SHRUNK_TO * earlier:
        return None
    what = f"Its articles have {lately:,.0f} words on average, {earlier:,.0f} before."
    return what, "See whether the site was redesigned or asks for a login now: `unabridged read ADDRESS`."


def _finding(
    subscription: Subscription,
    level: Level,
    kind: str,
    what: str,
    advice: str,
    since: datetime | None = None,
) -> Finding:
    return Finding(
        level=level,
        about="feed",
        name=subscription.title,
        kind=kind,
        what=what,
        advice=advice.replace("NUMBER", str(subscription.feed.id)),
        feed_id=subscription.feed.id,
        since=since,
    )


_Problem = tuple[Level, str, str, str, datetime | None] | None


def _gone(feed: StoredFeed, now: datetime) -> _Problem:
    if feed.status != "gone":
        return None
    advice = (
        f"Look for a new one with `unabridged find {feed.site_url or feed.url}`, then `unabridged set NUMBER "
        "url=…`, or `unabridged remove NUMBER`; saved articles stay. `unabridged resume NUMBER` tries again."
    )
    return "broken", "gone", "The publisher ended this feed (410).", advice, feed.failed_at


def _failing(feed: StoredFeed, now: datetime) -> _Problem:
    if feed.status != "active" or feed.last_failure is None or not feed.failures:
        return None
    since = feed.failing_since or feed.failed_at
    dead = since is not None and now - since > BROKEN_AFTER
    lasting = f"Failing for {rough_duration(now - since)}" if since else "Failing"
    if since and feed.failures > 1:
        lasting += f", {feed.failures} times in a row"
    ahead = feed.next_poll_at - now if feed.next_poll_at is not None else timedelta()
    again = f" Tried again in {rough_duration(ahead)}." if ahead > timedelta() else ""
    what = f"{lasting}: {feed.last_failure.message}{again}"
    return "broken" if dead else "warning", feed.last_failure.kind, what, feed.last_failure.advice, since


def _paused(feed: StoredFeed, now: datetime) -> _Problem:
    if feed.status != "paused":
        return None
    return "note", "paused", "It is paused.", "`unabridged resume NUMBER` resumes it.", None


def _silent(feed: StoredFeed, now: datetime) -> _Problem:
    if feed.status != "active" or feed.last_post is None or feed.failures:
        return None
    silence = now - feed.last_post
    usual = timedelta(seconds=feed.usual_gap or 0)
    if now <= silent_from(feed.last_post, feed.usual_gap):
        return None
    rhythm = f"; it used to post every {rough_duration(usual)}" if usual else ""
    advice = (
        f"See whether its site goes on elsewhere: `unabridged find {feed.site_url or feed.url}`. "
        "If it ended, `unabridged remove NUMBER`; saved articles stay."
    )
    return "warning", "silent", f"Nothing new for {rough_duration(silence)}{rhythm}.", advice, feed.last_post


def _repaired(feed: StoredFeed, now: datetime) -> _Problem:
    if not feed.notes:
        return None
    what = f"Its document has errors: {'; '.join(feed.notes)}"
    return "note", "mended", what, "Nothing to do: it is read all the same.", None


def _hosts(pages: Sequence[FailingPage]) -> Iterator[Finding]:
    """Yield a finding for each host and kind of failure, those with most pages first."""
    groups: dict[tuple[str, str], list[FailingPage]] = {}
    for page in pages:
        groups.setdefault((host(page.url), page.failure.kind), []).append(page)
    for (name, kind), some in sorted(groups.items(), key=lambda group: -len(group[1])):
        given_up = sum(page.next_try_at is None for page in some)
        later = len(some) - given_up
        count = f"{len(some)} page{'s' if len(some) > 1 else ''}"
        what = (
            f"{count} could not be read ({given_up} given up, {later} tried again): {some[0].failure.message}"
        )
        retry = f" `unabridged doctor --retry {name}` tries them again." if given_up else ""
        yield Finding(
            level="warning",
            about="host",
            name=name,
            kind=kind,
            what=what,
            advice=some[0].failure.advice + retry,
            since=min((page.tried for page in some if page.tried), default=None),
        )


def _rules(rules: Sequence[RuleUse]) -> Iterator[Finding]:
    for use in rules:
        problem = _rule(use)
        if problem is not None:
            level, kind, what, advice = problem
            yield Finding(level=level, about="rule", name=use.file, kind=kind, what=what, advice=advice)


def _rule(use: RuleUse) -> tuple[Level, str, str, str] | None:
    if use.missed:
        what = f"Its body expressions matched nothing on {use.missed} of the last {use.pages} pages."
        advice = (
            "The site was probably redesigned: fix the rule (`unabridged rules test`), or remove the file."
        )
        return "broken" if use.missed == use.pages else "warning", "no-match", what, advice
    if use.ignored:
        lines = f"{use.ignored} of its lines have no effect."
        return "note", "ignored-lines", lines, "`unabridged rules lint` lists them."
    return None


def rule_usage(
    files: Iterable[tuple[str, int]],
    pages: Iterable[tuple[int, str]],
    *,
    names_of: Callable[[str], Sequence[str]],
    warnings_of: Callable[[int], Sequence[str]],
) -> tuple[RuleUse, ...]:
    """Count how often rule files match on the newest pages of their sites.

    files: file name and number of lines without effect. pages: article ID and URL, newest first.
    names_of: returns the rule files of a host. warnings_of: returns the warnings of an article.
    """
    known = dict(files)
    read, missed = Counter[str](), Counter[str]()
    for number, url in pages:
        for name in names_of(host(url)):
            if name in known and read[name] < EXAMPLES:
                read[name] += 1
                unmatched = any(
                    note.startswith("No body expression of ") and name in note for note in warnings_of(number)
                )
                missed[name] += unmatched
    return tuple(
        RuleUse(file=name, pages=read[name], missed=missed[name], ignored=ignored)
        for name, ignored in known.items()
        if read[name]
    )


def rough_duration(time: timedelta) -> str:
    """Return a duration in words, rounded down to its largest unit."""
    seconds = max(0, int(time.total_seconds()))
    for unit, size in (("year", 31_557_600), ("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size * (2 if unit == "year" else 1):
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "a moment"
