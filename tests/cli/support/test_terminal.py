"""What other people wrote is printed as it reads: no command lets a terminal obey it."""

import ast
import json
import os
import pty
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.hostile_archive import PAYLOAD, fill, poison
from tests.cli.tools import Canned, Host, Site
from unabridged.clean_streams import CleanStream
from unabridged.cli.app import COMMANDS
from unabridged.text.controls import as_label, escaped_in_json, on_one_line, without_controls

SOURCE = Path(__file__).resolve().parents[3] / "src" / "unabridged"
CLEAN = ("clean_streams.py", "cli/support/streams.py", "cli/support/terminal.py")

OWN_STYLES = re.compile(r"\x1b\[[0-9;]*[mKAJ]|\x1b\[\?25[hl]|\x1b\[1A|\x1b\[2K")
"""What our own console writes to a terminal: colours, and the bars' cursor."""

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]"
)

PAGE = (
    "<!doctype html><html><head><meta charset=utf-8><title>{payload}Story</title>"
    '<meta name=author content="Ada{payload}"></head><body><article>'
    "<h1>{payload}Story</h1>{text}</article></body></html>"
)
RULES = (
    "title: //h1{payload}\nnonsense{payload}: yes\n"
    "test_url: https://news.example/1\ntest_contains: {payload}\n"
)

Show = Callable[..., tuple[int, str]]

