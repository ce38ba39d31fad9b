"""A real browser reads the sample publisher's Chinese article, on a desk and on a phone."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.serve.running_app import (
    CHROMIUM,
    CHROMIUM_FLAGS,
    NOW,
    Desk,
    copied,
    in_thread,
    letting_in,
    running,
    token_of,
    wait_until,
)
from unabridged.archive.records.core import Query
from unabridged.sample.server import SamplePublisher

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: install it (Debian: apt-get install chromium fonts-noto-cjk)"
)

SIZES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}


@dataclass(slots=True)
class Stage:
    """A reader with the sample's Chinese site in it. articles: newest first; each test has its own.

    trouble: what the browser complained of, and every address it asked that is not the reader's.
    """

    desk: Desk
    address: str
    browser: Browser
    articles: tuple[int, ...]
    contexts: list[BrowserContext] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def open(self, path: str, **options: Any) -> Page:
        context = self.browser.new_context(**options)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self.trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("request", lambda asked: self._only_ours(asked.url))
        page.goto(self.address + path)  # until "load": by then the deferred script has run
        return page

    def _only_ours(self, url: str) -> None:
        if not url.startswith(self.address + "/"):
            self.trouble.append(f"asked {url}")


@pytest.fixture(scope="module")
def shared(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    desk = copied(templates / "empty", tmp_path_factory.mktemp("browser"))
    with desk.archive, in_thread(SamplePublisher(("qingshiwan",))) as publisher:
        settings = letting_in(desk.settings, *publisher.hosts)
        with running(desk, settings) as address, sync_playwright() as driver:
            _subscribe(address, publisher.feeds[0], desk)
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
            lines = desk.archive.library().articles.headlines(Query()).headlines
            numbers = tuple(line.id for line in lines)
            yield Stage(desk=desk, address=address, browser=browser, articles=numbers)
            browser.close()


@pytest.fixture
def stage(shared: Stage) -> Iterator[Stage]:
    """The shared reader; fails the test when its pages made the browser complain or ask elsewhere."""
    yield shared
    for context in shared.contexts:
        context.close()
    shared.contexts.clear()
    trouble, shared.trouble = shared.trouble, []
    assert trouble == []


def _subscribe(address: str, feed: str, desk: Desk) -> None:
    with httpx.Client(base_url=address, timeout=120) as client:
        answer = client.post("/add", data={"csrf": token_of(client), "url": feed})
        assert answer.status_code == 303, answer.text
        wait_until(lambda: client.get("/healthz").json()["pages_waiting"] == 0)
    states = {line.page_state for line in desk.archive.library().articles.headlines(Query()).headlines}
    assert states == {"read"}


STYLE = """e => {
  const style = getComputedStyle(e);
  return [style.fontFamily, parseFloat(style.lineHeight), parseFloat(style.fontSize)];
}"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chinese_article_is_read_in_comfort(stage: Stage, size: str, scheme: str) -> None:
    page = stage.open(f"/a/{stage.articles[0]}", **SIZES[size], color_scheme=scheme)
    page.wait_for_load_state("networkidle")  # all that the page asks for, which `trouble` notes
    text = page.locator(".text")
    assert (page.locator("h1").get_attribute("lang") or "").startswith("zh")
    assert "铺子的主人叫陶明远，今年六十七岁" in text.inner_text()
    font, leading, height = text.evaluate(STYLE)
    assert "CJK SC" in font
    assert 1.7 <= leading / height <= 2
    width = text.locator("p").first.evaluate("e => e.getBoundingClientRect().width")
    assert 18 <= width / height <= 40, "characters a line"
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), "nothing sticks out"
    assert page.evaluate("[...document.images].filter(i => i.complete && i.naturalWidth > 1).length") >= 2
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = sum(int(part) for part in ground.removeprefix("rgb(").rstrip(")").split(",")[:3]) > 384
    assert light == (scheme == "light")


def test_an_opened_article_becomes_read_by_a_post(stage: Stage) -> None:
    number = stage.articles[6]
    page = stage.open("/")
    assert not stage.desk.archive.library().articles.get(number).read
    with page.expect_response(f"**/a/{number}/read") as said:
        page.goto(f"{stage.address}/a/{number}")
    assert said.value.request.method == "POST"
    assert stage.desk.archive.library().articles.get(number).read


def test_the_list_is_worked_by_keys(stage: Stage) -> None:
    page, number = stage.open("/"), stage.articles[2]
    for key in "jjjjk":
        page.keyboard.press(key)
    expect(page.locator(".row.at")).to_have_attribute("data-id", str(number))
    with page.expect_response("**/star"):
        page.keyboard.press("s")
    assert stage.desk.archive.library().articles.get(number).starred
    with page.expect_response("**/read"):
        page.keyboard.press("m")
    assert stage.desk.archive.library().articles.get(number).read
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    page.wait_for_url(f"**/a/{number}?list=*")
    page.keyboard.press("u")
    page.wait_for_url(f"{stage.address}/#a{number}")


def test_the_theme_is_switched_and_remembered(stage: Stage) -> None:
    page = stage.open("/", color_scheme="light")
    with page.expect_response("**/settings"):
        page.keyboard.press("t")
        page.keyboard.press("t")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    with page.expect_response("**/settings"):
        page.keyboard.press("t")
    assert stage.desk.archive.library().preferences.get(["theme"]) == {}, "as the system again"


