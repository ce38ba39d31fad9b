"""The proof bundle, the raw page as a file, and a view of it in which nothing runs or loads."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import Request, sync_playwright

from tests.serve.running_app import (
    CHROMIUM,
    CHROMIUM_FLAGS,
    NOW,
    Desk,
    Shelf,
    in_thread,
    letting_in,
    make_article,
    page_of,
    serving,
    token_of,
    wait_until,
)
from unabridged.extraction.html.sanitizer import sanitise
from unabridged.formats.proof.checked import check_bundle

ROOT = Path(__file__).resolve().parents[4]
VECTORS = Path(os.environ.get("UNABRIDGED_CORPUS") or ROOT.parent / "shared" / "corpus") / "attacks"
CLOSED = "\n--></script></style></textarea></title></noscript></template></svg></math></select></xmp><p>"
TOGETHER = 40
OWN = (
    "<script>alert(1)</script>",
    '<img src="https://evil.example/x.png" onerror=alert(1)>',
    "<svg onload=alert(1)><style>@import 'https://evil.example/x.css'</style></svg>",
    '<link rel=preconnect href="https://evil.example/"><link rel=stylesheet href="https://evil.example/a.css">',
    '<meta http-equiv=refresh content="0;url=https://evil.example/"><base href="https://evil.example/">',
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe><video src=https://evil.example/v autoplay>",
    "<form action=https://evil.example/><button formaction=javascript:alert(1)>x</button><input autofocus"
    " onfocus=alert(1)></form><p style=\"background:url('https://evil.example/b')\">",
)
Visit = Callable[..., httpx.Client]


def test_a_downloaded_bundle_holds(web: httpx.Client) -> None:
    answer = web.get("/a/3/v/1/proof.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="article-3-version-1-proof.zip"'
    checked = check_bundle(answer.content)
    assert "四十二年" in checked.text
    assert checked.page is not None and checked.page.body == web.get("/a/3/v/1/raw").content
    assert web.get("/a/3/v/1/proof.zip").content == answer.content
    with zipfile.ZipFile(io.BytesIO(web.get("/a/3/v/0/proof.zip").content)) as packed:
        assert "raw-page.bin" not in packed.namelist()


def test_the_raw_page_is_a_file_that_no_browser_shows(web: httpx.Client) -> None:
    answer = web.get("/a/3/v/2/raw")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content.startswith(b"<html><p>")


def test_a_version_without_a_raw_page_says_so(web: httpx.Client) -> None:
    for end in ("raw", "page"):
        answer = web.get(f"/a/3/v/0/{end}")
        assert answer.status_code == 404
        assert "No raw page is kept of version 0" in answer.text


def test_the_article_and_its_history_lead_to_the_evidence(web: httpx.Client) -> None:
    article, versions = web.get("/a/3").text, web.get("/a/3/versions").text
    assert 'aria-label="Texts"' in article and 'href="/a/3/v/0"' in article
    assert "/a/3/v/2/proof.zip" in article and "/a/3/v/2/page" in article
    assert [f"/a/3/v/{n}/proof.zip" in versions for n in (0, 1, 2)] == [True, True, True]
    assert [f"/a/3/v/{n}/page" in versions for n in (0, 1, 2)] == [False, True, True]


def test_the_view_has_the_words_of_the_whole_page(web: httpx.Client) -> None:
    html = web.get("/a/3/v/2/page").text
    assert "四十三年" in html and "SHA-256" in html and "content-type" in html
    shown = html.split('<div class="text raw-page"')[1]
    assert 'alt="伞"' in shown and "/media?" not in shown and "news.example/san" not in shown


def test_reading_again_shows_its_result(desk: Desk, visit: Visit) -> None:
    with in_thread(serving(Shelf())) as shelf:
        url = f"{shelf.origin}/story"
        words = "The ferry left the harbour before dawn, as it has for forty years. " * 9
        story = f"<p>{words}</p><p>The captain drank her tea standing, and the tide turned early.</p>"
        html = "<html><body><article><h1>The ferry</h1>{}</article></body></html>"
        shelf.answers["/story"] = ("text/html", html.format(story).encode())
        article = make_article(1, url=url, title="The ferry", html=f"<p>{words}</p>", text=words)
        number = desk.archive.library().articles.save(article, page_of(article), now=NOW).article_id
        client = visit(desk, settings=letting_in(desk.settings, "127.0.0.1"))
        assert "Read again now" in client.get(f"/a/{number}").text
        form = {"csrf": token_of(client), "next": f"/a/{number}?reading=0"}
        there = client.post(f"/a/{number}/fetch", data=form).headers["location"]
        assert there == f"/a/{number}?reading=1"
        wait_until(lambda: "data-waiting" not in client.get(there).text)
        shown = client.get(there).text
        assert "it has changed, and this is its new text" in shown and f"/a/{number}/diff/1..2" in shown
        assert "The whole text, as far as can be told." in shown
        shelf.answers.clear()
        there = client.post(f"/a/{number}/fetch", data=form).headers["location"]
        wait_until(lambda: "data-waiting" not in client.get(there).text)
        assert "has taken the page down" in client.get(there).text


def _vectors() -> list[str]:
    path = VECTORS / "xss-vectors.jsonl"
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return [json.loads(line)["payload"] for line in lines if line.strip()]


def _body(batch: list[str]) -> str:
    return CLOSED.join(("<html><body>", *batch, "the end"))


def _batches(attacks: list[str]) -> list[list[str]]:
    """Put attacks together, but those alone that swallow what stands after them."""
    found: list[list[str]] = [list(OWN)]
    for attack in attacks:
        if "the end" not in sanitise(_body([attack])):
            found.append([attack])
        elif len(found[0]) < TOGETHER and "the end" in sanitise(_body([*found[0], attack])):
            found[0].append(attack)
        else:
            found.insert(0, [attack])
    return found


WATCH = """
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => __report(name);
document.addEventListener('securitypolicyviolation', (e) => __report('policy ' + e.effectiveDirective));
"""


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
def test_nothing_in_a_raw_page_runs_or_loads(desk: Desk, visit: Visit) -> None:
    batches = _batches(_vectors())
    bodies = [_body(batch).encode("utf-8", "replace") for batch in batches]
    numbers = []
    for number, body in enumerate(bodies):
        article = make_article(number)
        page = replace(page_of(article), body=body)
        numbers.append(desk.archive.library().articles.save(article, page, now=NOW).article_id)
    address = str(visit(desk).base_url).rstrip("/")
    seen: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        context = browser.new_context()
        context.expose_binding("__report", lambda source, what: seen.append(str(what)))
        context.add_init_script(WATCH)
        context.on("request", lambda asked: _note(asked, address, seen))
        tab = context.new_page()
        for number in numbers:
            tab.goto(f"{address}/a/{number}/v/1/page", wait_until="load")
            shown = tab.locator(".raw-page").text_content() or ""
            assert "the end" in shown or len(batches[numbers.index(number)]) == 1
        tab.wait_for_timeout(300)
        assert seen == []
        _control(context.new_page(), _body(list(OWN)))
        assert "alert" in seen and any(what.startswith("request") for what in seen), "the attacks do run raw"
        browser.close()


def _note(asked: Request, address: str, seen: list[str]) -> None:
    if not asked.url.startswith(address + "/"):
        seen.append(f"request {asked.url[:80]}")


def _control(tab: Tab, html: str) -> None:
    """Show raw attacks as they are."""
    tab.route("**/*", lambda route: route.abort())
    tab.set_content(html, wait_until="domcontentloaded", timeout=10_000)
    tab.wait_for_timeout(300)
