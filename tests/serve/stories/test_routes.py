"""Pages of stories in the reader, and a story as a feed."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import feedparser
import httpx
import pytest

from tests.serve.running_app import NOW, Desk, page_of
from tests.serve.stories.conftest import Told
from tests.serve.stories.sample_story import REPORTS, report
from unabridged.model import Article
from unabridged.serve.stories.routes import PAGE
from unabridged.serve.stories.views import ARTICLES

READER = {"Accept": "application/atom+xml, */*"}


def text_of(html: str) -> str:
    """Return the words of a page, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("’", "'").split())


def test_the_list_has_each_story_with_its_first_and_newest_article(told: Told) -> None:
    html = told.client.get("/stories").text
    assert f'href="/story/{told.numbers[0]}"' in html
    assert REPORTS[0][2] in html and REPORTS[4][2] in html
    assert "5 articles · 5 sources" in html
    assert "by our reckoning" in html
    assert f'href="/story/{told.numbers[0]}"' in told.client.get("/stories?show=large").text


def test_a_page_without_stories_says_what_will_stand_there(
    full: Desk, visit: Callable[..., httpx.Client]
) -> None:
    html = visit(full).get("/stories").text
    assert "No stories yet" in html


def test_the_page_says_who_was_first_what_was_added_and_repeated(told: Told) -> None:
    html = told.client.get(f"/story/{told.numbers[0]}").text
    words = text_of(html)
    assert "The first that is here, by the times that are known." in words
    assert "Nearly the text of Coast Radio." in words
    assert "53 percent of its words stand in earlier articles." in words
    added = html.split("Adds</h4>")[1].split("</ul>")[0]
    assert "“We are sorry,” its director, Per Aune, told Reuters." in added
    assert "waited until midnight" not in added
    repeated = html.split("who had it earlier</h4>")[1].split("</ul>")[0]
    assert "struck the northern pier" in repeated
    assert f'href="/a/{told.numbers[0]}"' in repeated and "The Aldmere Post" in repeated
    assert "nobody has checked it" in words


def test_the_picture_of_credits_is_told_in_words_with_the_sentences(told: Told) -> None:
    html = told.client.get(f"/story/{told.numbers[0]}").text
    picture = html.split('<div class="credit-graph"')[1].split("</div>")[0]
    assert 'role="img"' in picture and "<desc" in picture
    assert "Coast Radio names Reuters." in picture
    assert picture.count('class="box') == 7
    listed = text_of(html.split('<ul class="credit-list">')[1].split("</ul>")[0])
    assert "Northern Times names Agence France-Presse . score 0.95" in listed
    assert "citing the Aldmere Post" in listed


def test_the_timeline_has_edits_with_their_comparison(told: Told) -> None:
    first = told.numbers[0]
    now = told.desk.archive.library().articles.get(first).article
    edited = replace(now, text=now.text.replace("312", "321"), html=now.html.replace("312", "321"))
    later = NOW + timedelta(hours=1)
    told.desk.archive.ingest.save_page(first, edited, page_of(edited, later), now=later)
    html = told.client.get(f"/story/{first}").text.split('<ol class="timeline">')[1]
    assert html.index("The Aldmere Post is the first that is here.") < html.index("edited its article.")
    assert f'href="/a/{first}/diff/1..2"' in html


def test_articles_lead_to_their_story_and_others_to_none(told: Told) -> None:
    link = f'href="/story/{told.numbers[0]}"'
    page = told.client.get(f"/a/{told.numbers[2]}").text
    assert link in page and "5 articles on this" in page
    assert "articles on this" not in told.client.get(f"/a/{told.other}").text
    rows = told.client.get("/").text.split('<li class="row')
    assert [link in row for row in rows if f'id="a{told.numbers[3]}"' in row] == [True]
    assert [link in row for row in rows if f'id="a{told.other}"' in row] == [False]


def test_hits_of_a_search_lead_to_their_story(told: Told) -> None:
    link = f'<a href="/story/{told.numbers[0]}">5 articles on this</a>'
    rows = told.client.get("/search?q=Solveig").text.split('<li class="row')[1:]
    assert [link in row for row in rows] == [True] * 5
    page = told.client.get("/search?q=paragraph").text
    assert f'id="a{told.other}"' in page and "articles on this" not in page


