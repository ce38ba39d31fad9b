"""View-models of one article: its page, its history, the diff of two versions. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from unabridged import urls
from unabridged.archive.records.core import (
    Headline,
    Observation,
    PageRecord,
    RevisionLine,
    StoredArticle,
    StoredRevision,
)
from unabridged.archive.records.library import Tag
from unabridged.model import Article, Enclosure
from unabridged.serve.diff_child import DiffTask, VersionDiff
from unabridged.serve.languages import formats
from unabridged.serve.languages.formats import capitalised
from unabridged.serve.languages.messages import gettext, later, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.facts import SOURCES, Fact, facts, incomplete
from unabridged.serve.views.lists import Moment, Monogram, Problem
from unabridged.serve.views.playback import Player, Transcript
from unabridged.serve.views.sidebar import NavItem
from unabridged.text import diff
from unabridged.text.scripts import direction as direction_of
from unabridged.text.words import count_words

LANGUAGE_SAMPLE = 20_000
"""Characters of a text used to guess its language, and its title if it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """The next newer or older article of the same source."""

    href: str
    title: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """Page of one article. body: safe HTML with images through the image proxy.

    can_fetch: offer to fetch the page again. labels: the user's tags on the article, with links to their
    lists; known_labels: the user's other tags. muted: why the article is set aside, or "". same_as:
    number of the article of which this one is a duplicate, or None. edits: how often the publisher edited it,
    or ""; changes_href: the changes of the last edit.
    """

    id: int
    title: str
    language: str | None
    direction: str
    source: str
    source_href: str
    monogram: Monogram
    authors: str
    published: str
    datetime: str
    when: str
    minutes: int
    lead: str | None
    lead_caption: str
    body: str
    url: str
    url_shown: str
    site: str
    section: str
    tags: tuple[str, ...]
    facts: tuple[Fact, ...]
    read: bool
    starred: bool
    revision: int
    edits: str
    changes_href: str
    latest: bool
    version_note: str
    problem: Problem | None
    can_fetch: bool
    enclosures: tuple[Fact, ...]
    players: tuple[Player, ...]
    minutes_played: int
    transcripts: tuple[Transcript, ...]
    people: tuple[str, ...]
    feed: int | None
    muted: str
    has_raw_page: bool
    labels: tuple[NavItem, ...]
    known_labels: tuple[str, ...]
    same_as: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version in the history."""

    number: int
    href: str
    title: str
    saved: str
    datetime: str
    label: str
    reason: str
    edit: bool
    diff_href: str
    current: bool
    raw_page: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffView:
    """Differences of two versions. parts: changed paragraphs, and tuples of unchanged ones."""

    old: Version
    new: Version
    title: diff.Paragraph | None
    parts: tuple[diff.Paragraph | tuple[diff.Paragraph, ...], ...]
    added: str
    removed: str
    same: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleHeading:
    """Heading of the pages about an article's versions."""

    id: int
    title: str
    language: str | None
    direction: str
    same_as: int | None


def article_heading(stored: StoredArticle) -> ArticleHeading:
    """Build the heading of a page about an article's versions, without scanning its whole text."""
    article = stored.article
    language = formatting.language_of(article.language, (article.text or article.title)[:LANGUAGE_SAMPLE])
    return ArticleHeading(
        id=stored.id,
        title=article.title or formatting.fallback_title(article.text[:LANGUAGE_SAMPLE], article.url),
        language=language,
        direction=direction_of(language, article.text[:LANGUAGE_SAMPLE] or article.title),
        same_as=stored.same_as,
    )


def neighbour(stored: StoredArticle, suffix: str = "") -> Neighbour:
    """Build the link to the next newer or older article. suffix: query string of the link."""
    article = stored.article
    return Neighbour(
        href=f"/a/{stored.id}{suffix}",
        title=article.title or formatting.fallback_title(article.text, article.url),
        language=formatting.language_of(article.language, article.title),
    )


