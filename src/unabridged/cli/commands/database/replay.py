"""The command `replay`: extract articles again from their stored raw pages."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.library import ReplaySelection
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.diff import print_changes
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.lookup import feed_number, host_name
from unabridged.cli.support.progress import bars
from unabridged.cli.support.selection_options import parse_time
from unabridged.cli.support.terminal import (
    BarColumn,
    MofNCompleteColumn,
    TimeElapsedColumn,
    plain,
    text_column,
)
from unabridged.cli.support.terminal import table as new_table
from unabridged.cli.support.workers import require_workers
from unabridged.poll.extractor.known_sites import KnownSites
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.pages.reextract import ON_WORKERS, Difference, ReplayReport, ReplayRequest
from unabridged.poll.pages.reextract import replay as run_replay

MEANINGS = {
    "text": "different words in the text",
    "head": "different title, by-line, date or summary",
    "body": "different markup, links or pictures",
    "details": "different notes only: not saved",
    "same": "no difference",
    "worse": "worse than the stored version: not saved",
    "joined": "made from several pages, only one of them stored: unchanged",
    "failed": "no article can be extracted from the page any more: unchanged",
    "meanwhile": "a newer version was saved in the meantime: unchanged",
}


def replay(
    context: typer.Context,
    feed: Annotated[str | None, typer.Option("--feed", help="Only articles of this subscription.")] = None,
    site: Annotated[str | None, typer.Option("--site", help="Only pages of this site (a host).")] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="Only pages fetched since: a date, a time, or a duration back: 30d."),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="Only pages fetched up to then.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; save nothing.")] = False,
    rules: Annotated[
        list[str] | None,
        typer.Option(
            "--rules",
            help="Folder of site rules, used before those of the settings (stored rules come first).",
        ),
    ] = None,
    shorter: Annotated[
        bool, typer.Option("--shorter", help="Also save texts that lose more than a fifth of their words.")
    ] = False,
    on_workers: Annotated[
        bool, typer.Option(ON_WORKERS, help="Let the workers run it, with their rules (PostgreSQL).")
    ] = False,
    undo: Annotated[int | None, typer.Option("--undo", help="Undo the replay with this number.")] = None,
    show: Annotated[bool, typer.Option("--list", help="List earlier replays.")] = False,
) -> None:
    """Extract articles again from their stored pages.

    Every page that gave a version is stored, so a better extractor or a new site rule can be applied to
    old articles. Better results are saved as versions marked "replay", which are distinct from a publisher's
    edits. Worse results are not saved. A whole replay can be undone.

    \b
    unabridged replay --dry-run                     what today's extractor would change
    unabridged replay --feed 3 --rules ~/my-rules   one feed, with new rules
    unabridged replay --site news.example           one site, for example after it was learnt again
    unabridged replay --undo 7                      restore the state before replay 7
    """
    cli = get_context(context)
    with cli.archive() as archive:
        if show:
            _list(archive, cli)
        elif undo is not None:
            _undo(archive, undo, cli)
        else:
            order = ReplayRequest(
                chosen=ReplaySelection(
                    feed=None if feed is None else feed_number(archive, feed),
                    site=None if site is None else host_name(site),
                    since=parse_time(since, "--since"),
                    until=parse_time(until, "--until"),
                ),
                dry=dry_run,
                shorter=shorter,
                asked=_typed_options(
                    {"--feed": feed, "--site": site and host_name(site), "--since": since, "--until": until},
                    rules,
                    shorter,
                ),
            )
            if on_workers:
                if dry_run or rules:
                    words = "workers support neither --rules nor --dry-run"
                    raise typer.BadParameter(words, param_hint=ON_WORKERS)
                _enqueue(archive, replace(order, asked=f"{order.asked} {ON_WORKERS}".strip()), cli)
                return
            _show(run_async(_run(archive, order, rules or [], cli)), cli)


def _enqueue(archive: Archive, order: ReplayRequest, cli: CliContext) -> None:
    """Start a replay that the workers run."""
    require_workers(cli)
    from unabridged.workers.enqueue import JobClient

    client = JobClient(cli.settings.database)
    number = archive.reextraction.begin(order.asked, now=datetime.now(UTC))
    run_async(client.enqueue_replay(number, order))
    if cli.json:
        cli.show_json({"replay": number})
        return
    cli.info(f"The workers run replay {number}. `unabridged replay --list` shows its state.")


def _typed_options(chosen: Mapping[str, str | None], rules: list[str] | None, shorter: bool) -> str:
    """Return the options of a replay as typed."""
    given = [*chosen.items(), *(("--rules", folder) for folder in rules or ())]
    words = [f"{name} {value}" for name, value in given if value is not None]
    return " ".join([*words, *(["--shorter"] if shorter else [])])


async def _run(archive: Archive, order: ReplayRequest, rules: list[str], cli: CliContext) -> ReplayReport:
    settings = cli.settings.poll
    columns = (
        text_column(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        text_column("found", style="dim"),
    )
    total = archive.reextraction.count_sources(order.chosen)
    with bars(cli, *columns) as bar:
        task = bar.add_task("Reading stored pages", total=total, found="")

        def watch(report: ReplayReport) -> None:
            changed = sum(report.counts[kind] for kind in ("text", "head", "body"))
            bar.update(task, completed=report.read, found=f"{changed} differ")

        async with Extractor(settings.workers, rules=(*rules, *settings.rules)) as extractor:
            extractor.use_sites(KnownSites(archive, learn=settings.learn))
            return await run_replay(archive, extractor, order, watch=watch)


def _show(report: ReplayReport, cli: CliContext) -> None:
    if cli.json:
        cli.show_json(
            {
                "replay": report.number,
                "read": report.read,
                "saved": report.saved,
                "counts": dict(report.counts),
                "biggest": [_difference_row(one) for one in report.biggest],
                "refused": [_difference_row(one) for one in report.refused],
            }
        )
        return
    table = new_table("articles", "result", right=("articles",))
    for kind, meaning in MEANINGS.items():
        if report.counts[kind]:
            table.add_row(str(report.counts[kind]), meaning)
    if report.read:
        cli.show_table(table)
    for one in report.biggest:
        _show_difference(one, cli)
    for one in report.refused:
        cli.stderr.print(plain(f"{one.source.article_id}  not saved: {one.reason}", "yellow"))
    cli.info(_closing_line(report))


def _difference_row(one: Difference) -> dict[str, object]:
    return {
        "article": one.source.article_id,
        "url": one.source.article.url,
        "kind": one.kind,
        "reason": one.reason,
        "words": one.words,
    }


def _show_difference(one: Difference, cli: CliContext) -> None:
    assert one.article is not None
    title = one.source.article.title or one.source.article.url
    cli.stdout.print()
    cli.stdout.print(plain(f"{one.source.article_id}  {title}: {one.reason}", "bold"))
    if one.source.article.title != one.article.title:
        print_changes(one.source.article.title, one.article.title, cli, most=1)
    print_changes(one.source.article.text, one.article.text, cli, most=4)


def _closing_line(report: ReplayReport) -> str:
    if not report.read:
        return "There is no stored page to read."
    if report.number is None:
        return "Nothing was saved (dry run)."
    back = f" `unabridged replay --undo {report.number}` undoes it." if report.saved else ""
    return f"{report.saved} of {report.read} articles have a new version.{back}"


def _undo(archive: Archive, number: int, cli: CliContext) -> None:
    undone = archive.reextraction.undo(number, now=datetime.now(UTC))
    if cli.json:
        cli.show_json(asdict(undone))
        return
    cli.info(f"{undone.restored} articles are restored to their state before replay {number}.")
    if undone.kept:
        some = ", ".join(map(str, undone.kept[:20]))
        cli.info(f"{len(undone.kept)} have newer versions and were left unchanged: {some}.")


def _list(archive: Archive, cli: CliContext) -> None:
    found = archive.reextraction.runs()
    if cli.json:
        cli.show_json([asdict(one) for one in found])
        return
    if not found:
        cli.info("No replays yet.")
        return
    table = new_table("id", "when", "articles", "options", "state", right=("id", "articles"))
    for one in found:
        state = "undone" if one.undone else "done" if one.finished else "interrupted"
        when = one.started.astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(str(one.id), when, str(one.articles), one.asked, state)
    cli.show_table(table)


commands: dict[str, Callable[..., None]] = {"replay": replay}
