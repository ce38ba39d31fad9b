"""The command `extract`: extract articles from files, folders and archives of pages, on all cores."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer

from unabridged.atomic_files import temporary_copy
from unabridged.bulk.output import Output, OutputReport, extract_inputs
from unabridged.bulk.run import Shard
from unabridged.bulk.shard import PAGE_SECONDS, Trouble, report_path
from unabridged.bulk.sources.files import InputFile
from unabridged.bulk.sources.inputs import Inputs, find_inputs
from unabridged.bulk.sources.source import begins_html
from unabridged.bulk.writers import Format, check_format
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.progress import BytesBar
from unabridged.cli.support.streams import json_output, to_terminal
from unabridged.cli.support.terminal import (
    Table,
    plain,
)
from unabridged.cli.support.terminal import table as new_table
from unabridged.errors import ExportError
from unabridged.urls import normalise

SHOWN = 20
"""Failures that are listed one by one."""

STDIN = "-"
SUFFIXES: dict[str, Format] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
"""Suffix of an output file -> its format."""


class ExtractFormat(StrEnum):
    jsonl = "jsonl"
    parquet = "parquet"
    markdown = "markdown"
    text = "text"


def extract(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="HTML files, folders, globs, archives (zip, tar, WARC); -: from stdin, a page or a list of "
            "paths.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", "-o", help="FILE.jsonl, FILE.parquet or a folder; default: JSON lines on stdout."
        ),
    ] = None,
    format: Annotated[
        ExtractFormat | None,
        typer.Option("--format", "-f", help="Output format; default: by --out, Markdown for a folder."),
    ] = None,
    from_list: Annotated[
        str | None,
        typer.Option(
            "--from-list", help="File with paths, one a line or separated by NUL; -: stdin.", metavar="FILE"
        ),
    ] = None,
    base_url: Annotated[
        str, typer.Option("--base-url", help="Address of the input's folder: pages are at it + their path.")
    ] = "",
    lang: Annotated[
        list[str] | None, typer.Option(help="Only pages in this language (zh, en …); may be repeated.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0: one per core.")] = 0,
    page_seconds: Annotated[
        float, typer.Option(min=0.1, help="CPU seconds allowed for one page.")
    ] = PAGE_SECONDS,
) -> None:
    """Extract articles from files, folders and archives of pages.

    Needs no archive and no network. Articles come in the order of the input, the same bytes each time. After
    an interruption, run the same command again: what is finished is skipped. Pages that fail are named in
    OUT.report.json and stop nothing; the exit code is 7 then.

    \b
    unabridged extract pages/ -o articles.jsonl                one JSON object a line, with text and html
    unabridged extract pages/ -o articles.parquet              the same columns for pandas, DuckDB, Spark
    unabridged extract pages/ -o texts/                        texts/a/b.md for pages/a/b.html
    unabridged extract pages/ -o texts/ --format text          texts/a/b.txt
    unabridged extract 'site/**/*.html' dump.zip old.tar.gz -o all.jsonl
    unabridged extract mirror/ --base-url https://example.org/ -o site.jsonl
    find . -name '*.htm*' -print0 | unabridged extract - -o found.jsonl
    unabridged extract saved.html | jq -r .title
    """
    cli = get_context(context)
    output = _output(out, format, base_url, lang or [], page_seconds)
    if not paths and from_list is None:
        raise typer.BadParameter(
            "Name files, folders or archives of pages, or give a list of them with --from-list."
        )
    if (STDIN in (paths or ())) and from_list == STDIN:
        raise typer.BadParameter("stdin can be read once: as - or as --from-list -.")
    with _inputs(paths or [], from_list, output) as inputs, ExtractProgressBar(cli) as bar:
        report = run_async(
            extract_inputs(
                inputs,
                output,
                workers=jobs,
                watch=bar.watch,
                stream=json_output() if output.target is None else None,
            )
        )
    _show(cli, output, report)


def _output(
    out: str | None, format: ExtractFormat | None, base_url: str, languages: list[str], page_seconds: float
) -> Output:
    """Return the output that the options describe. Raises BadParameter where they contradict each other."""
    if out in (None, STDIN):
        return _made(None, _stream_format(format), base_url, languages, page_seconds)
    assert out is not None
    target = Path(out) if Path(out).name else Path(os.path.abspath(out))  # noqa: PTH100 - "." has a name, too
    if target.name in ("", ".."):
        raise typer.BadParameter(f"{out} cannot be an output: name a file or a folder.")
    by_name = SUFFIXES.get(target.suffix.lower())
    if by_name is not None and (format is None or format.value == by_name):
        return _made(target, by_name, base_url, languages, page_seconds)
    if by_name is not None and format is not None:
        raise typer.BadParameter(f"{out} is the name of a {by_name} file, and --format says {format.value}.")
    if format is None and target.suffix.lower() in (".json", ".csv", ".md", ".txt", ".html", ".xlsx"):
        raise typer.BadParameter(
            f"Which format is {out}? Name FILE.jsonl or FILE.parquet, or a folder (for Markdown; "
            "--format text for plain text), or give --format."
        )
    chosen: Format = "markdown" if format is None else format.value
    return _made(target, chosen, base_url, languages, page_seconds)


def _stream_format(format: ExtractFormat | None) -> Format:
    if format not in (None, ExtractFormat.jsonl):
        where = "FILE.parquet" if format is ExtractFormat.parquet else "FOLDER/"
        raise typer.BadParameter(f"--format {format.value} needs a place: -o {where}")
    if to_terminal():
        raise typer.BadParameter(
            "Name an output: -o FILE.jsonl, -o FILE.parquet or -o FOLDER/. (For one page in the terminal: "
            "unabridged read FILE.)"
        )
    return "jsonl"


def _made(
    target: Path | None, format: Format, base_url: str, languages: list[str], page_seconds: float
) -> Output:
    check_format(format)
    return Output(
        target=target,
        format=format,
        base_url=normalise(base_url) if base_url else "",
        languages=tuple(sorted({one.strip().lower().partition("-")[0] for one in languages})),
        page_seconds=page_seconds,
    )


@contextmanager
def _inputs(paths: list[str], from_list: str | None, output: Output) -> Iterator[Inputs]:
    """Give the input files. A page on stdin is kept in a temporary file meanwhile."""
    words = [path for path in paths if path != STDIN]
    listed, page = b"", b""
    if STDIN in paths:
        listed = sys.stdin.buffer.read()
        if begins_html(listed) or listed.lstrip().startswith(b"<"):
            listed, page = b"", listed
    elif from_list is not None:
        listed = _list_bytes(from_list)
    words += _listed(listed)
    inputs = find_inputs(words, base_url=output.base_url, output=output.target)
    if not page:
        if not (inputs.files or inputs.missing):
            raise ExportError(_nothing(inputs, words))
        yield inputs
        return
    with temporary_copy(BytesIO(page), "unabridged-stdin-") as copy:
        inputs.files += (_stdin_page(copy, page, output.base_url),)
        yield inputs


def _stdin_page(copy: Path, page: bytes, base_url: str) -> InputFile:
    version = sha256(page).hexdigest()
    return InputFile(
        path=copy,
        name="stdin",
        kind="page",
        size=len(page),
        version=version,
        url=base_url,
        target="stdin",
        place="stdin:",
    )


def _list_bytes(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as exc:
        raise ExportError(f"The list {name} cannot be read: {exc.strerror}.") from exc


def _listed(data: bytes) -> list[str]:
    """Return the paths of a list: separated by NUL if there is one, else one a line."""
    lines = data.split(b"\0") if b"\0" in data else [line.rstrip(b"\r") for line in data.split(b"\n")]
    return [os.fsdecode(line) for line in lines if line]


def _nothing(inputs: Inputs, words: list[str]) -> str:
    if not words:
        return "The list of paths is empty."
    others = sum(inputs.left_out.values())
    also = f" There are {others:,} other files, which are not read." if others else ""
    return f"There is no HTML file, zip, tar or WARC file in what was named.{also}"


class ExtractProgressBar(BytesBar):
    """One bar for the bytes of all inputs. There may be very many: totals are kept, not counted again."""

    def __init__(self, cli: CliContext) -> None:
        super().__init__(cli, "Extracting")
        self._read: dict[Path, tuple[int, int]] = {}
        self._bytes = self._pages = self._total = 0

    def watch(self, shard: Shard) -> None:
        """Update the bar with the progress of one source."""
        if shard.job.target not in self._read:
            self._total += shard.size
        read, pages = self._read.get(shard.job.target, (0, 0))
        now = min(shard.read, shard.size)  # positions in a compressed tar are those of its content
        self._read[shard.job.target] = (now, shard.pages)
        self._bytes += now - read
        self._pages += shard.pages - pages
        self.show(self._bytes, self._total, f"{self._pages:,} pages")


def _show(cli: CliContext, output: Output, report: OutputReport) -> None:
    """Print the result. Raises ExportError if something could not be read."""
    where = report_path(output.target) if output.target is not None else None
    if cli.json and where is not None:
        cli.show_json(report)
    elif where is not None:
        cli.show_table(_summary(report))
    elif not cli.quiet:
        cli.stderr.print(_summary(report))
    for trouble in report.troubles[:SHOWN]:
        cli.stderr.print(plain(_line(trouble), "yellow"))
    if report.failed:
        more = f" All are named in {where}." if where is not None else ""
        raise ExportError(f"{report.failed:,} could not be read; the others are done.{more}")


def _line(trouble: Trouble) -> str:
    return " ".join(filter(None, (f"{trouble.source}:", trouble.url, trouble.why)))


def _summary(report: OutputReport) -> Table:
    table = new_table("", "what", right=("",), show_header=False)
    rows = [(report.files, "files" + (", all finished before" if report.again else ""))]
    rows += [(report.pages, "pages"), (report.articles, "articles")]
    rows += [(count, f"left out: {why}") for why, count in report.left_out.items()]
    rows += [(report.failed, "could not be read")]
    for count, what in rows:
        table.add_row(f"{count:,}", what)
    return table


commands = {"extract": extract}
