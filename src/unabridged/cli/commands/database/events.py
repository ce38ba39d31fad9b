"""The command `events`: what happened to articles and feeds, and what happens now."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from enum import StrEnum
from typing import Annotated

import orjson
import typer

from unabridged.archive.records.events import EVENT_KINDS, MOST_EVENTS, Event, EventPage, EventQuery
from unabridged.automation.follow import follow as follow_events
from unabridged.cli.commands.servers.serve import run_until_interrupted
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.selection_options import FeedOption, parse_time
from unabridged.cli.support.streams import write_json
from unabridged.cli.support.terminal import plain
from unabridged.cli.support.terminal import table as new_table

Kind = StrEnum("Kind", [(kind.replace(".", "_"), kind) for kind in EVENT_KINDS])  # type: ignore[misc]


def events(
    context: typer.Context,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on, and show events as they happen; ends with Ctrl-C.")
    ] = False,
    kind: Annotated[
        list[Kind] | None, typer.Option("--kind", help="Only this kind of events; may be repeated.")
    ] = None,
    feed: FeedOption = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="Events since 2025-03-01, 2025-03-01T12:00, or a duration back: 7d."),
    ] = None,
    after: Annotated[
        int | None, typer.Option("--after", min=0, help="Events after this number; 0: all that are kept.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=MOST_EVENTS, help="Events to list.")] = 50,
) -> None:
    """List what happened to articles and feeds.

    The oldest come first, in the order in which they were saved. Without --after and --since, these are the
    newest. With --json, --follow prints one object a line.

    \b
    unabridged events                                 the newest 50
    unabridged events --kind article.changed --since 7d
    unabridged events --follow --json                 for another program
    unabridged events --after 1200 --limit 500        those after number 1200
    """
    cli = get_context(context)
    with cli.archive() as archive:
        query = EventQuery(
            kinds=tuple(one.value for one in kind) if kind else EVENT_KINDS,  # type: ignore[misc]
            feed=None if feed is None else feed_number(archive, feed),
            since=parse_time(since, "--since"),
            limit=limit,
        )
        log = archive.library().events
        if follow:
            place = after if after is not None else 0 if since else log.last_number()
            run_until_interrupted(_follow(cli, log.read, replace(query, after=place)))
            return
        if after is None and since is None:
            _show(cli, reversed(log.latest(query).events))
            return
        found: list[Event] = []
        query, more = replace(query, after=after or 0), True
        while more and len(found) < limit:
            page = log.read(replace(query, limit=limit - len(found)))
            found += page.events
            query, more = replace(query, after=page.next), page.more
        _show(cli, found)
        if more:
            cli.info(f"There are more events: go on with --after {query.after}.")


async def _follow(cli: CliContext, read: Callable[[EventQuery], EventPage], query: EventQuery) -> None:
    async for page in follow_events(read, query):
        for one in page.events:
            if cli.json:
                write_json(orjson.dumps(asdict(one), default=str) + b"\n")
            else:
                cli.stdout.print(plain("  ".join(_row(one))))


def _show(cli: CliContext, found: Iterable[Event]) -> None:
    rows = list(found)
    if cli.json:
        cli.show_json([asdict(one) for one in rows])
        return
    if not rows:
        cli.info("There are no such events.")
        return
    table = new_table("number", "time", "event", "article", "title", "details", right=("number", "article"))
    for one in rows:
        table.add_row(*_row(one))
    cli.show_table(table)


def _row(one: Event) -> list[str]:
    return [
        str(one.number),
        one.at.astimezone().strftime("%Y-%m-%d %H:%M"),
        one.kind,
        "" if one.article is None else str(one.article),
        one.title or one.url or "",
        _details(one),
    ]


def _details(one: Event) -> str:
    """Return the versions of an event and what else is known of it."""
    numbers = [str(number) for number in (one.before, one.after) if number is not None]
    versions = [f"versions {'..'.join(numbers)}"] if len(numbers) == 2 else []
    told = [
        str(value) if isinstance(value, str) else f"{value} {name}" for name, value in one.details.items()
    ]
    return "; ".join([*versions, *told])


commands: dict[str, Callable[..., None]] = {"events": events}
