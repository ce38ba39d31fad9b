"""Who may ask the API: tokens alone, by their scope; nobody reads or changes what is another's."""

import re
from collections.abc import Iterator

import pytest

from tests.serve.api.conftest import PROBLEM, Program
from tests.serve.app_routes import walk
from tests.serve.running_app import HTML, NOW, make_article
from tests.serve.stories.sample_story import tell
from unabridged.api_records.base import is_api
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.accounts import Device
from unabridged.archive.records.core import Query
from unabridged.archive.records.rules import RuleDraft
from unabridged.serve.app import create_app
from unabridged.serve.authentication import PLAIN_COOKIE
from unabridged.text.quotes import Quote

SECRET = "Zwiebelfisch"
"""Stands in everything that is the owner's."""

BODIES: dict[str, object] = {
    "/feeds": {"url": "http://127.0.0.1:47999/"},
    "/marks": {"articles": [1, 2, 3, 4, 5, 6, 7], "read": True, "starred": True, "add_tags": ["x"]},
    "/marks/read-all": {},
    "/marks/read-all/undo": {"at": NOW.isoformat()},
    "/save": {"url": "http://127.0.0.1:47999/"},
    "/searches": {"name": "x", "query": "text"},
    "/searches/{search_id}": {"name": "x", "query": "text"},
    "/highlights": {"article": 6, "exact": "text"},
    "/highlights/{highlight_id}": {"note": "x"},
    "/feeds/{feed_id}": {"title": "x"},
    "/folders": {"name": "z"},
    "/folders/{folder_id}": {"name": "y"},
    "/tags/{tag_id}": {"name": "y"},
}
"""Path of a route -> a body that it would accept of the owner."""

PARAMS: dict[str, dict[str, str]] = {
    "/articles/by-url": {"url": "https://news.example/secret"},
    "/articles/{article_id}/versions/as-of": {"time": "2030-01-01T00:00:00Z"},
    "/articles/{article_id}/diff": {"older": "0", "newer": "1"},
    "/search": {"q": SECRET},
    "/feeds/discover": {"url": "http://127.0.0.1:47999/"},
    "/feeds/preview": {"url": "http://127.0.0.1:47999/"},
}
"""Path of a route -> the parameters that it needs."""


def routes(api: Program) -> Iterator[tuple[str, str]]:
    """Yield the method and path of every route of the API but the public one, without the prefix."""
    app = create_app(api.desk.archive, settings=api.desk.settings)
    for route in walk(app.routes):
        if is_api(route.path) and route.path != "/api/v1/openapi.json":
            for method in sorted(route.methods or ()):
                yield method, route.path.removeprefix("/api/v1")


def numbered(path: str, numbers: dict[str, str]) -> str:
    path = path.replace("/stories/{number}", "/stories/{story}")
    return re.sub(r"\{(\w+)\}", lambda name: numbers[name[1]], path)


def state(known: Archive) -> object:
    """Return everything of the owner's that the API could change."""
    mine = known.library()
    lines = mine.articles.headlines(Query()).headlines
    return (
        [(line.id, line.read, line.starred, line.title) for line in lines],
        (mine.tags.all(), mine.searches.all(), mine.rules.all(), mine.highlights.by_article()),
        [(one.feed.id, one.title, one.folder, one.feed.interval) for one in mine.subscriptions.all()],
    )


@pytest.fixture
def numbers(api: Program) -> dict[str, str]:
    """Give the owner one of everything, and return the numbers."""
    desk, mine = api.desk, api.desk.archive.library()
    text = f"{SECRET} text of a story"
    secret = make_article(
        20, url="https://news.example/secret", title=f"{SECRET} title", text=text, html=f"<p>{text}</p>"
    )
    desk.subscribe([secret], title=f"{SECRET} feed", folder=f"{SECRET} folder")
    article = desk.articles[0]
    mine.tags.add([article], [f"{SECRET} tag"], now=NOW)
    rule = mine.rules.add(RuleDraft(action="mute", query=f'title:"{SECRET} rule"'), now=NOW)
    folder = next(one for one in mine.subscriptions.folders() if one.name.startswith(SECRET))
    quote, story = Quote(exact=SECRET), tell(desk)[0]
    return {
        "article_id": str(article),
        "number": "1",
        "story": str(story),
        "feed_id": str(desk.feed),
        "folder_id": str(folder.id),
        "tag_id": str(mine.tags.all()[0].id),
        "rule_id": str(rule.id),
        "search_id": str(mine.searches.add(f"{SECRET} search", "text", now=NOW).id),
        "highlight_id": str(mine.highlights.add(article, 1, quote, f"{SECRET} note", now=NOW)),
    }


