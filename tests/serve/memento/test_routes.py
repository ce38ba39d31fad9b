"""Memento (RFC 7089) as a client sees it: TimeGate, mementos, TimeMaps, raw pages, the page for people."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serve.running_app import NOW, Desk, make_article, page_of
from unabridged.feeds.write import http_date
from unabridged.serve.memento.mementos import parse_stamp

URL = "https://news.example/story-1"
HOUR = timedelta(hours=1)
Visit = Callable[..., httpx.Client]
LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w-]+="[^"]*")*)\s*(?:,\s*|$)')
"""A link of RFC 8288 whose parameters are all quoted strings, as ours are."""


def parsed(header: str) -> list[tuple[str, dict[str, str]]]:
    """Parse links; fails where anything stands between them."""
    found, place = [], 0
    while place < len(header):
        match = LINK.match(header, place)
        assert match is not None, header[place:]
        found.append((match[1], dict(re.findall(r'([\w-]+)="([^"]*)"', match[2]))))
        place = match.end()
    return found


def by_relation(header: str) -> dict[str, str]:
    return {
        name: url for url, params in parsed(header) for name in params["rel"].split() if name != "memento"
    }


@pytest.fixture
def client(desk: Desk, visit: Visit) -> httpx.Client:
    """An article whose page was fetched at 9, 10, 12 and 15 o'clock, each time with other words."""
    desk.subscribe([make_article(1), make_article(2)])
    for hours, word in ((1, "ten"), (3, "twelve"), (6, "fifteen")):
        made = make_article(1)
        text = f"{made.text} At {word}."
        changed = replace(made, text=text, html=f"{made.html}<p>At {word}.</p><script>alert(1)</script>")
        at = NOW + hours * HOUR
        desk.archive.ingest.save_page(desk.articles[0], changed, page_of(changed, at), now=at)
    return visit(desk, clock=lambda: NOW + timedelta(days=1))


def test_a_timegate_leads_to_the_nearest_memento(client: httpx.Client) -> None:
    times = {-9: "09", 0.4: "09", 0.6: "10", 2.1: "12", 4.4: "12", 4.6: "15", 900: "15"}
    found = {}
    for hours in times:
        answer = client.get(f"/web/{URL}", headers={"Accept-Datetime": http_date(NOW + hours * HOUR)})
        assert answer.status_code == 302
        assert "accept-datetime" in answer.headers["vary"].lower()
        assert "memento-datetime" not in answer.headers
        relations = by_relation(answer.headers["link"])
        assert relations["original"] == URL
        assert set(relations) == {"original", "timemap", "first", "last"}
        memento = client.get(answer.headers["location"])
        assert memento.status_code == 200
        found[hours] = memento.headers["memento-datetime"].split()[4][:2]
    assert found == times
    without = client.get(f"/web/{URL}")
    assert without.headers["location"].endswith(f"/web/20260320150000/{URL}")


def test_a_memento_says_what_it_is_and_what_is_beside_it(client: httpx.Client) -> None:
    base = str(client.base_url).rstrip("/")
    answer = client.get(f"/web/20260320100000/{URL}")
    assert answer.status_code == 200
    assert answer.headers["memento-datetime"] == "Fri, 20 Mar 2026 10:00:00 GMT"
    assert "accept-datetime" not in answer.headers["vary"].lower()
    links = parsed(answer.headers["link"])
    assert by_relation(answer.headers["link"]) == {
        "original": URL,
        "timegate": f"{base}/web/{URL}",
        "timemap": f"{base}/web/timemap/link/{URL}",
        "first": f"{base}/web/20260320090000/{URL}",
        "prev": f"{base}/web/20260320090000/{URL}",
        "next": f"{base}/web/20260320120000/{URL}",
        "last": f"{base}/web/20260320150000/{URL}",
    }
    times = {url: params["datetime"] for url, params in links if "datetime" in params}
    assert times[f"{base}/web/20260320100000/{URL}"] == "Fri, 20 Mar 2026 10:00:00 GMT"
    assert "At ten." in answer.text and "At twelve." not in answer.text
    assert "<script>alert" not in answer.text


def test_a_time_between_leads_to_the_exact_one(client: httpx.Client) -> None:
    for asked, stamp in (("20260320101500", "20260320100000"), ("2025", "20260320090000")):
        answer = client.get(f"/web/{asked}/{URL}")
        assert (answer.status_code, answer.headers["location"].split("/web/")[1]) == (302, f"{stamp}/{URL}")
        assert by_relation(answer.headers["link"])["original"] == URL


