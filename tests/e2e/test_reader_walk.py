"""Two people use the reader for a day, at once: one at a desk, one with a phone; in Chromium.

With READER_PICTURES=FOLDER the pages that they see are kept there; README and docs show some of them.
"""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.reader_stage import DESK, PHONE, Person, Stage, reader_stage, run_program
from tests.serve.browser_stage import add_authenticator
from tests.serve.running_app import CHROMIUM, wait_until

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]

PASSWORD = "a long walk by the harbour"
PATIENCE = 60_000
"""Milliseconds until a page of the publisher is read, on a busy machine."""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="authlib")
    with reader_stage(tmp_path) as made:
        yield made


def test_two_people_use_the_reader_for_a_day(stage: Stage, tmp_path: Path) -> None:
    ada, bo = stage.person("ada", DESK), stage.person("bo", PHONE)
    make_the_first_account(stage, ada)
    come_by_invitation(stage, ada, bo)
    subscribe(ada, stage.site("quillhaven"), "Quillhaven")
    subscribe(bo, stage.site("qingshiwan"), "青石湾")
    see_articles_become_whole(ada, bo)
    read_by_keyboard(ada)
    read_by_touch(bo)
    highlight(ada)
    search_two_characters(bo)
    see_an_edit(stage, ada)
    check_a_proof(ada, tmp_path)
    read_without_a_connection(bo)
    change_language_and_theme(bo)
    be_logged_out_everywhere(stage, ada)
    assert ada.trouble == []
    assert bo.trouble == []


def make_the_first_account(stage: Stage, ada: Person) -> None:
    """Make it with a passkey, without a password; log out, and in again with the passkey."""
    add_authenticator(ada.page)
    ada.open(stage.first)
    ada.page.get_by_label("Name", exact=True).fill("ada")
    ada.picture("first-account")
    ada.page.get_by_role("button", name="Go on with a passkey").click()
    ada.page.wait_for_url("**/")
    log_out(ada)
    ada.picture("login")
    ada.page.get_by_role("button", name="Log in with a passkey").click()
    ada.page.wait_for_url("**/")


def log_out(person: Person) -> None:
    person.open("/account")
    person.page.get_by_role("button", name="Log out", exact=True).first.click()
    person.page.wait_for_url("**/login")


def come_by_invitation(stage: Stage, ada: Person, bo: Person) -> None:
    """Make an account with the login of a provider; log out, and in again by it."""
    ada.open("/users")
    ada.page.get_by_role("button", name=re.compile("^Invite|one-time address")).first.click()
    address = ada.page.locator("code.secret").inner_text()
    bo.open("/invitation/" + address.rsplit("/", 1)[1])
    bo.page.get_by_label("Name", exact=True).fill("bo")
    bo.page.get_by_role("button", name="Go on with Example").click()
    bo.page.get_by_role("button", name="bo-1").click()
    bo.page.wait_for_url("**/")
    log_out(bo)
    bo.page.get_by_role("button", name="Log in with Example").click()
    bo.page.get_by_role("button", name="bo-1").click()
    bo.page.wait_for_url("**/")


def subscribe(person: Person, site: str, title: str) -> None:
    """Give a site's address, choose a feed, look at whole articles, subscribe."""
    person.open("/add")
    person.page.get_by_label("Address of a feed, or of any site").fill(site)
    person.page.get_by_label("Folder (optional)").fill("Morning")
    person.page.get_by_role("button", name="Look").click()
    expect(person.page.locator(".any-feed .piece").first).to_be_visible(timeout=PATIENCE)
    person.picture(f"preview-{person.name}")
    person.page.locator("#preview").get_by_role("button", name="Subscribe").click()
    expect(person.page.locator(".row").first).to_be_visible()
    expect(person.page.locator("h1")).to_contain_text(title)


