"""A real browser in other languages: pages from the right, widths, numbers, reading offline."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.serve.running_app import CHROMIUM, CHROMIUM_FLAGS, Desk, copied, running, wait_until

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: install it (Debian: apt-get install chromium fonts-noto-cjk)"
)

WIDTHS = (390, *(pytest.param(width, marks=pytest.mark.long) for width in (820, 1440)))
PATHS = (
    *("/", "/a/3", "/a/3/versions", "/a/3/diff/0..2", "/sources", "/search?q=story", "/settings", "/account"),
    *(
        "/feeds/1/settings",
        "/health",
        "/users",
        "/add",
        "/save",
        "/highlights",
        "/shares",
        "/muted",
        "/changes",
        "/stories",
        "/web/*/https://news.example/story-0",
        "/web/20260320090000/https://news.example/story-0",
        "/nothing",
    ),
)
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


KEPT = """async () => {
  const offline = await caches.match("/offline", { ignoreVary: true });
  const pages = await (await caches.open("pages")).keys();
  const paths = pages.map((one) => new URL(one.url).pathname);
  return [offline ? offline.headers.get("content-language") : "", ...paths];
}"""
"""Language of the page that is shown offline, and the pages that are kept."""


@dataclass(slots=True)
class Reader:
    """A reader and a browser."""

    desk: Desk
    address: str
    browser: Browser

    def open(self, path: str, language: str, width: int) -> Page:
        page = self.browser.new_context(
            locale=language, viewport={"width": width, "height": 900}, service_workers="block"
        ).new_page()
        page.goto(self.address + path)
        return page


@pytest.fixture(scope="module")
def reader(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    desk = copied(templates / "full", tmp_path_factory.mktemp("languages"))
    with desk.archive, running(desk) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield Reader(desk, address, browser)
        browser.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["ar", "de", pytest.param("ru", marks=pytest.mark.long)])
def test_no_page_is_wider_than_the_window(reader: Reader, language: str, width: int) -> None:
    page = reader.open("/", language, width)
    wide = {}
    for path in PATHS:
        page.goto(reader.address + path)
        assert page.evaluate("() => document.documentElement.lang") == language
        if page.evaluate(OVERFLOW) > 0:
            wide[path] = page.evaluate(OVERFLOW)
    page.context.close()
    assert wide == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_in_arabic_run_from_the_right(reader: Reader, width: int) -> None:
    page = reader.open("/a/3/versions", "ar", width)
    assert page.evaluate("() => getComputedStyle(document.body).direction") == "rtl"
    back = page.locator("[data-back]").bounding_box()
    theme = page.locator(".bar [data-theme-switch]").bounding_box()
    assert back is not None and theme is not None
    assert back["x"] > theme["x"], "the way back is at the right"
    assert page.locator("[data-back] .icon").evaluate("icon => getComputedStyle(icon).scale") == "-1 1"
    page.goto(reader.address + "/")
    if width == 1440:
        sidebar = page.locator(".sidebar").bounding_box()
        column = page.locator(".column").bounding_box()
        assert sidebar is not None and column is not None
        assert sidebar["x"] > column["x"], "the sidebar is at the right"
    page.context.close()


def test_the_left_arrow_leads_to_the_next_article_in_arabic(reader: Reader) -> None:
    page = reader.open("/", "ar", 1440)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".row.at")).to_have_count(1)
    first = page.locator(".row.at").get_attribute("id")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".row.at")).not_to_have_id(first or "")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".row.at")).to_have_id(first or "")
    page.context.close()


def test_what_scripts_say_and_count_is_in_the_language_of_the_page(reader: Reader) -> None:
    page = reader.open("/", "de", 1440)
    assert page.evaluate("() => reader.number(1234567)") == "1.234.567"
    page.locator(".row .star").first.click()
    expect(page.locator(".toast")).to_contain_text("Mit Stern")
    assert page.evaluate("() => reader.text('refreshing', { n: 2, all: 7 })") == "2 von 7 Feeds abgerufen"
    page.context.close()
    arabic = reader.open("/", "ar", 1440)
    assert arabic.evaluate("() => reader.number(1234567)") == "1,234,567"
    arabic.context.close()


def test_the_language_is_chosen_in_the_settings_and_offline_pages_follow_it(reader: Reader) -> None:
    context = reader.browser.new_context(locale="en", viewport={"width": 820, "height": 900})
    page = context.new_page()
    page.goto(reader.address + "/settings")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.goto(reader.address + "/a/3")
    page.goto(reader.address + "/settings")
    wait_until(lambda: page.evaluate(KEPT) == ["en", "/a/3"])
    page.get_by_label("日本語").check(force=True)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("設定")
    # Nothing in another language is kept.
    wait_until(lambda: page.evaluate(KEPT) == ["ja"])
    context.set_offline(True)
    page.goto(reader.address + "/users")
    expect(page.locator("h1")).to_have_text("リーダーに接続できません")
    context.set_offline(False)
    context.close()
    reader.desk.archive.library().preferences.set({"language": None})
