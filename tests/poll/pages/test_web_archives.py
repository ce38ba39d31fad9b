"""Pages that publishers removed, read from web archives: a stub, and this program as the archive."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.conftest import present
from tests.poll.answers import status, stored
from tests.poll.conftest import LAST_WORDS, POLL, Clock, Polling, Publisher
from tests.serve.running_app import Desk, running, settings_in
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.changes import ChangeQuery
from unabridged.errors import BadStatus
from unabridged.feeds.write import http_date
from unabridged.model import Article, Page
from unabridged.poll.pages.web_archives import captures_of, without_frame

loop = pytest.mark.asyncio(loop_scope="session")
OLD = datetime(2024, 5, 1, 8, 0, tzinfo=UTC)
TOOLBAR = (
    "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id=wm-ipp><p>The archive asks for money, and says so at length"
    " above every page.</p></div><!-- END WAYBACK TOOLBAR INSERT -->"
)


def asking(publisher: Publisher) -> object:
    return replace(POLL, web_archives=(f"{publisher.base}/web/timemap/link/",))


def archived(
    publisher: Publisher, path: str, captures: dict[datetime, str], *, raw: bool = True
) -> dict[str, str]:
    """Let the publisher's server be a web archive, too. captures: time -> HTML. Returns their addresses."""
    url = publisher.base + path
    addresses = {at: f"{publisher.base}/web/{at:%Y%m%d%H%M%S}/{url}" for at in captures}
    lines = [f'<{url}>; rel="original"']
    lines += [f'<{one}>; rel="memento"; datetime="{http_date(at)}"' for at, one in addresses.items()]
    timemap = ",\n".join(lines)
    publisher.answers[f"/web/timemap/link/{url}"] = lambda request: web.Response(
        text=timemap, content_type="application/link-format"
    )
    for at, text in captures.items():
        headers = {"Memento-Datetime": http_date(at)}

        def page(_request: web.Request, text: str = text, headers: dict[str, str] = headers) -> web.Response:
            return web.Response(text=text, content_type="text/html", headers=headers)

        publisher.answers[f"/web/{at:%Y%m%d%H%M%S}{'id_' if raw else ''}/{url}"] = page
    return {f"{at:%d}": one for at, one in addresses.items()}