def test_nobody_reads_or_changes_what_is_anothers(api: Program, numbers: dict[str, str]) -> None:
    bo = api.desk.archive.accounts.add("Bo", now=NOW)
    other = api.of(api.desk.archive.library(bo.id).tokens.add("script", now=NOW).secret)
    before, looked = state(api.desk.archive), 0
    for method, path in routes(api):
        asked = numbered(path, numbers)
        body = BODIES.get(path) if method in ("POST", "PUT", "PATCH") else None
        answer = other.ask(method, asked, body, **PARAMS.get(path, {}))
        assert answer.status_code < 500 or answer.headers["content-type"] == PROBLEM, (method, path)
        assert f"{SECRET} " not in answer.text, (method, path)
        if "{" in path:
            assert answer.status_code == 404, (method, path, answer.text)
        assert state(api.desk.archive) == before, (method, path)
        looked += 1
    assert looked > 35
    filters = [(name, numbers[f"{name}_id"]) for name in ("feed", "folder", "tag", "search")]
    for name, number in filters:
        found = other.ask("GET", "/articles", **{name: number})
        assert found.status_code == 404 or found.json()["articles"] == [], name
        read = other.ask("POST", "/marks/read-all", {name: int(number)})
        assert read.status_code == 404 or read.json()["changed"] == 0, name
    assert state(api.desk.archive) == before


def test_the_owner_reaches_every_route_of_that_matrix(api: Program, numbers: dict[str, str]) -> None:
    """Without this the matrix would pass where all routes answer 404 to everybody."""
    # A folder goes with its last feed.
    for method, path in sorted(routes(api), key=lambda one: (one[0] == "DELETE", "feed_id" in one[1])):
        body = BODIES.get(path) if method in ("POST", "PUT", "PATCH") else None
        answer = api.ask(method, numbered(path, numbers), body, **PARAMS.get(path, {}))
        fetches = answer.status_code == 502 and "127.0.0.1" in answer.text
        assert answer.is_success or fetches, (method, path, answer.text)


def test_a_reading_token_changes_nothing(api: Program, numbers: dict[str, str]) -> None:
    reading = api.of(api.desk.archive.library().tokens.add("reader", "read", now=NOW).secret)
    before = state(api.desk.archive)
    for method, path in routes(api):
        answer = reading.ask(method, numbered(path, numbers), BODIES.get(path), **PARAMS.get(path, {}))
        if method == "GET":
            assert answer.is_success or answer.status_code == 502, path
        else:
            assert answer.status_code == 403 and "scope write" in answer.json()["detail"], path
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert state(api.desk.archive) == before


def test_without_a_token_nothing_is_answered_whatever_else_says_who_asks(api: Program) -> None:
    archive = api.desk.archive
    session = archive.accounts.open_session(1, Device(agent="x"), now=NOW).secret
    secret = api.secret
    for headers in (
        {},
        {"Cookie": f"{PLAIN_COOKIE}={session}"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Token {secret}"},
        {"X-Auth-Token": secret},
    ):
        for method, path in (("GET", "/me"), ("GET", "/nothing"), ("POST", "/marks"), ("DELETE", "/tags/1")):
            answer = api.client.request(method, f"/api/v1{path}", headers={"Accept": HTML} | headers)
            assert answer.status_code == 401, (headers, path)
            assert answer.headers["content-type"] == PROBLEM
            assert answer.headers["www-authenticate"].startswith('Bearer realm="Unabridged"')
    assert api.client.get(f"/api/v1/me?token={secret}").status_code == 401


def test_a_page_elsewhere_is_refused_as_a_problem(api: Program) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for method, path in (("GET", "/me"), ("POST", "/marks")):
        answer = api.client.request(method, f"/api/v1{path}", headers={"Accept": HTML} | headers)
        assert (answer.status_code, answer.headers["content-type"]) == (403, PROBLEM)


def test_problems_are_english_whatever_the_person_reads(api: Program) -> None:
    api.desk.archive.library().preferences.set({"language": "de"})
    answer = api.client.get(
        "/api/v1/articles/999",
        headers={"Authorization": f"Bearer {api.secret}", "Accept-Language": "fr"},
    )
    assert answer.json()["detail"] == "There is no article 999."


def test_settings_that_hold_for_everybody_are_for_administrators(api: Program) -> None:
    bo = api.desk.archive.accounts.add("Bo", now=NOW)
    theirs = api.desk.archive.library(bo.id)
    feed = theirs.subscriptions.add("https://news.example/0.xml", now=NOW).feed.id
    other = api.of(theirs.tokens.add("script", now=NOW).secret)
    for change in (
        {"interval": 60},
        {"paused": True},
        {"full_text": False},
        {"title": "x", "interval": None},
    ):
        assert other.problem("PATCH", f"/feeds/{feed}", change)["status"] == 403
    assert theirs.subscriptions.get(feed).title != "x"
    assert other.ask("PATCH", f"/feeds/{feed}", {"title": "Mine"}).json()["title"] == "Mine"
    assert api.get(f"/feeds/{feed}")["title"] != "Mine"
