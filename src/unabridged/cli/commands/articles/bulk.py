"""The command `bulk`: extract articles from WARC files, on all cores or on a cluster."""

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from unabridged.bulk.child import Failed
from unabridged.bulk.ray_cluster import run_on_ray
from unabridged.bulk.run import Shard, jobs_of, run_local
from unabridged.bulk.shard import (
    PAGE_SECONDS,
    Filters,
    ShardReport,
    SiteOptions,
    profiles_path,
    report_path,
)
from unabridged.bulk.sites.profiles import merged, read_profiles, write_profiles
from unabridged.bulk.writers import check_format
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.progress import BytesBar
from unabridged.cli.support.terminal import (
    Table,
    plain,
)
from unabridged.cli.support.terminal import table as new_table
from unabridged.errors import ExportError

SHOWN = 20
"""Files with problems that are listed one by one."""


class BulkFormat(StrEnum):
    parquet = "parquet"
    jsonl = "jsonl"


def bulk(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="WARC files, or folders of them.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", help="Output folder; one file for each WARC file.")],
    format: Annotated[BulkFormat, typer.Option(help="Output format.")] = BulkFormat.parquet,
    lang: Annotated[
        list[str] | None, typer.Option(help="Only pages in this language (zh, en …); may be repeated.")
    ] = None,
    host: Annotated[
        list[str] | None, typer.Option(help="Only pages of this host and its subdomains; may be repeated.")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one per core.")] = 0,
    page_seconds: Annotated[
        float, typer.Option(min=0.1, help="CPU seconds allowed for one page.")
    ] = PAGE_SECONDS,
    ray: Annotated[
        str | None,
        typer.Option(help="Address of a Ray cluster (auto, HOST:6379), or local.", metavar="ADDRESS"),
    ] = None,
    learn: Annotated[
        bool, typer.Option(help="Learn the sites of each file first, and read their pages by it.")
    ] = True,
    profiles: Annotated[
        Path | None,
        typer.Option(
            help="Site profiles of an earlier run; their sites are not learnt again.", metavar="FILE"
        ),
    ] = None,
    save_profiles: Annotated[
        Path | None, typer.Option(help="Write the site profiles of this run to a file.", metavar="FILE")
    ] = None,
) -> None:
    """Extract articles from WARC files.

    Needs no archive. Each input file gives one output file of the same name and a report beside it. After an
    interruption, run the same command again: finished files are skipped.

    Each file is read twice: first, hosts with five pages or more are learnt from some of them (where the
    article stands, what is boilerplate); then all pages are read, those of learnt hosts by what was learnt,
    in less than half of the time. --no-learn reads once, each page for itself.

    \b
      unabridged bulk crawl/*.warc.gz -o articles/
      unabridged bulk crawl/ -o articles/ --format jsonl --lang zh --host example.org
      unabridged bulk monday/ -o out/monday/ --save-profiles sites.jsonl
      unabridged bulk tuesday/ -o out/tuesday/ --profiles sites.jsonl --no-learn
    """
    cli = get_context(context)
    check_format(format.value)
    filters = Filters(
        languages=tuple(sorted({one.strip().lower().partition("-")[0] for one in lang or ()})),
        hosts=tuple(sorted({one.strip().lower().strip(".") for one in host or ()})),
    )
    sites = SiteOptions(learn=learn, profiles=profiles, save=save_profiles is not None)
    _remark_unusable(cli, profiles)
    jobs = jobs_of(paths, out, format=format.value, filters=filters, page_seconds=page_seconds, sites=sites)
    with BulkProgressBar(cli) as bar:
        if ray is None:
            shards = run_async(run_local(jobs, workers=workers, watch=bar.watch))
        else:
            shards = run_on_ray(jobs, address=ray, watch=bar.watch)
    if save_profiles is not None:
        _save_profiles(cli, shards, save_profiles, profiles)
    _report(cli, shards, out)


def _remark_unusable(cli: CliContext, path: Path | None) -> None:
    """Say on stderr which profiles are not used. Raises ExportError if the file cannot be read."""
    if path is None:
        return
    found = read_profiles(path)
    if found.unusable:
        cli.stderr.print(
            plain(
                f"{path}: {found.unusable:,} of {found.unusable + len(found.texts):,} lines are no site "
                "profiles of this version and are not used. Make the file anew with --save-profiles.",
                "yellow",
            )
        )


