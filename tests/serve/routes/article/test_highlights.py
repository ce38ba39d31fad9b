"""Highlights are made by a form or from a selection, stay with their words, and are listed and exported."""

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import sync_playwright

from tests.serve.running_app import (
    CHINESE,
    CHROMIUM,
    CHROMIUM_FLAGS,
    NOW,
    Desk,
    make_article,
    page_of,
    plain,
    token_of,
)
from unabridged.text.quotes import Quote

Visit = Callable[..., httpx.Client]
WORDS = "铺子的主人叫陶明远，今年六十七岁"


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


def highlight(client: httpx.Client, words: str, note: str = "", path: str = "/a/3/v/2") -> httpx.Response:
    form = {"csrf": token_of(client), "exact": words, "note": note, "next": "/a/3"}
    return client.post(f"{path}/highlight", data=form)


def test_words_are_marked_by_the_form_and_listed_with_their_note(client: httpx.Client) -> None:
    answer = highlight(client, WORDS, "A <note>")
    assert answer.status_code == 303 and answer.headers["location"] == "/a/3#highlight-1"
    html = client.get("/a/3").text
    assert f'<mark class="own" id="highlight-1" data-highlight="1">{WORDS}</mark>' in html
    assert "A &lt;note&gt;" in html and "Highlights and notes (1)" in html
    listed = client.get("/highlights").text
    assert WORDS in listed and "/a/3#highlight-1" in listed and "A &lt;note&gt;" in listed
    assert f"> {WORDS}\n\nA &lt;note&gt;" in client.get("/highlights.md").text
    csrf = token_of(client)
    client.post("/highlights/1/note", data={"csrf": csrf, "note": "Another"})
    assert "Another" in client.get("/highlights").text
    client.post("/highlights/1/remove", data={"csrf": csrf})
    assert WORDS not in client.get("/highlights").text and "<mark" not in client.get("/a/3").text


def test_highlights_stay_with_their_words_when_the_article_is_edited(
    full: Desk, client: httpx.Client
) -> None:
    gone = "桂花巷口那间三平方米的铺子，晴天几乎没有人注意。"
    for words in (WORDS, "修伞已经四十三年", gone):
        assert highlight(client, words).status_code == 303
    title = full.archive.library().articles.get(3).article.title
    html = "<p>这是新的第一段话。</p>" + CHINESE.split("</p>", 1)[1].replace("六十七岁", "六十八岁")
    article = make_article(0, title=title, language="zh-CN", html=html, text=plain(html))
    full.archive.ingest.save_page(3, article, page_of(article), now=NOW + timedelta(days=1))
    shown = client.get("/a/3").text
    assert shown.count("These words are not in this text any more") == 1 and gone in shown
    assert shown.count("These words have been edited since") >= 1
    assert "六十八岁</mark>" in shown
    old = client.get("/a/3/v/2").text
    assert old.count("<mark") == 3 and "any more" not in old


def test_words_that_are_not_there_are_refused_in_words(client: httpx.Client) -> None:
    answer = highlight(client, "something else entirely")
    assert answer.status_code == 422 and "not in the text" in answer.text
    assert highlight(client, WORDS, path="/a/3/v/9").status_code == 404
    assert client.post("/a/3/v/2/highlight", data={"exact": WORDS}).status_code == 403


def test_pages_of_highlights_go_on(full: Desk, client: httpx.Client) -> None:
    for _ in range(60):
        full.archive.library().highlights.add(3, 2, Quote(exact=WORDS), now=NOW)
    first = client.get("/highlights").text
    assert first.count("<blockquote") == 50
    older = re.search(r'rel="next" href="(/highlights\?before=\d+)"', first)
    assert older and client.get(older[1]).text.count("<blockquote") == 10


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
def test_a_selection_is_highlighted_in_a_browser(client: httpx.Client) -> None:
    address = str(client.base_url).rstrip("/")
    trouble: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}/a/2")
        page.evaluate(
            """() => {
              const [first, second] = document.querySelectorAll('.text p');
              getSelection().setBaseAndExtent(first.firstChild, 4, second.firstChild, 10);
            }"""
        )
        button = page.locator("button.marker")
        button.wait_for(state="visible")
        box = button.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
        with page.expect_navigation():
            button.click()
        assert page.url == f"{address}/a/2#highlight-1"
        assert page.locator(".text mark.own").all_inner_texts() == [
            "first paragraph of story 1.",
            "The second",
        ]
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        browser.close()
    assert [text for text in trouble if "404" not in text and "502" not in text] == []
