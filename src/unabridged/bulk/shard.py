"""One source of pages to one file of articles: the function that every way of running it calls.

A source is a WARC file, or any other of `bulk.sources`. What comes out depends on the source and the options
alone, byte for byte, wherever and beside how many others it runs. Output appears under its final name only
when it is whole.

A WARC file is read in two passes: the first learns its sites from some of their pages, the second reads all
pages, those of known sites by their profiles. Profiles can be brought along.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from yarl import URL

from unabridged.atomic_files import Folder, make_folders
from unabridged.bulk.cpu_limit import PageTooSlow, page_time
from unabridged.bulk.rows import SavedPage
from unabridged.bulk.sites.learning import Learning, learn_sites
from unabridged.bulk.sites.profiles import read_profiles, write_profiles
from unabridged.bulk.sites.reading import SiteReader
from unabridged.bulk.sources.source import LeftOut, Member, Source, Unreadable, WarcRecords, unpacked
from unabridged.bulk.writers import WRITERS, Format, Misplaced, Writer
from unabridged.errors import ExportError, ExtractError, InvalidURL, NotAWarc
from unabridged.extraction import extract
from unabridged.extraction.html.stated_address import stated_address
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.written import to_json
from unabridged.model import Article
from unabridged.text.controls import without_surrogates
from unabridged.warc_reader import Capture, Damage

PAGE_SECONDS = 5.0
"""CPU seconds of a page. Of 1,680 pages of the corpora, on a busy core of 2.5 GHz, half took .023, 99 % less
than .15, 99.9 % less than .33; the largest that are read at all take about 1."""

MAX_TROUBLES = 1000
"""Places of one source that are named one by one in its report; the rest is counted."""

OTHER_HOST = "of another host"
OTHER_LANGUAGE = "in another language"
NO_LANGUAGE = "language not stated"
NO_TEXT = "no text"
NO_PAGE = "no HTML"
"""Reason for which a valid page is left out of the output."""

LEARNING = 0.2
"""Share of a file's work that learning counts for in the progress."""

Note = Callable[[int, int, int], None]
"""Told before each page: its position in the source, how many pages came before it, and how much of the
source's size is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Filters of pages. languages: primary tags ("zh"), hosts: with all their subdomains; empty: all."""

    languages: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """Use of site profiles.

    learn: learn the sites of a WARC file before its pages are read. profiles: a file of profiles to use; its
    sites are not learnt again. save: write the profiles that were used beside the output.
    """

    learn: bool = True
    profiles: Path | None = None
    save: bool = False

    def summary(self) -> str:
        """Return in words what the output depends on."""
        words = ["learnt"] if self.learn else []
        if self.profiles is not None:
            words.append(f"profiles {read_profiles(self.profiles).digest}")
        return ", ".join(words) or "not learnt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One source to be worked off.

    source: the path of a WARC file, or another source. target: the file to write. tree: the folder of the
    articles' own files, for formats that give each article a file. skip: position -> why, for pages that
    ended an earlier try. page_seconds: CPU seconds of a page. sites: use of site profiles.
    """

    source: Path | Source
    target: Path
    format: Format = "parquet"
    filters: Filters = field(default_factory=Filters)
    page_seconds: float = PAGE_SECONDS
    skip: Mapping[int, str] = field(default_factory=dict)
    tree: Path | None = None
    sites: SiteOptions = field(default_factory=SiteOptions)

    @property
    def pages(self) -> Source:
        """The source, a WARC file too."""
        if not isinstance(self.source, Path):
            return self.source
        size = self.source.stat().st_size if self.source.is_file() else 0
        return WarcRecords(path=self.source, name=self.source.name, size=size)

    def options(self) -> dict[str, object]:
        """Return the settings that the output depends on. Raises ExportError for unreadable profiles."""
        return {
            "format": self.format,
            "languages": sorted(self.filters.languages),
            "hosts": sorted(self.filters.hosts),
            "sites": self.sites.summary(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A place of the source that gave no article although it should have. source: the file's name."""

    position: int
    url: str
    why: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardReport:
    """Result of a source. pages: HTML pages read; left_out: reason -> pages; failed: failures in all.

    sites: those with a profile of which pages were read; by_profile: articles read by one; suspect: host ->
    why its pages were read the general way from some page on.
    """

    source: str
    options: Mapping[str, object]
    pages: int = 0
    articles: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    failed: int = 0
    troubles: tuple[Trouble, ...] = ()
    sites: int = 0
    by_profile: int = 0
    suspect: Mapping[str, str] = field(default_factory=dict)


