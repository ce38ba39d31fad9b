"""View-model of the editor of site rules: mistakes, a preview on stored pages, re-extractions. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unabridged.archive.records.library import Replay, ReplayKind
from unabridged.extraction.rules.apply import faulty_expressions
from unabridged.extraction.rules.model import IgnoredLine
from unabridged.extraction.rules.parse import file_names, is_harmless, parse_site_config
from unabridged.model import Article
from unabridged.serve.diff_child import VersionDiff
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views import formatting
from unabridged.serve.views.formatting import counted
from unabridged.serve.views.lists import Moment
from unabridged.text import diff
from unabridged.text.words import count_words
from unabridged.urls import host

MOST_PARTS = 40
"""Most paragraphs of a comparison that are shown."""

EXAMPLE = """title: //h1
author: //*[@class='byline']
date: //time/@datetime
body: //article
strip: //aside
strip_id_or_class: newsletter
next_page_link: //a[@rel='next']
"""
"""Rules shown in the empty field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMistake:
    """A line of the rules that cannot be used. line: 0 if it is not known."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedPage:
    """One stored article, extracted with the rules. article: None if that failed; problem: the reason."""

    article_id: int
    before: Article
    article: Article | None = None
    verdict: ReplayKind | None = None
    reason: str = ""
    compared: VersionDiff | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """The effect of the rules on one article. kind: better, same, worse or failed; verdict: the reason.

    fields: (name, before, after) of title, authors and date that differ. parts: changed paragraphs, and
    tuples of unchanged ones; more: how many of these are not shown.
    """

    href: str
    title: str
    kind: str
    words: str
    verdict: str
    warnings: tuple[str, ...]
    fields: tuple[tuple[str, str, str], ...]
    parts: tuple[diff.Paragraph | tuple[diff.Paragraph, ...], ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """The effect of the rules on the newest articles. summary: in a sentence."""

    summary: str
    lines: tuple[PreviewLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A re-extraction that was done. may_undo: it changed articles and was not undone yet."""

    number: int
    what: str
    may_undo: bool


def rule_name(site: str) -> str:
    """Return the name under which the rules of a site are stored: "example.org.txt"."""
    return file_names(site)[0]


def sites_of(urls: Iterable[str], otherwise: str) -> tuple[str, ...]:
    """Return the sites of articles, the most frequent first. otherwise: an address, if there is none."""
    found = Counter(name.removeprefix("www.") for url in urls if (name := host(url)))
    return tuple(name for name, _ in found.most_common()) or (host(otherwise).removeprefix("www."),)


def mistakes_of(text: str) -> tuple[RuleMistake, ...]:
    """Return the lines of rules that cannot be used, without those that are merely of no use here."""
    file = parse_site_config(text, file="rules")
    found = [_mistake(line) for line in file.ignored if not is_harmless(line)]
    lines = text.splitlines()
    for xpath, reason in faulty_expressions(file.rules):
        number = next((place for place, line in enumerate(lines, 1) if xpath in line), 0)
        found.append(RuleMistake(line=number, text=xpath[:300], reason=reason.removeprefix("xpath: ")))
    return tuple(sorted(found, key=lambda one: one.line))


def _mistake(line: IgnoredLine) -> RuleMistake:
    return RuleMistake(line=line.line, text=line.text, reason=line.reason)


def preview_view(tried: Sequence[TriedPage]) -> PreviewView:
    """Build the preview of rules on stored articles."""
    lines = tuple(_preview_line(one) for one in tried)
    kinds = Counter(line.kind for line in lines)
    if not lines:
        return PreviewView(summary=gettext("No page of this site is stored yet."), lines=())
    texts = (
        ("better", counted("{n} article changes", "{n} articles change", kinds["better"])),
        ("same", counted("{n} stays the same", "{n} stay the same", kinds["same"])),
        ("worse", counted("{n} would get worse", "{n} would get worse", kinds["worse"])),
        ("failed", counted("{n} cannot be read", "{n} cannot be read", kinds["failed"])),
    )
    said = [text for kind, text in texts if kinds[kind]]
    return PreviewView(summary=f"{', '.join(said)}.", lines=lines)


_KINDS = {"text": "better", "head": "better", "body": "better", "same": "same", "details": "same"}
"""Result of a re-extraction -> kind of a line; all others are worse."""


def _preview_line(one: TriedPage) -> PreviewLine:
    title = one.before.title or one.before.url
    if one.article is None:
        return PreviewLine(
            href=f"/a/{one.article_id}",
            title=title,
            kind="failed",
            words="",
            verdict=one.problem,
            warnings=(),
            fields=(),
            parts=(),
        )
    kind = _KINDS.get(one.verdict or "", "worse")
    before, after = count_words(one.before.text), count_words(one.article.text)
    parts = tuple(diff.collapse_unchanged(one.compared.text.paragraphs)) if one.compared else ()
    return PreviewLine(
        href=f"/a/{one.article_id}",
        title=title,
        kind=kind,
        words=gettext("{before} words now, {after} with these rules").format(
            before=number(before), after=number(after)
        ),
        verdict=one.reason if kind != "same" else "",
        warnings=tuple(note for note in one.article.warnings if note.startswith("No body expression")),
        fields=tuple(_changed_fields(one.before, one.article)),
        parts=parts[:MOST_PARTS] if any(isinstance(part, diff.Paragraph) for part in parts) else (),
        more=max(0, len(parts) - MOST_PARTS),
    )


def _changed_fields(before: Article, after: Article) -> Iterable[tuple[str, str, str]]:
    pairs = (
        (gettext("Title"), before.title, after.title),
        (gettext("Authors"), ", ".join(before.authors), ", ".join(after.authors)),
        (gettext("Published"), _date(before), _date(after)),
    )
    return ((name, old, new) for name, old, new in pairs if old != new)


def _date(article: Article) -> str:
    return article.published.isoformat(" ", "minutes") if article.published is not None else ""


def run_lines(runs: Iterable[Replay], moment: Moment, *, most: int = 5) -> tuple[RunLine, ...]:
    """Build the lines of past re-extractions, newest first."""
    return tuple(_run_line(run, moment) for run in list(runs)[:most])


def _run_line(run: Replay, moment: Moment) -> RunLine:
    what = counted("{n} article got a new version", "{n} articles got a new version", run.articles)
    if run.undone is not None:
        what = gettext("{what}; taken back").format(what=what)
    elif run.finished is None:
        what = gettext("{what}; it was interrupted").format(what=what)
    at = formatting.relative_time(run.started, moment.now, moment.zone)
    may_undo = run.undone is None and run.articles > 0
    return RunLine(number=run.id, what=f"{at[:1].upper()}{at[1:]}: {what}.", may_undo=may_undo)