def _save_profiles(cli: CliContext, shards: tuple[Shard, ...], path: Path, brought: Path | None) -> None:
    """Write the profiles of a run, and those that it began with, but no suspect ones. Raises ExportError."""
    done = [shard for shard in shards if isinstance(shard.outcome, ShardReport)]
    suspect = {
        site for shard in done if isinstance(shard.outcome, ShardReport) for site in shard.outcome.suspect
    }
    kept = merged(
        read_profiles(brought).texts if brought is not None else {},
        [profiles_path(shard.job.target) for shard in done],
        frozenset(suspect),
    )
    count = write_profiles(path, kept.values())
    if not cli.json:
        cli.stderr.print(plain(f"{count:,} site profiles in {path}"))


class BulkProgressBar(BytesBar):
    """One bar for the bytes of all files."""

    def __init__(self, cli: CliContext) -> None:
        super().__init__(cli, "Reading pages")
        self._files: dict[Path, Shard] = {}

    def watch(self, shard: Shard) -> None:
        """Update the bar with the progress of one file."""
        self._files[shard.job.target] = shard
        files = self._files.values()
        ended = sum(one.outcome is not None for one in files)
        now = f"{sum(one.pages for one in files):,} pages, {ended} of {len(files)} files"
        self.show(sum(one.read for one in files), sum(one.size for one in files), now)


def _report(cli: CliContext, shards: tuple[Shard, ...], out: Path) -> None:
    """Print the result of all files. Raises ExportError if some failed."""
    reports = [shard.outcome for shard in shards if isinstance(shard.outcome, ShardReport)]
    failed = [shard for shard in shards if isinstance(shard.outcome, Failed)]
    if cli.json:
        cli.show_json(
            {
                "finished": reports,
                "failed": [{"source": str(one.job.source), "why": _failure_reason(one)} for one in failed],
            }
        )
    else:
        if reports:
            cli.show_table(_summary(shards, reports))
        _show_problems(cli, shards)
    for shard in failed[:SHOWN]:
        cli.stderr.print(plain(_failure_reason(shard), "red"))
    if failed:
        raise ExportError(
            f"{len(failed)} of {len(shards)} files failed. Remove the cause and run the same command again: "
            f"finished files in {out} are skipped."
        )


def _failure_reason(shard: Shard) -> str:
    return shard.outcome.why if isinstance(shard.outcome, Failed) else ""


def _summary(shards: tuple[Shard, ...], reports: list[ShardReport]) -> Table:
    table = new_table("", "what", right=("",), show_header=False)
    again = sum(shard.again for shard in shards)
    left_out: Counter[str] = Counter()
    for report in reports:
        left_out.update(report.left_out)
    rows = [(len(reports), "files" + (f", {again} of them finished before" if again else ""))]
    rows += [(sum(report.pages for report in reports), "pages")]
    rows += [(sum(report.articles for report in reports), "articles")]
    if by_profile := sum(report.by_profile for report in reports):
        rows += [(by_profile, "of them read by the profile of their site")]
    rows += [(count, f"left out: {why}") for why, count in left_out.most_common()]
    rows += [(sum(report.failed for report in reports), "could not be read")]
    if suspect := len({site for report in reports for site in report.suspect}):
        rows += [(suspect, "sites whose profile was given up midway (in the reports)")]
    for count, what in rows:
        table.add_row(f"{count:,}", what)
    return table


def _show_problems(cli: CliContext, shards: tuple[Shard, ...]) -> None:
    for shard in shards[:SHOWN]:
        if isinstance(shard.outcome, ShardReport) and shard.outcome.failed:
            cli.stderr.print(plain(_problem(shard, shard.outcome), "yellow"))


def _problem(shard: Shard, report: ShardReport) -> str:
    first = report.troubles[0]
    more = f" (and {report.failed - 1:,} more)" if report.failed > 1 else ""
    where = f"{shard.job.source}, byte {first.position:,}"
    return f"{where}: {first.url} {first.why}{more}; all are in {report_path(shard.job.target)}"


commands = {"bulk": bulk}
