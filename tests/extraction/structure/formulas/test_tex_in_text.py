"""TeX between delimiters in a text becomes a formula; prices and regular expressions stay text."""

import time

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.formulas.tex_in_text import rewrite_tex_in_text

MATHJAX = '<script src="https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js"></script>'
KATEX = '<link rel="stylesheet" href="/assets/katex.min.css">'
CERTAIN = r"<p>Let \(A \subseteq B\) hold.</p>"


def formulas(text: str, head: str = MATHJAX) -> list[str]:
    """Return the TeX of the formulas that a page's text is rewritten to."""
    dom = parse(f"<html><head>{head}</head><body>{text}</body></html>")
    rewrite_tex_in_text(dom)
    return [math.attr("alttext") or "" for math in dom.elements("math")]


@pytest.mark.parametrize("head", [MATHJAX, KATEX, "<script>MathJax = {tex: {}}</script>"])
@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"\(a_1 + b\)", "a_1 + b"),
        (r"\[ \int_0^1 x\,dx \]", r"\int_0^1 x\,dx"),
        (r"$$ E = mc^2 $$", "E = mc^2"),
        (r"$\frac{1}{2}$", r"\frac{1}{2}"),
        ("\\(a\n+ b\\)", "a + b"),
    ],
)
def test_tex_between_delimiters_is_a_formula_where_a_page_loads_a_renderer(
    head: str, text: str, tex: str
) -> None:
    assert formulas(f"<p>So {text}, it follows.</p>", head) == [tex]


def test_a_page_with_commands_of_tex_needs_no_sign_of_a_renderer() -> None:
    assert formulas(CERTAIN + r"<p>Then $x \in B$ for $x$.</p>", "") == [r"A \subseteq B", r"x \in B", "x"]
    assert formulas(CERTAIN, "") == []


@pytest.mark.parametrize(
    "text",
    [
        "Between $5 and $10 a day",
        "It costs $5/$10 (US$5)",
        "From $100M to $200M",
        "The shell reads $HOME and $PATH from it",
        "Prices: $5, $6, $7",
        "A $ sign and a $ sign",
    ],
)
def test_prices_and_variables_stay_text(text: str) -> None:
    assert formulas(f"{CERTAIN}<p>{text}.</p>") == [r"A \subseteq B"]


def test_single_dollars_need_a_command_of_tex_somewhere_on_the_page() -> None:
    assert formulas("<p>Take $x$ or leave it.</p>") == []


NOISE = r"<script>var a = '$1\\n$2 \(x\) $$';</script><style>a::after{content:'\\201c $$'}</style>"


@pytest.mark.parametrize(
    "text", [r"{}<p>So \(x_1\) is.</p>", r"<div><p>So \(x_1\) is.</p>{}</div>", "So $$x_1$$ is. {}"]
)
def test_scripts_and_styles_beside_a_formula_hide_it_not(text: str) -> None:
    assert formulas(text.format(NOISE)) == ["x_1"]


def test_what_scripts_and_styles_say_is_no_formula() -> None:
    assert formulas(f"<p>So it is.</p>{NOISE}<div>{NOISE}</div>") == []


def test_code_is_left_alone() -> None:
    assert formulas(r"<pre>$\frac{1}{2}$</pre><p><code>\(\alpha\)</code></p>") == []


def test_a_display_formula_is_a_block_and_the_text_around_it_stays() -> None:
    dom = parse(rf"<head>{MATHJAX}</head><p>So $$\alpha$$ is.</p>")
    rewrite_tex_in_text(dom)
    math = next(iter(dom.elements("math")))
    assert math.attr("display") == "block"
    assert dom.body.text == r"So \alpha is."


@pytest.mark.parametrize("part", ["$", "$$", "$$a", "\\[", "\\(", "$a ", "\\[a\\(", "$$ab cd$$"])
def test_hostile_delimiters_take_linear_time(part: str) -> None:
    start = time.perf_counter()
    formulas(f"<p>{part * (150_000 // len(part))}</p>{CERTAIN}")
    assert time.perf_counter() - start < 10
