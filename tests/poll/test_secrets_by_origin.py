"""Secrets by a matrix: all that sends requests × every other origin; servers note what they are told."""

import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from tests.conftest import Children, present
from tests.poll.conftest import Clock, Polling
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.config import FeedSettings, FetchSettings
from unabridged.fetch.credentials import cookie_site
from unabridged.poll.feeds.diagnostics import login_stayed
from unabridged.poll.one_off import full_text_feed, read_address
from unabridged.poll.poller import Poller
from unabridged.urls import origin

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAIR = b64encode(b"ada:hunter2").decode()
SECRETS = (PAIR, "hunter2", "token-1", "from-site")
ADA = FeedSettings(username="ada", password="hunter2", headers=(("X-Token", "token-1"),))
PLACES = ("port", "host", "name", "scheme")
LAST_WORDS = "since the flood of 2002."
PARAGRAPHS = (
    "The river rose a metre in the night and the town below the bridge woke to water in its streets, said"
    " the harbour master, who has kept the books of the lock since 1987.",
    "By six the baker had carried his flour to the first floor, and the school had been told to stay shut"
    " until the pumps arrived from the county town, forty kilometres away.",
    "Nobody was hurt, but two barges tore loose at the old mill and drifted against the pier, where"
    " volunteers made them fast with every rope they could find.",
    "Insurers expect claims of about nine million, most of them from the row of workshops behind the station,"
    " which lies lower than the river even in a dry summer.",
    "On Thursday the council meets to decide whether the dyke is to be raised, a question that it has put off"
    f" at every meeting {LAST_WORDS}",
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
PAGE = (
    "<!doctype html><html lang=en><head><title>Flood report</title></head><body><nav><a href=/>Home</a></nav>"
    f"<article><h1>Flood report</h1>{TEXT}</article><footer>Imprint</footer></body></html>"
)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@dataclass
class Sites:
    """A home that wants a login, and places that differ from it in port, host, name of the host, scheme.

    pages: what the home answers; all else is answered by every place alike.
    """

    at: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, str, str]] = field(default_factory=list)
    pages: dict[str, Callable[[web.Request], web.Response]] = field(default_factory=dict)

    @property
    def home(self) -> str:
        return self.at["home"]

    async def answer(self, request: web.Request) -> web.Response:
        here = f"{request.scheme}://{request.host}"
        self.got.append((here, request.path_qs, f"{dict(request.headers)} {await request.text()}"))
        if here == self.home and request.path in self.pages:
            return self.pages[request.path](request)
        if request.path.startswith("/picture"):
            return web.Response(body=PNG, content_type="image/png")
        if request.path.startswith("/feed"):
            return xml(self.feed(here + "/story/9"))
        if request.path == "/robots.txt":
            return web.Response(text="")
        return web.Response(text=PAGE, content_type="text/html")

    def feed(self, link: str, more: str = "", picture: str = "") -> str:
        image = f"<p>Teaser. <img src='{picture}' width=400 height=300></p>" if picture else "Teaser."
        return (
            "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Members</title>"
            f"<link>{self.home}/</link>{more}<item><title>Flood report 9</title><link>{link}</link>"
            f"<guid>1</guid><description><![CDATA[{image}]]></description></item></channel></rss>"
        )

    def paths(self, place: str) -> set[str]:
        """Paths that a place was asked for."""
        return {path.partition("?")[0] for here, path, _ in self.got if here == self.at[place]}

    def leaks(self) -> list[tuple[str, str]]:
        """Requests to other origins than the home that held a secret."""
        told = [one for one in self.got if one[0] != self.home]
        return [(here, path) for here, path, text in told if any(secret in text for secret in SECRETS)]


def xml(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/rss+xml")


def html(text: str) -> Callable[[web.Request], web.Response]:
    return lambda request: web.Response(text=text, content_type="text/html")


def to(where: str, status: int = 302) -> Callable[[web.Request], web.Response]:
    return lambda request: web.Response(status=status, headers={"Location": where})


@pytest_asyncio.fixture(loop_scope="session")
async def sites(authority: Path) -> AsyncIterator[Sites]:
    one, runners = Sites(), []

    async def start(host: str, port: int = 0, context: ssl.SSLContext | None = None) -> int:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", one.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, host, port, ssl_context=context).start()
        return int(runner.addresses[0][1])

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority / "good.pem", authority / "good.key")
    home = await start("127.0.0.1")
    one.at = {
        "home": f"http://127.0.0.1:{home}",
        "port": f"http://127.0.0.1:{await start('127.0.0.1')}",
        "host": f"http://127.0.0.2:{await start('127.0.0.2', home)}",
        "name": f"http://localhost:{home}",
        "scheme": f"https://127.0.0.1:{await start('127.0.0.1', 0, context)}",
    }
    yield one
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
def members(sites: Sites, archive: Archive, authority: Path, polling: Polling, clock: Clock) -> Polling:
    """Make a poller for a feed of the home that is asked with a login, headers and a cookie."""
    archive.feeds.set_site_cookie(cookie_site(sites.home), "from-site=1", now=clock.now)

    def make(robots: bool = False, **more: Any) -> AbstractAsyncContextManager[Poller]:
        fetch = FetchSettings(
            allow_private=("127.0.0.0/8", "localhost"),
            ca_file=str(authority / "ca.pem"),
            per_host_gap=0.0,
            robots=robots,
        )
        return polling(fetch=fetch, images="all", **more)

    return make