CASES: dict[str, list[list[str]]] = {
    "read": [
        ["read", "{site}/page"],
        *(
            ["read", "{site}/page", "--format", form]
            for form in ("markdown", "html", "text", "json", "document")
        ),
        ["--json", "read", "{site}/page"],
        ["read", "{site}/page", "--explain"],
        ["--json", "read", "{site}/page", "--explain"],
        ["read", "{files}/no{payload}.html"],
    ],
    "feed": [
        *(["feed", "{site}/rss", "--format", form] for form in ("rss", "atom", "json")),
        ["feed", "{site}/no"],
    ],
    "find": [["find", "{site}/page"], ["find", "{site}/rss"], ["--json", "find", "{site}/rss"]],
    "add": [["add", "{site}/rss"], ["add", "{site}/no{payload}"], ["add", "{files}/list.opml"]],
    "list": [["list"], ["list", "--details"], ["--json", "list"]],
    "remove": [["remove", "1"], ["remove", "2", "--purge"], ["remove", "{payload}"]],
    "poll": [["poll", "2"], ["poll"], ["--json", "poll", "2"]],
    "set": [
        ["set", "1"],
        ["--json", "set", "1"],
        ["set", "1", "{payload}=x"],
        ["set", "1", "title={payload}"],
    ],
    "pause": [["pause", "1"], ["pause", "{payload}"]],
    "resume": [["resume", "1"], ["resume", "{payload}"]],
    "doctor": [["doctor"], ["--json", "doctor"], ["doctor", "--retry", "{payload}"]],
    "save": [["save", "{site}/page"], ["save", "{site}/no"]],
    "articles": [["articles"], ["--json", "articles"], ["articles", "--search", "{plain}"]],
    "history": [["history", "1"], ["--json", "history", "1"], ["history", "{payload}"]],
    "diff": [["diff", "1"], ["--json", "diff", "1"]],
    "credits": [
        ["credits", "1"],
        ["--json", "credits", "{site}/page"],
        ["credits", "{files}/no{payload}.html"],
    ],
    "events": [["events"], ["--json", "events", "--after", "0"], ["events", "--feed", "{payload}"]],
    "channel": [
        ["channel", "add", "https://hooks.example/{plain}"],
        ["channel", "list"],
        ["--json", "channel", "list"],
        ["channel", "failed"],
        ["channel", "pause", "{payload}"],
    ],
    "copies": [["copies", "1"], ["--json", "copies", "1"], ["copies", "{payload}"]],
    "stories": [["stories"], ["--json", "stories"], ["stories", "--feed", "{payload}"]],
    "story": [["story", "1"], ["--json", "story", "1"], ["story", "{payload}"]],
    "archive": [["archive", "{site}/rss", "--to", "{files}/tree"]],
    "search": [
        ["search", "whales"],
        ["--json", "search", "whales"],
        ["search", "--history", "first"],
        ["search", "--reindex", "whales"],
        ["search", "after:{payload}"],
        ["search", "whales", "--sort", "{payload}"],
    ],
    "import": [
        ["import", "{files}/all.jsonl"],
        ["import", "{files}/broken.jsonl"],
        ["--json", "import", "{files}/broken.jsonl"],
        ["import", "{files}/note.md"],
        ["import", "{files}/{payload}"],
    ],
    "export": [
        *(["export", "--format", form] for form in ("markdown", "jsonl", "opml")),
        ["export", "--format", "jsonl", "--history"],
        ["export", "--format", "html", "--to", "{files}/page.html"],
        ["export", "--format", "jsonl", "--folder", "{payload}"],
        ["export", "--format", "jsonl", "--tag", "{payload}"],
    ],
    "digest": [
        ["digest", "--to", "{files}/new.html"],
        ["digest", "--day", "2001-01-01", "--search", "{plain}"],
    ],
    "proof": [
        ["proof", "1", "-o", "{files}/p.zip"],
        ["--json", "proof", "1", "-o", "{files}/p.zip"],
        ["proof", "{payload}", "-o", "{files}/p.zip"],
    ],
    "verify": [["verify"], ["--json", "verify"], ["verify", "{files}/p.zip"]],
    "mcp": [["mcp", "--user", "{payload}"]],
    "backup": [["backup", "{files}/copy{plain}.sqlite"]],
    "restore": [["-d", "{files}/other.sqlite", "restore", "{files}/{plain}"]],
    "migrate-to": [["migrate-to", "{files}/moved.sqlite"], ["migrate-to", "odd{plain}://x"]],
    "size": [["size"], ["--json", "size"]],
    "tag": [
        ["tag", "list"],
        ["--json", "tag", "list"],
        ["tag", "add", "2", "{plain}"],
        ["tag", "remove", "1", "{plain}"],
        ["tag", "rename", "{plain}", "x"],
        ["tag", "drop", "{plain}"],
    ],
    "filter": [
        ["filter", "list"],
        ["filter", "try", "mute", "-nothing"],
        ["filter", "add", "mute", "{plain}"],
        ["filter", "add", "mute", "title:/({plain}/"],
        ["filter", "change", "1", "keep", "{plain}"],
        ["filter", "remove", "1"],
        ["--json", "filter", "list"],
    ],
    "searches": [
        ["searches", "add", "{plain}", "{plain}"],
        ["searches", "list"],
        ["--json", "searches", "list"],
        ["searches", "change", "1", "--name", "{plain}"],
        ["searches", "remove", "1"],
    ],
    "token": [["token", "list"], ["token", "add", "{plain}"], ["--json", "token", "list"]],
    "user": [
        ["user", "list"],
        ["user", "invite"],
        ["user", "add", "{plain}", "--password-stdin"],
        ["user", "password", "{plain}", "--address"],
        ["user", "remove", "{plain}"],
    ],
    "delete": [["delete", "1"], ["delete", "{plain}", "--yes"], ["delete", "1", "--yes"]],
    "retain": [["retain"], ["retain", "{plain}", "3d"], ["--json", "retain"], ["retain", "News", "{plain}"]],
    "rules": [
        ["rules", "lint", "{files}/news.example.txt"],
        ["--json", "rules", "lint", "{files}/news.example.txt"],
        ["rules", "show", "news.example", "--rules", "{files}"],
        ["rules", "test", "{files}/news.example.txt", "--page", "{files}/page.html"],
        ["rules", "list"],
        ["rules", "export"],
        *(["rules", verb, "{plain}"] for verb in ("show", "learn", "test", "pin", "forget")),
        ["rules", "edit", "{plain}", "{files}/news.example.txt"],
    ],
    "replay": [
        ["replay", "--list"],
        ["replay", "--dry-run"],
        ["--json", "replay", "--list"],
        ["replay", "--shorter"],
    ],
    "extract": [
        ["extract", "{files}/{plain}.warc", "{files}/page.html", "-o", "{files}/all-{plain}.jsonl"],
        ["extract", "{files}/*{plain}", "-o", "{files}/{plain}.csv"],
    ],
    "bulk": [["bulk", "{files}/{plain}.warc", "-o", "{files}/out"]],
    "serve": [["serve", "--address", "{plain}"]],
    "demo": [["demo", "--check", "--site", "{files}/{plain}"]],
    "sample": [["sample", "--with", "{plain}"]],
    "worker": [["worker"]],
    "upgrade": [["upgrade"]],
}
"""Verb -> lines typed. {payload} is the payload; {plain} is it without what no file name can hold."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hostile archive and hostile files, to be copied."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "home").mkdir()
    fill(folder / "home")
    poison(folder / "home")
    files = folder / "files"
    files.mkdir()
    text = "".join(
        f"<p>{PAYLOAD}A long paragraph about whales, number {n}, and the sea.</p>" for n in range(9)
    )
    page = PAGE.format(payload=PAYLOAD, text=text)
    (files / "page.html").write_text(page, encoding="utf-8")
    (files / "news.example.txt").write_text(RULES.format(payload=PAYLOAD), encoding="utf-8")
    outline = "<opml><body><outline text='News{x}' title='News{x}' xmlUrl='javascript:1'/></body></opml>"
    (files / "list.opml").write_text(outline.format(x="\x7f\x9b2J\u202e[/x]"), encoding="utf-8")
    row = {
        "url": "https://in.example/1",
        "title": PAYLOAD,
        "text": f"Words {PAYLOAD}",
        "body": f"<p>{PAYLOAD}</p>",
    }
    (files / "all.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (files / "broken.jsonl").write_text(
        json.dumps({"title": PAYLOAD, "url": PAYLOAD}) + "\n{" + PAYLOAD, "utf-8"
    )
    (files / "note.md").write_text(
        f'---\nurl: "{PAYLOAD}"\ntitle: {PAYLOAD}\n---\n{PAYLOAD}\n', encoding="utf-8"
    )
    return folder


@pytest.fixture
def paper(site: Site) -> Site:
    """A site whose page and feed hold the payload wherever their formats let it through."""
    text = "".join(
        f"<p>{PAYLOAD}A long paragraph about whales, number {n}, and the sea.</p>" for n in range(9)
    )
    site.answers["/page"] = Canned(body=PAGE.format(payload=PAYLOAD, text=text).encode())
    title = "\x7f\x9b2J\x9d0;c1\x9c\u202e\u2028&#27;]52;c;eA==&#7;&#27;[2J&lt;b&gt; [/rant] [bold]"
    site.answers["/rss"] = Canned(
        body=(
            f"<rss version='2.0'><channel><title>{title}</title><item><title>{title}</title>"
            f"<guid>{title}</guid><link>{site.origin}/page</link><description>{title}</description></item></channel></rss>"
        ).encode(),
        type="application/rss+xml",
    )
    return site


@pytest.fixture
def show(
    host: Host, template: Path, paper: Site, tmp_path: Path, environ: dict[str, str]
) -> Callable[[bool, list[str]], tuple[int, str]]:
    """Run a line on a copy of the hostile archive; gives the exit code and all that was printed."""

    def call(terminal: bool, line: list[str]) -> tuple[int, str]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        shutil.copytree(template, folder)
        typed = {"site": paper.origin, "files": str(folder / "files"), "payload": PAYLOAD.replace("\x00", "")}
        typed["plain"] = typed["payload"].replace("/", "_")
        words = [word.format(**typed) for word in line]
        own = environ | {"UNABRIDGED_HOME": str(folder / "home"), "TERM": "xterm-256color"}
        run = _on_a_terminal if terminal else _in_a_pipe
        return run(host, words, own, folder)

    return call


def _in_a_pipe(host: Host, words: list[str], environ: dict[str, str], folder: Path) -> tuple[int, str]:
    done = host.run(words, environ, b"", folder)
    return done.returncode, (done.stdout + done.stderr).decode()


def _on_a_terminal(host: Host, words: list[str], environ: dict[str, str], folder: Path) -> tuple[int, str]:
    master, slave = pty.openpty()
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.extend(_pieces(master)))
    reader.start()
    os.write(master, b"n\n")  # the answer, where one is asked for
    code = host.run_on(words, environ, os.ttyname(slave))
    os.close(slave)
    reader.join()
    os.close(master)
    return code, OWN_STYLES.sub("", b"".join(read).decode()).replace("\r\n", "\n")


def _pieces(master: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other end was closed
            return
        yield piece


def test_every_command_is_tried() -> None:
    assert set(CASES) == set(COMMANDS)


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_what_a_terminal_obeys(command: str, terminal: bool, show: Show) -> None:
    printed = ""
    for line in CASES[command]:
        code, shown = show(terminal, line)
        assert "Traceback" not in shown, (line, shown[-2000:])
        found = FORBIDDEN.search(shown.replace("\r", "") if terminal else shown)
        assert found is None, (line, shown[max(0, found.start() - 100) : found.end() + 50])
        assert code in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (line, shown)
        printed += shown
    assert printed.strip()


def test_the_payload_is_really_shown_where_it_can_be_read(show: Show) -> None:
    for line in (["list"], ["history", "1"], ["search", "whales"], ["tag", "list"], ["read", "{site}/page"]):
        assert "[/x]" in show(False, line)[1], line


def test_a_feed_whose_title_looks_like_markup_is_added(show: Show) -> None:
    code, shown = show(False, ["add", "{site}/rss"])
    assert code == 0 and "[/rant]" in shown


def test_what_others_wrote_makes_no_line_of_its_own(show: Show) -> None:
    lines = show(False, ["history", "1"])[1].rstrip().splitlines()
    assert len(lines) == 1 + 3


def test_json_says_the_same_with_escapes(show: Show) -> None:
    _, shown = show(False, ["--json", "history", "1"])
    assert PAYLOAD.replace("\x00", "")[-40:] in json.loads(shown)[0]["title"]


def test_raw_pages_do_not_go_to_a_terminal(show: Show) -> None:
    code, shown = show(True, ["export", "--format", "warc"])
    assert code == 2 and "--to" in shown


# The one way


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func)
        elif isinstance(node, ast.Attribute):
            yield dotted(node)


def dotted(node: ast.expr) -> str:
    """Return the dotted name of an expression; its first part is empty where that is no name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


