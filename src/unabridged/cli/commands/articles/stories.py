"""The commands `stories` and `story`: articles on one event, put together."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer

from unabridged.archive.records.core import Headline
from unabridged.archive.records.stories import (
    LEAST_ARTICLES,
    Story,
    StoryArticle,
    StoryChange,
    StoryLine,
    StoryQuery,
)
from unabridged.cli.support.context import get_context
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.progress import ProgressBar
from unabridged.cli.support.selection_options import FeedOption, parse_time
from unabridged.cli.support.terminal import table as new_table

WHY = {
    "reports_on_both": "an article reports on both",
    "copies": "an article is a copy of articles in both",
    "too_different": "the parts have little in common",
}
"""Reason of a merge or split -> words."""


def stories(
    context: typer.Context,
    since: Annotated[
        str | None,
        typer.Option(
            help="Only stories with an article since 2025-03-01, 2025-03-01T12:00, or a duration back: 7d."
        ),
    ] = None,
    articles: Annotated[
        int, typer.Option(help="Only stories with so many articles or more.")
    ] = LEAST_ARTICLES,
    feed: FeedOption = None,
    limit: Annotated[int, typer.Option(help="How many, at most 200.")] = 50,
) -> None:
    """List events on which several articles report.

    The one with the newest article is first. Articles that are not compared yet are compared first.

    \b
    unabridged stories --articles 5
    unabridged --json stories --since 7d
    """
    cli = get_context(context)
    with cli.archive() as archive:
        number = None if feed is None else feed_number(archive, feed)
        after = parse_time(since, "--since")
        asked = StoryQuery(since=after, articles=articles, feed=number, limit=limit)
        with ProgressBar(cli) as bar:
            archive.analysis.all(watch=bar.watch)
        found = archive.library().stories.recent(asked).stories
    if cli.json:
        cli.show_json([_line(one) for one in found])
        return
    if not found:
        cli.info("There is no such story.")
        return
    table = new_table("story", "articles", "feeds", "newest", "title", right=("story", "articles", "feeds"))
    for one in found:
        table.add_row(
            str(one.number), str(one.articles), str(one.outlets), _local(one.newest.at), one.first.title
        )
    cli.show_table(table)


def story(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="Number of a story, also one that it had earlier.")],
) -> None:
    """List the articles of a story.

    The earliest is first. Merges and splits of the story follow.

    \b
    unabridged story 42
    """
    cli = get_context(context)
    with cli.archive() as archive:
        with ProgressBar(cli) as bar:
            archive.analysis.all(watch=bar.watch)
        found = archive.library().stories.get(number)
    if cli.json:
        cli.show_json(_story(found))
        return
    if found.number != number:
        cli.info(f"Story {number} is story {found.number} now.")
    table = new_table(
        "article", "published", "outlet", "edits", "copy of", "title", "address", right=("article", "copy of")
    )
    for one in found.articles:
        line, copy = one.headline, "" if one.copy_of is None else str(one.copy_of)
        edits = str(line.edits) if line.edits else ""
        table.add_row(
            str(line.id), _local(line.at), one.outlet or one.domain, edits, copy, line.title, line.url
        )
    cli.show_table(table)
    for change in found.changes:
        cli.info(_sentence(change))


def _local(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def _sentence(change: StoryChange) -> str:
    what = {
        "merged": f"story {change.source} went into story {change.target}",
        "split": f"story {change.target} was split off story {change.source}",
    }
    return f"{_local(change.at)}: {what[change.kind]}: {WHY[change.reason]}."


def _line(one: StoryLine) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.first.title,
        "articles": one.articles,
        "feeds": one.outlets,
        "first": _headline(one.first),
        "newest": _headline(one.newest),
    }


def _headline(line: Headline) -> dict[str, Any]:
    names = ("id", "title", "url", "language", "at", "published", "first_seen", "words", "edits", "edited")
    return {name: getattr(line, name) for name in names}


def _story(found: Story) -> dict[str, Any]:
    return {
        "number": found.number,
        "title": found.first.title,
        "articles": [_article(one) for one in found.articles],
        "changes": [
            {name: getattr(change, name) for name in ("at", "kind", "source", "target", "reason")}
            for change in found.changes
        ],
    }


def _article(one: StoryArticle) -> dict[str, Any]:
    own = {name: getattr(one, name) for name in ("outlet", "domain", "country", "copy_of")}
    return _headline(one.headline) | own


commands: dict[str, Callable[..., None]] = {"stories": stories, "story": story}