def cut(head: str = "", end: str = "") -> str:
    """A page that holds the beginning of its article, and says so."""
    begin = "<p>".join(PAGE.split("<p>")[:3]).replace("<head>", f"<head>{head}")
    return f'{begin}</article><p><a href="#" onclick="unfold()">Continue reading</a></p>{end}</body></html>'


def by_link(sites: Sites, there: str) -> str:
    """An entry whose page is elsewhere."""
    sites.pages["/feed"] = lambda request: xml(sites.feed(there + "/story/9"))
    return "/story/9"


def by_page(text: Callable[[str], str], path: str, page: str = "/story/9") -> Callable[[Sites, str], str]:
    """An entry whose page at home leads on to `path` elsewhere."""

    def arrange(sites: Sites, there: str) -> str:
        sites.pages["/feed"] = lambda request: xml(sites.feed(sites.home + page))
        sites.pages[page] = html(text(there))
        return path

    return arrange


def by_redirect(status: int) -> Callable[[Sites, str], str]:
    def arrange(sites: Sites, there: str) -> str:
        sites.pages["/feed"] = lambda request: xml(sites.feed(sites.home + "/story/9"))
        sites.pages["/story/9"] = to(there + "/moved", status)
        return "/moved"

    return arrange


def by_picture(sites: Sites, there: str) -> str:
    sites.pages["/feed"] = lambda request: xml(
        sites.feed(sites.home + "/story/9", picture=there + "/picture/1")
    )
    text = PAGE.replace("<article>", f"<article><img src='{there}/picture/1' width=600 height=400>")
    sites.pages["/story/9"] = html(text)
    return "/picture/1"


def by_icon(sites: Sites, there: str) -> str:
    icon = f"<image><url>{there}/picture/icon</url><title>i</title><link>{there}/</link></image>"
    sites.pages["/feed"] = lambda request: xml(sites.feed(sites.home + "/story/9", icon))
    return "/picture/icon"


def by_hub(sites: Sites, there: str) -> str:
    hub = f"<atom:link rel='hub' href='{there}/hub'/><atom:link rel='self' href='{sites.home}/feed'/>"
    sites.pages["/feed"] = lambda request: xml(sites.feed(sites.home + "/story/9", hub))
    return "/hub"


def by_robots(sites: Sites, there: str) -> str:
    by_link(sites, there)
    return "/robots.txt"


NEXT = '<p><a rel=next href="{there}/report?page=2">Next page</a></p></article>'
WAYS: dict[str, Callable[[Sites, str], str]] = {
    "entry's link": by_link,
    "AMP": by_page(lambda there: cut(head=f'<link rel=amphtml href="{there}/amp/9">'), "/amp/9"),
    "print": by_page(
        lambda there: cut(head=f'<link rel=alternate media=print href="{there}/print/9">'), "/print/9"
    ),
    "next page": by_page(
        lambda there: PAGE.replace("</article>", NEXT.format(there=there)), "/report", "/report"
    ),
    "page redirects": by_redirect(302),
    "page redirects for good": by_redirect(308),
    "picture": by_picture,
    "icon": by_icon,
    "hub": by_hub,
    "robots.txt": by_robots,
}
SAME_SITE = {"print": {"port", "scheme"}, "next page": {"port", "scheme"}}
"""Ways that are only followed on the same host: what may differ there."""


@pytest.mark.parametrize(("way", "place"), list(product(WAYS, PLACES)))
async def test_what_is_asked_for_elsewhere_gets_no_secret_of_the_feed(
    sites: Sites, members: Polling, clock: Clock, way: str, place: str
) -> None:
    path = WAYS[way](sites, sites.at[place])
    async with members(robots=way == "robots.txt", base_url="http://127.0.0.1:9999") as poller:
        await poller.add(sites.home + "/feed", own=ADA)
        await poller.poll_due()
        await poller.subscribe_to_hubs()
    reachable = place in SAME_SITE.get(way, PLACES)
    assert (path in sites.paths(place)) is reachable
    assert sites.leaks() == []
    at_home = [text for here, path, text in sites.got if here == sites.home and path == "/feed"]
    assert all(PAIR in text and "token-1" in text and "from-site" in text for text in at_home)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_feed_that_redirects_elsewhere_takes_no_secret_along(
    sites: Sites, members: Polling, clock: Clock, place: str, status: int
) -> None:
    by_link(sites, sites.home)
    async with members() as poller:
        await poller.add(sites.home + "/feed", own=ADA)
        sites.pages["/feed"] = to(sites.at[place] + "/feed", status)
        clock.pass_time(hours=30)
        await poller.poll_due()
    assert "/feed" in sites.paths(place)
    assert sites.leaks() == []


