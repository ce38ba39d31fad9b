"""Feeds, sites and files that users of feed readers reported: `cases/<name>/` with `expected.json`.

A case is added without code: everything else in its folder is served below SITE/<name>/, and SITE is
replaced by the real origin in whatever is sent. Keys of expected.json:

    answers     path -> {status, type, headers, body, file, gzip, cut}, or a list of them, one an answer
    steps       what is done, in order, an hour before each; none may fail unless "fails" says how
        {"add": path or address}                        subscribes; "fails": texts of the error
        {"poll": true}                                  polls all feeds; "fails": texts of the failure
        {"serve": path, "file": other}                  another file is served at the path from now on
        {"import": file}                                imports a file; "fails": texts of what is reported
        {"find": path, "feeds": [paths]}                the feeds that a page leads to
        {"export": format, "files": number}             exports, and imports the result again
        {"read": title}                                 marks an article as read
    articles    the articles, newest first: of each, fields that must be so (see `described`); one may end in
                "_has" or "_lacks", with parts of the text
    feeds       fields of the subscriptions, in order of their number
    asked       path -> headers of the requests, in order: {name: [values]}

kind, source, report say where a case comes from.
"""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from tests.conftest import Children
from tests.poll.conftest import Clock, Polling
from unabridged.archive import Archive, Query, StoredArticle
from unabridged.errors import UnabridgedError
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import import_paths
from unabridged.formats.subscriptions import import_subscriptions, read_subscriptions
from unabridged.poll.feeds.discovery import find_feeds_of
from unabridged.poll.poller import Poller

CASES = Path(__file__).parent / "cases"
HOST = "127.0.0.1:18801"
SITE = f"http://{HOST}"
NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json", ".gz": "application/gzip"}
Case = dict[str, Any]


@dataclass
class Site:
    """Serves one case. asked: path -> headers of its requests."""

    base: str = ""
    folder: Path = CASES
    answers: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    asked: dict[str, list[Any]] = field(default_factory=dict)

    def placed(self, text: str) -> str:
        """Return a text of the case with the real origin."""
        return text.replace(HOST, self.base.removeprefix("http://"))

    def told(self, text: str) -> str:
        """Return a text with the origin of the case."""
        return text.replace(self.base.removeprefix("http://"), HOST)

    def _body(self, content: bytes) -> bytes:
        for code in ("ascii", "utf-16-le"):
            content = content.replace(HOST.encode(code), self.base.removeprefix("http://").encode(code))
        return content

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(f"/{self.folder.name}")
        seen = self.asked.setdefault(path, [])
        seen.append(request.headers)
        rule = self.answers.get(path, {})
        if isinstance(rule, list):
            rule = rule[min(len(seen), len(rule)) - 1]
        name = rule.get("file") or self.files.get(path) or path.strip("/")
        body = self._body(rule["body"].encode()) if "body" in rule else self._file(name)
        if body is None and not rule:
            return web.Response(status=404, text="<p>nothing here</p>", content_type="text/html")
        body = gzip.compress(body or b"") if rule.get("gzip") else body or b""
        suffix = Path(name).suffix
        headers = {"Content-Type": rule.get("type", TYPES.get(suffix, "application/xml"))}
        headers |= {key: self.placed(value) for key, value in rule.get("headers", {}).items()}
        if rule.get("cut"):
            return await _broken_off(request, body, headers)
        return web.Response(status=rule.get("status", 200), body=body, headers=headers)

    def _file(self, name: str) -> bytes | None:
        path = self.folder / name
        inside = path.resolve().is_relative_to(self.folder.resolve())
        return self._body(path.read_bytes()) if inside and path.is_file() else None


async def _broken_off(request: web.Request, body: bytes, headers: dict[str, str]) -> web.StreamResponse:
    """Send less than was announced, and end the connection."""
    answer = web.StreamResponse(headers=headers)
    answer.content_length = len(body) + 500
    await answer.prepare(request)
    await answer.write(body)
    assert request.transport is not None
    request.transport.close()
    return answer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_site() -> AsyncIterator[Site]:
    one = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield one
    await runner.cleanup()


@dataclass(frozen=True)
class Stage:
    """What a case is played on."""

    site: Site
    archive: Archive
    poller: Poller
    children: Children
    clock: Clock
    folder: Path

    def address(self, path: str) -> str:
        return self.site.placed(path) if ":" in path else f"{self.site.base}/{self.site.folder.name}/{path}"


def lacks(step: Case, said: str) -> list[str]:
    """Say which texts a message lacks; one that is not expected is a fault itself."""
    wanted = step.get("fails", [])
    if said and not wanted:
        return [f"{step}: {said}"]
    return [f"{step}: {text!r} is not in {said!r}" for text in wanted if text not in said]


async def add(stage: Stage, step: Case) -> list[str]:
    try:
        await stage.poller.add(stage.address(step["add"]))
    except UnabridgedError as error:
        return lacks(step, stage.site.told(str(error)))
    return lacks(step, "")


async def poll(stage: Stage, step: Case) -> list[str]:
    said = []
    for one in stage.archive.library().subscriptions.all():
        report = await stage.poller.poll(one.feed.id)
        if report is not None and report.failure is not None:
            said.append(stage.site.told(report.failure.message))
    return lacks(step, "; ".join(said))


async def serve(stage: Stage, step: Case) -> list[str]:
    stage.site.files["/" + step["serve"]] = step["file"]
    return []


