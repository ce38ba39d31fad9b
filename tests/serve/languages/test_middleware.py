"""The language of a request: of the browser, of the person, and of nobody else's request at the same time."""

import asyncio
import re
from dataclasses import replace

import httpx
import pytest

from tests.archive.stored_rows import add_user
from tests.serve.conftest import Visit
from tests.serve.routes.test_actions import post
from tests.serve.running_app import HTML, Desk, running
from unabridged.serve.languages.choice import LANGUAGES


def shown(answer: httpx.Response) -> tuple[str, str, str]:
    """Return language and direction of a page, and its main heading."""
    found = re.search(r'<html lang="([\w-]+)" dir="(\w+)"', answer.text)
    heading = re.search(r"<h1[^>]*>([^<]*)</h1>", answer.text)
    assert found is not None and heading is not None, answer.text[:300]
    return found[1], found[2], heading[1]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ("en", "ltr", "Settings")),
        ("de-AT,de;q=0.9", ("de", "ltr", "Einstellungen")),
        ("zh-TW", ("zh-Hant", "ltr", "設定")),
        ("ar", ("ar", "rtl", "الإعدادات")),
    ],
)
def test_a_page_is_in_the_language_of_the_browser(
    web: httpx.Client, header: str, expected: tuple[str, str, str]
) -> None:
    answer = web.get("/settings", headers={"Accept-Language": header})
    assert shown(answer) == expected
    assert answer.headers["content-language"] == expected[0]
    assert {name.strip() for name in answer.headers["vary"].split(",")} >= {"Accept-Language", "Cookie"}


def test_what_a_person_chose_counts_on_every_page_of_theirs(full: Desk, visit: Visit) -> None:
    client = visit(full)
    german = {"Accept-Language": "de"}
    post(client, "/settings", language="ru")
    for path in ("/", "/a/1", "/nothing-here", "/a/x"):
        assert shown(client.get(path, headers=german))[0] == "ru", path
    assert client.get("/manifest.webmanifest", headers=german).json()["lang"] == "de", "nobody is looked for"
    post(client, "/settings", language="browser")
    assert shown(client.get("/", headers=german))[0] == "de"
    assert full.archive.library().preferences.get(["language"]) == {}


def test_a_language_that_there_is_not_is_not_stored(full: Desk, visit: Visit) -> None:
    post(visit(full), "/settings", language="xx")
    assert full.archive.library().preferences.get(["language"]) == {}


def test_people_who_are_not_logged_in_are_spoken_to_in_their_language(full: Desk, visit: Visit) -> None:
    settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
    client = visit(full, settings=settings)
    add_user(full.archive, "bo")
    french = {"Accept-Language": "fr"}
    assert shown(client.get("/login", headers=french)) == ("fr", "ltr", "Se connecter")
    assert shown(client.get("/invitation/none", headers=french))[0] == "fr"
    assert shown(client.get("/s/none", headers=french))[0] == "fr"
    refused = client.get("/counts", headers=french | {"Accept": "application/json"})
    assert refused.status_code == 401
    assert refused.text.startswith("Connectez-vous")


def test_refusals_of_the_outermost_middleware_are_in_the_language_too(web: httpx.Client) -> None:
    answer = web.get("/", headers={"Host": "evil.example", "Accept-Language": "es"})
    assert answer.status_code == 421
    assert answer.text.startswith("Esta dirección no pertenece a Unabridged.")


async def test_requests_at_the_same_time_keep_their_languages(full: Desk) -> None:
    """Routes run in threads and in child tasks: forty requests in nine languages, all at once."""
    codes = [code for code in LANGUAGES for _ in range(5)]
    with running(full) as address:
        async with httpx.AsyncClient(base_url=address, headers={"Accept": HTML}, timeout=120) as client:
            asked = [
                client.get(path, headers={"Accept-Language": code})
                for code in codes
                for path in ("/settings", "/a/3/diff/0..2", "/nothing")
            ]
            answers = await asyncio.gather(*asked)
    expected = [code for code in codes for _ in range(3)]
    assert [answer.headers["content-language"] for answer in answers] == expected
    assert [re.findall(r'<html lang="([\w-]+)"', answer.text)[0] for answer in answers] == expected
    assert {answer.status_code for answer in answers} == {200, 404}
