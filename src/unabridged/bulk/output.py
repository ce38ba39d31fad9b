"""One output of many sources: a file of rows in the order of the inputs, or a folder of articles' own files.

The run keeps its state in a hidden folder beside the output: a part for every source that is finished. A run
that was killed continues from there. The output gets its name only when it is whole.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import orjson

from unabridged.atomic_files import Folder, remove_flat_folder
from unabridged.bulk.child import Failed
from unabridged.bulk.run import Shard, Watch, run_shards, shard_of
from unabridged.bulk.shard import PAGE_SECONDS, Filters, Job, ShardReport, SiteOptions, Trouble, report_path
from unabridged.bulk.sources.files import InputFile
from unabridged.bulk.sources.inputs import Inputs
from unabridged.bulk.writers import ROW_WRITERS, Format
from unabridged.errors import ExportError

TREES: tuple[Format, ...] = ("markdown", "text")
"""Formats that give each article a file."""

OPTIONS_FILE = "options.json"
VERSION = metadata.version("unabridged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file or folder to write. target: None for a stream."""

    target: Path | None
    format: Format
    languages: tuple[str, ...] = ()
    base_url: str = ""
    page_seconds: float = PAGE_SECONDS

    def options(self) -> dict[str, object]:
        """Return the settings that the output depends on."""
        return {"format": self.format, "languages": sorted(self.languages), "base_url": self.base_url}

    @property
    def is_tree(self) -> bool:
        return self.format in TREES


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputReport:
    """Result of a run. files: inputs; shards: key of each source -> its own counts. again: nothing was to do.

    troubles: every place that gave no article although it should have, the first 1,000 of each source.
    """

    options: Mapping[str, object]
    files: int = 0
    pages: int = 0
    articles: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    failed: int = 0
    troubles: tuple[Trouble, ...] = ()
    shards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A source to be worked off. key: names its part; the same for the same files and options."""

    key: str
    shard: Shard


async def extract_inputs(
    inputs: Inputs, output: Output, *, workers: int = 0, watch: Watch, stream: BinaryIO | None = None
) -> OutputReport:
    """Write the articles of all inputs and return what came of them.

    stream: where rows go if the output has no file. Raises ExportError if the output cannot be written, was
    made with other options or from other files, or is being written by another run.
    """
    if output.target is None:
        assert stream is not None
        with TemporaryDirectory(prefix="unabridged-extract-") as folder:
            parts = _parts(inputs, output, Path(folder), {})
            return await _run(inputs, output, parts, workers, watch, _Emitter(parts, stream))
    with _write_errors(output.target):
        earlier = _earlier_report(output)
        parts_folder = _parts_folder(output.target)
        if earlier is not None and _covers(earlier, inputs, output):
            remove_flat_folder(parts_folder)
            parts = _parts(inputs, output, parts_folder, earlier.shards)
            return replace(_report(inputs, output, parts), again=True)
        _refuse_foreign(output, earlier, parts_folder)
        with Folder.at(parts_folder) as state:
            state.lock()
            _check_options(state, output)
            parts = _parts(inputs, output, parts_folder, earlier.shards if earlier else {})
            report = await _run(inputs, output, parts, workers, watch, None)
            _finish(output, output.target, parts, report)
            remove_flat_folder(parts_folder)
    return report


async def _run(
    inputs: Inputs,
    output: Output,
    parts: list[_Part],
    workers: int,
    watch: Watch,
    emitter: "_Emitter | None",
) -> OutputReport:
    for part in parts:
        watch(part.shard)

    def done(number: int, shard: Shard) -> None:
        if isinstance(shard.outcome, Failed) and shard.outcome.unwritable:
            raise ExportError(shard.outcome.why)
        parts[number] = replace(parts[number], shard=shard)
        if emitter is not None:
            emitter.emit()

    await run_shards([part.shard for part in parts], workers=workers, watch=watch, done=done)
    return _report(inputs, output, parts)


class _Emitter:
    """Writes finished parts to a stream, in order, each as soon as those before it are written."""

    def __init__(self, parts: list[_Part], stream: BinaryIO) -> None:
        self._parts, self._stream = parts, stream
        self._next = 0

    def emit(self) -> None:
        while self._next < len(self._parts):
            outcome = self._parts[self._next].shard.outcome
            if outcome is None:
                break
            if isinstance(outcome, ShardReport):
                _copy(self._parts[self._next].shard.job.target, self._stream)
            self._next += 1
        self._stream.flush()


def _copy(part: Path, stream: BinaryIO) -> None:
    with part.open("rb") as lines:
        stream.writelines(lines)  # line by line, since a stream may clean each write


# Parts


def _parts_folder(target: Path) -> Path:
    return target.with_name(f".{target.name}.unabridged-parts")


def _parts(
    inputs: Inputs, output: Output, folder: Path, finished: Mapping[str, Mapping[str, Any]]
) -> list[_Part]:
    """Return a part for each source. finished: those of an earlier run, which need no work."""
    format: Format = output.format if output.is_tree else "jsonl"
    parts = []
    for source, files in inputs.sources():
        key = _key(output, type(source).__name__, files, getattr(source, "part", 0))
        job = Job(
            source=source,
            target=folder / f"{key}.jsonl",
            format=format,
            filters=Filters(languages=output.languages),
            page_seconds=output.page_seconds,
            tree=output.target,
            sites=SiteOptions(learn=False),
        )
        if key in finished:
            outcome = _shard_report(source.name, job, finished[key])
            size = source.size
            shard = Shard(job=job, size=size, read=size, pages=outcome.pages, outcome=outcome, again=True)
        else:
            shard = shard_of(job)
        parts.append(_Part(key=key, shard=shard))
    return parts


def _key(output: Output, kind: str, files: Sequence[InputFile], part: int) -> str:
    """Return what a part is known by: a hash of the program's version, the options and the files."""
    identity = [VERSION, output.options(), kind, part]
    identity += [
        [os.fsencode(one.path).hex(), one.size, one.version, one.url, os.fsencode(one.target).hex()]
        for one in files
    ]
    return sha256(orjson.dumps(identity)).hexdigest()[:32]