async def import_file(stage: Stage, step: Case) -> list[str]:
    path = stage.site.folder / step["import"]
    try:
        if path.suffix == ".opml":
            found = read_subscriptions(path.read_bytes(), name=path.name)
            import_subscriptions(stage.archive.library(), found, now=stage.clock())
            return lacks(step, "; ".join(f"{url}: {why}" for url, why in found.refused))
        report = await asyncio.to_thread(import_paths, stage.archive, [path], now=stage.clock())
    except UnabridgedError as error:
        return lacks(step, str(error))
    return lacks(step, "; ".join(map(str, report.failed)))


async def find(stage: Stage, step: Case) -> list[str]:
    found = await find_feeds_of(
        stage.address(step["find"]), fetcher=stage.poller.context.fetcher, reader=stage.children["reader"]
    )
    urls = [stage.site.told(one.url) for one in found]
    wanted = [f"{SITE}/{stage.site.folder.name}/{path}" for path in step["feeds"]]
    return [] if urls == wanted else [f"found {urls}"]


async def export(stage: Stage, step: Case) -> list[str]:
    """Export, count the files, look at their names, and import them again: nothing may be new."""
    target = stage.folder / f"export-{step['export']}"
    EXPORTERS[step["export"]](stage.archive, ExportJob(now=stage.clock()), target)
    files = [one for one in target.rglob("*") if one.is_file()] if target.is_dir() else [target]
    wrong = [one.name for one in files if len(one.name.encode()) > 255 or one.name.startswith((".", "-"))]
    faults = [f"{step}: {len(files)} files"] if len(files) != step["files"] else []
    if step["export"] in ("document", "markdown", "jsonl"):
        report = await asyncio.to_thread(import_paths, stage.archive, [target], now=stage.clock())
        faults += [f"{step}: again, {kind}" for kind in ("new", "changed", "worse") if report.count(kind)]
        faults += [f"{step}: {one}" for one in report.failed]
    return faults + [f"{step}: name {name!r}" for name in wrong]


async def mark_read(stage: Stage, step: Case) -> list[str]:
    found = [
        one.id for one in stage.archive.library().articles.all(Query()) if one.article.title == step["read"]
    ]
    stage.archive.library().marks.set_read(found, True, now=stage.clock())
    return [] if found else [f"no article {step['read']!r}"]


STEPS: dict[str, Callable[[Stage, Case], Awaitable[list[str]]]] = {
    "add": add,
    "poll": poll,
    "serve": serve,
    "import": import_file,
    "find": find,
    "export": export,
    "read": mark_read,
}


def described(stored: StoredArticle, site: Site) -> dict[str, Any]:
    """Return the fields of an article that a case can name."""
    article = stored.article
    return {
        "title": article.title,
        "url": site.told(article.url),
        "text": site.told(article.text),
        "html": site.told(article.html),
        "summary": site.told(article.summary),
        "authors": list(article.authors),
        "tags": list(article.tags),
        "language": article.language,
        "lead_image": article.lead_image and site.told(article.lead_image),
        "published": article.published and article.published.isoformat(),
        "at": stored.at.isoformat(),
        "enclosures": [
            {"url": site.told(one.url), "type": one.type, "length": one.length} for one in article.enclosures
        ],
        "read": stored.read,
        "revision": stored.revision,
        "edits": stored.edits,
    }


def differences(found: dict[str, Any], wanted: dict[str, Any]) -> Iterator[str]:
    for key, value in wanted.items():
        name, _, test = key.rpartition("_")
        if test in ("has", "lacks") and name:
            yield from (
                f"{key}: {found[name]!r}" for part in value if (part in found[name]) != (test == "has")
            )
        elif found[key] != value:
            yield f"{key} is {found[key]!r}, not {value!r}"


def faults(stage: Stage, case: Case) -> Iterator[str]:
    if "articles" in case:
        found = [described(one, stage.site) for one in stage.archive.library().articles.all(Query())]
        if len(found) != len(case["articles"]):
            yield f"{len(found)} articles: {[one['title'] for one in found]}"
        for one, wanted in zip(found, case["articles"], strict=False):
            yield from (f"{one['title']!r}: {fault}" for fault in differences(one, wanted))
    if "feeds" in case:
        feeds = [
            {"url": stage.site.told(one.feed.url), "title": one.title or one.feed.title, "folder": one.folder}
            for one in stage.archive.library().subscriptions.all()
        ]
        feeds.sort(key=lambda one: str(one["url"]))
        if len(feeds) != len(case["feeds"]):
            yield f"feeds: {feeds}"
        for feed, wanted in zip(feeds, case["feeds"], strict=False):
            yield from differences(feed, wanted)
    for path, headers in case.get("asked", {}).items():
        for name, values in headers.items():
            sent = [one.get(name) for one in stage.site.asked.get(f"/{path}", [])]
            if sent != values:
                yield f"{name} of {path}: {sent}"


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
async def test_a_report_is_answered_as_it_should_be(
    folder: Path,
    shared_site: Site,
    archive: Archive,
    polling: Polling,
    children: Children,
    clock: Clock,
    tmp_path: Path,
) -> None:
    case: Case = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    answers = case.get("answers", {})
    site = shared_site
    site.folder, site.answers, site.files, site.asked = folder, answers, {}, {}
    clock.now = NOW
    found: list[str] = []
    async with polling() as poller:
        stage = Stage(site, archive, poller, children, clock, tmp_path)
        for step in case["steps"]:
            clock.pass_time(hours=1)
            found += await STEPS[next(iter(step))](stage, step)
    assert [*found, *faults(stage, case)] == []
