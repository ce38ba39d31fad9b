"""The bookmark that saves a page as the browser shows it."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.serve.running_app import (
    CHROMIUM,
    CHROMIUM_FLAGS,
    Desk,
    Shelf,
    in_thread,
    running,
    serving,
)
from unabridged.serve.routes.save import bookmarklet

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium")

STORY = "The ferry left the harbour before dawn, as it has for forty years, and nobody looked up. " * 4
SCRIPTED = f"""<!doctype html><title>The ferry</title><main id="root"></main><script>
document.getElementById("root").innerHTML = "<article><h1>The ferry</h1><p>{STORY}</p></article>";
</script>"""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with in_thread(serving(Shelf(answers={"/ferry": ("text/html", SCRIPTED.encode())}))) as made:
        yield made


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield browser.new_page()
        browser.close()


def test_a_page_that_a_script_wrote_is_saved_as_it_is_seen(desk: Desk, shelf: Shelf, page: Page) -> None:
    with running(desk) as address:
        page.goto(f"{shelf.origin}/ferry")
        code = bookmarklet(address).removeprefix("javascript:")
        with page.expect_popup() as opened:
            page.evaluate(code)
        form = opened.value
        expect(form.locator("[data-received]")).to_be_visible()
        assert form.locator("#save-url").input_value() == f"{shelf.origin}/ferry"
        assert desk.archive.library().counts().articles == 0, "nothing is saved without a click"
        form.get_by_role("button", name="Save", exact=True).click()
        expect(form.locator("h1")).to_have_text("The ferry")
        expect(form.locator(".text")).to_contain_text("nobody looked up")
        assert shelf.asked.count("/ferry") == 1, "the reader did not fetch the page"


def test_another_page_cannot_pass_its_html_off_as_anothers(desk: Desk, shelf: Shelf, page: Page) -> None:
    with running(desk) as address:
        page.goto(f"{shelf.origin}/ferry")
        code = bookmarklet(address).removeprefix("javascript:")
        forged = code.replace("url:location.href", "url:'https://bank.example/'")
        with page.expect_popup() as opened:
            page.evaluate(forged)
        form = opened.value
        form.wait_for_load_state("networkidle")
        expect(form.locator("[data-received]")).to_be_hidden()
        assert httpx.get(f"{address}/healthz").json()["articles"] == 0
