"""MathML that is kept, its TeX, and its text on one line."""

import pytest

from unabridged.extraction.body.fragment import clean_fragment
from unabridged.extraction.html.dom import Element, parse_body
from unabridged.extraction.html.formulas import formula_html, formula_tex, formula_text
from unabridged.extraction.html.render import render


def formula(content: str) -> Element:
    found = parse_body(f"<math>{content}</math>").find("math")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("content", "text", "tex"),
    [
        ("<mfrac><mn>23</mn><mn>10</mn></mfrac>", "23/10", r"\frac{23}{10}"),
        ("<msup><mn>23</mn><mn>2</mn></msup>", "23^2", "{23}^{2}"),
        ("<msub><mi>H</mi><mi>n</mi></msub>", "Hn", "H_{n}"),
        ("<msub><mn>10</mn><mn>2</mn></msub>", "10_2", "{10}_{2}"),
        ("<msup><mi>x</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></msup>", "x^(n + 1)", "x^{n + 1}"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "√(x + 1)", r"\sqrt{x + 1}"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)", r"\sqrt[3]{x}"),
        ("<mover><mi>x</mi><mo>^</mo></mover>", "x\u0302", r"\hat{x}"),
        ("<mn>2</mn><mn>3</mn>", "2 3", "2 3"),
        ("<mi>sin</mi><mo>\u2061</mo><mi>x</mi>", "sin x", r"\mathrm{sin} x"),
        (
            "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd>"
            "<mtd><mi>d</mi></mtd></mtr></mtable>",
            "a, b; c, d",
            r"\begin{matrix} a & b \\ c & d \end{matrix}",
        ),
        ('<mfrac linethickness="0"><mi>n</mi><mi>k</mi></mfrac>', "n; k", r"{n \atop k}"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a,b)", "( a,b )"),
    ],
)
def test_a_formula_without_tex_is_written_on_one_line(content: str, text: str, tex: str) -> None:
    assert (formula_text(formula(content)), formula_tex(formula(content))) == (text, tex)


def test_only_allowed_elements_and_attributes_are_written() -> None:
    content = (
        '<semantics><mrow class="a" onclick="b"><mi mathvariant="normal" href="javascript:1">x</mi>'
        '<mo stretchy="no">=</mo><maction actiontype="toggle"><mn>1</mn><mn>2</mn></maction></mrow>'
        '<annotation-xml encoding="text/html"><b>bad</b></annotation-xml></semantics>'
    )
    assert formula_html(formula(content)) == (
        '<math><mrow><mi mathvariant="normal">x</mi><mo>=</mo><mn>1</mn></mrow></math>'
    )


def test_deep_formulas_end_in_text() -> None:
    deep = formula("<mrow>" * 5_000 + "<mi>x</mi>" + "</mrow>" * 5_000)
    assert formula_html(deep).count("<mrow>") < 100
    assert formula_text(deep) == "x"


def test_markdown_does_not_escape_a_formula() -> None:
    body = clean_fragment(r'<p>As <math alttext="a_1 * \{b\}"><mi>a</mi></math> is.</p>')
    views = render(body)
    assert views.markdown == r"As $a_1 * \{b\}$ is."
    assert views.text == r"As a_1 * \{b\} is."


def test_a_cleaned_formula_is_cleaned_into_itself() -> None:
    for display in ("inline", "block"):
        body = clean_fragment(
            f'<p>As <math display="{display}"><mfrac><mi>a</mi><mn>2</mn></mfrac></math> is.</p>'
        )
        assert clean_fragment(body) == body


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("23<sup>2</sup>", "23²"),
        ("10<sup>−6</sup> m<sup>2</sup>", "10⁻⁶ m²"),
        ("2<sup>k</sup>", "2^k"),
        ("1<sup>st</sup> M<sup>me</sup> word<sup>1</sup>", "1st Mme word1"),
        ("H<sub>2</sub>O, log<sub>2</sub>8", "H2O, log₂8"),
    ],
)
def test_a_script_does_not_become_part_of_a_number(html: str, text: str) -> None:
    views = render(clean_fragment(f"<p>{html}</p>"))
    assert (views.text, views.markdown) == (text, text)
