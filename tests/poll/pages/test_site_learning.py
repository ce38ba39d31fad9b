"""Sites that are learnt while their feed is polled, and a redesign of one."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web

from tests.conftest import present
from tests.extraction.sites.site_pages import TEMPLATE, site_page
from tests.poll.answers import stored
from tests.poll.conftest import Clock, Polling, Publisher
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.sites import StoredProfile
from unabridged.config import PollSettings
from unabridged.poll.poller import Poller

SITE = "127.0.0.1"
LEARNING = PollSettings(workers=1, recheck=(), learn=True)
REDESIGN = (
    "<!doctype html><html><head><title>{title}</title></head><body><div id='shell'><div id='top-bar'>Post"
    "</div>"
    "<section class='live'><div class='ticker'><h1>{title}</h1>{paragraphs}</div></section>"
    "<section class='more'><ul>{links}</ul></section></div></body></html>"
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


def publish(publisher: Publisher, numbers: range, template: str = TEMPLATE) -> None:
    """Let the site publish stories in its template."""
    for number in numbers:
        page = site_page(number, template).html
        publisher.answers[f"/story/{number}"] = lambda request, page=page: web.Response(  # type: ignore[misc]
            text=page, content_type="text/html"
        )
    publisher.stories = [*numbers, *publisher.stories][:20]


async def read(poller: Poller, publisher: Publisher, clock: Clock) -> None:
    """Poll the feed and read its new pages."""
    clock.pass_time(hours=30)
    await poller.poll_due_feeds()
    await poller.read_due_pages()


def article(archive: Archive, number: int) -> StoredArticle:
    return next(one for one in stored(archive) if one.article.url.endswith(f"/story/{number}"))


async def profile(archive: Archive) -> StoredProfile:
    return present(await asyncio.to_thread(archive.sites.profile, SITE))


async def test_a_site_is_learnt_from_its_first_pages_and_the_next_are_read_by_its_profile(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.stories = []
    publish(publisher, range(4))
    async with polling(settings=LEARNING) as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        assert "story-text" in (await profile(archive)).body
        publish(publisher, range(4, 6))
        await read(poller, publisher, clock)
    assert article(archive, 3).article.provenance["html"] == "page"
    for number in (4, 5):
        found = article(archive, number).article
        assert found.provenance["html"] == "learnt"
        assert all(text in found.text for text in site_page(number).paragraphs)
    assert (await profile(archive)).seen == 6


async def test_a_redesign_loses_no_text_raises_an_alarm_and_is_learnt(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.stories = []
    publish(publisher, range(4))
    bodies = []
    async with polling(settings=LEARNING) as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        for number in range(4, 8):
            publish(publisher, range(number, number + 1), REDESIGN)
            await read(poller, publisher, clock)
            bodies.append((await profile(archive)).body)
    for number in range(4, 8):
        found = article(archive, number).article
        assert all(text in found.text for text in site_page(number).paragraphs)
    assert ["div.ticker" in body for body in bodies] == [False, False, True, True]
    assert article(archive, 7).article.provenance["html"] == "learnt"
    after = await profile(archive)
    assert (after.alarm, after.alarmed is not None) == ("", True)


async def test_nothing_is_learnt_unless_the_settings_say_so(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.stories = []
    publish(publisher, range(5))
    async with polling(settings=PollSettings(workers=1, recheck=(), learn=False)) as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
    assert archive.sites.profiles() == ()


async def test_a_page_that_is_read_again_unchanged_is_no_edit_of_the_publisher(
    publisher: Publisher, archive: Archive, polling: Polling, clock: Clock
) -> None:
    publisher.stories = []
    publish(publisher, range(4))
    async with polling(settings=replace(LEARNING, recheck=("1h", "2d"))) as poller:
        await poller.add(publisher.feed)
        await poller.read_due_pages()
        publisher.answers["/story/2"] = lambda request: web.Response(
            text=site_page(2).html.replace("Home", "Start"), content_type="text/html"
        )
        await read(poller, publisher, clock)
    found = article(archive, 2)
    assert found.edits == 0
    assert all(text in found.article.text for text in site_page(2).paragraphs)
