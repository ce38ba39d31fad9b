"""Verbs that keep an archive safe: verify, backup, restore, migrate-to, size."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.facade import database
from unabridged.archive.records.maintenance import Sizes, Verified
from unabridged.cli.support.bars import Bar
from unabridged.cli.support.context import Door, door_of
from unabridged.cli.support.terminal import Table, decimal, plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.errors import ArchiveError, ArchiveLocked, ArchiveUnwritable

MOST_LISTED = 50


def verify(context: typer.Context) -> None:
    """Check everything that is kept.

    Recomputes the hash of every version, raw page and picture, follows every reference, and lets the
    database check its file. Nothing is changed. Exit code 8 when something is broken: it is named,
    everything else stays readable. Exit code 10 when something could not be checked now, since another
    program holds the archive or it cannot be written: nothing is known to be wrong then.
    """
    door = door_of(context)
    try:
        with door.archive() as archive, Bar(door) as bar:
            found = archive.maintenance.verify(watch=bar.watch)
    except ArchiveUnwritable as exc:  # it could not even be opened
        found = Verified(counts={}, problems=(), broken=0, unchecked=(str(exc),))
    if door.json:
        door.show_json(asdict(found))
    else:
        _show_verified(door, found)
    if found.broken:
        raise typer.Exit(ArchiveError.exit_code)
    if found.unchecked:
        raise typer.Exit(ArchiveLocked.exit_code)


def _show_verified(door: Door, found: Verified) -> None:
    for problem in found.problems[:MOST_LISTED]:
        door.out.print(plain(f"{problem.what}: {problem.why}", "red"))
    if found.broken > MOST_LISTED:
        door.out.print(f"… and {found.broken - MOST_LISTED} more (unabridged --json verify).")
    counted = ", ".join(f"{count:,} {kind}" for kind, count in found.counts.items())
    for why in found.unchecked:
        door.note.print(plain(f"Not checked: {why}", "yellow"))
    if found.broken:
        door.say(f"{counted} checked: {found.broken} broken. A backup may have them whole (restore).")
    elif found.unchecked:
        checked = f"{counted} checked: nothing is broken. " if counted else ""
        door.say(f"{checked}The rest was not checked; run this again later.")
    else:
        door.say(f"{counted} checked: all is well.")


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="File to write; one SQLite file, whatever the database.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace an older backup of that name.")] = False,
) -> None:
    """Copy the archive into one file.

    While it is being read and written: the copy is of one moment. The file appears when it is whole;
    a backup that is cut off leaves the older one alone.
    """
    door = door_of(context)
    with door.archive() as archive, Bar(door) as bar:
        size = archive.maintenance.back_up(file, replace=replace, watch=bar.watch)
    if door.json:
        door.show_json({"file": str(file), "bytes": size})
    else:
        door.say(f"{decimal(size)} written to {file}. Check it on its own: unabridged -d {file} verify")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup, or an archive's SQLite file.")],
    damaged: Annotated[
        bool, typer.Option("--damaged", help="Take what can be read of a damaged file.")
    ] = False,
) -> None:
    """Take a backup back.

    Into the archive of --database, which must be new or empty. Everything in the backup is checked
    first; a damaged one is refused and nothing is changed. The file itself is never written to.
    """
    door = door_of(context)
    door.make_folder()
    with Bar(door) as bar:
        found = database.restore(file, door.settings.database, damaged=damaged, watch=bar.watch)
    if door.json:
        door.show_json(asdict(found))
        return
    _show_verified(door, found)
    door.say(f"Restored from {file}.")


def migrate_to(
    context: typer.Context,
    target: Annotated[str, typer.Argument(help="postgresql://user@host/database, or an SQLite file.")],
) -> None:
    """Move the archive to another database.

    Copies every row in one transaction and proves by hashes that both ends are alike. The target must
    be empty; the archive here stays as it is. Stop `serve` and `poll` first: what they save while
    the copy runs is not in it.
    """
    door = door_of(context)
    with door.archive() as archive, Bar(door) as bar:
        copied = archive.maintenance.copy_to(target, watch=bar.watch)
    if door.json:
        rows = {name: one.rows for name, one in copied.tables.items()}
        door.show_json({"tables": rows, "late": copied.late})
        return
    door.say(f"{copied.rows:,} rows of {len(copied.tables)} tables copied; both ends are alike.")
    if copied.late:
        door.note.print("The archive was written to meanwhile: that is not in the copy.", style="yellow")
    door.say("Name the new database from now on: UNABRIDGED_DATABASE, or database = … in the settings file.")


def size(context: typer.Context) -> None:
    """Show what the archive takes.

    By kind, and by site."""
    door = door_of(context)
    with door.archive() as archive:
        sizes = archive.maintenance.sizes()
    if door.json:
        door.show_json(asdict(sizes))
        return
    door.show_table(_kinds(sizes))
    if sizes.sites:
        door.out.print()
        door.show_table(_sites(sizes))


def _kinds(sizes: Sizes) -> Table:
    table = _table("kind", "number", "stored", "as it was", "times less")
    for part in sizes.parts:
        table.add_row(part.name, f"{part.count:,}", decimal(part.stored), *_against(part.stored, part.raw))
    if sizes.index is not None:
        table.add_row("indexes", "", decimal(sizes.index), "", "")
    table.add_row("free pages", "", decimal(sizes.free), "", "")
    table.add_row("the database in all", "", decimal(sizes.total), "", "")
    return table


def _against(stored: int, raw: int | None) -> tuple[str, str]:
    return ("", "") if not raw or not stored else (decimal(raw), f"{raw / stored:.1f}")


def _sites(sizes: Sizes) -> Table:
    table = _table("site", "raw pages", "stored", "as it was", "times less")
    for site in sizes.sites:
        table.add_row(site.site, f"{site.pages:,}", decimal(site.stored), *_against(site.stored, site.raw))
    return table


def _table(*headings: str) -> Table:
    return new_table(*headings, right=headings[1:])


VERBS: dict[str, Callable[..., None]] = {
    "verify": verify,
    "backup": backup,
    "restore": restore,
    "migrate-to": migrate_to,
    "size": size,
}