def _shard_report(name: str, job: Job, counts: Mapping[str, Any]) -> ShardReport:
    troubles = tuple(Trouble(**one) for one in counts["troubles"])
    return ShardReport(source=name, options=job.options(), **{**counts, "troubles": troubles})


# The report


def _report(inputs: Inputs, output: Output, parts: list[_Part]) -> OutputReport:
    reports = {part.key: _outcome(part.shard) for part in parts}
    left_out = Counter(inputs.left_out)
    for one in reports.values():
        left_out.update(one.left_out)
    missing = tuple(Trouble(position=0, url="", why=one.why, source=one.path) for one in inputs.missing)
    return OutputReport(
        options=output.options(),
        files=len(inputs.files),
        pages=sum(one.pages for one in reports.values()),
        articles=sum(one.articles for one in reports.values()),
        left_out=dict(sorted(left_out.items())),
        failed=len(missing) + sum(one.failed for one in reports.values()),
        troubles=missing + tuple(trouble for one in reports.values() for trouble in one.troubles),
        shards={key: _counts(one) for key, one in reports.items()},
    )


def _counts(report: ShardReport) -> dict[str, Any]:
    return {
        "pages": report.pages,
        "articles": report.articles,
        "left_out": report.left_out,
        "failed": report.failed,
        "troubles": report.troubles,
    }


def _outcome(shard: Shard) -> ShardReport:
    """Return a source's report; one that was given up is one failure."""
    if isinstance(shard.outcome, ShardReport):
        return shard.outcome
    name, why = shard.job.pages.name, shard.outcome.why if shard.outcome else "it was not read"
    trouble = Trouble(position=0, url="", why=why, source=name)
    return ShardReport(source=name, options=shard.job.options(), failed=1, troubles=(trouble,))


