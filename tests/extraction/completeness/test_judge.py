"""Judging whether a text is complete, by signs that a person would accept."""

import pytest

from tests.extraction.completeness.verdicts import NOW, verdict
from unabridged.extraction.completeness.facts import JudgedText
from unabridged.extraction.completeness.judge import judge
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import read_metadata

SENTENCE = "The old bridge over the river was closed to traffic on Monday, the mayor of the town said. "


LONG = SENTENCE * 40


TEASER = SENTENCE * 3


NOT_FREE = (
    '<script type="application/ld+json">'
    '{"@type":"NewsArticle","headline":"x","isAccessibleForFree":"False"}</script>'
)


def test_a_long_text_without_signs_is_full() -> None:
    assert verdict(LONG).kind == "full"


def test_a_short_item_of_news_is_full() -> None:
    assert verdict(SENTENCE * 2).kind == "full"


def test_a_long_text_is_full_though_the_page_offers_a_newsletter() -> None:
    assert verdict(LONG, body="<p>Subscribe to our newsletter</p>").kind == "full"


@pytest.mark.parametrize(
    "call",
    ["Subscribe to continue reading", "This article is for subscribers only", "Jetzt weiterlesen mit Plus",
     "Cet article est réservé aux abonnés", "Contenido exclusivo para suscriptores",
     "Articolo riservato agli abbonati", "Dit artikel is alleen voor abonnees",
     "Artykuł tylko dla prenumeratorów",
     "Статья только для подписчиков", "本文为会员专享", "この記事は会員限定です", "残り1,234文字"],
)  # fmt: skip
def test_a_teaser_with_a_call_to_subscribe_is_paywalled(call: str) -> None:
    found = verdict(TEASER, body=f"<div>{call}</div>")
    assert found.kind == "paywalled"
    assert "subscription" in found.evidence[0]


def test_a_teaser_of_an_article_that_is_not_free_is_paywalled() -> None:
    found = verdict(TEASER, head=NOT_FREE)
    assert found.kind == "paywalled"
    assert "isAccessibleForFree" in found.evidence[0]


def test_a_whole_text_behind_an_open_paywall_is_full() -> None:
    assert verdict(LONG, head=NOT_FREE).kind == "full"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "Checking your browser before accessing the site."),
        ("Access Denied", "You don't have permission to access this page on this server."),
        ("Attention Required!", "Please complete the security check."),
        ("Zugriff verweigert", "Bitte bestätigen Sie, dass Sie kein Roboter sind."),
        ("安全验证", "请完成安全验证"),
    ],
)
def test_a_guards_page_is_blocked(title: str, text: str) -> None:
    assert verdict(text, title=title).kind == "blocked"


def test_an_article_about_captchas_is_no_guards_page() -> None:
    assert verdict(LONG, title="Are you a robot? How captchas came to rule us").kind == "full"


@pytest.mark.parametrize("title", ["404 – Page not found", "Seite nicht gefunden", "页面不存在"])
def test_a_page_that_is_gone_is_no_article(title: str) -> None:
    assert verdict("Try the search.", title=title).kind == "not_an_article"


def test_no_text_is_no_article() -> None:
    assert verdict("").kind == "not_an_article"


@pytest.mark.parametrize(
    "end", ["and then …", "and then [...]", "and then. Read more", "Dann kam er. Weiterlesen »"]
)
def test_a_short_text_that_ends_in_the_middle_is_truncated(end: str) -> None:
    assert verdict(SENTENCE + end).kind == "truncated"


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ("", "truncated"),
        ("</p></div>", "truncated"),
        ("</p></div><script>1</script", "truncated"),
        ("</p></body></html>", "full"),
        ("</p><footer>About us</footer>", "full"),
    ],
)
def test_a_page_that_breaks_off_within_the_text_is_truncated(end: str, kind: str) -> None:
    dom = parse(f"<html><head><title>The bridge</title></head><body><div><p>{LONG}{end}")
    assert judge(JudgedText(dom=dom, metadata=read_metadata(dom, now=NOW), text=LONG)).kind == kind


def test_a_page_of_markup_without_a_body_tag_may_end_as_it_likes() -> None:
    dom = parse(f"<title>The bridge</title><p>{LONG}")
    assert judge(JudgedText(dom=dom, metadata=read_metadata(dom, now=NOW), text=LONG)).kind == "full"


def test_a_text_shorter_than_the_feeds_own_is_truncated() -> None:
    found = verdict(SENTENCE * 6, feed_text=LONG)
    assert found.kind == "truncated"
    assert "feed" in found.evidence[0]


def test_a_text_much_shorter_than_the_declared_body_is_truncated() -> None:
    node = f'{{"@type":"Article","headline":"x","articleBody":"{LONG}"}}'
    head = f'<script type="application/ld+json">{node}</script>'
    assert verdict(SENTENCE * 8, head=head).kind == "truncated"
