"""Maintenance commands: `backup`, `restore`, `migrate-to`, `size`."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.facade import database
from unabridged.archive.records.maintenance import Sizes
from unabridged.cli.commands.database.verify import show_verified
from unabridged.cli.support.context import get_context
from unabridged.cli.support.progress import ProgressBar
from unabridged.cli.support.terminal import Table, decimal
from unabridged.cli.support.terminal import table as new_table


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="File to write: an SQLite file, whatever the database is.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace an older backup of this name.")] = False,
) -> None:
    """Back up the archive to one file.

    The archive may be in use: the backup is a consistent snapshot. The file appears when it is complete;
    an interrupted backup leaves an older one unchanged.
    """
    cli = get_context(context)
    with cli.archive() as archive, ProgressBar(cli) as bar:
        size = archive.maintenance.back_up(file, replace=replace, watch=bar.watch)
    if cli.json:
        cli.show_json({"file": str(file), "bytes": size})
    else:
        cli.info(f"{decimal(size)} written to {file}. To check it: unabridged -d {file} verify")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup, or an archive's SQLite file.")],
    damaged: Annotated[
        bool, typer.Option("--damaged", help="Restore what can be read of a damaged file.")
    ] = False,
) -> None:
    """Restore a backup.

    Writes to the archive of --database, which must be new or empty. The whole backup is checked first; a
    damaged one is refused and nothing is changed. The backup file itself is never written to.
    """
    cli = get_context(context)
    cli.make_folder()
    with ProgressBar(cli) as bar:
        found = database.restore(file, cli.settings.database, damaged=damaged, watch=bar.watch)
    if cli.json:
        cli.show_json(asdict(found))
        return
    show_verified(cli, found)
    cli.info(f"Restored from {file}.")


def migrate_to(
    context: typer.Context,
    target: Annotated[str, typer.Argument(help="postgresql://user@host/database, or an SQLite file.")],
) -> None:
    """Move the archive to another database.

    Copies every row in one transaction and compares hashes of both databases. The target must be empty;
    the source stays unchanged. Stop `serve` and `poll` first: what they save during the copy is missing
    in it.
    """
    cli = get_context(context)
    with cli.archive() as archive, ProgressBar(cli) as bar:
        copied = archive.maintenance.copy_to(target, watch=bar.watch)
    if cli.json:
        rows = {name: one.rows for name, one in copied.tables.items()}
        cli.show_json({"tables": rows, "late": copied.late})
        return
    cli.info(
        f"{copied.rows:,} rows of {len(copied.tables)} tables copied; both databases have the same content."
    )
    if copied.late:
        cli.stderr.print(
            "The archive was written to during the copy; those changes are missing in it.", style="yellow"
        )
    cli.info("Use the new database from now on: UNABRIDGED_DATABASE, or database = … in the settings file.")


def size(context: typer.Context) -> None:
    """Show how much storage the archive uses.

    By kind and by site."""
    cli = get_context(context)
    with cli.archive() as archive:
        sizes = archive.maintenance.sizes()
    if cli.json:
        cli.show_json(asdict(sizes))
        return
    cli.show_table(_kinds_table(sizes))
    if sizes.sites:
        cli.stdout.print()
        cli.show_table(_sites_table(sizes))


def _kinds_table(sizes: Sizes) -> Table:
    table = _numbers_table("kind", "number", "stored", "uncompressed", "ratio")
    for part in sizes.parts:
        table.add_row(part.name, f"{part.count:,}", decimal(part.stored), *_ratio(part.stored, part.raw))
    if sizes.index is not None:
        table.add_row("indexes", "", decimal(sizes.index), "", "")
    table.add_row("free pages", "", decimal(sizes.free), "", "")
    table.add_row("the whole database", "", decimal(sizes.total), "", "")
    return table


def _ratio(stored: int, raw: int | None) -> tuple[str, str]:
    return ("", "") if not raw or not stored else (decimal(raw), f"{raw / stored:.1f}")


def _sites_table(sizes: Sizes) -> Table:
    table = _numbers_table("site", "raw pages", "stored", "uncompressed", "ratio")
    for site in sizes.sites:
        table.add_row(site.site, f"{site.pages:,}", decimal(site.stored), *_ratio(site.stored, site.raw))
    return table


def _numbers_table(*headings: str) -> Table:
    return new_table(*headings, right=headings[1:])


commands: dict[str, Callable[..., None]] = {
    "backup": backup,
    "restore": restore,
    "migrate-to": migrate_to,
    "size": size,
}
