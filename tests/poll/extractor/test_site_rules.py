"""Site rules of people's folders are used for the pages of their sites."""

from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import present
from unabridged.model import Page
from unabridged.poll.extractor.pool import ThreadExtractor
from unabridged.poll.extractor.site_rules import SiteRuleFolders

NOW = datetime(2025, 3, 1, tzinfo=UTC)
HTML = b"""<html><body><article><p>The first story of the day is about the ferry and its many captains.</p>
<p>It goes on for a second paragraph, since the captains have much to say about tides.</p></article>
<div id="side"><p>Only this sentence stands in the box that the rule names as body.</p></div>
</body></html>"""


def page(url: str) -> Page:
    return Page(url=url, final_url=url, status=200, headers={}, body=HTML, fetched=NOW)


def write_rule(folder: Path, body: str) -> None:
    (folder / "paper.example.txt").write_text(f"body: {body}\n")


async def test_a_page_is_read_by_its_sites_rules_and_others_are_not(tmp_path: Path) -> None:
    write_rule(tmp_path, "//div[@id='side']")
    async with ThreadExtractor(rules=[tmp_path]) as extractor:
        ruled = await extractor.page(page("https://www.paper.example/a"), now=NOW)
        other = await extractor.page(page("https://other.example/a"), now=NOW)
    assert ruled.article.text.startswith("Only this sentence")
    assert "captains" in other.article.text


def test_a_changed_rule_file_holds_at_once(tmp_path: Path) -> None:
    book = SiteRuleFolders([tmp_path])
    assert book.rules("https://paper.example/") is None
    for body in ("//main", "//article"):
        write_rule(tmp_path, body)
        rules = book.rules("https://paper.example/")
        assert rules is not None
        assert rules.body == (body,)


def test_folders_that_do_not_exist_and_odd_hosts_hold_no_rules(tmp_path: Path) -> None:
    book = SiteRuleFolders([tmp_path / "none"])
    assert book.rules("https://paper.example/") is None
    assert book.rules("https://a%00b.example/") is None


def test_a_cookie_goes_to_its_own_site_alone(tmp_path: Path) -> None:
    (tmp_path / "paper.example.txt").write_text("body: //main\nhttp_header(cookie): session=1\n")
    extractor = ThreadExtractor(rules=[tmp_path])
    assert extractor.headers("https://www.paper.example/a") == {"cookie": "session=1"}
    assert extractor.headers("https://other.example/a") == {}


def test_stored_rules_come_before_those_of_the_folders(tmp_path: Path) -> None:
    (tmp_path / "news.example.txt").write_text("title: //h2\nbody: //main\n")
    rules = SiteRuleFolders(
        [tmp_path], {"news.example.txt": "title: //h1\n", "other.example.txt": "date: //t\n"}
    )
    both = present(rules.rules("https://www.news.example/1"))
    assert (both.title, both.body) == (("//h1", "//h2"), ("//main",))
    assert present(SiteRuleFolders([], rules.stored).rules("https://other.example/")).date == ("//t",)
