"""No way in leads to an inner address: whatever sends a request is stopped by the same guard.

The addresses are those of tests/fetch/refused-urls.txt, and of a corpus (UNABRIDGED_CORPUS) if there is one.
"""

import json
import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest
from aiohappyeyeballs import AddrInfoType

from bench.ssrf import PlayedNames, _known_names
from tests.conftest import Children, present
from tests.poll.conftest import Clock
from unabridged.archive.facade.archive import Archive
from unabridged.config import FeedSettings, FetchSettings, PollSettings
from unabridged.errors import UnabridgedError
from unabridged.fetch.client import Fetcher
from unabridged.model import Article, Page
from unabridged.poll.feeds.discovery import find_feeds_of
from unabridged.poll.one_off import full_text_feed, read_address
from unabridged.poll.poller import Poller

pytestmark = pytest.mark.asyncio(loop_scope="session")

REFUSED = Path(__file__).parents[1] / "fetch" / "refused-urls.txt"
CORPUS = Path(os.environ.get("UNABRIDGED_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
CASES = CORPUS / "attacks" / "ssrf-cases.jsonl"


Case = dict[str, Any]
"""A case as recorded: JSON."""


def blocked() -> tuple[list[Case], dict[str, list[str]]]:
    """Cases that end before any connection is made.

    Control characters are percent-encoded by some ways, and refused by others, and of a path that is too
    long only robots.txt is asked for: they change no address.
    Redirects, names that change their address, and this machine's own address are played by `bench.ssrf`.
    """
    recorded = [json.loads(line) for line in CASES.read_text().splitlines()] if CASES.is_file() else []
    own = [{"url": url, "verdict": "block"} for url in REFUSED.read_text(encoding="utf-8").splitlines()]
    simple = [case for case in recorded if not {"redirects_to", "derived", "expect"} & set(case)]
    steady = [case for case in simple if not _changes(case.get("resolves_to") or [])]
    every = [case for case in (*own, *steady) if case["url"].isprintable() and len(case["url"]) < 2000]
    return [case for case in every if case["verdict"] == "block"], _known_names(recorded)


def _changes(answers: Sequence[str | list[str]]) -> bool:
    return "OWN_PUBLIC_IP" in answers or any(isinstance(one, list) for one in answers)


class Stage:
    """What a way in needs: a poller whose sockets only note which address they were made for."""

    def __init__(self, poller: Poller, archive: Archive, clock: Clock) -> None:
        self.poller, self.archive, self.clock = poller, archive, clock
        self.fetcher, self.tools = poller.context.fetcher, poller.context


Way = Callable[[Stage, str], Awaitable[None]]


async def add(stage: Stage, url: str) -> None:
    await stage.poller.add(url)


async def poll(stage: Stage, url: str) -> None:
    stage.archive.library().subscriptions.add(url, now=stage.clock.now)
    await stage.poller.poll_due()


async def discovery(stage: Stage, url: str) -> None:
    await find_feeds_of(url, fetcher=stage.fetcher, reader=stage.tools.reader)


async def page(stage: Stage, url: str) -> None:
    await stage.poller.save_url(url)


async def picture(stage: Stage, url: str) -> None:
    body = f'<p>Words.</p><img src="{url}" alt="">'
    article = Article(url="https://a.example/1", title="T", html=body, text="Words.", lead_image=url)
    source = Page(
        url=article.url, final_url=article.url, status=200, headers={}, body=b"x", fetched=stage.clock.now
    )
    stage.archive.library().articles.save(article, source, now=stage.clock.now)
    await stage.poller.save_images()


async def hub(stage: Stage, url: str) -> None:
    await stage.fetcher.post(url, b"hub.mode=subscribe")


async def robots(stage: Stage, url: str) -> None:
    await present(stage.tools.robots).check(url)


async def one_off_page(stage: Stage, url: str) -> None:
    await read_address(url, fetcher=stage.fetcher, now=stage.clock.now, extractor=stage.tools.extractor)


async def one_off_feed(stage: Stage, url: str) -> None:
    tools = stage.tools
    await full_text_feed(
        url,
        fetcher=tools.fetcher,
        settings=tools.settings,
        reader=tools.reader,
        extractor=tools.extractor,
        now=stage.clock.now,
    )


async def proxy(stage: Stage, url: str) -> None:
    await stage.fetcher.get(url, own=FeedSettings(proxy="http://93.184.215.77:3128"))


WAYS = (add, poll, discovery, page, picture, hub, robots, one_off_page, one_off_feed, proxy)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_no_way_in_connects_to_an_inner_address(
    way: Way, archive: Archive, clock: Clock, children: Children
) -> None:
    cases, names = blocked()
    assert len(cases) > 50
    reached = []
    for case in cases:
        dialled = await dialled_by(way, case, names, archive, clock, children)
        reached += [(case["url"], address) for address in dialled]
    assert reached == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_every_way_in_connects_to_a_public_address(
    way: Way, archive: Archive, clock: Clock, children: Children
) -> None:
    case = {"url": "https://news.example/", "resolves_to": ["93.184.215.14"]}
    dialled = await dialled_by(way, case, {}, archive, clock, children)
    assert set(dialled) == {"93.184.215.77" if way is proxy else "93.184.215.14"}


async def dialled_by(
    way: Way, case: Case, names: dict[str, list[str]], archive: Archive, clock: Clock, children: Children
) -> list[str]:
    """Return the addresses for which sockets were made, none of which is connected."""
    dialled = []

    def note(info: AddrInfoType) -> NoReturn:
        dialled.append(info[4][0])
        raise ConnectionRefusedError

    async with (
        Fetcher(
            FetchSettings(per_host_gap=0.0, robots=True),
            resolver=PlayedNames(case, names),
            socket_factory=note,
        ) as fetcher,
        Poller(
            archive=archive,
            fetcher=fetcher,
            settings=PollSettings(workers=1),
            clock=clock,
            images="all",
            **children,
        ) as poller,
    ):
        with suppress(UnabridgedError):
            await way(Stage(poller, archive, clock), case["url"])
    return dialled