def test_a_timemap_lists_every_memento(client: httpx.Client) -> None:
    answer = client.get(f"/web/timemap/link/{URL}")
    assert answer.headers["content-type"].startswith("application/link-format")
    links = parsed(answer.text)
    mementos = [(url, params) for url, params in links if "memento" in params["rel"].split()]
    assert len(mementos) == 4
    assert [params["rel"] for _, params in mementos] == [
        "first memento",
        "memento",
        "memento",
        "last memento",
    ]
    for url, params in mementos:
        memento = client.get(url)
        assert memento.status_code == 200
        assert memento.headers["memento-datetime"] == params["datetime"]
    [own] = [params for _, params in links if params["rel"] == "self"]
    assert (own["from"], own["until"]) == (mementos[0][1]["datetime"], mementos[-1][1]["datetime"])
    as_json = client.get(f"/web/timemap/json/{URL}").json()
    assert [one["uri"] for one in as_json["mementos"]["list"]] == [url for url, _ in mementos]
    assert as_json["original_uri"] == URL
    assert as_json["mementos"]["first"]["datetime"] == "2026-03-20T09:00:00Z"
    assert client.get(f"/web/timemap/cdx/{URL}").status_code == 404


def test_one_memento_is_the_first_and_the_last(client: httpx.Client) -> None:
    url = "https://news.example/story-2"
    links = parsed(client.get(f"/web/timemap/link/{url}").text)
    assert [params["rel"] for _, params in links if "memento" in params["rel"]] == ["first last memento"]


def test_the_raw_page_is_a_file_that_nothing_runs(client: httpx.Client) -> None:
    answer = client.get(f"/web/20260320100000id_/{URL}")
    assert answer.status_code == 200
    assert b"<script>alert(1)</script>" in answer.content
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-archive-orig-content-type"] == "text/html"
    assert answer.headers["memento-datetime"] == "Fri, 20 Mar 2026 10:00:00 GMT"
    near = client.get(f"/web/20260320101500id_/{URL}")
    assert (near.status_code, near.headers["location"].split("/web/")[1]) == (302, f"20260320100000id_/{URL}")


def test_people_see_all_versions(client: httpx.Client) -> None:
    page = client.get(f"/web/*/{URL}")
    assert page.status_code == 200
    hrefs = re.findall(rf'href="(/web/\d+/{URL})"', page.text)
    assert [href.split("/")[2] for href in hrefs] == [
        *("20260320150000", "20260320120000", "20260320100000", "20260320090000")
    ]
    assert all(client.get(href).status_code == 200 for href in hrefs)


def test_addresses_are_found_in_any_form_of_the_archive(client: httpx.Client) -> None:
    forms = (
        *("news.example/story-1", "http://news.example/story-1", "https:/news.example/story-1"),
        *(f"{URL}?utm_source=feed", "https://NEWS.example/story-1", "https://news.example/story%2D1"),
    )
    for form in forms:
        answer = client.get(f"/web/{form}", follow_redirects=True)
        assert answer.status_code == 200, form
        assert answer.headers["memento-datetime"] == "Fri, 20 Mar 2026 15:00:00 GMT"


def test_what_is_not_stored_is_not_found(client: httpx.Client) -> None:
    for path in ("", "20260320100000/", "20260320100000id_/", "timemap/link/", "timemap/json/", "*/"):
        answer = client.get(f"/web/{path}https://news.example/none")
        assert answer.status_code == 404, path
        assert "memento-datetime" not in answer.headers
    for path in ("20261340/", "99999999999999/"):
        assert client.get(f"/web/{path}{URL}").status_code == 422
    assert client.get(f"/web/{URL}", headers={"Accept-Datetime": "yesterday"}).status_code == 400


def test_the_feed_alone_has_mementos_too(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(1)], whole=False)
    client = visit(desk)
    answer = client.get(f"/web/{URL}", follow_redirects=True)
    assert answer.status_code == 200 and "Three lines." in answer.text
    stamp = answer.headers["memento-datetime"]
    assert client.get(f"/web/2026id_/{URL}").status_code == 404, f"no raw page of {stamp}"


STRANGE = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.sampled_from(
        ["", "2026/", "*/", "timemap/link/", "timemap/json/", "20260101id_/", "id_/", "1/"]
    ),
    url=st.one_of(st.just(URL), STRANGE, STRANGE.map(lambda text: f"{URL}?{text}")),
    accepted=st.one_of(
        st.none(), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30).map(str.strip)
    ),
)
def test_no_address_and_no_time_is_a_fault(
    client: httpx.Client, before: str, url: str, accepted: str | None
) -> None:
    headers = {} if accepted is None else {"Accept-Datetime": accepted}
    answer = client.get(f"/web/{before}{quote(url, safe=':/?&=%')}", headers=headers)
    assert answer.status_code in (200, 302, 400, 404, 422)
    assert "\n" not in answer.headers.get("link", "")


def test_parameters_of_an_address_that_ends_as_a_feed_are_its_own(client: httpx.Client) -> None:
    for name in ("rss", "json", "atom"):
        assert client.get(f"/web/https://news.example/all.{name}?token=theirs").status_code == 404


def test_stamps_are_times() -> None:
    assert parse_stamp("20260320100000") == NOW + HOUR