def see_articles_become_whole(*people: Person) -> None:
    for person in people:
        person.open("/")
        waiting = person.page.locator(".row .marks", has_text="being read")

        def all_whole(person: Person = person, waiting: Locator = waiting) -> bool:
            person.page.reload()
            return waiting.count() == 0 and person.page.locator(".row").count() > 5

        wait_until(all_whole, PATIENCE / 1000)
        person.picture(f"list-{person.name}")


def unread(person: Person) -> int:
    """Return the number in the page's title."""
    found = re.match(r"\((\d+)\)", person.page.title())
    return int(found[1]) if found else 0


def read_by_keyboard(ada: Person) -> None:
    ada.open("/")
    before = unread(ada)
    ada.press("j", "j")
    expect(ada.page.locator(".row.at")).to_have_count(1)
    ada.press("s")
    expect(ada.page.locator(".row.at .star")).to_have_attribute("aria-pressed", "true")
    ada.press("Enter")
    ada.page.wait_for_url("**/a/**")
    expect(ada.page.locator(".bar .tick")).to_have_attribute("aria-pressed", "true")
    ada.picture("article-desk")
    first = ada.page.url
    ada.press("j")
    ada.page.wait_for_url(lambda url: url != first)
    expect(ada.page.locator(".bar .tick")).to_have_attribute("aria-pressed", "true")
    ada.press("u")
    ada.page.wait_for_url(re.compile(r"/(#.*)?$"))
    wait_until(lambda: unread(ada) == before - 2, 30)
    ada.press("?")
    expect(ada.page.locator("dialog#keys")).to_be_visible()
    ada.picture("keys")
    ada.press("Escape")
    expect(ada.page.locator("dialog#keys")).to_be_hidden()
    ada.press("g", "b")
    ada.page.wait_for_url("**show=starred")
    expect(ada.page.locator(".row")).to_have_count(1)


def read_by_touch(bo: Person) -> None:
    bo.open("/")
    bo.page.locator(".row h3 a").first.tap()
    bo.page.wait_for_url("**/a/**")
    first = bo.page.locator("h1").inner_text()
    bo.picture("article-phone")
    swipe(bo, 330, 60)
    expect(bo.page.locator("h1")).not_to_have_text(first)
    swipe(bo, 60, 330)
    expect(bo.page.locator("h1")).to_have_text(first)
    bo.page.locator(".bar .star").tap()
    expect(bo.page.locator(".bar .star")).to_have_attribute("aria-pressed", "true")


