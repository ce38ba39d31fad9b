"""Rules of a site in the reader: tried on stored pages, saved, applied to what is there, taken back."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk, make_article, page_of, token_of, wait_until
from unabridged.archive.records.core import Query
from unabridged.model import Article

STORY = (
    "The harbour of the town was closed on Monday after the storm had torn three cranes from their feet.",
    "By six the water stood in the lower streets, and boats carried forty people out of their houses.",
    "On Thursday the council meets to decide who pays for the repair, which may take until the summer.",
)
ADVERT = "Sign up for our letter and never miss a story from the harbour again."
PATH = "/feeds/1/rules"
STRIP = "strip: //p[@class='advert']"


def story(number: int) -> Article:
    """A story with an advertisement in its text, as it was extracted without rules."""
    paragraphs = [f"<p>{text}</p>" for text in STORY] + [f'<p class="advert">{ADVERT}</p>']
    html = f"<article><h1>Story number {number}</h1>{''.join(paragraphs)}</article>"
    text = "\n\n".join((*STORY, ADVERT))
    plain = {"authors": (), "published": None, "lead_image": None, "tags": (), "enclosures": (), "clocks": ()}
    return make_article(number, html=html, text=text, summary="", site_name="", **plain)


@pytest.fixture
def client(desk: Desk, visit: Visit) -> httpx.Client:
    articles = [story(number) for number in range(3)]
    desk.subscribe(articles, whole=False)
    for number, article in zip(desk.articles, articles, strict=True):
        kept = replace(article, html="".join(f"<p>{text}</p>" for text in (*STORY, ADVERT)))
        desk.archive.ingest.save_page(number, kept, page_of(article), now=NOW)
    return visit(desk)


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data={"csrf": token_of(client, PATH), **form}, follow_redirects=True)


def texts(desk: Desk) -> list[str]:
    return [one.article.text for one in desk.archive.library().articles.page(Query()).articles]


def test_a_preview_shows_what_the_rules_take_away_and_saves_nothing(desk: Desk, client: httpx.Client) -> None:
    before = texts(desk)
    shown = post(client, f"{PATH}/preview", site="news.example", rules=STRIP).text
    assert "3 articles change." in shown
    assert f"<del>{ADVERT}</del>" in shown.replace("\n", "")
    assert shown.count("69 words now, 55 with these rules") == 3
    assert shown.count('class="tried better"') == 3
    assert STRIP.replace("'", "&#39;") in shown
    assert texts(desk) == before
    assert desk.archive.feeds.site_rules() == {}


def test_rules_that_find_no_body_would_not_replace_the_stored_text(client: httpx.Client) -> None:
    rules = "body: //div[@id='none']\nautodetect_on_failure: no"
    shown = post(client, f"{PATH}/preview", site="news.example", rules=rules).text
    assert shown.count('class="tried worse"') + shown.count('class="tried failed"') == 3
    same = post(client, f"{PATH}/preview", site="news.example", rules="# a remark\ntidy: no").text
    assert same.count("69 words now, 69 with these rules") == 3 and "cannot be used" not in same
    assert "<del>" not in same


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("title: //h1\nbody: //div[", ("Line 2:", "not an XPath 1.0 expression")),
        ("author: foo(//h1)", ("Line 1:", "unknown function")),
        ("bodi: //p", ("Line 1:", "unknown directive")),
        ("no rule at all", ("Line 1:", "name: value")),
        ("strip: //p[$x]", ("Line 1:", "variable")),
    ],
)
def test_a_mistake_is_named_with_its_line_and_nothing_is_saved(
    desk: Desk, client: httpx.Client, rules: str, words: tuple[str, ...]
) -> None:
    for answer in (
        post(client, f"{PATH}/preview", site="news.example", rules=rules),
        post(client, PATH, site="news.example", rules=rules),
    ):
        assert "1 line cannot be used." in answer.text
        assert all(word in answer.text for word in words)
        assert rules.splitlines()[0].replace("'", "&#39;") in answer.text
    assert answer.status_code == 422
    assert desk.archive.feeds.site_rules() == {}


def test_saved_rules_are_applied_to_what_is_there_and_taken_back(desk: Desk, client: httpx.Client) -> None:
    before = texts(desk)
    saved = post(client, PATH, site="news.example", rules=STRIP)
    assert "Saved. New articles of news.example" in saved.text
    assert desk.archive.feeds.site_rules() == {"news.example.txt": f"{STRIP}\n"}
    assert STRIP.replace("'", "&#39;") in client.get(PATH).text

    post(client, "/feeds/1/reextract")
    wait_until(lambda: any(run.finished for run in desk.archive.reextraction.runs()))
    assert all(ADVERT not in text and STORY[2] in text for text in texts(desk))
    page = client.get(PATH).text
    assert "3 articles got a new version." in page
    assert "unabridged" not in page.split("<main")[1].split("</main")[0].lower()

    post(client, "/reextractions/1/undo", next=PATH)
    assert texts(desk) == before
    assert "taken back" in client.get(PATH).text
    post(client, PATH, site="news.example", rules="  ")
    assert desk.archive.feeds.site_rules() == {}


def test_rules_are_for_sites_that_the_feed_has_articles_of(desk: Desk, client: httpx.Client) -> None:
    for site in ("other.example", "../../etc/passwd", ""):
        assert post(client, PATH, site=site, rules=STRIP).status_code == 422
    assert desk.archive.feeds.site_rules() == {}
    assert client.get(PATH, params={"site": "other.example"}).text.count("Rules for news.example") >= 1
    assert client.get("/feeds/77/rules").status_code == 404


def test_rules_that_are_too_long_are_refused(desk: Desk, client: httpx.Client) -> None:
    answer = post(client, PATH, site="news.example", rules="# x\n" * 6000)
    assert answer.status_code == 422 and "20,000 characters" in answer.text


def test_the_work_under_way_is_a_part_that_a_script_asks_for(desk: Desk, client: httpx.Client) -> None:
    part = client.get("/jobs").text
    assert "<html" not in part and "Nothing at the moment." in part
    desk.archive.library().subscriptions.add("https://new.example/feed", now=NOW + timedelta(seconds=1))
    part = client.get("/jobs").text
    assert "New feeds: 0 of 1 read for the first time." in part
    assert '<progress value="0" max="1"' in part
