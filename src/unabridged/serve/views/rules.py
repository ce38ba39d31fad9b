"""View-models of rules and saved searches: lists, forms, previews, reasons in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from unabridged.archive.records.core import Folder, Subscription
from unabridged.archive.records.rules import Rule, RuleAction, RuleDraft, RulePass, RulePreview, SavedSearch
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, ngettext
from unabridged.serve.languages.reported import reported
from unabridged.serve.views.lists import feed_path, folder_path

SHOWN_FEEDS = 200
"""Feeds that the form of a rule offers; a feed beyond them is chosen on the page of its settings."""


EXAMPLE = 'title:sponsored OR author:"Ada Quill"'


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule in the list. scope: the feed or folder that it is for, "" for everything; href: its list."""

    id: int
    action: RuleAction
    query: str
    scope: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryProblem:
    """Error in a query. before, here, after: the query, cut at the place of the error; "" without one."""

    message: str
    before: str = ""
    here: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """Article of a preview."""

    href: str
    title: str
    source: str
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """Articles that a rule would set aside: a sentence, the articles, and how many of them are not shown."""

    sentence: str
    rows: tuple[PreviewRow, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """Page of rules. draft: what the form shows; editing: the number of the rule that is changed, or None.

    scopes: values and names of the form's choice, in groups. progress: a sentence while rules are applied.
    example: of a query.
    """

    rules: tuple[RuleLine, ...]
    draft: RuleDraft
    scopes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    scope: str
    editing: int | None = None
    preview: PreviewView | None = None
    problem: QueryProblem | None = None
    progress: str = ""
    example: str = EXAMPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Titles of feeds and names of folders by number."""

    feeds: Mapping[int, str] = field(default_factory=dict)
    folders: Mapping[int, str] = field(default_factory=dict)


def rule_line(rule: Rule, names: Names) -> RuleLine:
    """Build the line of a rule."""
    scope, href = "", ""
    if rule.feed_id is not None:
        scope, href = names.feeds.get(rule.feed_id) or gettext("one feed"), feed_path(rule.feed_id)
    elif rule.folder_id is not None:
        scope = names.folders.get(rule.folder_id, "")
        href = folder_path(scope)
    return RuleLine(id=rule.id, action=rule.action, query=rule.query, scope=scope, href=href)


def scope_value(draft: RuleDraft) -> str:
    """Return the scope of a rule as the value of the form's choice."""
    if draft.feed_id is not None:
        return f"feed:{draft.feed_id}"
    return "" if draft.folder_id is None else f"folder:{draft.folder_id}"


def scope_choices(
    feeds: Sequence[Subscription], folders: Sequence[Folder]
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the scopes that the form offers, in groups with a name."""
    groups = (
        (gettext("Folders"), tuple((f"folder:{one.id}", one.name) for one in folders)),
        (gettext("Feeds"), tuple((f"feed:{one.feed.id}", one.title) for one in feeds)),
    )
    return tuple((name, items) for name, items in groups if items)


def query_problem(message: str, query: str, place: int | None) -> QueryProblem:
    """Build the error of a query, with the word at its place."""
    if place is None or not 0 <= place < len(query):
        return QueryProblem(message=reported(message))
    end = next((at for at in range(place + 1, len(query)) if query[at].isspace()), len(query))
    return QueryProblem(
        message=reported(message), before=query[:place], here=query[place:end], after=query[end:]
    )


MAX_PREVIEW_ROWS = 30


def preview_view(preview: RulePreview) -> PreviewView:
    """Build the preview of a rule: those that it would set aside, and those that a mark protects."""
    every, aside = len(preview.lines), len(preview.aside)
    meant = [line for line in preview.lines if line.aside or line.protected]
    return PreviewView(
        sentence=ngettext(
            "{aside} of the last {all} articles would be set aside.",
            "{aside} of the last {all} articles would be set aside.",
            aside,
        ).format(aside=aside, all=every),
        rows=tuple(
            PreviewRow(
                href=f"/a/{line.headline.id}",
                title=line.headline.title or line.headline.url,
                source=line.headline.feed_title or line.headline.source,
                protected=line.protected,
            )
            for line in meant[:MAX_PREVIEW_ROWS]
        ),
        more=max(0, len(meant) - MAX_PREVIEW_ROWS),
    )


def progress_sentence(progress: RulePass | None) -> str:
    """Say how far the rules are applied; "" once they are."""
    if progress is None:
        return ""
    return gettext("The rules are being applied: {checked} of {all} articles are checked.").format(
        checked=number(progress.checked), all=number(progress.of)
    )


def search_path(search: SavedSearch, *, first: bool = False) -> str:
    """Return the path of a saved search's list. first: as it is shown at first, unread or all articles."""
    return f"/searches/{search.id}" + ("?show=unread" if first and search.unread_only else "")
