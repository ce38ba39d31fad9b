"""Folded lists in a browser: near-duplicates open in place, by keys, by touch and without a script."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.serve.browser_stage import BrowserStage, keep_picture
from tests.serve.running_app import CHROMIUM, CHROMIUM_FLAGS, NOW, copied, make_article, running
from tests.serve.views.test_related import WIRE, wire

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: install it (Debian: apt-get install chromium fonts-noto-cjk)"
)

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
CHINESE = "据新华社报道，港口将于周一重新开放，市长对记者说，风暴损坏了两台起重机和北码头的一座仓库。" * 3


@pytest.fixture(scope="module")
def stage(templates: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserStage]:
    desk = copied(templates / "empty", tmp_path_factory.mktemp("folding"))
    with desk.archive:
        long = "The harbour of a very long title opens again after the storm of the century, says the mayor"
        desk.subscribe(
            [replace(wire(1), lead_image=None), make_article(2, lead_image=None)], title="The Morning"
        )
        desk.subscribe(
            [replace(wire(3), lead_image=None), make_article(4, title=long, text=WIRE, lead_image=None)],
            title="The Evening Gazette of the Isles",
        )
        for number, title in ((5, "港口周一重新开放"), (6, "港口将于下周一重新开放，市长表示")):
            article = make_article(number, title=title, text=CHINESE, language="zh", lead_image=None)
            desk.subscribe([article], title=f"日报 {number}")
        desk.archive.analysis.all()
        desk.archive.library().preferences.set({"copies": "first"})
        with running(desk, clock=lambda: NOW + timedelta(hours=1)) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
            yield BrowserStage(desk=desk, address=address, browser=browser)
            browser.close()


def fits(page: Page) -> bool:
    """Tell if nothing stands out of the page at its side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("name", "options"), [("desk", DESK), ("phone", PHONE)])
def test_near_duplicates_open_in_place_by_keys(
    stage: BrowserStage, name: str, options: dict[str, Any]
) -> None:
    page = stage.open("/", **options)
    keep_picture(page, f"folded-{name}")
    first = page.locator("details.folded > summary").first
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.folded[open]")).to_have_count(1)
    for summary in page.locator("details.folded:not([open]) > summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    assert fits(page)
    keep_picture(page, f"unfolded-{name}")
    page.keyboard.press("Tab")
    link = page.locator("details.folded[open] a").last
    link.click()
    expect(page.locator("h1")).to_be_visible()
    assert "/a/" in page.url
    assert stage.trouble == []


@pytest.mark.parametrize(("name", "options"), [("desk", DESK), ("phone", PHONE)])
def test_the_settings_and_a_search_on_every_screen(
    stage: BrowserStage, name: str, options: dict[str, Any]
) -> None:
    page = stage.open("/settings", **options)
    assert fits(page)
    keep_picture(page, f"folding-settings-{name}", full_page=True)
    page.goto(f"{stage.address}/search?q=cargo")
    expect(page.locator("details.folded")).to_have_count(1)
    page.locator("details.folded > summary").click()
    assert fits(page)
    keep_picture(page, f"folded-search-{name}")


def test_lists_open_without_a_script(stage: BrowserStage) -> None:
    page = stage.open("/?show=unread", **DESK, java_script_enabled=False)
    folded = page.locator("details.folded").last
    expect(folded.locator("li").first).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.locator("li").first).to_be_visible()
