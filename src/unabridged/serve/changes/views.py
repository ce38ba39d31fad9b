"""View-models of changes, for the page of the reader and for items of feeds. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unabridged.archive.records.changes import ArticleChange, ArticleChangeKind
from unabridged.serve.changes.excerpts import DiffExcerpt
from unabridged.serve.languages.messages import gettext, later, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.lists import NO_ICONS, Icons, Moment, Monogram, Tab
from unabridged.text.scripts import direction as direction_of

KIND_NAMES: Mapping[ArticleChangeKind, str] = {
    "edited": later("Edited"),
    "taken_down": later("Taken down"),
    "restored": later("Restored"),
}
"""Kind of a change -> its name for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One change. href: what changed, or the version that is kept; before_href, after_href: "" for none.

    line: what changed, in words. excerpt: the changed words, None for changes that have none.
    """

    id: str
    kind: ArticleChangeKind
    kind_name: str
    title: str
    language: str | None
    direction: str
    source: str
    source_href: str
    monogram: Monogram
    url: str
    article_href: str
    href: str
    before_href: str
    after_href: str
    time: str
    when: str
    datetime: str
    line: str
    excerpt: DiffExcerpt | None


def change_view(
    change: ArticleChange, found: DiffExcerpt | None, moment: Moment, icons: Icons = NO_ICONS
) -> ChangeView:
    """Build the view of a change. found: the excerpt of its comparison, if there is one."""
    line = change.headline
    language = formatting.language_of(line.language, line.title or line.summary)
    source = line.feed_title or line.source
    before, after = (_version_path(change.article_id, number) for number in (change.before, change.after))
    compared = bool(before and after)
    return ChangeView(
        id=change.id,
        kind=change.kind,
        kind_name=gettext(KIND_NAMES[change.kind]),
        title=line.title or formatting.fallback_title(line.summary, line.url),
        language=language,
        direction=direction_of(language, line.title or line.summary),
        source=source,
        source_href=lists.feed_path(line.feed_id) if line.feed_id else lists.source_path(line.source),
        monogram=lists.monogram(source, line.feed_id, icons),
        url=line.url,
        article_href=f"/a/{change.article_id}",
        href=f"/a/{change.article_id}/diff/{change.before}..{change.after}" if compared else before or after,
        before_href=before,
        after_href=after,
        time=formatting.short_time(change.noticed, moment.now, moment.zone),
        when=formatting.zoned_time(change.noticed, moment.zone),
        datetime=change.noticed.isoformat(),
        line=_line(change, found),
        excerpt=found if found is not None and not found.is_empty else None,
    )


def _version_path(article_id: int, number: int | None) -> str:
    return "" if number is None else f"/a/{article_id}/v/{number}"


def _line(change: ArticleChange, found: DiffExcerpt | None) -> str:
    """Say in words what changed."""
    if change.kind == "taken_down":
        return gettext("The publisher has taken this article down. Its text stays here.")
    if change.kind == "restored":
        return gettext("The publisher shows this article again.")
    if found is None or found.is_empty:
        return reported(change.reason)
    tally = gettext("{added} added, {removed} removed.").format(
        added=formatting.words_counted(found.added), removed=formatting.words_counted(found.removed)
    )
    return sentences(
        tally,
        _quoted(gettext("Added: {quotes}."), found.quotes_added),
        _quoted(gettext("Removed: {quotes}."), found.quotes_removed),
    )


def _quoted(text: str, quotes: Sequence[str]) -> str:
    shown = (gettext("“{words}”").format(words=one) for one in quotes)
    return text.format(quotes=" · ".join(shown)) if quotes else ""


def kind_tabs(path: str, kind: str) -> tuple[Tab, ...]:
    """Return the tabs of a list of changes: all, and each kind."""
    names: dict[str, str] = {"all": gettext("All")}
    names |= {name: gettext(text) for name, text in KIND_NAMES.items()}
    return tuple(
        Tab(name=text, href=path if name == "all" else f"{path}?kind={name}", current=name == kind)
        for name, text in names.items()
    )
