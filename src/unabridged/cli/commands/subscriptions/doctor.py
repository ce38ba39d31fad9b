"""The command `doctor`: problems of feeds, hosts and site rules, with causes and advice."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.maintenance import Sizes
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.streams import binary_output, to_terminal, write_text
from unabridged.cli.support.terminal import Table, plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.errors import NotFound, without_login
from unabridged.extraction.rules.parse import GLOBAL, file_names, parse_site_config
from unabridged.poll.feeds.diagnostics import Finding, RuleUse, diagnose, rule_usage
from unabridged.poll.feeds.evidence import collect_evidence
from unabridged.urls import host as host_of

STYLES = {"broken": "red", "warning": "yellow", "note": "dim"}
HEADINGS = {"polling": "Polling", "feed": "Feeds", "host": "Pages of articles", "rule": "Site rules"}
SHOWN = 50
"""Lines printed under one heading; --json has all."""


def doctor(
    context: typer.Context,
    notes: Annotated[bool, typer.Option("--notes/--no-notes", help="Include notes.")] = True,
    retry: Annotated[
        str | None,
        typer.Option(
            "--retry", metavar="HOST", help='Retry the failed pages of a host; "all" for every host.'
        ),
    ] = None,
    body: Annotated[
        int | None,
        typer.Option(
            "--body", metavar="NUMBER", help="Print the document of a feed that crashed the reader."
        ),
    ] = None,
) -> None:
    """Report problems, their causes and what to do.

    Lists feeds that fail, have ended, are unusually quiet, paused or moved; pages that cannot be read, by
    host and cause; site rules that match nothing any more; and the storage that is used.

    \b
    broken     something is not updated, and waiting will not help
    warning    it may resolve itself; it is retried
    note       for information

    For monitoring, the exit code is 1 if something is broken, else 0.
    """
    cli = get_context(context)
    now = datetime.now(UTC)
    with cli.archive() as archive:
        if body is not None:
            _print_body(archive, body)
            return
        if retry is not None:
            _retry(archive, retry, now, cli)
            return
        rules = _rule_uses(archive, cli.settings.poll.rules)
        findings = diagnose(collect_evidence(archive, archive.library(), now, rules=rules), now)
        sizes = archive.maintenance.sizes()
    shown = [one for one in findings if notes or one.level != "note"]
    if cli.json:
        cli.show_json({"findings": [asdict(one) for one in shown], "storage": asdict(sizes)})
    else:
        _print_findings(shown, cli)
        _print_sizes(sizes, cli)
    if any(one.level == "broken" for one in findings):
        raise typer.Exit(1)


def _print_body(archive: Archive, feed_id: int) -> None:
    kept = archive.feeds.quarantined(feed_id)
    if kept is None:
        raise NotFound(f"No document of feed {feed_id} is quarantined.")
    if to_terminal():
        write_text(kept.body)
        return
    binary_output().write(kept.body)  # unchanged, for analysis
    binary_output().flush()


def _retry(archive: Archive, name: str, now: datetime, cli: CliContext) -> None:
    failing = archive.schedule.failing_pages()
    wanted = [page.article_id for page in failing if name == "all" or host_of(page.url) == name]
    count = archive.schedule.retry_pages(wanted, now=now)
    if not count:
        shown = without_login(name)
        raise NotFound(f"No page of {shown} failed. `unabridged doctor` lists the hosts of failed pages.")
    cli.info(f"The next poll retries {count} pages.")


def _rule_uses(archive: Archive, folders: Sequence[str]) -> tuple[RuleUse, ...]:
    files: dict[str, Path] = {}
    for folder in reversed(folders):  # the first folder's file counts
        files |= {path.name: path for path in Path(folder).expanduser().glob("*.txt") if path.name != GLOBAL}
    if not files:
        return ()
    pages = archive.schedule.latest_pages()
    relevant = {name for url in {url for _, url in pages} for name in file_names(host_of(url))}
    read = {name: path.read_text(errors="replace") for name, path in files.items() if name in relevant}
    return rule_usage(
        [(name, len(parse_site_config(text, file=name).ignored)) for name, text in read.items()],
        pages,
        names_of=file_names,
        warnings_of=lambda number: archive.library().articles.get(number).article.warnings,
    )


def _print_findings(findings: Sequence[Finding], cli: CliContext) -> None:
    if not findings:
        cli.stdout.print(plain("Nothing is wrong.", "green"))
        return
    for about, heading in HEADINGS.items():
        some = [one for one in findings if one.about == about]
        if some:
            cli.stdout.print()
            cli.stdout.print(plain(heading, "bold"))
            cli.show_table(_findings_table(some[:SHOWN]))
        if len(some) > SHOWN:
            cli.stdout.print(plain(f"and {len(some) - SHOWN} more; `unabridged --json doctor` has them all"))


def _findings_table(findings: Sequence[Finding]) -> Table:
    table = new_table()
    for heading in ("", "where", "problem", "advice"):
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


def _print_sizes(sizes: Sizes, cli: CliContext) -> None:
    cli.stdout.print()
    cli.stdout.print(plain("Storage", "bold"))
    table = new_table("", "count", "stored", "uncompressed", right=("count", "stored", "uncompressed"))
    for part in sizes.parts:
        was = _megabytes(part.raw) if part.raw is not None else ""
        table.add_row(part.name, f"{part.count:,}", _megabytes(part.stored), was)
    index = f" and {_megabytes(sizes.index)} are indexes" if sizes.index is not None else ""
    table.add_row("the database", "", _megabytes(sizes.total), "")
    cli.show_table(table)
    cli.stdout.print(plain(f"In the database, {_megabytes(sizes.free)} are free{index}.", "dim"))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


commands: dict[str, Callable[..., None]] = {"doctor": doctor}
