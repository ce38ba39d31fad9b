"""Nobody reads or writes what is another's: every route with another person's numbers, on both databases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest

import tests.archive.conftest as both
from tests.serve.app_routes import walk
from tests.serve.running_app import HTML, NOW, Desk, make_article, page_of, running, settings_in
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.accounts import Device, NewPasskey, Person
from unabridged.archive.records.core import Query
from unabridged.archive.records.rules import RuleDraft
from unabridged.serve.app import create_app
from unabridged.serve.authentication import PLAIN_COOKIE
from unabridged.text.quotes import Quote

archive, dsn = both.archive, both.dsn
open_archive, postgresql = both.open_archive, both.postgresql
"""Fixtures: an archive on SQLite and on PostgreSQL."""

SECRET = "Zwiebelfisch"
"""Stands in everything that is the owner's."""


@dataclass
class Stage:
    """The app with a login, and a browser of Bo, who has nothing."""

    desk: Desk
    bo: httpx.Client
    bo_id: int
    numbers: dict[str, str]


@pytest.fixture
def stage(archive: Archive, tmp_path: Path) -> Iterator[Stage]:
    settings = settings_in(tmp_path)
    settings = replace(settings, serve=replace(settings.serve, login="always"))
    desk = Desk(archive=archive, settings=settings)
    articles = [make_article(number, title=f"{SECRET} {number}", text=f"{SECRET} text") for number in (0, 1)]
    feed = desk.subscribe(articles, title=f"{SECRET} feed", folder=f"{SECRET} folder")
    edited = replace(articles[0], text=f"{SECRET} text, edited", title=f"{SECRET} edited")
    archive.ingest.save_page(
        desk.articles[0], edited, page_of(edited, NOW + timedelta(hours=1)), now=NOW + timedelta(hours=1)
    )
    mine = archive.library()
    mine.tags.add(desk.articles, [f"{SECRET} tag"], now=NOW)
    rule = mine.rules.add(RuleDraft(action="mute", query=f'title:"{SECRET} rule"'), now=NOW)
    search = mine.searches.add(f"{SECRET} search", f'"{SECRET} text"', now=NOW)
    token = mine.tokens.add(f"{SECRET} token", now=NOW).token
    mine.positions.set(desk.articles[0], "a1", 60, 600, now=NOW)
    session = archive.accounts.open_session(1, Device(agent=SECRET), now=NOW).session
    key = NewPasskey(credential_id=b"1", public_key=b"2", sign_count=0, name=f"{SECRET} key")
    passkey = archive.accounts.passkeys.add(1, key, now=NOW)
    archive.accounts.identities.link(1, Person(issuer="https://login.example", subject=SECRET))
    bo = archive.accounts.add("Bo", now=NOW)
    made = archive.accounts.open_session(bo.id, Device(), now=NOW)
    numbers = {
        "article_id": str(desk.articles[0]),
        "entry": str(mine.articles.get(desk.articles[0]).item_id),
        "number": "1",
        "older": "0",
        "newer": "1",
        "feed_id": str(feed),
        "folder_id": str(mine.subscriptions.folders()[0].id),
        "rule_id": str(rule.id),
        "search_id": str(search.id),
        "token_id": str(token.id),
        "tag_id": str(mine.tags.all()[0].id),
        "session": str(session.id),
        "passkey": str(passkey.id),
        "identity": str(archive.accounts.identities.all(1)[0].id),
        "user": "1",
        "share_id": str(mine.shares.add(desk.articles[0], 1, now=NOW).share.id),
        "highlight_id": str(mine.highlights.add(desk.articles[0], 1, Quote(exact=SECRET), now=NOW)),
        "run": str(archive.reextraction.begin("--feed 1", now=NOW)),
        "secret": "none",
        "token": "none",
        "format_name": "rss",
        "call": "subscription/list",
        "stream": "feed/1",
        "part": "none",
        "stamp": "2026",
        "url": articles[0].url,
        "address": "https://news.example/story-0",
    }
    headers = {"Accept": HTML, "Cookie": f"{PLAIN_COOKIE}={made.secret}"}
    with (
        running(desk, settings) as address,
        httpx.Client(base_url=address, headers=headers, timeout=120) as client,
    ):
        yield Stage(desk=desk, bo=client, bo_id=bo.id, numbers=numbers)


