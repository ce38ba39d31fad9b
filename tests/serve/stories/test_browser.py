"""A story in a real browser, on a desk and on a phone, with keys."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.serve.browser_stage import BrowserStage, keep_picture
from tests.serve.running_app import CHROMIUM, CHROMIUM_FLAGS, NOW, copied, running
from tests.serve.stories.sample_story import REPORTS, tell
from tests.serve.test_browser_reading import SERIOUS, axe

__all__ = ["axe"]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: install it (Debian: apt-get install chromium fonts-noto-cjk)"
)

DESK: dict[str, Any] = {"viewport": {"width": 900, "height": 820}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="module")
def stage(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserStage]:
    desk = copied(templates / "empty", tmp_path_factory.mktemp("stories"))
    with desk.archive:
        tell(desk)
        with running(desk, clock=lambda: NOW + timedelta(hours=1)) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
            made = BrowserStage(desk=desk, address=address, browser=browser)
            yield made
            browser.close()
            assert made.trouble == []


def arrived(page: Page, address: str) -> None:
    """Wait for a page with its scripts."""
    expect(page).to_have_url(address)
    page.wait_for_load_state("load")


def test_keys_lead_from_an_article_to_its_story_and_through_it(stage: BrowserStage) -> None:
    page = stage.open("/a/3", **DESK)
    page.keyboard.press("g")
    page.keyboard.press("t")
    arrived(page, stage.address + "/story/1")
    for _ in range(4):
        page.keyboard.press("j")
    page.keyboard.press("[")  # for lists of articles alone
    page.locator("#a4 summary").click()
    expect(page.locator("#a4 .shared")).to_contain_text("Divers found a crack")
    page.locator("#a4").evaluate("row => row.scrollIntoView({block: 'start'})")
    keep_picture(page, "story-desk")
    page.keyboard.press("o")
    expect(page).to_have_url(stage.address + "/a/4")
    page.goto(stage.address + "/")
    page.keyboard.press("g")
    page.keyboard.press("t")
    arrived(page, stage.address + "/stories")
    page.keyboard.press("j")
    page.keyboard.press("F")
    page.keyboard.press("]")
    page.keyboard.press("o")
    expect(page).to_have_url(stage.address + "/story/1")


def test_an_article_is_starred_and_read_from_the_story(stage: BrowserStage) -> None:
    page = stage.open("/story/1", **DESK)
    page.keyboard.press("j")
    with page.expect_response(lambda answer: answer.url.endswith("/a/1/star")) as marked:
        page.keyboard.press("s")
    assert marked.value.ok
    expect(page.locator("#a1 .star")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("m")
    expect(page.locator("#a1 .tick")).to_have_attribute("aria-pressed", "true")
    assert stage.desk.archive.library().articles.get(1).starred


def test_the_buttons_of_a_row_leave_the_links_of_its_passages_free(stage: BrowserStage) -> None:
    page = stage.open("/story/1", **DESK)
    page.locator("#a4 summary").click()
    page.locator("#a4").hover()
    buttons = page.locator("#a4 .actions").bounding_box()
    for link in page.locator("#a4 .shared a, #a4 h3").all():
        box = link.bounding_box()
        assert buttons is not None and box is not None
        assert buttons["y"] + buttons["height"] <= box["y"] + 2 or box["y"] + box["height"] <= buttons["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_phone_and_axe_finds_no_serious_issue(
    stage: BrowserStage, axe: str, scheme: str
) -> None:
    page = stage.open("/stories", color_scheme=scheme, **PHONE)
    for path in ("/stories", "/story/1"):
        page.goto(stage.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.evaluate(axe)
        assert page.evaluate(SERIOUS) == [], path
    page.get_by_text("What it adds and repeats").first.click()
    graph = page.locator(".credit-graph")
    assert graph.evaluate("box => box.scrollWidth > box.clientWidth")  # it scrolls by itself
    expect(page.get_by_role("img", name="Who names whom")).to_be_visible()
    keep_picture(page, f"story-phone-{scheme}", full_page=True)


def test_the_stories_are_reached_on_a_phone(stage: BrowserStage) -> None:
    page = stage.open("/account", **PHONE)
    page.get_by_role("link", name="Stories").filter(visible=True).click()
    arrived(page, stage.address + "/stories")


def test_the_story_reads_without_scripts(stage: BrowserStage) -> None:
    page = stage.open("/story/1", java_script_enabled=False, **DESK)
    page.locator("#a2 summary").click()
    expect(page.locator("#a2 .shared")).to_contain_text("We are sorry")
    page.get_by_role("link", name=REPORTS[4][2]).first.click()
    expect(page).to_have_url(stage.address + "/a/5")