def article_view(
    stored: StoredArticle,
    moment: Moment,
    *,
    versions: Sequence[RevisionLine],
    proxy_url: Callable[[str], str],
    rewrite_body: Callable[[str], str],
    own_tags: Sequence[str] = (),
    tags: Sequence[Tag] = (),
) -> ArticleView:
    """Build an article's page.

    versions: its history. proxy_url: returns an image's URL at our proxy; rewrite_body: prepares HTML for
    output. own_tags: the user's tags on the article; tags: all tags of the user.
    """
    article = stored.article
    source = stored.feed_title or article.site_name or stored.source
    language = formatting.language_of(article.language, article.text or article.title)
    lead = lead_image(article)
    return ArticleView(
        id=stored.id,
        title=article.title or formatting.fallback_title(article.text, article.url),
        language=language,
        direction=direction_of(language, article.text or article.title),
        source=source,
        source_href=lists.feed_path(stored.feed_id) if stored.feed_id else lists.source_path(stored.source),
        monogram=lists.monogram(source, stored.feed_id),
        authors=", ".join(article.authors or article.credit),
        published=_published_text(article, moment),
        when=formatting.zoned_time(article.published, moment.zone) if article.published else "",
        datetime=article.published.isoformat() if article.published else "",
        minutes=formatting.reading_minutes(count_words(article.text), language),
        lead=proxy_url(lead) if lead else None,
        lead_caption=next((m.caption for m in article.media if m.url == lead and m.caption), ""),
        body=rewrite_body(article.html),
        url=urls.web_address(article.url) or "",
        url_shown=urls.readable(article.url),
        site=article.site_name or urls.host(article.url).removeprefix("www."),
        section=article.section or "",
        tags=article.tags[:12],
        facts=tuple(facts(stored, moment)),
        read=stored.read,
        starred=stored.starred,
        revision=stored.revision,
        edits=formatting.edits_text(stored.edits, stored.edited, moment.zone),
        changes_href=_last_changes(stored.id, versions),
        latest=True,
        version_note="",
        problem=page_problem(stored, moment),
        can_fetch=urls.web_address(article.url) is not None,
        enclosures=tuple(_enclosure_facts(article.enclosures)),
        players=(),
        minutes_played=0,
        transcripts=(),
        people=(article.authors or article.credit)[:6],
        feed=stored.feed_id,
        muted=formatting.aside_reason(stored.muted) if stored.muted and stored.same_as is None else "",
        has_raw_page=stored.snapshot is not None,
        labels=tuple(
            NavItem(name=tag.name, href=lists.tag_path(tag.id)) for tag in tags if tag.name in own_tags
        ),
        known_labels=tuple(tag.name for tag in tags if tag.name not in own_tags),
        same_as=stored.same_as,
    )


def with_marks(stored: StoredArticle, marked: StoredArticle) -> StoredArticle:
    """Return an article with the read and starred marks of another, of which it is a duplicate."""
    return replace(stored, read=marked.read, starred=marked.starred)


def duplicate_links(lines: Iterable[Headline]) -> tuple[Fact, ...]:
    """List the duplicates of an article under other URLs, with links."""
    return tuple(
        Fact(
            name=gettext("Number {id}").format(id=line.id),
            value=urls.readable(line.url),
            href=f"/a/{line.id}",
        )
        for line in lines
    )


def _enclosure_facts(enclosures: Iterable[Enclosure]) -> Iterable[Fact]:
    """List the enclosures of an entry; only http(s) URLs become links."""
    for item in enclosures:
        if urls.web_address(item.url):
            name = item.title or item.url.split("?")[0].rsplit("/", 1)[-1] or item.url
            facts = (item.type, formats.size(item.length) if item.length else "")
            yield Fact(name=name, value=" · ".join(filter(None, facts)), href=item.url)


def at_version(stored: StoredArticle, revision: StoredRevision) -> StoredArticle:
    """Return the article with the content of an older version and its present marks."""
    return replace(
        stored,
        article=revision.article,
        revision=revision.line.number,
        revision_source=revision.line.source,
        revised=revision.line.saved,
        content_hash=revision.line.content_hash,
        snapshot=revision.line.snapshot,
    )


def mark_old_version(view: ArticleView, stored: StoredArticle, newest: int, moment: Moment) -> ArticleView:
    """Mark a page as showing an older version, with the time when it was saved."""
    saved = formatting.date_time(stored.revised, moment.zone)
    note = gettext("Version {number}, saved {time}, from {source}.").format(
        number=view.revision, time=saved, source=gettext(SOURCES[stored.revision_source])
    )
    is_newest = view.revision == newest
    return replace(
        view, latest=is_newest, version_note="" if is_newest else note, problem=None, can_fetch=False
    )


def lead_image(article: Article) -> str | None:
    """Return the lead image unless the body contains it, or near its start another size of it."""
    lead = article.lead_image
    if not lead or not lead.startswith(("http://", "https://")):
        return None
    if lead in article.html or lead.replace("&", "&amp;") in article.html:
        return None
    name = lead.split("?")[0].rsplit("/", 1)[-1]
    # Another size of the same image usually has the same file name.
    if len(name) > 8 and name in article.html[:6000]:
        return None
    return lead


