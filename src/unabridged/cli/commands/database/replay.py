"""The verb replay: articles made anew of their kept pages."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.cli.commands.servers.worker import room
from unabridged.cli.support.bars import bars
from unabridged.cli.support.context import Door, door_of
from unabridged.cli.support.diff import print_changes
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.terminal import BarColumn, MofNCompleteColumn, TimeElapsedColumn, described, plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.durations import parse_span
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.pages.reextract import ON_WORKERS, Difference, ReplayReport, ReplayRequest
from unabridged.poll.pages.reextract import replay as run_replay

MEANINGS = {
    "text": "other words in the text",
    "head": "another title, by-line, date or summary",
    "body": "other markup, links or pictures",
    "details": "other notes only: nothing is saved",
    "same": "nothing differs",
    "worse": "worse than what is kept: not taken",
    "joined": "made of several pages, of which one is kept: left alone",
    "failed": "no article can be made of the page any more: left alone",
    "meanwhile": "got another version meanwhile: left alone",
}


def replay(
    context: typer.Context,
    feed: Annotated[str | None, typer.Option("--feed", help="Only articles of this subscription.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="Only pages fetched since: a date, a time, or a span such as 30d."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; save nothing.")] = False,
    rules: Annotated[
        list[str] | None, typer.Option("--rules", help="Folder of site rules to use before the set ones.")
    ] = None,
    shorter: Annotated[
        bool, typer.Option("--shorter", help="Take texts too that lose more than a fifth of their words.")
    ] = False,
    on_workers: Annotated[
        bool, typer.Option(ON_WORKERS, help="Have the workers do it, with their rules (PostgreSQL).")
    ] = False,
    undo: Annotated[int | None, typer.Option("--undo", help="Take the replay of this number back.")] = None,
    show: Annotated[bool, typer.Option("--list", help="List the replays there were.")] = False,
) -> None:
    """Make articles anew of their kept pages.

    Every page that made a version is kept, so a better extractor or a new site rule can be applied to
    what was published long ago. Better readings are saved as versions marked "replay", told apart from a
    publisher's edit; worse ones are not taken; and all of it can be taken back.

    \b
    unabridged replay --dry-run                     what today's extractor would change
    unabridged replay --feed 3 --rules ~/my-rules   one feed, with new rules
    unabridged replay --undo 7                      as it was before
    """
    door = door_of(context)
    with door.archive() as archive:
        if show:
            _list(archive, door)
        elif undo is not None:
            _undo(archive, undo, door)
        else:
            order = ReplayRequest(
                feed=None if feed is None else feed_number(archive, feed),
                since=_since(since),
                dry=dry_run,
                shorter=shorter,
                asked=_asked(feed, since, rules, shorter),
            )
            if on_workers:
                if dry_run or rules:
                    words = "workers take no --rules of one command, and have no --dry-run"
                    raise typer.BadParameter(words, param_hint=ON_WORKERS)
                _order(archive, replace(order, asked=f"{order.asked} {ON_WORKERS}".strip()), door)
                return
            _show(asyncio.run(_run(archive, order, rules or [], door)), door)


def _order(archive: Archive, order: ReplayRequest, door: Door) -> None:
    """Begin a replay and leave it to the workers."""
    client = room(door, "enqueue").JobClient(door.settings.database)
    number = archive.reextraction.begin(order.asked, now=datetime.now(UTC))
    asyncio.run(client.enqueue_replay(number, order))
    if door.json:
        door.show_json({"replay": number})
        return
    door.say(f"Replay {number} is the workers'. `unabridged replay --list` says how far it is.")


def _asked(feed: str | None, since: str | None, rules: list[str] | None, shorter: bool) -> str:
    """Return the options of a replay as they were typed."""
    given = [("--feed", feed), ("--since", since), *(("--rules", folder) for folder in rules or ())]
    words = [f"{name} {value}" for name, value in given if value is not None]
    return " ".join([*words, *(["--shorter"] if shorter else [])])


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.now(UTC) - timedelta(seconds=parse_span(text))
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write 2025-03-01, 2025-03-01T12:00 or 30d", param_hint="--since") from None
    return at.astimezone(UTC)


async def _run(archive: Archive, order: ReplayRequest, rules: list[str], door: Door) -> ReplayReport:
    settings = door.settings.poll
    columns = (
        described(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        described("found", style="dim"),
    )
    total = archive.reextraction.count_sources(feed=order.feed, since=order.since)
    with bars(door, *columns) as bar:
        task = bar.add_task("Reading kept pages", total=total, found="")

        def watch(report: ReplayReport) -> None:
            changed = sum(report.counts[kind] for kind in ("text", "head", "body"))
            bar.update(task, completed=report.read, found=f"{changed} differ")

        async with Extractor(settings.workers, rules=(*rules, *settings.rules)) as extractor:
            return await run_replay(archive, extractor, order, watch=watch)


def _show(report: ReplayReport, door: Door) -> None:
    if door.json:
        door.show_json(
            {
                "replay": report.number,
                "read": report.read,
                "saved": report.saved,
                "counts": dict(report.counts),
                "biggest": [_line(one) for one in report.biggest],
                "refused": [_line(one) for one in report.refused],
            }
        )
        return
    table = new_table("articles", "what it makes of them", right=("articles",))
    for kind, meaning in MEANINGS.items():
        if report.counts[kind]:
            table.add_row(str(report.counts[kind]), meaning)
    if report.read:
        door.show_table(table)
    for one in report.biggest:
        _show_difference(one, door)
    for one in report.refused:
        door.note.print(plain(f"{one.source.article_id}  not taken: {one.reason}", "yellow"))
    door.say(_last_words(report))


def _line(one: Difference) -> dict[str, object]:
    return {
        "article": one.source.article_id,
        "url": one.source.article.url,
        "kind": one.kind,
        "reason": one.reason,
        "words": one.words,
    }


def _show_difference(one: Difference, door: Door) -> None:
    assert one.article is not None
    title = one.source.article.title or one.source.article.url
    door.out.print()
    door.out.print(plain(f"{one.source.article_id}  {title}: {one.reason}", "bold"))
    if one.source.article.title != one.article.title:
        print_changes(one.source.article.title, one.article.title, door, most=1)
    print_changes(one.source.article.text, one.article.text, door, most=4)


def _last_words(report: ReplayReport) -> str:
    if not report.read:
        return "No article was made of a kept page."
    if report.number is None:
        return "Nothing was saved (dry run)."
    back = f" `unabridged replay --undo {report.number}` takes it back." if report.saved else ""
    return f"{report.saved} of {report.read} articles have a new version.{back}"


def _undo(archive: Archive, number: int, door: Door) -> None:
    undone = archive.reextraction.undo(number, now=datetime.now(UTC))
    if door.json:
        door.show_json(asdict(undone))
        return
    door.say(f"{undone.restored} articles are as they were before replay {number}.")
    if undone.kept:
        some = ", ".join(map(str, undone.kept[:20]))
        door.say(f"{len(undone.kept)} have newer versions since and were left alone: {some}.")


def _list(archive: Archive, door: Door) -> None:
    found = archive.reextraction.runs()
    if door.json:
        door.show_json([asdict(one) for one in found])
        return
    if not found:
        door.say("There was no replay yet.")
        return
    table = new_table("id", "when", "articles", "options", "state", right=("id", "articles"))
    for one in found:
        state = "taken back" if one.undone else "done" if one.finished else "broken off"
        when = one.started.astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(str(one.id), when, str(one.articles), one.asked, state)
    door.show_table(table)


VERBS: dict[str, Callable[..., None]] = {"replay": replay}
