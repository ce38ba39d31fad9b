"""Every verb, run in a folder full of files that somebody left there: none is executed or believed."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from tests.cli.tools import Canned, Host, Site
from tests.planted_files import ENTRY, evil_program, plant
from unabridged.archive import Archive, ImportedPage
from unabridged.cli.app import COMMANDS, app, load_command
from unabridged.config import Settings, load_settings
from unabridged.model import Article, Completeness, Page

NOW = datetime(2025, 3, 1, 10, tzinfo=UTC)
SCRIPT = str(Path(sys.executable).with_name("unabridged"))
TEXT = "渡輪在黎明前離開港口，四十年來一直如此，碼頭上沒有人抬頭看。" * 20
"""Chinese, so that the letters of search are folded, too."""

RUNS: dict[str, list[list[str]]] = {
    "read": [["read", "{site}/story"]],
    "feed": [["feed", "{site}/rss"]],
    "find": [["find", "{site}/"]],
    "add": [["add", "{site}/rss"]],
    "list": [["list"]],
    "remove": [["remove", "{site}/rss"]],
    "poll": [["poll", "{site}/rss"]],
    "set": [["set", "{site}/rss", "title=Other"]],
    "pause": [["pause", "{site}/rss"]],
    "resume": [["resume", "{site}/rss"]],
    "doctor": [["doctor"]],
    "save": [["save", "{site}/story"]],
    "articles": [["articles"]],
    "history": [["history", "1"]],
    "diff": [["diff", "1"]],
    "credits": [["credits", "1"], ["credits", "{site}/story"]],
    "copies": [["copies", "1"]],
    "stories": [["stories"]],
    "story": [["story", "1"]],
    "events": [["events"], ["events", "--since", "7d"]],
    "channel add": [["channel", "add", "{site}/hook"]],
    "channel list": [["channel", "list"]],
    "channel test": [["channel", "add", "{site}/hook"], ["channel", "test", "1"]],
    "channel pause": [["channel", "add", "{site}/hook"], ["channel", "pause", "1"]],
    "channel resume": [["channel", "add", "{site}/hook"], ["channel", "resume", "1"]],
    "channel rotate": [["channel", "add", "{site}/hook"], ["channel", "rotate", "1"]],
    "channel failed": [["channel", "failed"]],
    "channel remove": [["channel", "add", "{site}/hook"], ["channel", "remove", "1"]],
    "archive": [["archive", "{site}/rss", "--to", ".", "--git"]],
    "search": [["search", "渡輪"], ["search", "--reindex"]],
    "import": [["import", "{warc}"]],
    "export": [
        ["export", "--format", format, "--to", f"out.{format}"]
        for format in ("document", "markdown", "jsonl", "epub", "html", "warc", "opml")
    ],
    "digest": [["digest", "--since", "9000d"]],
    "proof": [["proof", "1", "-o", "p.zip"]],
    "verify": [["verify"], ["proof", "1", "-o", "q.zip"], ["verify", "q.zip"]],
    "backup": [["backup", "b.db"]],
    "restore": [["restore", "{backup}"]],
    "migrate-to": [["migrate-to", "moved.db"]],
    "size": [["size"]],
    "tag add": [["tag", "add", "1", "ferries"]],
    "tag remove": [["tag", "remove", "1", "ferries"]],
    "tag list": [["tag", "list"]],
    "tag rename": [["tag", "rename", "ferries", "boats"]],
    "tag drop": [["tag", "drop", "boats"]],
    "filter add": [["filter", "add", "mute", "title:hens"]],
    "filter try": [["filter", "try", "mute", "title:hens"]],
    "filter list": [["filter", "list"]],
    "filter change": [["filter", "change", "1", "keep", "title:hens"]],
    "filter remove": [["filter", "remove", "1"]],
    "searches add": [["searches", "add", "Hens", "hens OR 渡輪"]],
    "searches list": [["searches", "list"]],
    "searches change": [["searches", "change", "1", "--name", "Boats"]],
    "searches remove": [["searches", "remove", "1"]],
    "token add": [["token", "add", "phone"]],
    "token list": [["token", "list"]],
    "token remove": [["token", "remove", "1"]],
    "user add": [["user", "add", "ada", "--password-stdin"]],
    "user invite": [["user", "invite"]],
    "user list": [["user", "list"]],
    "user role": [["user", "role", "owner", "admin"]],
    "user password": [["user", "password", "owner", "--address"]],
    "user remove": [["user", "remove", "ada"]],
    "delete": [["delete", "1", "--yes"]],
    "retain": [["retain"]],
    "rules lint": [["rules", "lint", "{rules}"]],
    "rules show": [["rules", "show", "127.0.0.1"]],
    "rules test": [["rules", "test", "{rules}/127.0.0.1.txt"]],
    "rules learn": [["rules", "learn", "127.0.0.1"]],
    "rules list": [["rules", "list"]],
    "rules export": [["rules", "export"]],
    "rules edit": [["rules", "edit", "127.0.0.1", "{rules}/127.0.0.1.txt"]],
    "rules pin": [["rules", "pin", "127.0.0.1"]],
    "rules forget": [["rules", "forget", "127.0.0.1"]],
    "replay": [["replay", "--dry-run"]],
    "extract": [
        ["extract", "{pages}", "-o", "articles.jsonl"],
        ["extract", ".", "{warc}", "-o", "articles"],
    ],
    "bulk": [["bulk", "{warc}", "-o", "out", "--format", format] for format in ("jsonl", "parquet")],
    "serve": [["serve", "--port", "0"]],
    "mcp": [["mcp"]],
    "demo": [["demo", "--port", "0"]],
    "sample": [["sample"]],
    "worker": [["worker"]],
    "upgrade": [["upgrade"]],
}
"""Verb -> how it is run; one that serves is ended once it has said where."""

SERVING = ("serve", "demo", "sample")
MAY_FAIL = (
    *("remove", "set", "pause", "resume", "tag remove", "tag rename", "tag drop", "worker", "poll"),
    *(
        "channel test",
        "user add",
        "user remove",
        "filter change",
        "filter remove",
        "searches change",
        "searches remove",
        "token remove",
        "rules test",
        "rules show",
        "rules lint",
        "rules learn",
        "rules export",
        "rules pin",
        "rules forget",
        "diff",
        "story",
    ),
)
"""Verbs that have nothing to work on here, and say so: what counts is what is executed meanwhile."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one Chinese article."""
    path = tmp_path_factory.mktemp("kept") / "unabridged.sqlite"
    with Archive(str(path)) as archive:
        url, body = "https://paper.example/1", f"<p>{TEXT}</p>"
        whole = Completeness(kind="full")
        article = Article(
            url=url,
            title="渡輪",
            text=TEXT,
            html=body,
            markdown=TEXT,
            language="zh",
            completeness=whole,
            published=NOW,
        )
        page = Page(url=url, final_url=url, status=200, headers={}, body=body.encode(), fetched=NOW)
        archive.library().imports.add_pages([ImportedPage(article=article, page=page)], now=NOW)
    return path


