"""Verbs that keep an archive safe: verify, backup, restore, migrate-to, size."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.maintenance import backup as backups
from unabridged.archive.maintenance.sizes import Sizes
from unabridged.archive.maintenance.verify import Verified
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.progress import Bar
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
    cli = get_context(context)
    try:
        with cli.archive() as archive, Bar(cli) as bar:
            found = archive.maintenance.verify(watch=bar.watch)
    except ArchiveUnwritable as exc:  # it could not even be opened
        found = Verified(counts={}, problems=(), broken=0, unchecked=(str(exc),))
    if cli.json:
        cli.show_json(asdict(found))
    else:
        _show_verified(cli, found)
    if found.broken:
        raise typer.Exit(ArchiveError.exit_code)
    if found.unchecked:
        raise typer.Exit(ArchiveLocked.exit_code)


def _show_verified(cli: CliContext, found: Verified) -> None:
    for problem in found.problems[:MOST_LISTED]:
        cli.stdout.print(plain(f"{problem.what}: {problem.why}", "red"))
    if found.broken > MOST_LISTED:
        cli.stdout.print(f"… and {found.broken - MOST_LISTED} more (unabridged --json verify).")
    counted = ", ".join(f"{count:,} {kind}" for kind, count in found.counts.items())
    for why in found.unchecked:
        cli.stderr.print(plain(f"Not checked: {why}", "yellow"))
    if found.broken:
        cli.info(f"{counted} checked: {found.broken} broken. A backup may have them whole (restore).")
    elif found.unchecked:
        checked = f"{counted} checked: nothing is broken. " if counted else ""
        cli.info(f"{checked}The rest was not checked; run this again later.")
    else:
        cli.info(f"{counted} checked: all is well.")


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="File to write; one SQLite file, whatever the database.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace an older backup of that name.")] = False,
) -> None:
    """Copy the archive into one file.

    While it is being read and written: the copy is of one moment. The file appears when it is whole;
    a backup that is cut off leaves the older one alone.
    """
    cli = get_context(context)
    with cli.archive() as archive, Bar(cli) as bar:
        size = archive.maintenance.back_up(file, replace=replace, watch=bar.watch)
    if cli.json:
        cli.show_json({"file": str(file), "bytes": size})
    else:
        cli.info(f"{decimal(size)} written to {file}. Check it on its own: unabridged -d {file} verify")


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
    cli = get_context(context)
    cli.make_folder()
    with Bar(cli) as bar:
        found = backups.restore(file, cli.settings.database, bar.watch, damaged=damaged)
    if cli.json:
        cli.show_json(asdict(found))
        return
    _show_verified(cli, found)
    cli.info(f"Restored from {file}.")


def migrate_to(
    context: typer.Context,
    target: Annotated[str, typer.Argument(help="postgresql://user@host/database, or an SQLite file.")],
) -> None:
    """Move the archive to another database.

    Copies every row in one transaction and proves by hashes that both ends are alike. The target must
    be empty; the archive here stays as it is. Stop `serve` and `poll` first: what they save while
    the copy runs is not in it.
    """
    cli = get_context(context)
    with cli.archive() as archive, Bar(cli) as bar:
        copied = archive.maintenance.copy_to(target, watch=bar.watch)
    if cli.json:
        rows = {name: one.rows for name, one in copied.tables.items()}
        cli.show_json({"tables": rows, "late": copied.late})
        return
    cli.info(f"{copied.rows:,} rows of {len(copied.tables)} tables copied; both ends are alike.")
    if copied.late:
        cli.stderr.print("The archive was written to meanwhile: that is not in the copy.", style="yellow")
    cli.info("Name the new database from now on: UNABRIDGED_DATABASE, or database = … in the settings file.")


def size(context: typer.Context) -> None:
    """Show what the archive takes.

    By kind, and by site."""
    cli = get_context(context)
    with cli.archive() as archive:
        sizes = archive.maintenance.sizes()
    if cli.json:
        cli.show_json(asdict(sizes))
        return
    cli.show_table(_kinds(sizes))
    if sizes.sites:
        cli.stdout.print()
        cli.show_table(_sites(sizes))


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


commands: dict[str, Callable[..., None]] = {
    "verify": verify,
    "backup": backup,
    "restore": restore,
    "migrate-to": migrate_to,
    "size": size,
}
