"""Feeds that looked wrong in readers: `cases/<name>/feed.xml` with what pages must show in `expected.json`.

A case is added without code. Keys of expected.json:

    pages       path -> what its answer must be: "status" (200 if not given), "has" and "lacks" (exact parts)
    narrow      paths that must not be wider than a phone, in a browser

kind, source, report say where a case comes from. Articles are numbered from 1, the last of the feed first.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.serve.conftest import Visit
from tests.serve.running_app import CHROMIUM, CHROMIUM_FLAGS, NOW, Desk
from unabridged.archive.records.polling import PollOutcome
from unabridged.extraction import article_from_entry
from unabridged.feeds.parsing.parse import parse_feed

CASES = Path(__file__).parent / "cases"
PHONE = 375


def fill_with(desk: Desk, content: bytes) -> None:
    url = "https://news.example/feed.xml"
    feed = parse_feed(content, url=url)
    number = desk.archive.library().subscriptions.add(url, now=NOW).feed.id
    pairs = [(entry, article_from_entry(entry, feed)) for entry in feed.entries]
    outcome = PollOutcome(polled=NOW, next_poll_at=NOW + timedelta(hours=1))
    desk.archive.ingest.save_entries(number, feed, pairs, outcome)


def faults(path: str, status: int, text: str, wanted: dict[str, Any]) -> Iterator[str]:
    if status != wanted.get("status", 200):
        yield f"{path} answered {status}"
    yield from (f"{path} lacks {part!r}" for part in wanted.get("has", ()) if part not in text)
    yield from (f"{path} has {part!r}" for part in wanted.get("lacks", ()) if part in text)


def too_wide(address: str, paths: list[str]) -> list[str]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        page = browser.new_page(viewport={"width": PHONE, "height": 800})
        widths = {}
        for path in paths:
            page.goto(address + path)
            widths[path] = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    return [f"{path} is {width} wide" for path, width in widths.items() if width > PHONE]


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_a_feed_looks_as_it_should(case: Path, desk: Desk, visit: Visit) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    fill_with(desk, (case / "feed.xml").read_bytes())
    client = visit(desk)
    found: list[str] = []
    for path, wanted in expected["pages"].items():
        answer = client.get(path)
        found += faults(path, answer.status_code, answer.text, wanted)
    if CHROMIUM is not None:
        found += too_wide(str(client.base_url).rstrip("/"), expected.get("narrow", []))
    assert found == []
