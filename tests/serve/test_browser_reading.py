"""A real browser reads for a day: keys, order, undo, counts, events, settings, touch."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.archive.sample_feeds import an_article
from tests.serve.running_app import (
    CHROMIUM,
    CHROMIUM_FLAGS,
    NOW,
    Desk,
    copied,
    make_article,
    page_of,
    running,
)
from unabridged.archive.records.core import Query
from unabridged.serve.views.preferences import CHOICES

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: install it (Debian: apt-get install chromium fonts-noto-cjk)"
)

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
COUNT = 100
AXE = "axe-core@4.10.3"
LONG = "<p>" + "A sentence of the long winter in the harbour. " * 60 + "</p>"


@dataclass(slots=True)
class Stage:
    """A reader with a hundred articles in two folders; `trouble`: what the browser complained of."""

    desk: Desk
    address: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def open(self, path: str, **options: Any) -> Page:
        context = self.browser.new_context(**(options or DESK))
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.goto(self.address + path)
        return page

    def unread(self) -> int:
        return self.desk.archive.library().counts().unread

    def newest(self) -> list[int]:
        return [line.id for line in self.desk.archive.library().articles.headlines(Query()).headlines]


@pytest.fixture(scope="module")
def shared(templates: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    desk = copied(templates / "empty", tmp_path_factory.mktemp("reading"))
    with desk.archive:
        articles = [make_article(number, lead_image=None, html=LONG, text=LONG) for number in range(1, COUNT)]
        desk.subscribe(articles, title="The Gazette", folder="Papers")
        desk.subscribe([make_article(COUNT, lead_image=None)], title="The Other", folder="Others")
        with running(desk, clock=lambda: datetime.now(UTC)) as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
            yield Stage(desk=desk, address=address, browser=browser)
            browser.close()


@pytest.fixture
def stage(shared: Stage) -> Iterator[Stage]:
    """The shared reader, everything unread and without preferences."""
    library = shared.desk.archive.library()
    library.marks.set_read(range(1, COUNT + 10), False, now=NOW)
    library.preferences.set(dict.fromkeys((*CHOICES, "order /", "order /feeds/1")))
    yield shared
    for context in shared.contexts:
        context.close()
    shared.contexts.clear()
    trouble, shared.trouble = shared.trouble, []
    assert trouble == []


def row(page: Page) -> str:
    return page.locator(".row.at").get_attribute("data-id") or ""


def test_keys_of_miniflux_and_vim_walk_the_list(stage: Stage) -> None:
    page, ids = stage.open("/"), [str(number) for number in stage.newest()]
    for key, place in (("j", 0), ("n", 1), ("ArrowRight", 2), ("k", 1), ("p", 0), ("Shift+G", -1)):
        page.keyboard.press(key)
        shown = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.id)")
        assert row(page) == shown[place], key
    page.keyboard.press("g")
    page.keyboard.press("g")
    assert row(page) == ids[0]
    with page.expect_response("**/read"):
        page.keyboard.press("Shift+M")
    assert row(page) == ids[1]
    page.keyboard.press("k")
    page.keyboard.press("Shift+N")
    assert row(page) == ids[1], "the next unread one"
    page.keyboard.press("Escape")
    expect(page.locator(".row.at")).to_have_count(0)


@pytest.mark.parametrize(
    ("keys", "path"),
    [("ga", "/"), ("gu", "/?show=unread"), ("gb", "/?show=starred"), ("gf", "/sources"), ("gs", "/settings")],
)
def test_two_keys_go_to_a_place(stage: Stage, keys: str, path: str) -> None:
    page = stage.open("/account")
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_url(stage.address + path)


def test_two_keys_work_on_a_layout_without_latin_letters(stage: Stage) -> None:
    page = stage.open("/account")
    for key, code in (("п", "KeyG"), ("г", "KeyU")):
        given = {"key": key, "code": code, "bubbles": True, "cancelable": True}
        page.evaluate("given => document.body.dispatchEvent(new KeyboardEvent('keydown', given))", given)
    page.wait_for_url(f"{stage.address}/?show=unread")


def test_every_key_of_the_list_of_keys_is_known(stage: Stage) -> None:
    page = stage.open("/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert page.locator("#keys section").count() == 4
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()


def test_next_unread_skips_what_was_read_and_space_leads_on_at_the_end(stage: Stage) -> None:
    ids = stage.newest()
    stage.desk.archive.library().marks.set_read([ids[1], ids[2]], True, now=NOW)
    page = stage.open("/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"**/a/{ids[0]}?*")
    page.keyboard.press(" ")
    page.wait_for_function("() => scrollY > 100")
    assert f"/a/{ids[0]}?" in page.url
    page.keyboard.press("Shift+G")
    page.keyboard.press(" ")
    page.wait_for_url(f"**/a/{ids[3]}?*")
    page.keyboard.press("Shift+N")
    page.wait_for_url(f"**/a/{ids[4]}?*")
    page.keyboard.press("k")
    page.wait_for_url(f"**/a/{ids[3]}?*")


def test_the_original_opens_in_a_new_tab(stage: Stage) -> None:
    page = stage.open("/")
    page.context.route("https://news.example/**", lambda route: route.fulfill(body="the original"))
    page.keyboard.press("j")
    with page.context.expect_page() as opened:
        page.keyboard.press("v")
    assert opened.value.url.startswith("https://news.example/story-")
    assert page.url == f"{stage.address}/"


def test_oldest_first_is_kept_in_the_address_and_remembered(stage: Stage) -> None:
    page, ids = stage.open("/feeds/1"), stage.newest()
    with page.expect_navigation():
        page.get_by_role("button", name="Newest first").click()
    first = page.locator(".row").first
    oldest = first.get_attribute("data-id")
    assert oldest == str(ids[48]) or oldest not in {str(number) for number in ids[:40]}
    first.locator("h3 a").click()
    page.wait_for_url(f"**/a/{oldest}?list=*order%3Doldest*")
    page.keyboard.press("j")
    page.wait_for_url(lambda url: f"/a/{oldest}?" not in url)
    assert page.locator("[data-previous]").get_attribute("data-older") is not None
    page.keyboard.press("u")
    page.wait_for_url("**/feeds/1?order=oldest*")
    page.goto(f"{stage.address}/feeds/1")
    assert page.locator(".row").first.get_attribute("data-id") == oldest, "remembered"
    page.goto(f"{stage.address}/feeds/1?order=newest")
    assert page.locator(".row").first.get_attribute("data-id") == str(ids[0])


def test_all_read_is_undone_and_counts_stay_right(stage: Stage) -> None:
    kept = stage.newest()[3]
    stage.desk.archive.library().marks.set_read([kept], True, now=NOW)
    page = stage.open("/feeds/1")
    expect(page).to_have_title(re.compile(rf"^\({COUNT - 1}\) The Gazette"))
    page.keyboard.press("Shift+A")
    expect(page.locator(".toast")).to_contain_text("Marked as read")
    expect(page).to_have_title(re.compile(r"^\(1\) The Gazette"))
    folder = page.locator(".sidebar h2", has_text="Papers").locator(".count")
    expect(folder).to_be_hidden()
    assert stage.unread() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_title(re.compile(rf"^\({COUNT - 1}\) The Gazette"))
    expect(folder).to_have_text(str(COUNT - 2))
    assert stage.unread() == COUNT - 1
    assert stage.desk.archive.library().articles.get(kept).read


def test_all_read_is_undone_without_script(stage: Stage) -> None:
    page = stage.open("/?show=unread", java_script_enabled=False)
    page.get_by_role("button", name="All read").click()
    assert stage.unread() == 0
    page.get_by_role("button", name="Undo").click()
    assert stage.unread() == COUNT
    assert page.url == f"{stage.address}/?show=unread"


def test_what_is_above_or_below_is_marked(stage: Stage) -> None:
    page = stage.open("/")
    for _ in range(4):
        page.keyboard.press("j")
    with page.expect_response("**/read-beside"):
        page.keyboard.press("[")
    assert stage.unread() == COUNT - 3
    with page.expect_response("**/read-beside"):
        page.locator(".row.at .beside[value=below]").click()
    assert stage.unread() == 1, "the whole list below, not this page alone"


def test_lists_grow_while_one_scrolls_and_come_back_to_their_place(stage: Stage) -> None:
    page = stage.open("/")
    assert page.locator(".row").count() == 40
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator(".row")).to_have_count(80)
    assert page.locator("h2.day").evaluate_all(
        "all => new Set(all.map(e => e.textContent)).size === all.length"
    )
    page.locator(".row").nth(70).scroll_into_view_if_needed()
    number = page.locator(".row").nth(70).get_attribute("data-id")
    page.locator(".row").nth(70).locator("h3 a").click()
    page.wait_for_url(f"**/a/{number}?*")
    page.go_back()
    expect(page.locator(f".row[data-id='{number}']")).to_be_in_viewport()


def test_new_articles_are_offered_at_the_top(stage: Stage) -> None:
    page = stage.open("/")
    page.wait_for_timeout(300)
    fresh = an_article("https://news.example/fresh", title="Fresh from the press")
    saved = stage.desk.archive.library().articles.save(fresh, page_of(fresh), now=datetime.now(UTC))
    link = page.locator(".fresh a")
    expect(link).to_have_text("1 new article", timeout=10_000)
    expect(page).to_have_title(re.compile(rf"^\({COUNT + 1}\) "))
    link.click()
    expect(page.locator(f".row[data-id='{saved.article_id}']")).to_be_visible()
    expect(page.locator(".fresh")).to_be_hidden()
    stage.desk.archive.library().articles.delete(saved.article_id)


def test_a_mark_on_one_device_is_counted_on_another(stage: Stage) -> None:
    one, other = stage.open("/"), stage.open("/", **PHONE)
    other.locator(".row h3 a").first.click()
    expect(one).to_have_title(re.compile(rf"^\({COUNT - 1}\) "))


def test_a_refresh_tells_its_progress(stage: Stage) -> None:
    page = stage.open("/feeds/2")
    page.wait_for_timeout(300)
    page.keyboard.press("r")
    expect(page.locator(".progress")).to_have_text("All feeds are up to date", timeout=60_000)
    page.keyboard.press("r")
    expect(page.locator(".toast")).to_contain_text("polled a moment ago")


def test_settings_are_shown_at_once_and_kept_for_all_devices(stage: Stage) -> None:
    page = stage.open("/settings", color_scheme="light", **DESK)
    before = page.locator(".sample .text").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    for label in ("Dark", "Compact: titles only", "Sans serif", "Largest", "Loose", "Wide"):
        page.get_by_label(label, exact=True).check()
    after = page.locator(".sample .text").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert after > 1.3 * before
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_have_text("Saved.")
    phone = stage.open("/", color_scheme="light", **PHONE)
    assert phone.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    expect(phone.locator(".row .summary").first).to_be_hidden()
    phone.locator(".row h3 a").first.click()
    phone.wait_for_url("**/a/*")
    assert phone.locator(".text").evaluate("e => getComputedStyle(e).fontFamily").startswith("system-ui")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_edited_article_is_unread_again_if_one_chose_so(stage: Stage, scripts: bool) -> None:
    page = stage.open("/settings", java_script_enabled=scripts, **DESK)
    group = page.get_by_role("group", name="Articles edited after you read them")
    expect(group.get_by_label("Stay read", exact=True)).to_be_checked()
    group.get_by_label("Become unread", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_have_text("Saved.")
    expect(group.get_by_label("Become unread", exact=True)).to_be_checked()
    archive, number = stage.desk.archive, stage.newest()[20]
    archive.library().marks.set_read([number], True, now=NOW)
    before = archive.library().articles.get(number)
    text = f"Edited when there are {'scripts' if scripts else 'no scripts'}. {before.article.text}"
    edited = replace(before.article, text=text, html=f"<p>{text}</p>")
    archive.ingest.save_page(number, edited, page_of(edited), now=NOW)
    page.goto(f"{stage.address}/?show=unread")
    expect(page.locator(f'[data-id="{number}"] .marks')).to_contain_text("Edited")
    assert stage.unread() == COUNT


def test_articles_that_are_scrolled_past_become_read_if_one_chose_so(stage: Stage) -> None:
    page = stage.open("/")
    page.mouse.wheel(0, 900)
    page.wait_for_timeout(900)
    assert stage.unread() == COUNT
    stage.desk.archive.library().preferences.set({"scroll": "read"})
    page.reload()
    page.evaluate("scrollTo(0, 0)")
    with page.expect_response("**/read-some"):
        page.mouse.wheel(0, 900)
    assert 0 < COUNT - stage.unread() < 20
    expect(page.locator(".row").first).to_have_class(re.compile(r"\bread\b"))


def swipe(page: Page, points: list[tuple[int, int]], pause: int = 20) -> None:
    """Move a finger over points of the screen."""
    session = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", points[0]), *(("touchMove", one) for one in points[1:])):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]}]})
        page.wait_for_timeout(pause)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_swipe_turns_to_the_next_article_and_back(stage: Stage) -> None:
    ids = stage.newest()
    page = stage.open("/", **PHONE)
    page.locator(".row h3 a").first.click()
    page.wait_for_url(f"**/a/{ids[0]}?*")
    left = [(x, 500) for x in range(320, 80, -40)]
    swipe(page, left)
    page.wait_for_url(f"**/a/{ids[1]}?*")
    swipe(page, left[::-1])
    page.wait_for_url(f"**/a/{ids[0]}?*")


def test_scrolling_slow_fingers_and_edges_turn_nothing(stage: Stage) -> None:
    page = stage.open("/", **PHONE)
    page.locator(".row h3 a").first.click()
    page.wait_for_url("**/a/*")
    address = page.url
    swipe(page, [(300 - step, 700 - 60 * step) for step in range(8)])
    assert page.evaluate("scrollY") > 50, "it scrolls"
    swipe(page, [(x, 500) for x in range(320, 80, -40)], pause=200)
    swipe(page, [(x, 500) for x in range(385, 200, -40)])
    page.wait_for_timeout(300)
    assert page.url == address
    assert page.locator(".reading").evaluate("e => e.style.transform") == ""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?show=unread",
        "/settings",
        "/account",
        "/sources",
        "/a/1?list=/",
        "/a/1/v/1/page",
        "/a/1/versions",
        "/highlights",
        "/shares",
        "/rules/preview?query=sentence",
        "/searches",
        "/changes",
        "/stories",
    ],
)
def test_no_page_is_wider_than_a_phone(stage: Stage, path: str) -> None:
    page = stage.open(path, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.fixture(scope="module")
def axe() -> str:
    """The script axe-core, installed by npm into a cache folder of the tests."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "unabridged-tests" / "axe"
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("no npm here, which would install axe-core")
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", AXE, "--no-audit", "--no-fund", "--silent"]
        done = subprocess.run(command, cwd=folder, timeout=120, capture_output=True, check=False)
        if done.returncode or not script.exists():
            pytest.skip("npm could not install axe-core: no registry can be reached")
    return script.read_text()