def test_marks_work_without_script(stage: Stage) -> None:
    number = stage.articles[3]
    page = stage.open(f"/a/{number}", java_script_enabled=False)
    with page.expect_response("**/star") as said:
        page.locator(".bar .star").click()
    assert said.value.status == 303
    page.wait_for_load_state()
    assert page.url == f"{stage.address}/a/{number}"
    assert stage.desk.archive.library().articles.get(number).starred


def test_the_form_looks_at_a_site_in_a_browser(stage: Stage) -> None:
    page = stage.open("/add")
    page.locator("#add-url").fill("http://10.0.0.1/feed")
    with page.expect_response("**/add?*") as said:
        page.get_by_role("button", name="Look", exact=True).click()
    assert said.value.status == 403
    expect(page.get_by_role("alert")).to_contain_text("private")
    stage.trouble.clear()  # the browser notes the 403 on its console


@pytest.mark.parametrize(
    ("key", "code", "caps"),
    [("j", "KeyJ", False), ("о", "KeyJ", False), ("J", "KeyJ", True), ("j", "KeyC", False)],
)
def test_keys_work_on_every_layout_and_with_caps_lock(stage: Stage, key: str, code: str, caps: bool) -> None:
    page = stage.open("/")
    given = {"key": key, "code": code, "modifierCapsLock": caps, "bubbles": True, "cancelable": True}
    page.evaluate("given => document.body.dispatchEvent(new KeyboardEvent('keydown', given))", given)
    expect(page.locator(".row.at")).to_have_attribute("data-id", str(stage.articles[0]))
    for pressed in (
        {"key": "j", "ctrlKey": True},
        {"key": "J", "shiftKey": True},
        {"key": "-", "code": "KeyJ"},
    ):
        page.evaluate("given => document.body.dispatchEvent(new KeyboardEvent('keydown', given))", pressed)
    expect(page.locator(".row.at")).to_have_attribute("data-id", str(stage.articles[0]))


def test_reading_on_stays_in_the_list_and_comes_back_to_its_place(stage: Stage) -> None:
    page = stage.open("/?show=starred")
    for path in ("/", "/search?q=的"):
        page.goto(stage.address + path)
        ids = page.locator(".row").evaluate_all("rows => rows.map(row => row.dataset.id)")
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.wait_for_url(f"**/a/{ids[0]}?list=*")
        page.keyboard.press("j")
        page.wait_for_url(f"**/a/{ids[1]}?list=*")
        page.keyboard.press("u")
        page.wait_for_url(f"{stage.address}{path.partition('?')[0]}*#a{ids[1]}")
        expect(page.locator(".row.at")).to_have_attribute("data-id", ids[1])


def test_what_was_read_looks_read_after_back(stage: Stage) -> None:
    number = stage.articles[5]
    stage.desk.archive.library().marks.set_read([number], False, now=NOW)
    page = stage.open("/")
    row = page.locator(f".row[data-id='{number}']")
    expect(row).to_have_class("row unread")
    with page.expect_response("**/read"):
        row.locator("h3 a").click()
    page.go_back()
    expect(row).to_have_class(re.compile(r"\bread\b"))


def test_the_add_key_focuses_the_field_everywhere(stage: Stage) -> None:
    page = stage.open("/")
    page.keyboard.press("a")
    page.wait_for_url("**/add")
    expect(page.locator("#add-url")).to_be_focused()
    page.locator("#add-url").blur()
    page.keyboard.press("a")
    expect(page.locator("#add-url")).to_be_focused()


def test_the_bar_of_a_phone_does_not_overlap(stage: Stage) -> None:
    page = stage.open("/", viewport={"width": 300, "height": 700}, is_mobile=True)
    for width in (320, 360, 390, 412):
        page.set_viewport_size({"width": width, "height": 700})
        page.wait_for_function("width => innerWidth === width", arg=width)
        ends = page.evaluate(
            "[...document.querySelectorAll('.phonebar .brand *, .phonebar > :not(.brand)')]"
            ".map(e => e.getBoundingClientRect()).filter(r => r.width).map(r => [r.left, r.right])"
        )
        assert ends and all(right <= left for (_, right), (left, _) in pairwise(ends)), (width, ends)
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_browsers_time_zone_is_used_from_the_first_page_on(stage: Stage) -> None:
    page = stage.open("/", timezone_id="Asia/Dubai")
    expect(page.locator("meta[name=time-zone]")).to_have_attribute("content", "Asia/Dubai")
    assert page.locator(".row time").first.get_attribute("title").endswith("UTC+04")  # type: ignore[union-attr]


QUOTE = """() => {
  const text = document.createElement('div');
  text.className = 'text';
  text.innerHTML = '<span>“It’s”</span><span lang="zh">中“中</span><span lang="zh">中中中</span>';
  document.querySelector('main').append(text);
  return [...text.children].map(e => e.getBoundingClientRect().width);
}"""


def test_english_quotes_are_narrow_where_only_chinese_fonts_are_installed(
    stage: Stage, tmp_path: Path
) -> None:
    fonts = "/usr/share/fonts/opentype/noto"
    (tmp_path / "fonts.conf").write_text(
        f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    environment: dict[str, str | float | bool] = {
        **os.environ,
        "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"),
    }
    launch = stage.browser.browser_type.launch
    with launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS), env=environment) as browser:
        page = browser.new_page()
        page.goto(stage.address + "/sources")
        english, chinese, wide = page.evaluate(QUOTE)
        assert english < wide, "six characters of English are narrower than three of Chinese"
        assert chinese == wide, "in Chinese a quote is as wide as a character"