CHANGES = (
    ("a", "article_id", ""),
    ("a", "article_id", ".rss"),
    ("feeds", "feed_id", ".rss"),
    ("tags", "tag_id", ".json"),
    ("searches", "search_id", ".atom"),
)
"""Scopes of changes: name, number in it, ending of the address."""


def paths(stage: Stage) -> list[tuple[str, str]]:
    """All routes with the owner's numbers: (method, path)."""
    app = create_app(stage.desk.archive, settings=stage.desk.settings)
    names = {
        "/feeds/{name}": (stage.numbers["feed_id"], f"{stage.numbers['feed_id']}.rss"),
        "/folders/{name:path}": ("1", "1.json", f"{SECRET} folder"),
        "/searches/{name}": (stage.numbers["search_id"], f"{stage.numbers['search_id']}.rss"),
        "/tags/{name}": (stage.numbers["tag_id"], f"{stage.numbers['tag_id']}.atom"),
        "/story/{name}": (stage.numbers["number"], f"{stage.numbers['number']}.rss"),
        "/sources/{name}": ("news.example", "news.example.rss"),
        "/web/timemap/{format_name}/{url:path}": ("",),
        "/changes/{name:path}": (
            *("all", "all.json", "starred", "sources/news.example", f"folders/{SECRET} folder"),
            *(f"{kind}/{stage.numbers[name]}{ending}" for kind, name, ending in CHANGES),
        ),
    }
    found: list[tuple[str, str]] = []
    for route in walk(app.routes):
        for method in sorted(set(route.methods or ()) - {"HEAD"}):
            for name in names.get(route.path, ("",)):
                path = route.path.replace("{name:path}", name).replace("{name}", name)
                found.append((method, re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: stage.numbers[m[1]], path)))
    return found


def state(known: Archive) -> object:
    """Everything of the owner's that somebody could change."""
    mine = known.library()
    lines = mine.articles.headlines(Query()).headlines
    return (
        [(line.id, line.read, line.starred, line.title) for line in lines],
        mine.tags.all(),
        dict(mine.positions.latest(line.id for line in lines)),
        mine.rules.all(),
        mine.searches.all(),
        [one.id for one in mine.tokens.all()],
        mine.shares.all(),
        mine.highlights.by_article(),
        [
            (one.feed.id, one.title, one.folder, one.feed.status, one.feed.interval, one.feed.full_text)
            for one in mine.subscriptions.all()
        ],
        known.feeds.site_rules(),
        known.sites.profiles(),
        known.reextraction.runs(),
        [one.id for one in known.accounts.sessions(1, now=NOW)],
        known.accounts.passkeys.all(1),
        known.accounts.identities.all(1),
        known.accounts.all(),
    )


def test_no_route_shows_or_changes_what_is_anothers(stage: Stage) -> None:
    before = state(stage.desk.archive)
    html = stage.bo.get("/account").text
    csrf = html.split('name="csrf-token" content="')[1].split('"')[0]
    looked = 0
    for method, path in paths(stage):
        if path == "/events":
            continue  # a stream without an end: tests/serve/test_events.py
        if path in ("/logout", "/add", "/sources.opml") and method == "POST":
            continue
        if method == "GET":
            answer = stage.bo.get(path, params={"q": "text"} if "search" in path else None)
        else:
            form = {"csrf": csrf, "value": "1", "tag": "x", "feed": stage.numbers["feed_id"], "role": "admin"}
            form |= {"list": f"/tags/{stage.numbers['tag_id']}", "hub.mode": "subscribe"}
            form |= {"media": "a1", "seconds": "5", "length": "9"}
            form |= {f"feed-{stage.numbers['feed_id']}": "1", "action": "remove", "title": "x"}
            form |= {"scope": f"feed:{stage.numbers['feed_id']}", "query": "x", "name": "x"}
            form |= {"search": stage.numbers["search_id"]} if path == "/read-all" else {}
            answer = stage.bo.post(path, data=form)
        of_site = path.startswith("/read/") and answer.status_code == 502  # a site without an address
        assert answer.status_code < 500 or of_site, (method, path)
        asked = unquote(path.rpartition("/")[2])
        told = answer.text.replace(asked, "").replace(quote(asked), "")
        assert f"{SECRET} " not in told, (method, path)
        assert state(stage.desk.archive) == before, (method, path)
        looked += 1
    assert looked > 40
