"""Pages that only ask for consent, and articles below or about such."""

import pytest

from tests.extraction.completeness.verdicts import NOW, verdict
from unabridged.extraction.completeness.facts import JudgedText
from unabridged.extraction.completeness.judge import judge
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import read_metadata
from unabridged.model import Clock, Entry

SENTENCE = "The old bridge over the river was closed to traffic on Monday, the mayor of the town said. "


def test_a_consent_wall_is_blocked() -> None:
    assert verdict("We value your privacy. Zustimmen und weiter", title="The Herald").kind == "consent_wall"


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
    assert found.kind == "consent_wall"
    assert "consent" in found.evidence[0]


def test_a_consent_wall_stays_one_though_the_feed_knows_the_article() -> None:
    text, button = WALLS[0]
    start = f"<title>The Herald</title><h1>Your choices</h1><p>{text}</p><button>{button}</button>"
    dom = parse(start)
    entry = Entry(title="The bridge is closed", published=Clock(kind="published", at=NOW, origin="feed"))
    assert (
        judge(JudgedText(dom=dom, metadata=read_metadata(dom, entry=entry, now=NOW), text=text)).kind
        == "consent_wall"
    )


def test_a_short_article_below_a_consent_banner_is_full() -> None:
    text, button = WALLS[0]
    assert verdict(SENTENCE * 2, body=f"<div><p>{text}</p><button>{button}</button></div>").kind == "full"


def test_a_short_article_about_cookies_is_full() -> None:
    text = (
        "The regulator fined a chain of bakeries for tracking cookies on Monday. It had set them before "
        "anybody gave consent, the authority said. The chain wants to appeal against the decision next week."
    )
    assert verdict(text, body="<button>Accept all</button>").kind == "full"