PRINTERS = re.compile(
    r"print|pprint|(typer|click)\.(echo|secho|style)|(sys\.)?(stdout|stderr|__stdout__|__stderr__)(\..*)?"
    r"|os\.write|logging\.(basicConfig|StreamHandler)|warnings\.warn|traceback\.print_\w+"
)
ALLOWED = {
    ("cli/app.py", "typer.echo"),  # the version's number
    ("cli/app.py", "sys.stderr.close"),
    ("cli/app.py", "sys.stderr"),
    ("poll/extractor/child.py", "traceback.print_exc"),  # the stderr of children is cleaned where they begin
    ("feeds/reader/child.py", "traceback.print_exc"),
    ("formats/markdown_child.py", "traceback.print_exc"),
}


def test_nothing_prints_but_the_streams_and_consoles_that_clean() -> None:
    found = set()
    paths = list(SOURCE.rglob("*.py"))
    assert SOURCE / "cli" / "app.py" in paths
    for path in paths:
        name = str(path.relative_to(SOURCE))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if name not in CLEAN:
            found |= {(name, call) for call in calls(tree) if PRINTERS.fullmatch(call)}
        rich = {module for module in imported(tree) if module.split(".")[0] == "rich"}
        assert not rich or name == "cli/support/terminal.py", f"{name} imports {rich}"
    assert {pair for pair in found if "sys.stdin" not in pair[1]} - ALLOWED == set()


