"""The large first letter of a text is joined to the rest of its word, however it is built."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.drop_caps import join_drop_caps
from unabridged.extraction.structure.page_names import page_names


def text_of(html: str) -> str:
    dom = parse(f"<body>{html}</body>")
    join_drop_caps(dom, page_names(dom))
    return " ".join(dom.body.text.split())


@pytest.mark.parametrize(
    "start",
    [
        '<p><span class="dropcap">T</span> he',
        '<p><span class="Drop-Cap">T</span>\n  he',
        '<p class="dropcap">T</p><p>he',
        '<div class="lettrine"><span>T</span></div><p>he',
        '<table class="dropcap"><tr><td>T</table><p>he',
        '<p><img alt="T" src="/i/t.gif">he',
        '<p><img alt="T" src="/initials/T.png"> he',
        '<p><a href="#"><img alt="T" src="/i/t.gif"></a>he',
        '<p><svg aria-label="T"></svg>he',
        "<p><svg><title>T</title></svg>he",
        '<p><span data-letter="T"></span>he',
        '<p data-dropcap="T">he',
        '<p><span style="float: left">T</span> he',
        "<p><big>T</big> he",
    ],
)
def test_a_letter_of_its_own_is_joined_to_its_word(start: str) -> None:
    assert "The ferry left at five." in text_of(f"{start} ferry left at five.</p>")


def test_a_word_of_one_letter_stays_a_word() -> None:
    assert text_of('<p><span class="dropcap">A</span> ferry left.</p>') == "A ferry left."


def test_other_pictures_and_letters_are_left_alone() -> None:
    for html in ('<p>Vitamin <span class="cap">C</span> is sour.</p>', '<p><img alt="X">Share this</p>'):
        dom = parse(f"<body>{html}</body>")
        before = dom.body.text
        join_drop_caps(dom, page_names(dom))
        assert dom.body.text in (before, "XShare this")
