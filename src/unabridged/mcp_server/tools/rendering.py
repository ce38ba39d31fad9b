"""Records of the archive as answers: structured content, and the same as text. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from unabridged.archive.records.changes import ArticleChange, ArticleChangeKind, seen_at
from unabridged.archive.records.core import (
    ChangeKind,
    Headline,
    Observation,
    RevisionLine,
    StoredArticle,
    StoredRevision,
    Subscription,
)
from unabridged.archive.records.search import Hit
from unabridged.formats.markdown import write_markdown
from unabridged.mcp_server.text.parts import Part
from unabridged.mcp_server.text.untrusted import fenced, label, visible
from unabridged.mcp_server.tools import answers
from unabridged.text.diff import LIMITED, Diff, Paragraph, collapse_unchanged, shortened

SUMMARY = 240
"""Characters of an article's summary in a list."""
TITLE = 300
NAMES = 30
"""Most authors, tags, folders, copies and pieces of evidence in one answer."""

MARKS = {"added": "{{+{}+}}", "removed": "[-{}-]", "same": "{}"}
KINDS: Mapping[ArticleChangeKind, str] = {
    "edited": "edited",
    "taken_down": "page taken down",
    "restored": "page back again",
}
CHANGED = 800
AROUND = 60
"""Characters of the words of one change in a list, and of unchanged text beside a change."""