@loop
async def test_a_page_that_was_never_read_comes_from_the_archive_marked_as_such(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.stories = [1]
    publisher.answers["/story/1"] = status(410)
    later = clock.now + timedelta(days=1)
    addresses = archived(
        publisher,
        "/story/1",
        {OLD: "<p>Older</p>", OLD + timedelta(days=1): publisher.html(1), later: "<p>Later</p>"},
    )
    async with polling(settings=asking(publisher)) as poller:
        await poller.add(publisher.feed)
        [report] = await poller.read_due_pages()
        assert report.kind == "read"
        assert await poller.read_due_pages() == ()
    [one] = stored(archive)
    assert one.revision_source == "archive"
    assert one.article.text.endswith(LAST_WORDS)
    assert one.fetched == OLD + timedelta(days=1)
    line = archive.library().articles.revisions(one.id)[-1]
    assert line.origin == addresses["02"]
    assert (line.label, line.edit) == ("its page, from a web archive", False)
    assert line.reason.startswith("from a web archive: full text")
    seen = archive.library().articles.observations(one.id)[-1]
    assert (seen.kind, seen.url) == ("new", addresses["02"])
    snapshot = archive.library().articles.snapshot(present(line.snapshot))
    assert snapshot.url == f"{publisher.base}/story/1"
    assert snapshot.body.decode() == publisher.html(1)
    assert one.page.next_try_at is None and one.page.state == "failed"
    assert archive.library().articles.changes(ChangeQuery()).changes == ()


@loop
async def test_without_the_setting_no_archive_is_asked(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.stories = [1]
    publisher.answers["/story/1"] = status(404)
    archived(publisher, "/story/1", {OLD: publisher.html(1)})
    async with polling() as poller:
        await poller.add(publisher.feed)
        [report] = await poller.read_due_pages()
    assert report.kind == "failed"
    assert not [path for path in publisher.asked if path.startswith("/web/")]


@loop
async def test_a_whole_text_is_never_replaced(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.stories = [1]
    archived(publisher, "/story/1", {OLD: publisher.html(7)})
    settings = replace(POLL, recheck=("1h", "3h"), web_archives=(f"{publisher.base}/web/timemap/link/",))
    async with polling(settings=settings) as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        [before] = stored(archive)
        publisher.answers["/story/1"] = status(404)
        clock.pass_time(hours=4)
        [report] = await poller.read_due_pages()
    assert report.kind == "failed"
    [after] = stored(archive)
    assert (after.revision, after.article) == (before.revision, before.article)
    assert not [path for path in publisher.asked if path.startswith("/web/")]
    assert archive.ingest.save_archived_page(
        after.id, replace(after.article, text="Other words"), page_of(publisher), origin="x", now=clock.now
    ).kind == ("worse")


def page_of(publisher: Publisher) -> Page:
    url = f"{publisher.base}/story/1"
    return Page(url=url, final_url=url, status=200, headers={}, body=b"<p>x", fetched=OLD)


@loop
async def test_captures_that_show_no_article_are_passed_over(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.stories = [1]
    publisher.answers["/story/1"] = status(410)
    days = [OLD + timedelta(days=day) for day in range(3)]
    archived(publisher, "/story/1", {days[0]: publisher.html(1), days[1]: "<title>404</title>", days[2]: ""})
    publisher.answers[f"/web/{days[2]:%Y%m%d%H%M%S}id_/{publisher.base}/story/1"] = status(404)
    async with polling(settings=asking(publisher)) as poller:
        await poller.add(publisher.feed)
        [report] = await poller.read_due_pages()
    assert report.kind == "read"
    assert stored(archive)[0].fetched == days[0]


@loop
async def test_an_archive_without_raw_pages_loses_its_toolbar_and_its_links(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.stories = [1]
    publisher.answers["/story/1"] = status(410)
    prefix = f"/web/{OLD:%Y%m%d%H%M%S}"
    linked = publisher.html(1).replace(
        "<h1>",
        f'<p>Read <a href="{prefix}/https://news.example/more">more of it</a> in a long sentence.</p><h1>',
    )
    shown = linked.replace("<article>", f"{TOOLBAR}<article>")
    archived(publisher, "/story/1", {OLD: shown}, raw=False)
    async with polling(settings=asking(publisher)) as poller:
        await poller.add(publisher.feed)
        [report] = await poller.read_due_pages()
    assert report.kind == "read"
    [one] = stored(archive)
    assert "asks for money" not in one.article.text
    assert "/web/" not in one.article.html
    body = archive.library().articles.snapshot(present(one.snapshot)).body
    assert b'href="https://news.example/more"' in body and b"TOOLBAR" not in body


@loop
async def test_an_archive_that_fails_leaves_the_feeds_text_with_the_reason(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    publisher.stories = [1]
    publisher.answers["/story/1"] = status(410)
    bad = (f"{publisher.base}/none/", "http://10.0.0.1/timemap/link/", f"{publisher.base}/web/timemap/link/")
    publisher.answers[f"/web/timemap/link/{publisher.base}/story/1"] = lambda request: web.Response(
        text="<<< not; a, timemap" * 1000
    )
    async with polling(settings=replace(POLL, web_archives=bad)) as poller:
        await poller.add(publisher.feed)
        [report] = await poller.read_due_pages()
    assert report.kind == "failed"
    [one] = stored(archive)
    assert one.article.text == "Teaser of story 1."
    assert present(one.page.failure).kind == "status"


@loop
async def test_a_page_saved_by_hand_comes_from_the_archive_when_it_is_gone(
    publisher: Publisher, archive: Archive, polling: Polling
) -> None:
    url = f"{publisher.base}/story/5"
    publisher.answers["/story/5"] = status(404)
    async with polling(settings=asking(publisher)) as poller:
        with pytest.raises(BadStatus):
            await poller.save_url(url)
        addresses = archived(publisher, "/story/5", {OLD: publisher.html(5)})
        change = await poller.save_url(url)
        assert change.kind == "new"
        again = await poller.save_url(url)
        assert (again.kind, again.article_id) == ("worse", change.article_id)
    one = archive.library().articles.get(change.article_id)
    assert (one.revision_source, one.article.url) == ("archive", url)
    assert archive.library().articles.revisions(one.id)[-1].origin == addresses["01"]


@asynccontextmanager
async def serving(desk: Desk) -> AsyncIterator[str]:
    server = running(desk)
    try:
        yield await asyncio.to_thread(server.__enter__)
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


@loop
async def test_this_program_is_an_archive_for_another_one(
    publisher: Publisher, archive: Archive, polling: Polling, tmp_path: Path, empty_file: Path
) -> None:
    settings = settings_in(tmp_path / "other")
    url = f"{publisher.base}/story/1"
    with Archive(settings.database) as other:
        page = replace(
            page_of(publisher), body=publisher.html(1).encode(), headers={"content-type": "text/html"}
        )
        article = Article(
            url=url, title="Flood report 1", text="The river rose.", html="<p>The river rose.</p>"
        )
        other.library().articles.save(article, page, now=OLD)
        publisher.stories, publisher.answers["/story/1"] = [1], status(410)
        async with serving(Desk(archive=other, settings=settings)) as address:
            own = replace(POLL, web_archives=(f"{address}/web/timemap/link/",))
            async with polling(settings=own) as poller:
                await poller.add(publisher.feed)
                [report] = await poller.read_due_pages()
    assert report.kind == "read"
    [one] = stored(archive)
    assert one.article.text.endswith(LAST_WORDS), "from the raw page, not from the other's text"
    line = archive.library().articles.revisions(one.id)[-1]
    assert line.origin == f"{address}/web/20240501080000/{url}"
    assert line.fetched == OLD


def test_a_timemap_is_read_from_its_end() -> None:
    at = "Wed, 01 May 2024 08:00:00 GMT"
    lines = [
        f'<http://archive.example/web/{n}/http://x>; rel="memento"; datetime="{at}"' for n in range(20_000)
    ]
    found = list(captures_of(",\n".join([*lines, '<x>; rel="memento"; datetime="never"'])))
    assert found[-1].url == "http://archive.example/web/19999/http://x"
    assert found[-1].at == OLD
    assert 5_000 < len(found) < 20_000


@pytest.mark.parametrize(
    ("shown", "bare"),
    [
        (
            b'<a href="https://archive.example/web/20240501080000/https://x.example/1">',
            b'<a href="https://x.example/1">',
        ),
        (
            b'<img src="/web/20240501080000im_/https://x.example/1.png">',
            b'<img src="https://x.example/1.png">',
        ),
        (
            b'<img src="//archive.example/web/2024im_/https://x.example/1">',
            b'<img src="https://x.example/1">',
        ),
        (b'<a href="https://other.example/web/2024/https://x.example/1">',) * 2,
        (b"a<!-- WB Insert --><script>x</script><!-- End WB Insert -->b", b"ab"),
    ],
)
def test_links_of_an_archive_become_those_of_the_publisher(shown: bytes, bare: bytes) -> None:
    memento = "https://archive.example/web/20240501080000/https://x.example/"
    assert without_frame(shown, memento) == bare


def test_marks_of_a_toolbar_that_never_ends_take_no_time() -> None:
    page = b"<!-- WB Insert --><!-- BEGIN WAYBACK TOOLBAR INSERT -->" * 40_000
    begun = time.process_time()
    assert without_frame(page, "https://archive.example/web/20240501080000/https://x.example/") == page
    assert time.process_time() - begun < 2