@pytest.mark.parametrize("format_name", ["rss", "atom"])
def test_a_story_is_a_feed_of_whole_articles_newest_first(told: Told, format_name: str) -> None:
    answer = told.client.get(f"/story/{told.numbers[0]}.{format_name}", headers=READER)
    found = feedparser.parse(answer.content)
    assert [entry.title for entry in found.entries] == [REPORTS[place][2] for place in (4, 3, 2, 1, 0)]
    assert "opened the harbour of Aldmere again" in str(found.entries[0])
    same = told.client.get(
        f"/story/{told.numbers[0]}.{format_name}",
        headers=READER | {"If-None-Match": answer.headers["etag"]},
    )
    assert same.status_code == 304


def test_a_long_story_s_feed_goes_on_page_by_page(told: Told, visit: Callable[..., httpx.Client]) -> None:
    settings = told.desk.settings
    client = visit(told.desk, settings=replace(settings, serve=replace(settings.serve, feed_limit=2)))
    story = f"/story/{told.numbers[0]}.json"
    pages, address = [], f"{story}?raw"
    while address:
        found = client.get(address, headers=READER).json()
        pages.append([item["title"] for item in found["items"]])
        address = found.get("next_url", "")
    assert pages == [[REPORTS[4][2], REPORTS[3][2]], [REPORTS[2][2], REPORTS[1][2]], [REPORTS[0][2]]]
    assert client.get(f"{story}?raw&before=nothing", headers=READER).status_code == 404


def test_an_earlier_number_leads_to_the_story_in_every_form(told: Told) -> None:
    first, member = told.numbers[0], told.numbers[3]
    for ending in ("", ".rss?raw", ".json"):
        answer = told.client.get(f"/story/{member}{ending}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (301, f"/story/{first}{ending}")


@pytest.mark.parametrize("name", ["0", "x", "999999", "99999999999999", "1.2", "-1", "9999999.rss"])
def test_there_is_no_other_story(told: Told, name: str) -> None:
    answer: httpx.Response = told.client.get(f"/story/{name}")
    assert answer.status_code == 404


def test_a_private_address_is_made_for_a_story(told: Told) -> None:
    page = told.client.get(f"/story/{told.numbers[0]}.rss", headers={"Accept": "text/html"}).text
    assert "A feed of whole articles" in page and f"/story/{told.numbers[0]}.rss" in page


@pytest.mark.parametrize("language", ["de", "ar", "zh-Hans", "ja"])
def test_the_pages_are_shown_in_other_languages(told: Told, language: str) -> None:
    for path in ("/stories", f"/story/{told.numbers[0]}"):
        answer = told.client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200 and answer.headers["content-language"] == language
        assert "By our reckoning" not in answer.text and "by our reckoning" not in answer.text


def test_a_story_of_very_many_articles_has_a_page_of_the_earliest(
    desk: Desk, visit: Callable[..., httpx.Client]
) -> None:
    one = report(0)
    crowd = [
        replace(one, url=f"https://paper-{number}.example/1", title=f"{one.title} {number}")
        for number in range(ARTICLES + 5)
    ]
    for start in range(0, len(crowd), 35):
        desk.subscribe(crowd[start : start + 35], title=f"Papers {start}")
    desk.archive.analysis.all()
    html = visit(desk).get("/story/1").text
    assert html.count('<li class="row') == ARTICLES
    assert "And 5 more." in html
    assert len(html) < 600_000


def test_older_stories_are_on_further_pages(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    def copy(number: int, host: str) -> Article:
        rng = random.Random(number)
        words = ["".join(rng.choices("abcdefghijklmnop", k=8)) for _ in range(80)]
        text = f"{' '.join(words).capitalize()}."
        return replace(
            report(0), url=f"https://{host}/{number}", title=words[0], text=text, html=f"<p>{text}</p>"
        )

    for host in ("one.example", "two.example"):
        desk.subscribe([copy(number, host) for number in range(PAGE + 2)], title=host)
    desk.archive.analysis.all()
    client = visit(desk)
    first = client.get("/stories").text
    older = re.search(r'<a class="button" rel="next" href="([^"]+)"', first)
    assert older is not None
    second = client.get(unescape(older[1])).text
    found = [set(re.findall(r'id="t(\d+)"', html)) for html in (first, second)]
    assert [len(one) for one in found] == [PAGE, 2]
    assert not found[0] & found[1]
    assert 'rel="next"' not in second
    assert 'class="row' not in client.get("/stories?show=large").text