@pytest.mark.parametrize("place", PLACES)
async def test_a_feed_that_moves_for_good_leaves_its_login_behind_until_a_person_decides(
    sites: Sites, members: Polling, archive: Archive, clock: Clock, place: str
) -> None:
    by_link(sites, sites.home)
    there = sites.at[place]
    async with members() as poller:
        number = (await poller.add(sites.home + "/feed", own=ADA)).subscription.feed.id
        assert archive.library().subscriptions.get(number).login_origin is None
        sites.pages["/feed"] = to(there + "/feed.xml", 301)
        for _ in range(5):
            clock.pass_time(days=1)
            await poller.poll_due_feeds()
        assert archive.library().subscriptions.feed(number).url == there + "/feed.xml"
        assert sites.leaks() == []
        moved = archive.library().subscriptions.get(number)
        assert archive.feeds.settings(number) == ADA.bound_to(sites.home)
        what, advice = present(login_stayed(moved))
        assert sites.home in what and f"origin={there}" in advice and "hunter2" not in what + advice
        archive.feeds.set_settings(number, ADA.bound_to(origin(there)), now=clock.now)
        clock.pass_time(days=1)
        await poller.poll_due_feeds()
    assert archive.library().subscriptions.get(number).login_origin is None
    assert {(here, path) for here, path in sites.leaks()} == {(there, "/feed.xml")}


@pytest.mark.parametrize("place", PLACES)
async def test_a_feed_that_is_found_elsewhere_when_it_is_added_gets_no_login(
    sites: Sites, members: Polling, archive: Archive, place: str
) -> None:
    there = sites.at[place]
    link = f'<link rel=alternate type="application/rss+xml" href="{there}/feed.xml">'
    sites.pages["/"] = html(f"<html><head>{link}</head><body>Hi</body></html>")
    sites.pages["/old"] = to(there + "/feed-2.xml", 301)
    async with members() as poller:
        first = await poller.add(sites.home + "/", own=ADA)
        second = await poller.add(sites.home + "/old", own=ADA)
        await poller.poll(first.subscription.feed.id)
        await poller.poll(second.subscription.feed.id)
    assert {"/feed.xml", "/feed-2.xml"} <= sites.paths(place)
    assert sites.leaks() == []
    assert [one.login_origin for one in archive.library().subscriptions.all()] == [sites.home] * 2


@pytest.mark.parametrize("place", PLACES)
async def test_one_off_reading_sends_the_feeds_login_nowhere(
    sites: Sites, members: Polling, children: Children, clock: Clock, place: str
) -> None:
    there = sites.at[place]
    by_link(sites, there)
    sites.pages["/away"] = to(there + "/story/9")
    async with members() as poller:
        await poller.add(sites.home + "/feed", own=ADA)
        sites.got.clear()
        fetcher = poller.context.fetcher
        await read_address(
            sites.home + "/away", fetcher=fetcher, now=clock.now, extractor=children["extractor"]
        )
        await full_text_feed(
            sites.home + "/feed", fetcher=fetcher, settings=poller.context.settings, now=clock.now, **children
        )
        await poller.save_url(there + "/story/9")
    assert "/story/9" in sites.paths(place)
    assert sites.leaks() == []
    assert not [text for _, _, text in sites.got if PAIR in text or "token-1" in text]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_hub_that_redirects_elsewhere_gets_its_secret_told_nowhere(
    sites: Sites, members: Polling, archive: Archive, place: str, status: int
) -> None:
    by_hub(sites, sites.home)
    sites.pages["/hub"] = to(sites.at[place] + "/hub", status)
    async with members(base_url="http://127.0.0.1:9999") as poller:
        number = (await poller.add(sites.home + "/feed", own=ADA)).subscription.feed.id
        assert await poller.subscribe_to_hubs() == 1
    assert "/hub" in sites.paths("home")
    assert "/hub" not in sites.paths(place)
    assert "redirects to" in present(archive.websub.get(number)).message


async def test_pages_of_a_private_feed_at_its_own_origin_are_read_with_its_login(
    sites: Sites, members: Polling, archive: Archive
) -> None:
    by_link(sites, sites.home)
    async with members() as poller:
        await poller.add(sites.home + "/feed", own=ADA)
        await poller.read_due_pages()
    [page] = [text for _, path, text in sites.got if path == "/story/9"]
    assert PAIR in page and "token-1" in page
    [found] = archive.library().articles.page(Query()).articles
    assert LAST_WORDS in archive.library().articles.get(found.id).article.text
