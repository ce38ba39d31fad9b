"""Each formula of a page becomes one math element, whatever rendered it."""

import time

import pytest

from unabridged.extraction.body.fragment import clean_fragment
from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.formulas.formula_pictures import picture_tex
from unabridged.extraction.structure.formulas.formulas import rewrite_formulas
from unabridged.extraction.structure.page_names import page_names

TEX = r"\frac{n}{w}"
WRITTEN = f'<math alttext="{TEX}"><mtext>{TEX}</mtext></math>'


def test_the_source_in_a_script_replaces_what_was_rendered() -> None:
    html = (
        '<p>So <span class="MathJax_Preview">[math]</span><span class="MathJax"><nobr>nw</nobr></span>'
        f'<script type="math/tex">{TEX}</script> is.</p>'
    )
    assert clean_fragment(html) == f"<p>So {WRITTEN} is.</p>"


def test_a_formula_on_a_line_of_its_own_ends_the_paragraph() -> None:
    html = f'<p>So <script type="math/tex; mode=display">{TEX}</script> is.</p>'
    block = WRITTEN.replace("<math", '<math display="block"')
    assert clean_fragment(html) == f"<p>So</p><p>{block}</p><p>is.</p>"


def test_comments_in_tex_do_not_hide_what_follows() -> None:
    html = '<p>So <math alttext="a%\n+b"><mi>a</mi></math> is.</p>'
    assert 'alttext="a+b"' in clean_fragment(html)


def test_a_formula_read_aloud_is_no_tex() -> None:
    html = '<p>So <math alttext="x squared plus y"><mi>x</mi></math> is.</p>'
    assert clean_fragment(html) == "<p>So <math><mi>x</mi></math> is.</p>"


@pytest.mark.parametrize(
    ("picture", "tex"),
    [
        ('<img class="latex" alt="x_1">', "x_1"),
        ('<img class="tex" alt="$x_1$">', "x_1"),
        ('<img src="https://latex.codecogs.com/png.latex?\\dpi{150}&space;x_1" alt="">', "x_1"),
        ('<img src="https://www.zhihu.com/equation?tex=x_1" alt="公式">', "x_1"),
        ('<img src="https://math.now.sh?from=x_1">', "x_1"),
        ('<img src="https://s0.wp.com/latex.php?latex=x%5E2&bg=fff" alt="">', "x^2"),
        ('<img class="formula" alt="\\alpha">', "\\alpha"),
        ('<img class="formula" alt="Our Formula 1 car">', ""),
        ('<img src="https://x.example/cat.jpg" alt="x_1">', ""),
        ('<img src="https://chart.googleapis.com/chart?cht=p3&chl=a|b" alt="">', ""),
    ],
)
def test_pictures_of_formulas_hold_tex_and_others_do_not(picture: str, tex: str) -> None:
    image = parse(f"<body>{picture}</body>").body.find("img")
    assert image is not None
    assert picture_tex(image) == tex


def test_words_in_an_element_that_is_called_math_stay_words() -> None:
    html = '<p>So <span class="math">n grows</span>, and <span class="math">$a$ or $b$</span>.</p>'
    assert "<math" not in clean_fragment(html).replace('<math alttext="a', "")


def test_thousands_of_formulas_are_rewritten_in_linear_time() -> None:
    formula = (
        '<span class="katex"><span><math><mi>x</mi></math></span><span class="katex-html">x</span></span>'
    )
    started = time.process_time()
    dom = parse("<body><p>" + formula * 8_000 + "</p></body>")
    rewrite_formulas(dom, page_names(dom))
    assert time.process_time() - started < 8
    dom = parse("<body>" + '<span class="math">' * 20_000 + "x" + "</body>")
    rewrite_formulas(dom, page_names(dom))
    assert time.process_time() - started < 16
