"""What was learnt about a site, in the reader: shown, tried, pinned, edited, forgotten, and a redesign."""

from datetime import timedelta

import httpx
import pytest

from tests.archive.sample_feeds import NOW as STORED
from tests.conftest import present
from tests.extraction.sites.site_pages import PROMOTION, store_pages
from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk, token_of, wait_until
from unabridged.archive.records.sites import SiteNews
from unabridged.extraction.sites.alarms import Watch, watch_to_json

PATH = "/feeds/1/site"
SITE = "post.example"
SAID = "the body matched nothing on 3 of the last 5 pages"


@pytest.fixture
def client(desk: Desk, visit: Visit) -> httpx.Client:
    store_pages(desk.archive, range(6))
    return visit(desk)


def post(client: httpx.Client, path: str = PATH, **form: str) -> httpx.Response:
    data = {"csrf": token_of(client, PATH), "site": SITE, **form}
    return client.post(path, data=data, follow_redirects=True)


def alarm(desk: Desk) -> None:
    """Let the site have an alarm whose first sign came an hour before its pages were fetched."""
    watch = watch_to_json(Watch(suspect_since=(STORED - timedelta(hours=1)).isoformat()))
    desk.archive.sites.record([SiteNews(site=SITE, pages=3, watch=watch, alarm=SAID)], now=NOW)


def test_what_is_learnt_is_shown_with_its_evidence_and_can_be_forgotten(
    desk: Desk, client: httpx.Client
) -> None:
    assert "Nothing was learnt about this site yet." in client.get(PATH).text
    shown = post(client, do="learn").text
    for words in (
        "The site is learnt.",
        "In use: new pages",
        "div.story-text</code>",
        "on 6 pages.",
        "Title: in the head of the page, “og:title”",
        "written as 0000-00-00T00:00:00+00:00",
        PROMOTION,
        "Learnt from 6 pages",
    ):
        assert words in shown, words
    assert "Nothing was learnt" in post(client, do="forget").text
    assert desk.archive.sites.profile(SITE) is None


def test_a_pinned_profile_is_in_use_and_is_not_learnt_again(desk: Desk, client: httpx.Client) -> None:
    post(client, do="learn")
    assert "Pinned: it is used" in post(client, do="pin").text
    answer = post(client, do="learn")
    assert answer.status_code == 422 and "It is pinned." in answer.text
    assert "In use: new pages" in post(client, do="unpin").text
    assert not present(desk.archive.sites.profile(SITE)).pinned


def test_a_trial_shows_each_article_beside_its_stored_text_and_changes_nothing(
    desk: Desk, client: httpx.Client
) -> None:
    post(client, do="learn")
    before = desk.archive.sites.profile(SITE)
    shown = post(client, f"{PATH}/preview").text
    assert "6 of 6 articles would be read by it. Nothing is changed." in shown
    assert shown.count(" words now, ") == 6 and "% are the same" in shown
    assert f"<del>{PROMOTION}</del>" in shown.replace("\n", "")
    assert desk.archive.sites.profile(SITE) == before


def test_what_was_learnt_is_the_beginning_of_rules(desk: Desk, client: httpx.Client) -> None:
    post(client, do="learn")
    shown = client.get(f"/feeds/1/rules?site={SITE}&learnt={SITE}").text
    assert "Nothing is saved yet." in shown and "cannot be used" not in shown
    rules = shown.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    assert "body: //div[contains(" in rules
    plain = rules.replace("&#39;", "'").replace("&quot;", '"').replace("&#34;", '"').replace("&amp;", "&")
    tried = post(client, "/feeds/1/rules/preview", rules=plain)
    assert "cannot be used" not in tried.text
    saved = post(client, "/feeds/1/rules", rules=plain)
    assert "Saved." in saved.text
    assert "This site has rules of its own" in client.get(PATH).text


def test_a_redesign_is_told_and_what_was_read_meanwhile_is_read_again(
    desk: Desk, client: httpx.Client
) -> None:
    post(client, do="learn")
    alarm(desk)
    for path in (PATH, "/health"):
        shown = client.get(path).text
        assert "The site was redesigned." in shown and SAID[1:] in shown
        assert "While that was outdated, 6 articles came; 0 of them" in shown
        assert 'value="learn"' in shown and "Read these again" not in shown
    assert post(client, do="learn", next="/health").url.path == "/health"
    assert "Read these again" in client.get("/health").text
    answer = post(client, do="replay", next="/health")
    assert answer.url.path == "/health"
    wait_until(lambda: any(run.finished for run in desk.archive.reextraction.runs()))
    [run] = desk.archive.reextraction.runs()
    assert run.asked.startswith(f"--site {SITE} --since ")
    assert "They were read again since." in client.get(PATH).text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "learn", "site": "other.example"}, 422),
        ({"do": "", "site": SITE}, 422),
        ({"do": "pin", "site": SITE}, 422),
        ({"do": "replay", "site": SITE}, 422),
    ],
)
def test_a_form_that_does_not_fit_is_answered_in_words(
    client: httpx.Client, form: dict[str, str], status: int
) -> None:
    answer = post(client, **form)
    assert (answer.status_code == status and 'role="alert"' in answer.text) or "<h1>" in answer.text