def swipe(person: Person, start: int, end: int) -> None:
    """Draw a finger over the page, as the screen of a phone tells it."""
    session = person.context.new_cdp_session(person.page)
    points = [start + (end - start) * step // 5 for step in range(6)]
    for kind, x in zip(("touchStart", *["touchMove"] * 5), points, strict=True):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": 500}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def open_article(person: Person, words: str) -> None:
    person.open("/")
    person.page.get_by_role("link", name=re.compile(words)).first.click()
    person.page.wait_for_url("**/a/**")


def highlight(ada: Person) -> None:
    open_article(ada, "last ropewalk")
    paragraph = ada.page.locator("article .text p").nth(1)
    paragraph.scroll_into_view_if_needed()
    paragraph.click(click_count=3)
    ada.page.get_by_role("button", name="Highlight", exact=True).click()
    expect(ada.page.locator("article .text mark").first).to_be_visible()
    ada.page.locator("article .text mark").first.scroll_into_view_if_needed()
    ada.picture("highlight")


def search_two_characters(bo: Person) -> None:
    bo.open("/search")
    bo.page.locator("main").get_by_role("searchbox").fill("修伞")
    bo.page.keyboard.press("Enter")
    bo.page.wait_for_url("**/search?q=**")
    expect(bo.page.locator(".row").first).to_contain_text("修伞")
    expect(bo.page.locator(".row mark").first).to_have_text("修伞")
    bo.picture("search-phone")


def see_an_edit(stage: Stage, ada: Person) -> None:
    open_article(ada, "Harbour toll")
    expect(ada.page.locator(".edited")).to_have_count(0)
    stage.publisher.advance("edit")
    ada.page.get_by_role("button", name="Read again now").click()
    expect(ada.page.get_by_role("link", name="See what changed").first).to_be_visible(timeout=PATIENCE)
    ada.page.get_by_role("link", name="See what changed").first.click()
    expect(ada.page.locator("ins").first).to_have_text(re.compile("two"))
    expect(ada.page.locator("del").first).to_have_text(re.compile("three"))
    ada.picture("diff")


def check_a_proof(ada: Person, folder: Path) -> None:
    open_article(ada, "Harbour toll")
    with ada.page.expect_download() as waiting:
        ada.page.get_by_role("link", name="Proof bundle").click()
    bundle = folder / "proof.zip"
    waiting.value.save_as(bundle)
    checked = run_program("verify", bundle)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    changed = bytearray(bundle.read_bytes())
    changed[len(changed) // 3] ^= 1
    bundle.write_bytes(changed)
    assert run_program("verify", bundle).returncode == 7


def read_without_a_connection(bo: Person) -> None:
    bo.open("/account")
    bo.page.get_by_label("Keep the newest 200 unread").check()
    kept = bo.page.locator("[data-offline-count]")
    expect(kept).to_have_text(re.compile(r"Articles kept: [1-9]"), timeout=PATIENCE)
    bo.open("/?show=unread")
    bo.set_offline(True)
    bo.page.locator(".row h3 a").nth(1).tap()
    expect(bo.page.locator(".text")).to_be_visible()
    bo.page.locator(".bar .star").tap()
    expect(bo.page.locator(".bar .star")).to_have_attribute("aria-pressed", "true")
    bo.picture("offline-phone")
    bo.set_offline(False)

    def stars() -> int:
        bo.open("/?show=starred")
        return bo.page.locator(".row").count()

    wait_until(lambda: stars() == 2, 30)


def change_language_and_theme(bo: Person) -> None:
    bo.open("/settings")
    bo.page.get_by_label("简体中文").check()
    bo.page.get_by_label("Dark", exact=True).check()
    bo.page.get_by_role("button", name="Save", exact=True).click()
    expect(bo.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(bo.page.locator("html")).to_have_attribute("data-theme", "dark")
    bo.open("/")
    bo.picture("list-phone-dark")
    bo.page.locator(".row h3 a").first.tap()
    bo.page.wait_for_url("**/a/**")
    bo.picture("article-phone-dark")
    bo.open("/a/999999")
    expect(bo.page.locator("body")).not_to_contain_text("There is no")
    bo.trouble[:] = [said for said in bo.trouble if "404" not in said]


def be_logged_out_everywhere(stage: Stage, ada: Person) -> None:
    ada.open("/account")
    ada.page.get_by_label(re.compile("^New password at least")).fill(PASSWORD)
    ada.page.get_by_label("New password again").fill(PASSWORD)
    ada.page.get_by_role("button", name="Change the password").click()
    expect(ada.page.get_by_role("status").first).to_be_visible()
    # The new password renews the session: what the page was asking for meanwhile had the old one.
    ada.trouble[:] = [said for said in ada.trouble if not ("/account" in said and "401" in said)]
    other = stage.person("ada", PHONE)
    other.open("/login")
    other.page.get_by_label("Name").fill("ada")
    other.page.get_by_label("Password").fill(PASSWORD)
    other.page.get_by_role("button", name="Log in", exact=True).click()
    other.page.wait_for_url("**/")
    ada.open("/account")
    ada.page.get_by_role("button", name="Log out everywhere else").click()
    other.open("/a/1")
    expect(other.page).to_have_url(re.compile("/login"))
    ada.open("/")
    expect(ada.page.locator(".row").first).to_be_visible()
    assert [said for said in other.trouble if "401" not in said] == []  # an open page asks once more
