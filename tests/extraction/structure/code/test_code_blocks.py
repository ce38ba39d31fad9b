"""Blocks of code keep their lines and name their language; bars, numbers and copies beside them go."""

import time

import pytest

from unabridged.extraction.body.fragment import clean_fragment
from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.code.code_blocks import rewrite_code_blocks
from unabridged.extraction.structure.page_names import page_names

BEFORE = "<p>The claim is one statement, and this is how it looks.</p>"


def written(block: str) -> str:
    return clean_fragment(BEFORE + block).removeprefix(BEFORE)


@pytest.mark.parametrize(
    ("attributes", "language"),
    [
        ('class="language-python"', "python"),
        ('class="lang-JS"', "js"),
        ('class="brush: ruby; title: ; notranslate"', "ruby"),
        ('class="sourceCode haskell"', "haskell"),
        ('class="hljs c++"', "c++"),
        ('class="src src-emacs-lisp"', "emacs-lisp"),
        ('class="lang:php decode:true"', "php"),
        ('class="language-js{1,3}"', "js"),
        ('data-lang="go"', "go"),
        ('data-enlighter-language="css"', "css"),
        ('lang="sql"', "sql"),
    ],
)
def test_the_language_is_the_one_that_the_page_names(attributes: str, language: str) -> None:
    assert written(f"<pre {attributes}>a = 1</pre>") == (
        f'<pre><code class="language-{language}">a = 1</code></pre>'
    )


@pytest.mark.parametrize(
    "attributes",
    [
        'class="language-plaintext"',
        'class="nohighlight"',
        'class="highlight-box"',
        'lang="en"',
        'class="wide"',
        "",
    ],
)
def test_no_language_is_guessed(attributes: str) -> None:
    assert written(f"<pre {attributes}>def f():\n    pass</pre>") == (
        "<pre><code>def f():\n    pass</code></pre>"
    )


def test_an_empty_row_is_an_empty_line() -> None:
    rows = "".join(f"<div>{line}</div>" for line in ("a", "", "<br>", "  b"))
    assert written(f"<pre>{rows}</pre>") == "<pre><code>a\n\n\n  b</code></pre>"


def test_a_bar_above_the_code_names_the_language_and_goes() -> None:
    bar = '<div class="bar"><span>C++</span><button>Run</button><span>Copy code</span></div>'
    assert (
        written(f"<div>{bar}<pre>int a;</pre></div>") == '<pre><code class="language-c++">int a;</code></pre>'
    )


def test_a_paragraph_or_heading_above_the_code_stays() -> None:
    for above in ("<p>Python</p>", "<h3>Copy</h3>"):
        assert written(f"<div>{above}<pre>a</pre></div>").startswith(above)


def test_the_name_of_the_file_stays() -> None:
    figure = "<figure><figcaption>worker.py</figcaption><pre>a</pre></figure>"
    assert written(figure) == "<p>worker.py</p><pre><code>a</code></pre>"


def test_numbers_that_belong_to_the_code_stay() -> None:
    code = '<span class="hljs-number">40</span>, <span class="token number">2</span>'
    assert written(f"<pre><code>add({code})</code></pre>") == "<pre><code>add(40, 2)</code></pre>"


def test_the_signs_of_a_prompt_stay() -> None:
    prompt = '<span class="gp" style="user-select:none" aria-hidden="true">$ </span>'
    assert written(f"<pre>{prompt}make</pre>") == "<pre><code>$ make</code></pre>"


def test_no_break_spaces_become_spaces() -> None:
    assert written("<pre>if a:<br>&nbsp;&nbsp;b</pre>") == "<pre><code>if a:\n  b</code></pre>"


def test_code_inside_a_sentence_stays_inside_it() -> None:
    sentence = "<p>Call <code>work(\n  c)</code> and wait.</p>"
    assert clean_fragment(sentence) == "<p>Call <code>work( c)</code> and wait.</p>"


def test_a_table_of_data_is_no_code() -> None:
    table = "<table><tr><td>1</td><td>one</td></tr><tr><td>2</td><td>two</td></tr></table>"
    assert "<pre>" not in written(table)


def test_a_page_of_nested_rows_is_read_in_linear_time() -> None:
    deep = "<div>" * 30_000 + "a" + "</div>" * 30_000
    wide = "<div>a</div>" * 30_000
    started = time.process_time()
    for inner in (deep, wide):
        dom = parse(f"<body><pre>{inner}</pre></body>")
        rewrite_code_blocks(dom, page_names(dom))
    assert time.process_time() - started < 8


def test_many_blocks_of_code_are_read_in_linear_time() -> None:
    started = time.process_time()
    dom = parse("<body><div>" + "<pre><code>a</code></pre>" * 10_000 + "</div></body>")
    rewrite_code_blocks(dom, page_names(dom))
    assert time.process_time() - started < 8