def write_warc(path: Path, url: str, body: bytes) -> Path:
    """Write a page as a WARC file."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-03-01T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    path.write_bytes(head.encode() + answer + b"\r\n\r\n")
    return path


def story() -> Canned:
    paragraphs = "".join(f"<p>Part {n} of it. {TEXT}</p>" for n in range(5))
    page = f"<html lang=zh><title>渡輪</title><article><h1>渡輪</h1>{paragraphs}</article></html>"
    return Canned(body=page.encode())


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder, and the file that tells what was executed."""
    around = tmp_path_factory.mktemp("planted")
    program, mark = evil_program(around)
    folder = around / "shared"
    plant(folder, program, mark)
    return folder, mark


@pytest.fixture
def tidied(planted: tuple[Path, Path]) -> Iterator[None]:
    """Take away what a verb wrote into the folder: the next one finds only what was planted."""
    folder, _ = planted
    before = set(folder.iterdir())
    yield
    for path in set(folder.iterdir()) - before:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@pytest.fixture(scope="module")
def host_there(planted: tuple[Path, Path]) -> Iterator[Host]:
    """A process that has loaded every verb in that folder, and runs them there."""
    with Host(planted[0], os.environ | {"PATH": path_from_here(os.environ["PATH"])}) as one:
        yield one


def path_from_here(path: str) -> str:
    """Put the current folder on PATH, by its three spellings."""
    return f".::bin:{path}"


def executed(mark: Path) -> str:
    """Return what was executed, and forget it."""
    told = mark.read_text() if mark.exists() else ""
    mark.unlink(missing_ok=True)
    return told


@pytest.fixture
def words(tmp_path: Path, site: Site, kept: Path) -> dict[str, str]:
    """What stands for the names in RUNS."""
    site.answers["/story"] = story()
    item = f"<item><title>渡輪</title><link>{site.origin}/story</link><guid>1</guid></item>"
    rss = f'<rss version="2.0"><channel><title>Paper</title><link>{site.origin}/</link>{item}</channel></rss>'
    site.answers["/rss"] = Canned(body=rss.encode(), type="application/rss+xml")
    site.answers["/"] = Canned(body=b'<link rel="alternate" type="application/rss+xml" href="/rss">')
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "127.0.0.1.txt").write_text("strip_id_or_class: plea\n")
    warc = write_warc(tmp_path / "crawl.warc", f"{site.origin}/story", story().body)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "story.html").write_bytes(story().body)
    found = {"site": site.origin, "rules": str(rules), "warc": str(warc), "pages": str(pages)}
    return found | {"backup": str(kept)}