def extract_shard(job: Job, note: Note = lambda position, pages, done: None) -> ShardReport:
    """Write the articles of one source to `job.target`, its report beside it, and return the report.

    Damaged places and pages that fail end in the report, not here. Raises NotAWarc for a file that is
    none, ExportError where the output cannot be written (full disk, no right to) or the profiles cannot be
    read; nothing is left behind then under the final name.
    """
    tally = _Tally(source=job.pages.name)
    try:
        make_folders(job.target.parent)  # it stays, whatever fails: others write into it meanwhile
        with Folder.at(job.target.parent) as folder, folder.whole_file(job.target.name) as file:
            reader = SiteReader(_site_profiles(job, note))
            with WRITERS[job.format](file, job.tree) as writer:
                _work_off(_Work(job=job, writer=writer, tally=tally, reader=reader), note)
            report = tally.report(job, reader)
            if job.sites.save:
                write_profiles(profiles_path(job.target), reader.trusted())
            with folder.whole_file(report_path(job.target).name) as beside:
                beside.write(orjson.dumps(report, option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as exc:
        raise ExportError(
            f"{job.target} cannot be written: {exc.strerror or exc}. Make room or choose another folder, and "
            "run the same command again; finished files are skipped."
        ) from exc
    return report


def report_path(target: Path) -> Path:
    """Return where the report of an output file lies: beside it, `NAME.report.json`."""
    return target.with_name(f"{target.name}.report.json")


def profiles_path(target: Path) -> Path:
    """Return where the profiles of an output file lie if they are saved: beside it, `NAME.profiles.jsonl`."""
    return target.with_name(f"{target.name}.profiles.jsonl")


def finished(job: Job) -> ShardReport | None:
    """Return the report of a file that an earlier run has finished, else None.

    A file whose profiles are to be saved, and were not, is not finished.
    Raises ExportError where it was made with other options, since the two would be mixed.
    """
    try:
        known = orjson.loads(report_path(job.target).read_bytes())
        troubles = tuple(Trouble(**one) for one in known.pop("troubles"))
        report = ShardReport(**known, troubles=troubles)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None  # half a report, or none of ours: the file is worked off again
    if not job.target.exists() or (job.sites.save and not profiles_path(job.target).exists()):
        return None
    if report.options != job.options():
        raise ExportError(
            f"{job.target} was made with other options ({_shown(report.options)}). Choose another folder for "
            "this run, or delete that file."
        )
    return report


def _shown(options: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value or 'all'}" for name, value in options.items())


@dataclass(slots=True)
class _Tally:
    source: str
    pages: int = 0
    articles: int = 0
    failed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)

    def fail(self, position: int, url: str, why: str, source: str = "") -> None:
        self.failed += 1
        if len(self.troubles) < MAX_TROUBLES:
            named = source or self.source
            self.troubles.append(
                Trouble(position=position, url=url, why=without_surrogates(why), source=named)
            )

    def report(self, job: Job, reader: SiteReader) -> ShardReport:
        return ShardReport(
            source=self.source,
            options=job.options(),
            pages=self.pages,
            articles=self.articles,
            left_out=dict(sorted(self.left_out.items())),
            failed=self.failed,
            troubles=tuple(self.troubles),
            sites=reader.sites,
            by_profile=reader.by_profile,
            suspect=dict(sorted(reader.suspect.items())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """A source that is being read, with everything that its pages need."""

    job: Job
    writer: Writer
    tally: _Tally
    reader: SiteReader


def _site_profiles(job: Job, note: Note) -> dict[str, str]:
    """Return the profiles to read with, by host: those brought along, and those learnt from the source."""
    brought = read_profiles(job.sites.profiles).texts if job.sites.profiles else {}
    source = job.pages
    if not job.sites.learn or not isinstance(source, WarcRecords):
        return dict(brought)
    learning = Learning(
        page_seconds=job.page_seconds,
        known=brought.keys(),
        is_wanted=lambda site: is_of_host(site, job.filters.hosts),
        skip=job.skip,
        note=lambda position, done: note(position, 0, int(LEARNING * done * source.size)),
    )
    try:
        learnt = {profile.site: to_json(profile) for profile in learn_sites(source.path, learning)}
    except NotAWarc:  # told when the pages are read
        learnt = {}
    return learnt | dict(brought)


def _work_off(work: _Work, note: Note) -> None:
    job, tally, source = work.job, work.tally, work.job.pages
    before = LEARNING if job.sites.learn and isinstance(source, WarcRecords) else 0.0
    for found in source.found():
        if isinstance(found, Damage):
            tally.fail(found.position, "", found.why)
            continue
        note(found.position, tally.pages, int(before * source.size + (1 - before) * found.position))
        if isinstance(found, LeftOut):
            tally.left_out[found.why] += 1
            continue
        tally.pages += 1
        if isinstance(found, Capture) and not is_of(found.url, job.filters.hosts):
            tally.left_out[OTHER_HOST] += 1
            continue
        try:
            _write_article(found, work)
        except _Failed as exc:
            name = found.name if isinstance(found, Member) else ""
            tally.fail(found.position, found.url, str(exc), name)


class _Failed(Exception):
    """A page that gives no article although it should; the words say why."""


def _write_article(found: Capture | Member, work: _Work) -> None:
    """Write the article of a page, or count why it is left out. Raises _Failed."""
    job, tally = work.job, work.tally
    if found.position in job.skip:
        raise _Failed(job.skip[found.position])
    page = _page(found, tally.source)
    try:
        with page_time(job.page_seconds):
            article = _extracted(page.capture, work.reader)
    except ExtractError:
        tally.left_out[NO_PAGE] += 1
        return
    except (PageTooSlow, MemoryError, RecursionError) as exc:
        raise _Failed(str(exc) or f"failed ({type(exc).__name__})") from exc
    reason = _unwanted(article, job.filters.languages)
    if reason is not None:
        tally.left_out[reason] += 1
        return
    try:
        work.writer.write(article, page)
    except Misplaced as exc:
        raise _Failed(str(exc)) from exc
    tally.articles += 1


def _page(found: Capture | Member, source: str) -> SavedPage:
    """Read a page. Raises _Failed."""
    if isinstance(found, Capture):
        return SavedPage(capture=found, source=source)
    try:
        body = unpacked(found.read())
    except Unreadable as exc:
        raise _Failed(str(exc)) from exc
    url = found.url or stated_address(body)
    capture = Capture(position=found.position, url=url, body=body, headers={})
    return SavedPage(capture=capture, source=found.name, place=found.place, target=found.target)


def _extracted(page: Capture, reader: SiteReader) -> Article:
    request = ExtractRequest(html=page.body, url=page.url, content_type=page.content_type, now=page.at)
    try:
        known = reader.read(request)
        if known is not None:
            return known
        return extract(page.body, url=page.url or None, content_type=page.content_type, now=page.at)
    except InvalidURL:  # crawls hold addresses that are none; the text is as good
        return extract(page.body, content_type=page.content_type, now=page.at)


def _unwanted(article: Article, languages: tuple[str, ...]) -> str | None:
    if not article.text.strip():
        return NO_TEXT
    if not languages:
        return None
    if not article.language:
        return NO_LANGUAGE
    return None if article.language.partition("-")[0].lower() in languages else OTHER_LANGUAGE


def is_of(url: str, hosts: tuple[str, ...]) -> bool:
    """Say whether an address is of one of the hosts or their subdomains; where none is named, all are."""
    if not hosts:
        return True
    try:
        site = (URL(url).raw_host or "").lower().rstrip(".")
    except ValueError:
        return False
    return is_of_host(site, hosts)


def is_of_host(site: str, hosts: tuple[str, ...]) -> bool:
    """Say whether a host is one of the hosts or their subdomains; where none is named, all are."""
    return not hosts or any(site == one or site.endswith(f".{one}") for one in hosts)
