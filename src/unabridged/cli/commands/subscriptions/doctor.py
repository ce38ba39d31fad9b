"""The verb doctor: what is wrong with which feed, host and rule, why, and what to do."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.maintenance import Sizes
from unabridged.cli.support.context import Door, door_of
from unabridged.cli.support.streams import binary_output, to_terminal, write_text
from unabridged.cli.support.terminal import Table, plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.errors import NotFound, without_login
from unabridged.extraction.rules.parse import GLOBAL, file_names, parse_site_config
from unabridged.poll.feeds.diagnostics import Evidence, Finding, RuleUse, diagnose, use_of_rules
from unabridged.urls import host as host_of

STYLES = {"broken": "red", "warning": "yellow", "note": "dim"}
HEADINGS = {"polling": "Polling", "feed": "Feeds", "host": "Pages of articles", "rule": "Site rules"}
SHOWN = 50
"""Lines of one heading in the terminal; --json has them all."""


def doctor(
    context: typer.Context,
    notes: Annotated[bool, typer.Option("--notes/--no-notes", help="What is merely to know, too.")] = True,
    retry: Annotated[
        str | None,
        typer.Option(
            "--retry", metavar="HOST", help='Try failed pages of a host again; "all" for every host.'
        ),
    ] = None,
    body: Annotated[
        int | None,
        typer.Option("--body", metavar="NUMBER", help="Print the document of a feed that killed its reader."),
    ] = None,
) -> None:
    """Say what is wrong, why, and what to do.

    Feeds that are dead, gone, silent against their own rhythm, paused or moved; pages that cannot be
    read, by host and kind; rules that match nothing any more; and what the archive takes.

    \b
    broken     something does not come, and waiting will not help
    warning    it may mend itself; it is tried again
    note       good to know

    The exit code is 0 unless something is broken, then 1: fit for a monitor.
    """
    door = door_of(context)
    now = datetime.now(UTC)
    with door.archive() as archive:
        if body is not None:
            _print_body(archive, body)
            return
        if retry is not None:
            _retry(archive, retry, now, door)
            return
        findings = diagnose(_evidence(archive, door.settings.poll.rules, now), now)
        sizes = archive.maintenance.sizes()
    shown = [one for one in findings if notes or one.level != "note"]
    if door.json:
        door.show_json({"findings": [asdict(one) for one in shown], "storage": asdict(sizes)})
    else:
        _print(shown, door)
        _print_sizes(sizes, door)
    if any(one.level == "broken" for one in findings):
        raise typer.Exit(1)


def _print_body(archive: Archive, feed_id: int) -> None:
    kept = archive.feeds.quarantined(feed_id)
    if kept is None:
        raise NotFound(f"No document of feed {feed_id} is kept aside.")
    if to_terminal():
        write_text(kept.body)
        return
    binary_output().write(kept.body)  # as it was, for whoever looks into it
    binary_output().flush()


def _retry(archive: Archive, name: str, now: datetime, door: Door) -> None:
    failing = archive.schedule.failing_pages()
    wanted = [page.article_id for page in failing if name == "all" or host_of(page.url) == name]
    count = archive.schedule.retry_pages(wanted, now=now)
    if not count:
        shown = without_login(name)
        raise NotFound(f"No page of {shown} failed. `unabridged doctor` names the hosts of those that did.")
    door.say(f"{count} pages are tried again at the next poll.")


def _evidence(archive: Archive, rules: Sequence[str], now: datetime) -> Evidence:
    return Evidence(
        subscriptions=archive.library().subscriptions.all(),
        moves=archive.feeds.moves(),
        hubs={one.feed_id: one for one in archive.websub.all()},
        quarantined=archive.feeds.quarantined_feeds(),
        pages=archive.schedule.failing_pages(),
        rules=_rule_uses(archive, rules),
        waiting=archive.schedule.backlog(now),
    )


def _rule_uses(archive: Archive, folders: Sequence[str]) -> tuple[RuleUse, ...]:
    files: dict[str, Path] = {}
    for folder in reversed(folders):  # the first folder's file counts
        files |= {path.name: path for path in Path(folder).expanduser().glob("*.txt") if path.name != GLOBAL}
    if not files:
        return ()
    pages = archive.schedule.latest_pages()
    spoken = {name for url in {url for _, url in pages} for name in file_names(host_of(url))}
    read = {name: path.read_text(errors="replace") for name, path in files.items() if name in spoken}
    return use_of_rules(
        [(name, len(parse_site_config(text, file=name).ignored)) for name, text in read.items()],
        pages,
        names_of=file_names,
        warnings_of=lambda number: archive.library().articles.get(number).article.warnings,
    )


def _print(findings: Sequence[Finding], door: Door) -> None:
    if not findings:
        door.out.print(plain("Nothing is wrong.", "green"))
        return
    for about, heading in HEADINGS.items():
        some = [one for one in findings if one.about == about]
        if some:
            door.out.print()
            door.out.print(plain(heading, "bold"))
            door.show_table(_table(some[:SHOWN]))
        if len(some) > SHOWN:
            door.out.print(plain(f"and {len(some) - SHOWN} more; `unabridged --json doctor` has them all"))


def _table(findings: Sequence[Finding]) -> Table:
    table = new_table()
    for heading in ("", "which", "what is wrong", "what to do"):
        table.add_column(heading, no_wrap=not heading, overflow="fold")
    for one in findings:
        number = f" ({one.feed_id})" if one.feed_id is not None else ""
        table.add_row(
            plain(one.level, STYLES[one.level]),
            plain(f"{one.name}{number}"),
            plain(one.what),
            plain(one.advice),
        )
    return table


def _print_sizes(sizes: Sizes, door: Door) -> None:
    door.out.print()
    door.out.print(plain("Storage", "bold"))
    table = new_table("", "count", "stored", "was", right=("count", "stored", "was"))
    for part in sizes.parts:
        was = _megabytes(part.raw) if part.raw is not None else ""
        table.add_row(part.name, f"{part.count:,}", _megabytes(part.stored), was)
    index = f" and {_megabytes(sizes.index)} are indexes" if sizes.index is not None else ""
    table.add_row("the database", "", _megabytes(sizes.total), "")
    door.show_table(table)
    door.out.print(plain(f"Of the database {_megabytes(sizes.free)} are free{index}.", "dim"))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


VERBS: dict[str, Callable[..., None]] = {"doctor": doctor}
