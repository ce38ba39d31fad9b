"""Text that no reader is meant to see goes; what is the only form of a word, a formula or a section stays."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.hidden import remove_hidden_text

LINE = "The sale {}was put off until spring."


def text_of(html: str) -> str:
    dom = parse(f"<body>{html}</body>")
    remove_hidden_text(dom)
    return " ".join(dom.body.text.split())


@pytest.mark.parametrize(
    "noise",
    [
        '<span style="display: none">x9 noise</span>',
        '<font class="jammer">x9 noise</font>',
        '<span style="FONT-SIZE:0px">x9 noise</span>',
        '<i style="visibility:hidden">x9 noise</i>',
        '<b style="position:absolute;left:-9999px">x9 noise</b>',
        '<span style="clip:rect(0 0 0 0)">x9 noise</span>',
        '<span class="d-none">x9 noise</span>',
        "<em hidden>x9 noise</em>",
        '<span class="visually-hidden">x9 noise</span>',
    ],
)
def test_noise_inside_a_sentence_goes(noise: str) -> None:
    assert text_of(f"<p>{LINE.format(noise)}</p>") == LINE.format("")


@pytest.mark.parametrize(
    "shown",
    [
        '<span id="more" style="display:none">of the fleet </span>',
        '<span class="hidden md:inline">of the fleet </span>',
        '<span hidden="until-found">of the fleet </span>',
        '<span style="display:none">of the fleet </span><button>more</button>',
        '<span aria-hidden="true">of the fleet </span>',
        '<span class="footnote-text" hidden>of the fleet </span>',
        '<span style="display:none"><math><mi>of the fleet </mi></math></span>',
    ],
)
def test_text_that_is_shown_or_has_no_other_form_stays(shown: str) -> None:
    assert "of the fleet" in text_of(f"<p>{LINE.format(shown)}</p>")


def test_of_two_forms_of_a_word_one_stays() -> None:
    for pair in (
        '<span aria-hidden="true"><svg></svg>he</span><span class="sr-only">The</span>',
        '<span class="sr-only">The</span><span aria-hidden="true">The</span>',
    ):
        assert text_of(f"<p>{pair} sale was put off.</p>") == "The sale was put off."


def test_the_middle_of_an_address_that_is_shown_short_stays() -> None:
    address = 'https://<span>a.example/</span><span class="invisible">2024/orchard</span>'
    assert text_of(f"<p><a href=x>{address}</a></p>") == "https://a.example/2024/orchard"


def test_the_text_nodes_removed_are_named() -> None:
    dom = parse("<body><p>One<span style='display:none'>two</span></p></body>")
    assert [node.text for node in remove_hidden_text(dom)] == ["two"]
