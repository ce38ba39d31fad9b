"""Kept pages read anew: with other rules, beside edits, for a dry run, and what is damaged."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import update

from tests.conftest import present
from tests.poll.conftest import START, Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.archive.storage.tables import snapshots
from unabridged.config import PollSettings
from unabridged.poll.extractor.pool import ThreadExtractor
from unabridged.poll.pages.reextract import ReplayRequest, replay
from unabridged.poll.poller import Poller

pytestmark = pytest.mark.asyncio(loop_scope="session")

Reading = Callable[..., AbstractAsyncContextManager[Poller]]

LAST = "On Thursday the council meets"


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """A folder of rules that strip the last paragraph of every page of the publisher."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "127.0.0.1.txt").write_text(f"strip: //p[contains(., '{LAST}')]\n")
    return str(folder)


@pytest.fixture
def read(publisher: Publisher, archive: Archive, polling: Polling) -> Reading:
    """Poll once: three articles, read whole."""

    @asynccontextmanager
    async def make(**settings: Any) -> AsyncIterator[Poller]:
        async with polling(PollSettings(workers=1, **settings)) as poller:
            await poller.add(publisher.feed)
            await poller.read_due_pages()
            yield poller

    return make


def texts(archive: Archive) -> list[str]:
    return [one.article.text for one in archive.library().articles.page(Query()).articles]


async def test_a_replay_with_the_same_extractor_changes_nothing(archive: Archive, read: Reading) -> None:
    async with read(recheck=()):
        pass
    report = await replay(archive, ThreadExtractor(), ReplayRequest())
    assert dict(report.counts) == {"same": 3, "meanwhile": 0} or dict(report.counts) == {"same": 3}
    assert report.saved == 0


async def test_a_dry_run_shows_what_new_rules_would_change_and_saves_nothing(
    archive: Archive, read: Reading, rules: str
) -> None:
    async with read(recheck=()):
        pass
    before = texts(archive)
    report = await replay(archive, ThreadExtractor(rules=(rules,)), ReplayRequest(dry=True))
    assert (report.number, report.saved, report.counts["text"]) == (None, 0, 3)
    biggest = report.biggest[0]
    assert LAST in biggest.source.article.text
    assert biggest.article is not None and LAST not in biggest.article.text
    assert texts(archive) == before
    assert archive.reextraction.runs() == ()


async def test_new_rules_make_versions_that_can_be_taken_back(
    archive: Archive, read: Reading, rules: str, clock: Clock
) -> None:
    async with read(recheck=()):
        pass
    before = texts(archive)
    seen = []
    report = await replay(
        archive,
        ThreadExtractor(rules=(rules,)),
        ReplayRequest(asked="--rules here"),
        clock=clock,
        watch=lambda one: seen.append(one.read),
    )
    assert (report.saved, seen) == (3, [3])
    assert not any(LAST in text for text in texts(archive))
    assert report.number is not None
    archive.reextraction.undo(report.number, now=clock())
    assert texts(archive) == before


async def test_an_edit_and_a_new_rule_at_once_are_two_versions_each_with_its_source(
    archive: Archive, publisher: Publisher, read: Reading, rules: str, clock: Clock
) -> None:
    async with read(recheck=("4h",)) as poller:
        first = present(archive.library().articles.find(publisher.base + "/story/1"))
        page = (
            archive.library()
            .articles.snapshot(present(first.snapshot))
            .body.decode()
            .replace("By six the", "By seven the")
        )
        publisher.answers["/story/1"] = lambda request: web.Response(text=page, content_type="text/html")
        clock.pass_time(hours=4)
        context = replace(poller.context, extractor=ThreadExtractor(rules=(rules,)))
        poller.context = context
        await poller.poll_due()
    stored = present(archive.library().articles.find(publisher.base + "/story/1"))
    sources = [(line.number, line.source) for line in archive.library().articles.revisions(stored.id)]
    assert sources == [(0, "feed"), (1, "page"), (2, "replay"), (3, "page")]
    before, after = (archive.library().articles.revision(stored.id, number).article.text for number in (2, 3))
    assert before.replace("By six the", "By seven the") == after
    other = present(archive.library().articles.find(publisher.base + "/story/2"))
    assert [line.source for line in archive.library().articles.revisions(other.id)] == [
        "feed",
        "page",
        "replay",
    ]


async def test_a_page_that_is_damaged_is_named_and_the_others_are_replayed(
    archive: Archive, read: Reading, rules: str
) -> None:
    async with read(recheck=()):
        pass
    broken = bytes.fromhex(next(archive.reextraction.sources()).snapshot)
    damage = update(snapshots).where(snapshots.c.hash == broken).values(body=b"")
    archive._db.writing(lambda conn: conn.execute(damage))
    report = await replay(archive, ThreadExtractor(rules=(rules,)), ReplayRequest())
    assert (report.counts["failed"], report.counts["text"]) == (1, 2)
    assert broken.hex()[:12] in report.refused[0].reason


async def test_rules_stored_in_the_archive_apply_to_new_pages_and_to_those_read_anew(
    archive: Archive, read: Reading
) -> None:
    archive.feeds.set_site_rules("127.0.0.1.txt", f"strip: //p[contains(., '{LAST}')]", now=START)
    async with read(recheck=()):
        pass
    assert not any(LAST in text for text in texts(archive))
    archive.feeds.set_site_rules("127.0.0.1.txt", "", now=START)
    assert archive.feeds.site_rules() == {}
    report = await replay(archive, ThreadExtractor(), ReplayRequest())
    assert report.saved == 3
    assert all(LAST in text for text in texts(archive))
