"""The commands `stories` and `story`: articles on one event, put together."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unabridged.archive.records.core import Headline
from unabridged.archive.records.stories import (
    LEAST_ARTICLES,
    StoryArticle,
    StoryChange,
    StoryDetails,
    StoryLine,
    StoryQuery,
)
from unabridged.cli.support.context import get_context
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.progress import ProgressBar
from unabridged.cli.support.selection_options import FeedOption, parse_time
from unabridged.cli.support.terminal import Table, plain
from unabridged.cli.support.terminal import table as new_table

if TYPE_CHECKING:
    from unabridged.stories.passages import Contribution

SHOWN = 3
"""New sentences and repeated passages of an article that are printed, the first ones."""

SHOWN_LENGTH = 200
"""Characters of a sentence or passage that are printed."""

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
        cli.info(
            "There is no such story. As soon as two articles of different feeds report on one event, they "
            "are one; `unabridged poll` fetches new articles."
            if since is None and feed is None and articles <= LEAST_ARTICLES
            else "There is no such story. Leave out an option to see more."
        )
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
    """List the articles of a story, what each adds and repeats, and who names whom.

    The earliest is first. + are sentences that no earlier article has, = passages that the article with the
    number behind them had earlier. Merges and splits of the story follow.

    \b
    unabridged story 42
    """
    cli = get_context(context)
    with cli.archive() as archive:
        with ProgressBar(cli) as bar:
            archive.analysis.all(watch=bar.watch)
        details = archive.library().stories.details(number)
    found = details.story
    if cli.json:
        cli.show_json(_story(details))
        return
    if found.number != number:
        cli.info(f"Story {number} is story {found.number} now.")
    cli.show_table(_table(details))
    for text in (*_additions(details), *_credits(details)):
        cli.stdout.print(plain(text))
    for change in found.changes:
        cli.info(_sentence(change))


def _table(details: StoryDetails) -> Table:
    made = _contributions(details)
    right = ("article", "edits", "copy of", "repeated")
    headings = ("article", "published", "outlet", "edits", "copy of", "repeated", "title", "address")
    table = new_table(*headings, right=right)
    for one in details.story.articles:
        line, copy = one.headline, "" if one.copy_of is None else str(one.copy_of)
        own = made.get(line.id)
        table.add_row(
            str(line.id),
            _local(line.at),
            one.outlet or one.domain,
            str(line.edits) if line.edits else "",
            copy,
            f"{own.share:.0%}" if own and one.copy_of is None and line.id != details.story.first.id else "",
            line.title,
            line.url,
        )
    return table


def _contributions(details: StoryDetails) -> dict[int, "Contribution"]:
    """Map articles whose texts were compared to what they repeat and add."""
    return {one.article: one for one in details.contributions if one.compared}


def _additions(details: StoryDetails) -> Iterator[str]:
    """Yield lines with the first new sentences and repeated passages of later articles that are no copies."""
    made = _contributions(details)
    for one in details.story.articles[1:]:
        own = made.get(one.headline.id)
        if own is None or one.copy_of is not None or not (own.added or own.repeated):
            continue
        text = details.texts[own.article]
        yield ""
        yield f"{own.article}  {one.outlet or one.domain}"
        yield from (f"  + {_shortened(text[start:end])}" for start, end in own.added[:SHOWN])
        yield from _further(len(own.added), "+")
        for part in own.repeated[:SHOWN]:
            yield f"  = {_shortened(text[part.start : part.end])} ({part.source})"
        yield from _further(len(own.repeated), "=")


def _further(count: int, sign: str) -> Iterator[str]:
    if count > SHOWN:
        yield f"  {sign} and {count - SHOWN} more, which --json shows"


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHOWN_LENGTH else words[:SHOWN_LENGTH] + "…"


def _credits(details: StoryDetails) -> Iterator[str]:
    """Yield lines about who names whom, with the score of the surest sentence."""
    names = [node.name for node in details.graph.nodes]
    if details.graph.edges:
        yield ""
        yield "Who names whom, with a score:"
    for edge in details.graph.edges:
        yield f"  {names[edge.by]} names {names[edge.source]} ({edge.confidence:.2f})"


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


def _story(details: StoryDetails) -> dict[str, Any]:
    found, made = details.story, _contributions(details)
    names = [node.name for node in details.graph.nodes]
    return {
        "number": found.number,
        "title": found.first.title,
        "articles": [_article(one, made.get(one.headline.id), details) for one in found.articles],
        "credits": [
            {
                "by": names[edge.by],
                "source": names[edge.source],
                "confidence": edge.confidence,
                "article": edge.evidence[0].article,
                "sentence": edge.evidence[0].sentence,
            }
            for edge in details.graph.edges
        ],
        "changes": [
            {name: getattr(change, name) for name in ("at", "kind", "source", "target", "reason")}
            for change in found.changes
        ],
    }


def _article(one: StoryArticle, made: "Contribution | None", details: StoryDetails) -> dict[str, Any]:
    own = {name: getattr(one, name) for name in ("outlet", "domain", "country", "copy_of")}
    text = details.texts.get(one.headline.id, "")
    compared = {
        "share": None if made is None else round(made.share, 3),
        "added": [text[start:end] for start, end in made.added] if made else [],
        "repeated": [{"text": text[part.start : part.end], "source": part.source} for part in made.repeated]
        if made
        else [],
    }
    return _headline(one.headline) | own | compared


commands: dict[str, Callable[..., None]] = {"stories": stories, "story": story}