def _published_text(article: Article, moment: Moment) -> str:
    """Return the time of publication for the viewer; as the publisher stated it if it names no zone."""
    clock = next((c for c in article.clocks if c.at == article.published), None)
    if article.published is None:
        return ""
    if clock is not None and (clock.day_only or not clock.zone_stated):
        return formatting.publisher_time(article.published, day_only=clock.day_only, zone_stated=False)
    return formatting.date_time(article.published, moment.zone)


def page_problem(stored: StoredArticle, moment: Moment) -> Problem | None:
    """Explain why an article is incomplete, what to do, and when it is tried again; None if complete."""
    if stored.page.taken_down is not None:
        since = formatting.date_time(stored.page.taken_down, moment.zone)
        return Problem(
            what=gettext("The publisher has taken this article down ({time}).").format(time=since),
            advice=gettext("Its text stays here."),
        )
    if stored.revision_source == "feed":
        found = _missing_page(stored.page, moment)
        if found is not None:
            return found
    return incomplete(stored.article.completeness)


def _missing_page(page: PageRecord, moment: Moment) -> Problem | None:
    if page.state == "failed" and page.failure is not None:
        problem = lists.failure_problem(page.failure, page.next_try_at, moment)
        own = gettext("This is the feed’s own text; its page could not be read.")
        return replace(problem, what=sentences(own, problem.what))
    if page.state == "waiting":
        return Problem(
            what=gettext("This is the feed’s own text. The full article is being fetched."),
            advice=gettext("Reload this page in a moment."),
        )
    if page.state == "skipped":
        return Problem(
            what=gettext(
                "This is the feed’s own text: the article is older than what a new subscription reads whole."
            )
        )
    return None


def history(article_id: int, lines: Sequence[RevisionLine], moment: Moment) -> tuple[Version, ...]:
    """Build an article's history, newest first, each version with a link to its changes."""
    newest = lines[-1].number if lines else 0
    versions = [
        Version(
            number=line.number,
            href=f"/a/{article_id}/v/{line.number}",
            title=line.title,
            saved=formatting.date_time(line.saved, moment.zone),
            datetime=line.saved.isoformat(),
            label=capitalised(reported(line.label)),
            reason=_reason(line),
            edit=line.edit,
            diff_href=f"/a/{article_id}/diff/{before.number}..{line.number}" if before else "",
            current=line.number == newest,
            raw_page=line.snapshot is not None,
        )
        for before, line in zip([None, *lines[:-1]], lines, strict=True)
    ]
    return tuple(reversed(versions))


def _reason(line: RevisionLine) -> str:
    """Return what is new in a version, or how long it is."""
    if not line.reason or (line.source == "feed" and not line.edit):
        return formatting.words_counted(line.words)
    return reported(line.reason)


def _last_changes(article_id: int, lines: Sequence[RevisionLine]) -> str:
    """Return the address of the changes of the last edit, "" without one."""
    pairs = [(before.number, line.number) for before, line in pairwise(lines) if line.edit]
    return f"/a/{article_id}/diff/{pairs[-1][0]}..{pairs[-1][1]}" if pairs else ""


def page_checks(observations: Sequence[Observation], moment: Moment) -> tuple[Fact, ...]:
    """List the latest checks of an article's page, newest first."""
    return tuple(
        Fact(
            name=formatting.date_time(seen.at, moment.zone),
            value=_check_text(seen),
        )
        for seen in reversed(observations[-20:])
    )


CHECKS = {
    "new": later("first read"),
    "same": later("unchanged"),
    "changed": later("changed"),
    "worse": later("worse than the stored version, not saved"),
    "failed": later("could not be read"),
    "gone": later("taken down by the publisher"),
}
"""Kind of an observation -> the result in words."""


def _check_text(seen: Observation) -> str:
    result = gettext(CHECKS[seen.kind])
    if not seen.reason:
        return result
    return gettext("{result}: {reason}").format(result=result, reason=reported(seen.reason))


def diff_task(old: StoredRevision, new: StoredRevision) -> DiffTask:
    """Return the texts and titles of two versions to compare."""
    return DiffTask(text=(old.article.text, new.article.text), title=(old.article.title, new.article.title))


def diff_view(old: StoredRevision, new: StoredRevision, compared: VersionDiff, moment: Moment) -> DiffView:
    """Build the page that shows the differences between two versions."""
    one, two = (history(old.article_id, (revision.line,), moment)[0] for revision in (old, new))
    found, title = compared.text, compared.title.paragraphs
    return DiffView(
        old=one,
        new=two,
        title=title[0] if len(title) == 1 else None,
        parts=tuple(diff.collapse_unchanged(found.paragraphs)),
        added=formatting.words_counted(found.added),
        removed=formatting.words_counted(found.removed),
        same=old.article.text == new.article.text and old.article.title == new.article.title,
        note=reported(diff.LIMITED) if found.limited else "",
    )