@pytest.fixture
def variables(environ: dict[str, str], home: Path, kept: Path) -> dict[str, str]:
    """The environment, with the current folder on PATH and a database that the verbs find."""
    home.mkdir()
    shutil.copy(kept, home / "unabridged.sqlite")
    return environ | {"PATH": path_from_here(environ["PATH"])}


def commands(group: TyperGroup, before: str = "") -> set[str]:
    """The names of all verbs, those of a group by two words."""
    found = set()
    for name in group.commands:
        verb = load_command(name) if not before else group.commands[name]
        found |= commands(verb, f"{name} ") if isinstance(verb, TyperGroup) else {f"{before}{name}"}
    return found


def test_every_verb_is_run() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    assert set(RUNS) == commands(group)
    assert {name.split()[0] for name in RUNS} == set(COMMANDS)


def test_no_verb_executes_a_planted_file_while_it_is_loaded(
    host_there: Host, planted: tuple[Path, Path], variables: dict[str, str], tmp_path: Path
) -> None:
    assert host_there.run(["--help"], variables, b"", tmp_path).returncode == 0
    assert executed(planted[1]) == ""


@pytest.mark.usefixtures("tidied")
@pytest.mark.parametrize("verb", [verb for verb in RUNS if verb not in SERVING])
def test_no_planted_file_is_executed(
    verb: str,
    host_there: Host,
    planted: tuple[Path, Path],
    words: dict[str, str],
    variables: dict[str, str],
    home: Path,
    tmp_path: Path,
) -> None:
    if verb == "restore":
        (home / "unabridged.sqlite").unlink()
    for run in RUNS[verb]:
        done = host_there.run([word.format(**words) for word in run], variables, b"", tmp_path)
        said = done.stderr.decode()
        assert "Traceback" not in said
        assert verb in MAY_FAIL or done.returncode == 0, said
    assert executed(planted[1]) == ""


@pytest.mark.usefixtures("tidied")
@pytest.mark.parametrize("verb", SERVING)
def test_no_planted_file_is_executed_by_a_verb_that_serves(
    verb: str, planted: tuple[Path, Path], words: dict[str, str], variables: dict[str, str]
) -> None:
    for run in RUNS[verb]:
        serve_for_a_while([SCRIPT, *(word.format(**words) for word in run)], planted[0], variables)
    assert executed(planted[1]) == ""


def serve_for_a_while(command: list[str], folder: Path, variables: dict[str, str]) -> None:
    """Start a verb that serves, ask it for a page, and end it."""
    with subprocess.Popen(
        command, cwd=folder, env=variables | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        try:
            for line in serving.stdout:
                address = next((word for word in line.split() if word.startswith("http://")), None)
                if address and ("eader" in line or "sample" in command):
                    urllib.request.urlopen(address, timeout=30).read()
                    break
            else:
                raise AssertionError("it never said where it serves")
        finally:
            serving.send_signal(signal.SIGTERM)
        serving.communicate(timeout=60)
    assert serving.returncode in (0, -signal.SIGTERM)


@pytest.fixture(scope="module")
def planted_but_entry(planted: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the folder without the modules that Python imports before ours."""
    folder = tmp_path_factory.mktemp("entry") / "shared"
    shutil.copytree(planted[0], folder, ignore=shutil.ignore_patterns(*(f"{name}.py" for name in ENTRY)))
    return folder


@pytest.mark.parametrize(
    "words", [["-m", "unabridged", "--version"], ["-m", "unabridged", "read", "-"], [SCRIPT, "read", "-"]]
)
def test_a_start_takes_the_current_folder_off_its_path_as_soon_as_it_can(
    words: list[str], planted: tuple[Path, Path], planted_but_entry: Path, environ: dict[str, str]
) -> None:
    command = [sys.executable, *words]
    done = subprocess.run(
        command,
        cwd=planted_but_entry,
        env=environ,
        input=story().body,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert executed(planted[1]) == ""


def test_python_m_with_a_safe_path_needs_nothing_taken_away(
    planted: tuple[Path, Path], environ: dict[str, str]
) -> None:
    folder, mark = planted
    command = [sys.executable, "-P", "-m", "unabridged", "--version"]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert executed(mark) == ""


def test_the_package_is_found_where_it_lies_in_the_current_folder(
    tmp_path: Path, environ: dict[str, str], words: dict[str, str]
) -> None:
    source = Path(sys.modules["unabridged"].__path__[0])
    here = tmp_path / "checkout"
    here.mkdir()
    (here / "unabridged").symlink_to(source)
    for variables in ({"PYTHONPATH": ""}, {"PYTHONPATH": str(source.parent)}):
        command = [sys.executable, "-m", "unabridged", "feed", f"{words['site']}/rss"]
        done = subprocess.run(
            command, cwd=here, env=environ | variables, capture_output=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        assert "渡輪" in done.stdout.decode()


def test_the_settings_are_not_read_from_the_current_folder(
    planted: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = planted
    monkeypatch.chdir(folder)
    assert isinstance(load_settings(environ={}), Settings)
