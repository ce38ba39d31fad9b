"""Facts about the stored copy of an article: its times with their origins, its completeness, hashes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unabridged import urls
from unabridged.archive.records.core import RevisionSource, StoredArticle
from unabridged.model import Clock, Completeness
from unabridged.serve.languages.messages import gettext, later, pgettext, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting
from unabridged.serve.views.lists import Moment, Problem

ORIGINS = {
    "feed": later("the feed"),
    "json-ld": later("the page's data"),
    "microdata": later("the page's data"),
    "meta": later("the page's head"),
    "page": later("the page's text"),
    "url": later("the address"),
    "rule": later("a site rule"),
    "learnt": later("a learnt rule"),
    "document": later("the archive document"),
    "http": later("the server"),
    "clock": later("our clock"),
}
SOURCES: Mapping[RevisionSource, str] = {
    "feed": later("the feed’s own text"),
    "page": later("the publisher’s page"),
    "document": later("an archive document"),
    "jsonl": later("an imported record"),
    "replay": later("the stored page, extracted again"),
    "archive": later("a web archive"),
}
CLOCKS = {
    "published": later("Published"),
    "modified": later("Modified"),
    "feed": later("In the feed"),
    "service": later("Archiver’s clock"),
}
COMPLETE = {
    "full": later("The whole text, as far as can be told."),
    "live_blog": later("A live blog: the text so far. The publisher may add to it."),
}
INCOMPLETE = {
    "truncated": later("The text is incomplete: the publisher shows only a part of it."),
    "paywalled": later("The rest of this article is behind a paywall."),
    "blocked": later("The site did not show us the article."),
    "consent_wall": later("The site asked for consent to cookies instead of showing the article."),
    "not_an_article": later("This page does not look like an article."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    name: str
    value: str
    href: str = ""


def incomplete(completeness: Completeness) -> Problem | None:
    """Describe in which way a text is incomplete, with the evidence; None if it is complete."""
    if completeness.whole:
        return None
    return Problem(what=gettext(INCOMPLETE[completeness.kind]), advice=_evidence(completeness))


def _evidence(found: Completeness) -> str:
    if not found.evidence:
        return ""
    return gettext("Evidence: {evidence}.").format(evidence="; ".join(map(reported, found.evidence)))


def _completeness(found: Completeness) -> str:
    """Say in words how complete a text is, with the evidence."""
    words = INCOMPLETE.get(found.kind) or COMPLETE[found.kind]
    return sentences(gettext(words), _evidence(found))


def facts(stored: StoredArticle, moment: Moment) -> Iterable[Fact]:
    """List the facts about this copy: all stated times with their origins, our times, hashes."""
    article = stored.article
    yield Fact(
        name=gettext("Address"), value=urls.readable(article.url), href=urls.web_address(article.url) or ""
    )
    if article.canonical_url and article.canonical_url != article.url:
        known = urls.web_address(article.canonical_url) or ""
        yield Fact(name=gettext("Canonical"), value=urls.readable(article.canonical_url), href=known)
    for clock in article.clocks:
        yield Fact(name=gettext(CLOCKS[clock.kind]), value=_claimed_time(clock))
    yield Fact(name=gettext("Completeness"), value=_completeness(article.completeness))
    yield Fact(name=gettext("First seen"), value=formatting.date_time(stored.first_seen, moment.zone))
    if stored.fetched:
        yield Fact(name=gettext("Page fetched"), value=formatting.date_time(stored.fetched, moment.zone))
    yield Fact(
        name=gettext("Version"),
        value=gettext("{number}, from {source}, saved {time}").format(
            number=stored.revision,
            source=gettext(SOURCES[stored.revision_source]),
            time=formatting.date_time(stored.revised, moment.zone),
        ),
        href=f"/a/{stored.id}/v/{stored.revision}",
    )
    yield Fact(name=gettext("SHA-256 of this version"), value=stored.content_hash)
    if stored.snapshot:
        yield Fact(name=gettext("SHA-256 of the raw page"), value=stored.snapshot)
    if article.credit:
        yield Fact(name=gettext("Credit"), value=", ".join(article.credit))
    if article.section:
        yield Fact(name=gettext("Section"), value=article.section)
    for warning in article.warnings:
        yield Fact(name=pgettext("about a copy", "Note"), value=reported(warning))


def _claimed_time(clock: Clock) -> str:
    time = formatting.publisher_time(clock.at, day_only=clock.day_only, zone_stated=clock.zone_stated)
    words = gettext("{time}, from {origin}")
    if not clock.zone_stated and not clock.day_only:
        words = gettext("{time}, from {origin}, zone not stated")
    return words.format(time=time, origin=gettext(ORIGINS[clock.origin]))