def _earlier_report(output: Output) -> OutputReport | None:
    """Return the report of a run that has finished this output. Raises ExportError for other options."""
    assert output.target is not None
    try:
        known = orjson.loads(report_path(output.target).read_bytes())
        troubles = tuple(Trouble(**one) for one in known.pop("troubles"))
        report = OutputReport(**{**known, "troubles": troubles})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if not output.target.exists():
        return None
    if report.options != output.options():
        raise _other_options(output.target, report.options)
    return report


def _covers(report: OutputReport, inputs: Inputs, output: Output) -> bool:
    """Tell if a finished output is that of these inputs. Raises ExportError for a file made from others."""
    keys = [
        _key(output, type(source).__name__, files, getattr(source, "part", 0))
        for source, files in inputs.sources()
    ]
    if list(report.shards) == keys:
        return True
    if output.is_tree:
        return False
    raise ExportError(
        f"{output.target} was made from other files, or they have changed (it holds {report.articles:,} "
        f"articles of {report.files:,} files; now there are {len(inputs.files):,}). Name another output, "
        "or delete this one to make it anew."
    )


def _refuse_foreign(output: Output, earlier: OutputReport | None, parts: Path) -> None:
    """Raise ExportError if the output exists and is none of ours."""
    target = output.target
    assert target is not None
    if earlier is not None or not os.path.lexists(target):
        return
    if not output.is_tree:
        raise ExportError(
            f"{target} exists, and no run of `extract` made it. Name another output, or delete it."
        )
    if target.is_dir() and any(target.iterdir()) and not parts.exists():
        raise ExportError(f"{target} holds other files. Name a new or an empty folder.")


def _check_options(state: Folder, output: Output) -> None:
    """Keep the options beside the parts. Raises ExportError if parts were made with others."""
    assert output.target is not None
    known = state.bytes_of(OPTIONS_FILE)
    if known is None:
        with state.whole_file(OPTIONS_FILE) as file:
            file.write(orjson.dumps(output.options()))
    elif (options := orjson.loads(known)) != output.options():
        raise _other_options(output.target, options, unfinished=True)


def _other_options(target: Path, options: Mapping[str, object], *, unfinished: bool = False) -> ExportError:
    shown = ", ".join(f"{name}: {value or 'none'}" for name, value in options.items())
    begun = f"{target} was begun" if unfinished else f"{target} was made"
    remedy = f"delete {_parts_folder(target)}" if unfinished else "delete this one"
    return ExportError(
        f"{begun} with other options ({shown}). Repeat them, name another output, or {remedy} to begin anew."
    )


# The end


def _finish(output: Output, target: Path, parts: list[_Part], report: OutputReport) -> None:
    """Write the report, then the output under its final name."""
    with Folder.at(target.parent) as folder:
        with folder.whole_file(report_path(target).name) as file:
            file.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
        if not output.is_tree:
            with folder.whole_file(target.name) as file, ROW_WRITERS[output.format](file) as writer:
                for part in parts:
                    if isinstance(part.shard.outcome, ShardReport):
                        _append(part.shard.job.target, file, writer, output.format)
        elif not target.exists():
            Folder.at(target).close()


def _append(part: Path, file: BinaryIO, writer: Any, format: Format) -> None:
    if format == "jsonl":
        _copy(part, file)
        return
    with part.open("rb") as lines:
        for line in lines:
            writer.write_row(orjson.loads(line))


@contextmanager
def _write_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except BlockingIOError as exc:
        raise ExportError(f"Another run is writing {target}. Wait for it, or name another output.") from exc
    except OSError as exc:
        raise ExportError(
            f"{target} cannot be written: {exc.strerror or exc}. Make room or name another output, and run "
            "the same command again; what is finished is skipped."
        ) from exc
