"""Judging whether a text is complete, by signs that a person would accept."""

from datetime import UTC, datetime

import pytest

from unabridged.extraction.completeness.judge import judge
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import read_metadata
from unabridged.model import Clock, Completeness, Entry

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENTENCE = "The old bridge over the river was closed to traffic on Monday, the mayor of the town said. "
LONG = SENTENCE * 40
TEASER = SENTENCE * 3


def verdict(
    text: str, *, title: str = "The bridge is closed", head: str = "", body: str = "", feed_text: str = ""
) -> Completeness:
    start = f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>"
    html = f"{start}<p>{text}</p>{body}</body></html>"
    dom = parse(html)
    return judge(dom, read_metadata(dom, now=NOW), text, feed_text=feed_text)


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


def test_a_consent_wall_is_blocked() -> None:
    assert verdict("We value your privacy. Zustimmen und weiter", title="The Herald").kind == "blocked"


WALLS = [
    ("We and our 214 partners store cookies on your device to show you ads. You can withdraw your consent at "
     "any time in our privacy policy.", "Accept all"),
    ("Wir und unsere 180 Partner verarbeiten personenbezogene Daten, etwa mit Cookies auf Ihrem Gerät. Ihre "
     "Einwilligung können Sie jederzeit in der Datenschutzerklärung widerrufen.", "Alle akzeptieren"),
    ("Nous et nos partenaires déposons des cookies sur votre appareil. Vous pouvez accepter ou refuser. "
     "Votre choix sera conservé six mois et vous pourrez le changer dans la politique de confidentialité.",
     "Continuer sans accepter"),
    ("Nosotros y nuestros socios utilizamos cookies para tratar datos personales. Puede retirar su "
     "consentimiento en cualquier momento desde la política de privacidad de este sitio web.",
     "Aceptar todo"),
    ("Мы используем файлы cookie и обрабатываем ваши персональные данные вместе с партнёрами. Согласие можно "
     "отозвать в любое время в разделе о политике конфиденциальности на нашем сайте.", "Принять все"),
    ("私たちはクッキーを使用しています。お客様のプライバシーに関する選択はいつでも変更できます。",
     "同意する"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "button"), WALLS)
@pytest.mark.parametrize(
    "control", ["<button>{}</button>", "<input type=submit value='{}'>", "<a href=#>{}</a>"]
)
def test_a_page_that_only_asks_for_consent_is_blocked(text: str, button: str, control: str) -> None:
    found = verdict(text, title="Before you continue", body=control.format(button))
    assert found.kind == "blocked"
    assert "consent" in found.evidence[0]


def test_a_consent_wall_stays_one_though_the_feed_knows_the_article() -> None:
    text, button = WALLS[0]
    start = f"<title>The Herald</title><h1>Your choices</h1><p>{text}</p><button>{button}</button>"
    dom = parse(start)
    entry = Entry(title="The bridge is closed", published=Clock(kind="published", at=NOW, origin="feed"))
    assert judge(dom, read_metadata(dom, entry=entry, now=NOW), text).kind == "blocked"


def test_a_short_article_below_a_consent_banner_is_full() -> None:
    text, button = WALLS[0]
    assert verdict(SENTENCE * 2, body=f"<div><p>{text}</p><button>{button}</button></div>").kind == "full"


def test_a_short_article_about_cookies_is_full() -> None:
    text = (
        "The regulator fined a chain of bakeries for tracking cookies on Monday. It had set them before "
        "anybody gave consent, the authority said. The chain wants to appeal against the decision next week."
    )
    assert verdict(text, body="<button>Accept all</button>").kind == "full"


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
    assert judge(dom, read_metadata(dom, now=NOW), LONG).kind == kind


def test_a_page_of_markup_without_a_body_tag_may_end_as_it_likes() -> None:
    dom = parse(f"<title>The bridge</title><p>{LONG}")
    assert judge(dom, read_metadata(dom, now=NOW), LONG).kind == "full"


def test_a_text_shorter_than_the_feeds_own_is_truncated() -> None:
    found = verdict(SENTENCE * 6, feed_text=LONG)
    assert found.kind == "truncated"
    assert "feed" in found.evidence[0]


def test_a_text_much_shorter_than_the_declared_body_is_truncated() -> None:
    node = f'{{"@type":"Article","headline":"x","articleBody":"{LONG}"}}'
    head = f'<script type="application/ld+json">{node}</script>'
    assert verdict(SENTENCE * 8, head=head).kind == "truncated"