MOVED = {"removed": "(moved away from here)", "added": "(moved here)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Answer of a tool, structured and as text."""

    answer: answers.Answer
    text: str


def cut(text: str, most: int) -> str:
    """Return a name or title on one line, cut to a number of characters."""
    text = label(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def _names(names: Iterable[str]) -> list[str]:
    return [cut(name, TITLE) for name in list(names)[:NAMES]]


def when(at: datetime | None) -> str:
    """Return a time in UTC for people and models."""
    return "unknown" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def reply(head: Iterable[str], publishers: str, cursor: str | None, answer: answers.Answer) -> Reply:
    """Return an answer with its text: what we say, then what publishers wrote, then how to go on."""
    parts = [*filter(None, head), answer.notice, fenced(publishers)] if publishers else [*filter(None, head)]
    if cursor is not None:
        parts.append(f"There is more. Call again with the same arguments and cursor={cursor}")
    return Reply(answer=answer, text="\n".join(parts))


# Lists of articles


def article_line(
    line: Headline,
    *,
    summary: str | None = None,
    version: int | None = None,
    copies: Sequence[int] = (),
) -> answers.ArticleLine:
    """Return an article of a list. summary: instead of its own. copies: articles folded under it."""
    return answers.ArticleLine(
        id=line.id,
        title=cut(line.title, TITLE) or "(no title)",
        url=visible(line.url),
        feed=None if line.feed_title is None else cut(line.feed_title, TITLE),
        feed_id=line.feed_id,
        published=line.published,
        first_seen=line.first_seen,
        words=line.words,
        language=line.language,
        read=line.read,
        starred=line.starred,
        edits=line.edits,
        edited=line.edited,
        summary=cut(line.summary if summary is None else summary, SUMMARY),
        version=version,
        copies=list(copies[:NAMES]),
    )


def hit_line(hit: Hit, copies: Sequence[int] = ()) -> answers.ArticleLine:
    """Return a hit of a search with the passage that was found. copies: hits folded under it."""
    passage = "".join(span.text for span in hit.snippet)
    return article_line(hit.headline, summary=passage or None, version=hit.version, copies=copies)


def article_list(answer: answers.ArticleList, what: str) -> Reply:
    """Return a list of articles. what: which articles these are, for people."""
    head = [f"{what}: {_count(answer)}."]
    if answer.not_indexed:
        head.append(f"{answer.not_indexed} articles are not indexed yet and cannot be found.")
    lines = "\n\n".join(map(_line_text, answer.articles))
    return reply(head, lines, answer.next_cursor, answer)


def _count(answer: answers.ArticleList) -> str:
    here = len(answer.articles)
    if answer.total is None or answer.total == here:
        return str(here) if here else "none"
    return f"{here} of {answer.total}"


def _line_text(line: answers.ArticleLine) -> str:
    facts = [
        f"article {line.id}",
        when(line.published or line.first_seen),
        line.feed or "",
        f"{line.words} words",
        "read" if line.read else "unread",
        "starred" if line.starred else "",
        f"edited by the publisher {line.edits}x, last {when(line.edited)}" if line.edits else "",
        "" if line.version is None else f"found in version {line.version}",
        f"nearly the same text: {', '.join(map(str, line.copies))}" if line.copies else "",
    ]
    return "\n".join(filter(None, [" · ".join(filter(None, facts)), line.title, line.url, line.summary]))


# One article


def version_of(stored: StoredArticle, version: StoredRevision) -> StoredArticle:
    """Return an article as it was in one of its versions."""
    line = version.line
    return replace(
        stored,
        article=version.article,
        revision=line.number,
        revision_source=line.source,
        revised=line.saved,
        content_hash=line.content_hash,
        fetched=line.fetched,
    )


def document(stored: StoredArticle) -> str:
    """Return an article as Markdown with front matter, without hidden characters."""
    return visible(write_markdown(stored).decode()).strip()


def completeness(found: answers.Completeness) -> str:
    evidence = "; ".join(found.evidence)
    return found.kind + (f" ({evidence})" if evidence else "")


def article_facts(
    stored: StoredArticle, line: RevisionLine, *, current: int, tags: Sequence[str], address: str | None
) -> dict[str, object]:
    """Return the fields of an answer about one version of an article, all but its text."""
    article = stored.article
    return {
        "id": stored.id,
        "version": line.number,
        "current_version": current,
        "title": cut(article.title, TITLE),
        "url": visible(article.url),
        "feed": None if stored.feed_title is None else cut(stored.feed_title, TITLE),
        "authors": _names(article.authors),
        "published": article.published,
        "modified": article.modified,
        "first_seen": stored.first_seen,
        "version_seen": seen_at(line),
        "version_kind": line.label,
        "fetched": line.fetched,
        "completeness": verdict(article.completeness.kind, article.completeness.evidence),
        "words": line.words,
        "read": stored.read,
        "starred": stored.starred,
        "tags": _names(tags),
        "edits": stored.edits,
        "taken_down": stored.page.taken_down,
        "duplicate_of": stored.same_as,
        "reader_address": address,
    }


def verdict(kind: str, evidence: Sequence[str]) -> answers.Completeness:
    return answers.Completeness.model_validate({"kind": kind, "evidence": _names(evidence)})


def article_part(answer: answers.ArticlePart, part: Part, offset: int) -> Reply:
    """Return a part of an article. answer: with all but its text. offset: of the part."""
    answer = answer.model_copy(update={"markdown": fenced(part.text)})
    head = [
        f"Article {answer.id}, version {answer.version} ({answer.version_kind}), "
        f"first seen {when(answer.version_seen)}.",
        _as_of_text(answer) if isinstance(answer, answers.ArticleAsOf) else _current_text(answer),
        f"Completeness of the text: {answer.completeness.kind}.",
        f"The publisher removed the page (noticed {when(answer.taken_down)})." if answer.taken_down else "",
        f"It is a duplicate of article {answer.duplicate_of}." if answer.duplicate_of else "",
        _extent(part, offset, answer.total_characters),
    ]
    return reply(head, part.text, answer.next_cursor, answer)


def _current_text(answer: answers.ArticlePart) -> str:
    edits = f" The publisher edited it {answer.edits}x." if answer.edits else ""
    if answer.version == answer.current_version:
        return f"It is the current version.{edits}"
    return f"The current version is {answer.current_version}.{edits}"


def _as_of_text(answer: answers.ArticleAsOf) -> str:
    until = (
        "It is still current."
        if answer.replaced is None
        else (f"The next version was first seen {when(answer.replaced)}.")
    )
    confirmed = (
        ""
        if answer.last_confirmed is None
        else (f" The page was found so again {when(answer.last_confirmed)}.")
    )
    return f"This is what the archive knows of {when(answer.asked)}. {until}{confirmed}"


def _extent(part: Part, offset: int, total: int) -> str:
    if offset == 0 and part.next is None:
        return ""
    return f"Characters {offset + 1} to {offset + len(part.text)} of {total}."


# Versions


def version_line(line: RevisionLine) -> answers.VersionLine:
    return answers.VersionLine(
        number=line.number,
        what=line.label,
        edit=line.edit,
        seen=seen_at(line),
        fetched=line.fetched,
        title=cut(line.title, TITLE),
        words=line.words,
        completeness=line.completeness,
        change=cut(line.reason, TITLE),
    )


def version_list(answer: answers.VersionList, total: int) -> Reply:
    """Return versions of an article. total: of all its versions."""
    head = [f"Article {answer.id} has {total} versions; {len(answer.versions)} here, oldest first."]
    if answer.taken_down:
        head.append(f"The publisher removed the page (noticed {when(answer.taken_down)}).")
    lines = "\n".join(
        f"version {one.number} · seen {when(one.seen)} · {one.what} · {one.words} words · {one.completeness}"
        + (f" · {one.change}" if one.change else "")
        + f"\n{one.title}"
        for one in answer.versions
    )
    return reply(head, lines, answer.next_cursor, answer)


def version_after(lines: Sequence[RevisionLine], line: RevisionLine, at: datetime) -> datetime | None:
    """Return when the next version with another text was first seen after a time, None if there is none."""
    later = (seen_at(one) for one in lines if one.content_hash != line.content_hash)
    return min((moment for moment in later if moment > at), default=None)


def confirmed_at(observations: Sequence[Observation], number: int, at: datetime) -> datetime | None:
    """Return the last fetch up to a time that found a version; None without one."""
    return max((one.at for one in observations if one.revision == number and one.at <= at), default=None)


# Differences


def diff_text(titles: Diff, texts: Diff) -> str:
    """Return differences as text: [-removed-] and {+added+} words; unchanged paragraphs are folded."""
    parts = []
    if titles.added or titles.removed:
        parts += [f"Title: {_marked(one)}" for one in titles.paragraphs]
    for one in collapse_unchanged(texts.paragraphs):
        parts.append(_marked(one) if isinstance(one, Paragraph) else f"(… {len(one)} unchanged paragraphs …)")
    return visible("\n\n".join(parts))


def _marked(paragraph: Paragraph) -> str:
    if paragraph.kind == "moved":
        [piece] = paragraph.pieces
        return f"{MOVED[piece.kind]} {piece.text}"
    return "".join(MARKS[piece.kind].format(piece.text) for piece in paragraph.pieces)


def diff_part(answer: answers.DiffPart, part: Part, offset: int) -> Reply:
    """Return a part of the differences. answer: with all but their text. offset: of the part."""
    answer = answer.model_copy(update={"diff": fenced(part.text)})
    head = [
        f"Article {answer.id}, from version {answer.older.number} ({answer.older.what}, seen "
        f"{when(answer.older.seen)}) to version {answer.newer.number} ({answer.newer.what}, seen "
        f"{when(answer.newer.seen)}): {answer.words_added} words added, {answer.words_removed} removed.",
        "[-removed-] {+added+}",
        LIMITED if answer.limited else "",
        _extent(part, offset, answer.total_characters),
    ]
    return reply(head, part.text or "(no words differ)", answer.next_cursor, answer)


def changed_words(titles: Diff, texts: Diff) -> str:
    """Return what differs with some words around it, cut to CHANGED characters."""
    parts = [f"Title: {_marked(one)}" for one in titles.paragraphs if titles.added or titles.removed]
    for one in texts.paragraphs:
        if one.kind in ("added", "removed", "changed"):
            parts.append(_marked(replace(one, pieces=shortened(one, AROUND))))
    text = visible("\n".join(parts))
    return text if len(text) <= CHANGED else f"{text[:CHANGED]}… (cut: diff_versions shows all)"


def change_line(change: ArticleChange, words: str | None) -> answers.ChangeLine:
    """Return a change in a list. words: that differ, of an edit."""
    line = change.headline
    return answers.ChangeLine(
        article=change.article_id,
        title=cut(line.title, TITLE),
        url=visible(line.url),
        feed=None if line.feed_title is None else cut(line.feed_title, TITLE),
        kind=change.kind,
        noticed=change.noticed,
        before=change.before,
        after=change.after,
        reason=cut(change.reason, TITLE),
        words=words,
    )


def change_list(answer: answers.ChangeList) -> Reply:
    head = [f"Changes by publishers, newest first: {len(answer.changes) or 'none'}."]
    head.append("[-removed-] {+added+}" if any(one.words for one in answer.changes) else "")
    return reply(head, "\n\n".join(map(_change_text, answer.changes)), answer.next_cursor, answer)


def _change_text(one: answers.ChangeLine) -> str:
    versions = "" if one.before is None or one.after is None else f"version {one.before} to {one.after}"
    facts = [
        f"article {one.article}",
        KINDS[one.kind],
        f"noticed {when(one.noticed)}",
        versions,
        one.feed or "",
    ]
    lines = [" · ".join(filter(None, facts)), one.title, one.url, one.reason, one.words or ""]
    return "\n".join(filter(None, lines))


# Feeds


def feed_line(one: Subscription) -> answers.FeedLine:
    feed = one.feed
    failure = feed.last_failure if feed.failures else None
    return answers.FeedLine(
        id=feed.id,
        title=cut(one.title, TITLE),
        url=visible(feed.url),
        site_url=None if feed.site_url is None else visible(feed.site_url),
        folder=one.folder,
        status=feed.status,
        articles=one.articles,
        unread=one.unread,
        last_polled=feed.last_polled,
        problem=None if failure is None else cut(f"{failure.message} {failure.advice}", 2 * TITLE),
    )


def feed_list(answer: answers.FeedList) -> Reply:
    head = [f"{answer.total} feeds, {len(answer.feeds)} here."]
    head.append(f"Folders: {', '.join(answer.folders)}" if answer.folders else "")
    head.append(f"Tags: {', '.join(answer.tags)}" if answer.tags else "")
    lines = "\n\n".join(map(_feed_text, answer.feeds))
    return reply(head, lines, answer.next_cursor, answer)


def _feed_text(line: answers.FeedLine) -> str:
    facts = [
        f"feed {line.id}",
        f"folder {line.folder}" if line.folder else "",
        f"{line.unread} of {line.articles} unread",
        "" if line.status == "active" else line.status,
    ]
    told = f"Problem: {line.problem}" if line.problem else ""
    return "\n".join(filter(None, [" · ".join(filter(None, facts)), line.title, line.url, told]))


# Answers of tools that change something


def preview(answer: answers.FeedPreview) -> Reply:
    lines = [f"{answer.title}\n{answer.url}\n{answer.description}".rstrip()]
    for one in answer.articles:
        facts = f"{when(one.published)} · {one.words} words · {completeness(one.completeness)}"
        lines.append("\n".join(filter(None, [facts, one.title, one.url, one.beginning, *one.warnings])))
    return reply(
        ["Nothing was kept. `subscribe` with this address keeps it."], "\n\n".join(lines), None, answer
    )


def subscribed(answer: answers.Subscribed) -> Reply:
    told = "Subscribed" if answer.is_new else "It was subscribed to already"
    head = [
        f"{told}: feed {answer.feed.id}. "
        f"{answer.new_articles} articles were found; their pages are being read."
    ]
    return reply(head, _feed_text(answer.feed), None, answer)


def marked(answer: answers.Marked) -> Reply:
    head = [f"{len(answer.articles)} articles have these marks now."]
    if answer.unknown:
        head.append(f"There are no articles {', '.join(map(str, answer.unknown))}.")
    return reply(head, "", None, answer)


CHANGES: Mapping[ChangeKind, str] = {
    "new": "Saved as",
    "same": "Nothing changed in",
    "changed": "A new version was saved of",
    "worse": "The stored text is better and was kept of",
}


def saved(answer: answers.Saved) -> Reply:
    head = [
        f"{CHANGES[answer.change]} article {answer.id}, version {answer.version}.",
        f"Completeness of the text: {answer.completeness.kind}.",
        answer.reader_address or "",
    ]
    return reply(head, answer.title, None, answer)
