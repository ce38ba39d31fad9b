"""The reader in a browser without a connection."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.serve.running_app import CHROMIUM, CHROMIUM_FLAGS, Desk, copied, make_article, running, wait_until

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium")

KEPT = "async () => (await (await caches.open('pages')).keys()).map(one => new URL(one.url).pathname)"


@pytest.fixture(scope="module")
def desk(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = copied(templates / "empty", tmp_path_factory.mktemp("offline"))
    with desk.archive:
        desk.subscribe([make_article(number) for number in range(1, 6)])
        yield desk


@pytest.fixture(scope="module")
def device(desk: Desk) -> Iterator[BrowserContext]:
    """A browser that keeps the newest unread articles."""
    with running(desk) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        context = browser.new_context(base_url=address)
        page = context.new_page()
        page.goto("/account")
        page.get_by_label("Keep the newest 200 unread").check()
        expect(page.locator("[data-offline-count]")).to_have_text("Articles kept: 5", timeout=60_000)
        assert len([path for path in page.evaluate(KEPT) if re.fullmatch(r"/a/\d+", path)]) == 5
        page.close()
        yield context
        browser.close()


@pytest.fixture
def page(device: BrowserContext) -> Iterator[Page]:
    made = device.new_page()
    yield made
    device.set_offline(False)
    made.close()


def test_an_article_that_was_never_opened_is_read_offline(
    page: Page, device: BrowserContext, desk: Desk
) -> None:
    device.set_offline(True)
    page.goto(f"/a/{desk.articles[3]}")
    expect(page.locator(".text")).to_contain_text("The second one, with more words in it")
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != "serif", "with its style"


def test_without_a_connection_the_kept_articles_are_listed(
    page: Page, device: BrowserContext, desk: Desk
) -> None:
    page.goto("/")
    device.set_offline(True)
    page.goto("/search?q=story")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.locator("[data-kept] a")).to_have_count(5)
    page.locator("[data-kept] a").nth(2).click()
    expect(page.locator("h1")).to_contain_text("Story number")
    page.goto("/")
    expect(page.locator(".row")).to_have_count(5)


def test_marks_made_offline_reach_the_archive_when_the_connection_is_back(
    page: Page, device: BrowserContext, desk: Desk
) -> None:
    number = desk.articles[1]
    page.goto("/")
    device.set_offline(True)
    row = page.locator(f'.row[data-id="{number}"]')
    row.locator(".star").click()
    expect(page.locator(".toast")).to_have_text("Starred")
    row.locator(".star").click()
    row.locator(".tick").click()
    row.locator(".star").click()
    stored = desk.archive.library().articles.get(number)
    assert (stored.starred, stored.read) == (False, False)
    device.set_offline(False)
    page.goto("/")

    def marks() -> tuple[bool, bool]:
        stored = desk.archive.library().articles.get(number)
        return stored.read, stored.starred

    wait_until(lambda: marks() == (True, True), 30)


def test_nothing_of_a_login_or_an_account_is_kept(page: Page, device: BrowserContext) -> None:
    for path in ("/account", "/users", "/login"):
        page.goto(path)
    kept = page.evaluate(KEPT)
    assert not [path for path in kept if path.startswith(("/account", "/users", "/login", "/invitation"))]


def test_a_link_of_another_site_to_a_search_works_with_the_worker(
    page: Page, device: BrowserContext, desk: Desk
) -> None:
    page.goto("/")
    ours = page.url.rstrip("/")
    elsewhere = device.new_page()
    elsewhere.route(
        "https://other.example/",
        lambda route: route.fulfill(body=f'<a href="{ours}/search?q=story">Look</a>'),
    )
    elsewhere.goto("https://other.example/")
    elsewhere.get_by_role("link", name="Look").click()
    expect(elsewhere.locator("body")).to_contain_text("Story number")
    elsewhere.goto("https://other.example/")
    elsewhere.evaluate("document.querySelector('a').pathname = '/'")
    elsewhere.get_by_role("link", name="Look").click()
    expect(elsewhere.locator(".row").first).to_be_visible()
    elsewhere.close()
