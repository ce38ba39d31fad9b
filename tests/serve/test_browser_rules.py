"""Rules and saved searches in a real browser, on a desk and a phone, with and without scripts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.serve.browser_stage import BrowserStage, keep_picture
from tests.serve.running_app import CHROMIUM, CHROMIUM_FLAGS, NOW, copied, make_article, running

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: install it (Debian: apt-get install chromium fonts-noto-cjk)"
)

DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1100}}
TITLES = (
    "Harbour news",
    "Sponsored: a cruise",
    "大選結果公布",
    "Live: the regatta",
    "A long winter",
    "Whales",
)


@pytest.fixture
def stage(templates: Path, tmp_path: Path) -> Iterator[BrowserStage]:
    desk = copied(templates / "empty", tmp_path)
    with desk.archive:
        articles = [make_article(number, title=title, lead_image=None) for number, title in enumerate(TITLES)]
        desk.subscribe(articles[:4], title="The Gazette", folder="Papers")
        desk.subscribe(articles[4:], title="The Other", folder="Others")
        with running(desk, clock=lambda: NOW + timedelta(hours=1)) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
            made = BrowserStage(desk=desk, address=address, browser=browser)
            yield made
            browser.close()
            assert made.trouble == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_rule_is_made_from_an_article_and_taken_back(stage: BrowserStage, scripts: bool) -> None:
    number = stage.desk.archive.library().search.ids("title:whales").article_ids[0]
    page = stage.open(f"/a/{number}", java_script_enabled=scripts, **DESK)
    page.locator("details.mute summary").click()
    page.get_by_label("Words of the title").fill("Sponsored")
    page.get_by_role("button", name="Mute these words").click()
    expect(page.get_by_text("1 of the last 6 articles would be set aside.")).to_be_visible()
    assert stage.desk.archive.library().rules.all() == ()
    before = stage.desk.archive.library().mark_counts().unread
    page.get_by_role("button", name="Save the rule").click()
    page.wait_for_url(f"{stage.address}/rules")
    expect(page.locator(".rule-words code")).to_have_text('title:"Sponsored"')
    page.get_by_role("link", name="Muted").first.click()
    expect(page.locator(".row h3")).to_have_text(["Sponsored: a cruise"])
    expect(page.locator(".row .marks").first).to_contain_text('set aside by the rule: mute title:"Sponsored"')
    assert stage.desk.archive.library().mark_counts().unread == before - 1
    page.goto(f"{stage.address}/rules")
    page.get_by_role("button", name='Remove the rule title:"Sponsored"').click()
    expect(page.locator(".rule-words")).to_have_count(0)
    assert stage.desk.archive.library().mark_counts().unread == before


def test_a_search_is_saved_counts_down_and_is_walked_by_keys(stage: BrowserStage) -> None:
    page = stage.open("/search?q=site:news.example+-title:sponsored", **DESK)
    page.get_by_label("Name of the list").fill("Without ads")
    page.get_by_role("button", name="Save this search").click()
    page.wait_for_url(f"{stage.address}/searches/1")
    count = page.locator('.sidebar a[href="/searches/1"] .count')
    expect(count).to_have_text("5")
    page.keyboard.press("j")
    with page.expect_response("**/read"):
        page.keyboard.press("m")
    expect(count).to_have_text("4")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/*")
    page.keyboard.press("j")
    page.wait_for_url("**list=%2Fsearches%2F1**")
    page.goto(f"{stage.address}/searches/1")
    page.get_by_role("button", name="All read").click()
    expect(count).to_be_hidden()
    assert stage.desk.archive.library().mark_counts().unread == 1


@pytest.mark.parametrize(
    ("width", "options", "scheme"),
    [
        ("390", PHONE, "light"),
        pytest.param("1440", DESK, "dark", marks=pytest.mark.long),
        pytest.param("390", PHONE, "dark", marks=pytest.mark.long),
        pytest.param("820", TABLET, "light", marks=pytest.mark.long),
        pytest.param("820", TABLET, "dark", marks=pytest.mark.long),
        pytest.param("1440", DESK, "light", marks=pytest.mark.long),
    ],
)
def test_the_pages_fit_every_screen(
    stage: BrowserStage, width: str, options: dict[str, Any], scheme: str
) -> None:
    mine, now = stage.desk.archive.library(), NOW
    mine.searches.add("Elections 大選", "大選 OR 選舉 OR election", unread_only=True, now=now)
    mine.searches.add("Whales", "whale* -title:sponsored after:7d", now=now)
    long = 'title:"a very long title of something that nobody wants to read about" OR author:"Ada Quill"'
    page = stage.open(
        f"/rules/preview?action=keep&query=title:live+OR+{'-'}title:sponsored&scope=folder:1",
        color_scheme=scheme,
        **options,
    )
    for action, query, scope in (
        ("mute", long, ""),
        ("keep", "大選", "feed:1"),
        ("mute", "title:/^live:/", "folder:2"),
    ):
        page.goto(f"{stage.address}/rules/preview")
        page.locator(f'input[name="action"][value="{action}"]').check(force=True)
        page.locator("#query").fill(query)
        page.locator("#scope").select_option(scope)
        page.get_by_role("button", name="Show what it would set aside").click()
        page.get_by_role("button", name="Save the rule").click()
        page.wait_for_url(f"{stage.address}/rules")
    for name, path in (
        ("rules", "/rules"),
        ("preview", "/rules/preview?action=keep&query=title:live&scope=folder:1"),
        ("problem", "/rules/preview?query=title:harbour+tilte:news+-author:x"),
        ("searches", "/searches"),
        ("list", "/searches/2"),
        ("search", "/search?q=whale"),
        ("saved", "/search"),
        ("muted", "/muted"),
    ):
        page.goto(stage.address + path)
        if name == "searches":
            page.locator("details.settings summary").first.click()
        assert fits(page), path
        keep_picture(page, f"{name}-{width}-{scheme}", full_page=True)
    stage.trouble[:] = [said for said in stage.trouble if "422" not in said]
