"""Pages with what their articles must be: `cases/<name>/page.html` beside `expected.json`.

A case is added without code. Keys of expected.json that say what to extract: url, content_type. Keys that
say what must hold (each is optional):

    must_contain, must_not_contain                      texts of the plain text, white space folded
    must_contain_markdown, must_not_contain_markdown    exact parts of the Markdown
    must_contain_body, must_not_contain_body            exact parts of the HTML
    lines, in_order                                     whole lines; texts that follow one another
    count                                               text -> how often it stands in the plain text
    title, title_not, authors, language, lead_image     exact values; title_not: titles that are wrong
    summary_has                                         exact parts of the summary
    published, no_date                                  beginning of the ISO time; true for no date at all
    completeness                                        the kinds that are right
    or_not_full                                         true: texts may be missing if the kind is not "full"

kind, source, report and note say where a case comes from.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from unabridged.extraction import extract
from unabridged.model import Article
from unabridged.text.words import fold_spaces

CASES = Path(__file__).parent / "cases"
NOTES = frozenset(("url", "content_type", "kind", "source", "report", "note"))


def missing(parts: list[str], whole: str) -> list[str]:
    return [f"lacks {part[:90]!r}" for part in parts if part not in whole]


def present(parts: list[str], whole: str) -> list[str]:
    return [f"has {part[:90]!r}" for part in parts if part in whole]


def plain(article: Article) -> str:
    return fold_spaces(article.text)


def absent_texts(article: Article, wanted: list[str]) -> list[str]:
    return missing(list(map(fold_spaces, wanted)), plain(article))


def unwanted_texts(article: Article, unwanted: list[str]) -> list[str]:
    return present(list(map(fold_spaces, unwanted)), plain(article))


def absent_lines(article: Article, wanted: list[str]) -> list[str]:
    lines = [line.strip() for line in article.text.split("\n")]
    return [f"no line {line!r}" for line in wanted if line not in lines]


def wrong_order(article: Article, wanted: list[str]) -> list[str]:
    places = [plain(article).find(fold_spaces(text)) for text in wanted]
    return [] if places == sorted(places) and min(places) >= 0 else [f"order {places}"]


def wrong_counts(article: Article, wanted: dict[str, int]) -> list[str]:
    counts = {text: plain(article).count(fold_spaces(text)) for text in wanted}
    return [f"{text[:60]!r} stands {counts[text]} times" for text in wanted if counts[text] != wanted[text]]


def different(found: object, wanted: object) -> list[str]:
    return [] if found == wanted else [f"is {found!r}, not {wanted!r}"]


def wrong_date(article: Article, wanted: str | None) -> list[str]:
    found = article.published.isoformat() if article.published else ""
    return [] if wanted is None or found.startswith(wanted) else [f"is {found!r}, not {wanted!r}"]


def wrong_title(article: Article, unwanted: list[str]) -> list[str]:
    return [f"is {article.title!r}"] if article.title in unwanted else []


def wrong_kind(article: Article, kinds: list[str]) -> list[str]:
    found = article.completeness
    return [] if found.kind in kinds else [f"is {found.kind!r} ({found.evidence}), not one of {kinds}"]


CHECKS: dict[str, Callable[[Article, Any], list[str]]] = {
    "must_contain": absent_texts,
    "must_not_contain": unwanted_texts,
    "must_contain_markdown": lambda article, wanted: missing(wanted, article.markdown),
    "must_not_contain_markdown": lambda article, unwanted: present(unwanted, article.markdown),
    "must_contain_body": lambda article, wanted: missing(wanted, article.html),
    "must_not_contain_body": lambda article, unwanted: present(unwanted, article.html),
    "lines": absent_lines,
    "in_order": wrong_order,
    "count": wrong_counts,
    "title": lambda article, wanted: different(article.title, wanted),
    "title_not": wrong_title,
    "authors": lambda article, wanted: different(list(article.authors), wanted),
    "published": wrong_date,
    "summary_has": lambda article, wanted: missing(wanted, article.summary),
    "no_date": lambda article, wanted: different(article.published is None, wanted),
    "language": lambda article, wanted: different((article.language or "").split("-")[0], wanted),
    "lead_image": lambda article, wanted: different(article.lead_image, wanted),
    "completeness": wrong_kind,
}


def faults(article: Article, expected: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an article, one line each."""
    excused = bool(expected.get("or_not_full")) and article.completeness.kind != "full"
    for key, wanted in expected.items():
        if key in NOTES or key == "or_not_full" or (key == "must_contain" and excused) or wanted is None:
            continue
        yield from (f"{key}: {fault}" for fault in CHECKS[key](article, wanted))


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_a_page_becomes_the_article_that_is_expected(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    page = (case / "page.html").read_bytes()
    article = extract(page, url=expected.get("url"), content_type=expected.get("content_type"))
    assert list(faults(article, expected)) == []