SERIOUS = """async () => (await axe.run()).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.slice(0, 3).map(node => node.target + " " + node.failureSummary))"""


VIEWS = (
    *("/", "/?show=starred", "/feeds/1", "/a/1?list=/", "/a/1/versions", "/sources"),
    *("/search?q=sentence", "/account", "/admin", "/users", "/settings"),
    *("/highlights", "/shares", "/a/1/v/1/page", "/rules/preview?query=sentence", "/searches"),
)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_no_serious_issue(stage: Stage, axe: str, scheme: str) -> None:
    stage.desk.archive.library().marks.set_read([stage.newest()[0]], True, now=NOW)
    page = stage.open("/", color_scheme=scheme, **DESK)
    for path in (
        "/",
        "/?show=starred",
        "/a/1?list=/",
        "/sources",
        "/search?q=sentence",
        "/account",
        "/admin",
        "/settings",
        "/rules/preview?query=sentence",
        "/searches",
        "/changes",
        "/stories",
    ):
        page.goto(stage.address + path)
        if path == "/":
            page.keyboard.press("j")
        page.evaluate(axe)
        assert page.evaluate(SERIOUS) == [], path
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", "/a/1?list=/"):
        page.goto(stage.address + path)
        page.keyboard.press("?")
        page.evaluate(axe)
        assert page.evaluate(SERIOUS) == [], f"{path} on a phone, with the list of keys"
