"""Calls to subscribe for the rest, and offers that are none."""

import pytest

from tests.extraction.completeness.verdicts import SENTENCE, judged, page
from unabridged.extraction.completeness.paywall_calls import find_call


def test_a_whole_text_before_an_offer_of_a_paper_that_is_sold_is_full() -> None:
    text = SENTENCE * 30
    offer = "<p>0 free articles left. Already a subscriber? Log in</p>"
    assert (
        judged(page(f"<p>{text}</p>{offer}", isAccessibleForFree=False), text, following=offer).kind == "full"
    )


@pytest.mark.parametrize(
    ("told", "known", "found"),
    [
        ("… come down. Continue reading with a subscription", False, True),
        ("Subscribe to read without limits", False, False),  # an offer of the site, not for the rest
        ("Suscríbete para leer sin límites", False, False),
        ("Dieser Artikel ist nur für Abonnenten", False, True),
        ("Already a subscriber? Log in", False, False),
        ("Already a subscriber? Log in", True, True),
        ("The mayor subscribed to the plan and read it to the end.", True, False),
        ("İ" * 50 + " このあと この記事は有料会員限定です", False, True),
    ],
)
def test_calls_for_the_rest_of_an_article_are_found(told: str, known: bool, found: bool) -> None:
    assert bool(find_call(told, known=known)) is found