# Cleaning itself


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain", "plain"),
        ("a\tb\nc\r\nd", "a\tb\nc\nd"),
        ("\x1b]52;c;eA==\x07a", "a"),
        ("\x1b]0;t\x1b\\a", "a"),
        ("\x1b]0;never ended", "0;never ended"),
        ("\x1b[1;31ma\x1b[m", "a"),
        ("\x9b2Ja\x9d0;t\x9cb", "ab"),
        ("\x1b\x1b[2J]52;c;x\x07", "]52;c;x"),
        ("a\u2028b\x85c\x0bd", "a\nb\nc\nd"),
        ("\u202eabc\u2066", "abc"),
        ("\ud800", "\ufffd"),
        ("می\u200cخواهم 👩\u200d🚀", "می\u200cخواهم 👩\u200d🚀"),
    ],
)
def test_controls_are_taken_out(text: str, clean: str) -> None:
    assert without_controls(text) == clean
    assert on_one_line(text) == clean.replace("\n", " ").replace("\t", " ")
    assert as_label(text) == " ".join(clean.split())


def test_json_keeps_its_values() -> None:
    given = {"a": PAYLOAD, "b": "桂花\u200d"}
    made = escaped_in_json(json.dumps(given, ensure_ascii=False).encode())
    assert json.loads(made) == given
    assert FORBIDDEN.search(made.decode()) is None


@pytest.mark.parametrize("begin", ["\x1b]", "\x1b[", "\x9d", "\x1b", "\x1bP\x9d", "\x1b[;", "\x1b]0"])
def test_cleaning_takes_no_longer_than_the_text_is_long(begin: str) -> None:
    without_controls(begin * 400_000)
    without_controls(begin + "0" * 1_000_000)


def test_tracebacks_and_warnings_are_cleaned_too(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        stream = CleanStream.over(file)
        print(PAYLOAD, file=stream)
        stream.flush()
    assert FORBIDDEN.search((tmp_path / "out").read_text(encoding="utf-8")) is None
