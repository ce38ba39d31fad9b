"""The list of sources, the rules of a site and the page Health in a browser, with scripts and without."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.archive.sample_feeds import URL
from tests.conftest import present
from tests.extraction.sites.site_pages import store_pages
from tests.serve.browser_stage import BrowserStage
from tests.serve.routes.sources.test_site_rules import ADVERT, STORY, STRIP, story
from tests.serve.running_app import CHROMIUM, CHROMIUM_FLAGS, NOW, Desk, make_article, page_of, running
from unabridged.archive.records.core import ListedFeed, Query

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: install it (Debian: apt-get install chromium)"
)

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


class Stage(BrowserStage):
    """The reader with one feed of three read articles (number 1) and twelve others in three folders."""

    def folder(self, feed: int) -> str | None:
        return self.desk.archive.library().subscriptions.get(feed).folder


@pytest.fixture
def stage(desk: Desk) -> Iterator[Stage]:
    articles = [story(number) for number in range(3)]
    desk.subscribe(articles, title="The News", whole=False)
    for number, article in zip(desk.articles, articles, strict=True):
        desk.archive.ingest.save_page(number, article, page_of(article), now=NOW)
    listed = [
        ListedFeed(url=f"https://site-{one}.example/feed", title=f"Site {one:02}", folder=f"Folder {one % 3}")
        for one in range(12)
    ]
    desk.archive.library().subscriptions.add_many(listed, now=NOW)
    with running(desk) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        made = Stage(desk=desk, address=address, browser=browser)
        yield made
        browser.close()
    assert made.trouble == []


def box(page: Page, title: str) -> Any:
    return page.get_by_role("checkbox", name=title, exact=True)


def test_what_is_ticked_shows_the_form_and_is_moved_together(stage: Stage) -> None:
    page = stage.open("/sources")
    form = page.locator("#bulk")
    expect(form.get_by_role("button", name="Apply")).to_be_hidden()
    box(page, "Site 00").check()
    expect(form).to_contain_text("1 feed chosen")
    box(page, "Site 09").click(modifiers=["Shift"])  # the whole folder in between: 00, 03, 06, 09
    expect(form).to_contain_text("4 feeds chosen")
    form.get_by_label("What to do with the chosen feeds").select_option("Pause")
    expect(form.get_by_label("Folder to move to")).to_be_hidden()
    form.get_by_label("What to do with the chosen feeds").select_option("Move to the folder")
    form.get_by_label("Folder to move to").fill("Together")
    form.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("status").first).to_contain_text("4 feeds moved.")
    assert [stage.folder(feed) for feed in (2, 5, 8, 11, 3)] == ["Together"] * 4 + ["Folder 1"]


def test_a_removal_asks_first_and_is_undone(stage: Stage) -> None:
    page = stage.open("/sources")
    questions: list[str] = []

    def answer(dialog: Any) -> None:
        questions.append(dialog.message)
        dialog.dismiss() if len(questions) == 1 else dialog.accept()

    page.on("dialog", answer)
    box(page, "Site 01").check()
    page.get_by_label("What to do with the chosen feeds").select_option("Remove")
    page.get_by_role("button", name="Apply").click()
    assert len(stage.desk.archive.library().subscriptions.all()) == 13
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("1 feed removed.")).to_be_visible()
    assert len(questions) == 2 and len(stage.desk.archive.library().subscriptions.all()) == 12
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 feed restored.")).to_be_visible()
    assert stage.folder(3) == "Folder 1"


def test_a_feed_is_dragged_into_another_folder_with_those_that_are_ticked(stage: Stage) -> None:
    page = stage.open("/sources", viewport={"width": 1280, "height": 1800})
    place = page.locator('section[data-folder-name="Folder 2"]')
    page.locator('li[data-feed="2"]').drag_to(place.locator("h2"))
    expect(place.locator('li[data-feed="2"]')).to_be_visible()
    assert stage.folder(2) == "Folder 2"
    box(page, "Site 01").check()
    box(page, "Site 04").check()
    page.locator('li[data-feed="3"]').drag_to(place.locator("h2"))
    expect(page.locator(".toast")).to_contain_text("Moved")
    expect(place.locator('li[data-feed="6"]')).to_be_visible()
    assert [stage.folder(feed) for feed in (3, 6, 9)] == ["Folder 2", "Folder 2", "Folder 1"]


def test_a_title_is_changed_in_its_place_and_escape_keeps_it(stage: Stage) -> None:
    page = stage.open("/sources")
    line = page.locator('li[data-feed="2"]')
    line.hover()
    line.locator(".set").click()
    page.get_by_label("Title of the feed").fill("Mine")
    page.keyboard.press("Enter")
    expect(line.get_by_role("link", name="Mine", exact=True)).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Renamed")
    assert stage.desk.archive.library().subscriptions.get(2).title == "Mine"
    line.locator(".set").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Title of the feed").fill("Not this")
    page.keyboard.press("Escape")
    expect(line.get_by_role("link", name="Mine", exact=True)).to_be_visible()
    assert stage.desk.archive.library().subscriptions.get(2).title == "Mine"


def test_without_scripts_the_form_and_the_settings_do_the_same(stage: Stage) -> None:
    page = stage.open("/sources", java_script_enabled=False)
    box(page, "Site 00").check()
    box(page, "Site 01").check()
    page.get_by_label("What to do with the chosen feeds").select_option("Ask every 30 minutes")
    page.get_by_role("button", name="Apply").click()
    mine = stage.desk.archive.library().subscriptions
    assert [mine.feed(one).interval for one in (2, 3, 4)] == [1800, 1800, None]
    page.locator('li[data-feed="2"] .set').click()
    assert page.url.endswith("/feeds/2/settings")
    expect(page.get_by_label("How often it is asked for news")).to_have_value("1800")

    page.goto(stage.address + "/feeds/1/rules")
    page.get_by_label("One rule on each line").fill(STRIP)
    page.get_by_role("button", name="Try on the newest articles").click()
    expect(page.get_by_text("3 articles change.")).to_be_visible()


def test_rules_are_tried_while_one_types_and_then_applied_to_what_is_there(stage: Stage) -> None:
    page = stage.open("/feeds/1/rules")
    field = page.get_by_label("One rule on each line")
    field.fill("strip: //p[")
    expect(page.get_by_text("1 line cannot be used.")).to_be_visible(timeout=30_000)
    field.fill(STRIP)
    expect(page.get_by_text("3 articles change.")).to_be_visible(timeout=30_000)
    expect(page.locator("#preview del").first).to_have_text(ADVERT)
    expect(page.get_by_text("cannot be used")).to_have_count(0)
    expect(field).to_be_focused()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Apply to the articles that are here").click()
    expect(page.get_by_text("3 articles got a new version.")).to_be_visible(timeout=30_000)
    stored = stage.desk.archive.library().articles.page(Query()).articles
    assert all(ADVERT not in one.article.text and STORY[0] in one.article.text for one in stored)


def test_two_feeds_that_are_one_are_merged_on_the_page_health(stage: Stage) -> None:
    articles = [make_article(number) for number in range(20, 26)]
    old = stage.desk.subscribe(articles, title="Gazette", folder="Folder 0")
    stage.desk.subscribe(articles, title="Gazette (new)", whole=False)
    page = stage.open("/health", **PHONE)
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("The two feeds are one now.")).to_be_visible()
    expect(page.get_by_text("Subscribed twice")).to_have_count(0)
    held = stage.desk.archive.library().subscriptions.all()
    assert [one.feed.id for one in held if "Gazette" in one.title] == [old]


@pytest.mark.parametrize("path", ["/sources", "/feeds/1/rules", "/feeds/1/settings", "/health"])
@pytest.mark.parametrize(
    "width", [390, *(pytest.param(width, marks=pytest.mark.long) for width in (820, 1440))]
)
def test_no_page_is_wider_than_the_screen(stage: Stage, path: str, width: int) -> None:
    page = stage.open(path, viewport={"width": width, "height": 900})
    if path == "/sources":
        box(page, "Site 00").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_learnt_site_is_shown_tried_and_pinned_without_scripts_on_a_phone(stage: Stage) -> None:
    store_pages(stage.desk.archive, range(6))
    feed = present(stage.desk.archive.feeds.find(URL)).id
    page = stage.open(f"/feeds/{feed}/settings", java_script_enabled=False, color_scheme="dark", **PHONE)
    page.get_by_role("link", name="What was learnt about its pages").click()
    for button, said in (
        ("Learn it now", "The site is learnt."),
        ("Pin", "It is pinned."),
        ("Try on the newest articles", "6 of 6 articles would be read by it."),
    ):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator("main")).to_contain_text(said)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="Edit as rules").click()
    expect(page.get_by_role("textbox", name="One rule")).to_have_value(
        re.compile(r"^# post\.example: learnt")
    )
