"""Whether structures are read, matched and counted as the structure row says."""

import gzip
import json
from pathlib import Path

from bench.extractors import STRUCTURE_PEERS
from bench.structure.formulas import normal_tex
from bench.structure.matching import matched
from bench.structure.readers import KINDS, read_html, read_markdown
from bench.structures import (
    PEER_FORMS,
    READERS,
    Tally,
    figures,
    rates,
    read_truths,
    same_language,
    tally,
    without_notes,
)

CODE = "def twice(x):\n    return 2 * x\n\nprint(twice(4))"


def test_code_is_told_by_its_lines_and_by_its_first_and_last() -> None:
    html = read_html(f'<pre><code class="language-python">\n{CODE}\n</code></pre>')["code"]
    markdown = read_markdown(f"Text.\n\n```python\n{CODE}\n```\n")["code"]
    assert (
        html
        == markdown
        == [{"lines": 4, "lang": "python", "first": "def twice(x):", "last": "print(twice(4))"}]
    )


def test_line_breaks_of_a_block_of_code_may_be_elements() -> None:
    assert read_html("<pre>a = 1<br>b = 2<br/>c</pre>")["code"][0]["lines"] == 3


def test_code_with_line_numbers_left_in_is_not_the_true_one() -> None:
    true = read_html(f"<pre>{CODE}</pre>")["code"]
    numbered = read_html("<pre>1 def twice(x):\n2    return 2 * x\n3\n4 print(twice(4))</pre>")["code"]
    assert matched("code", numbered, true) == {}


def test_white_space_and_quotes_of_code_do_not_count() -> None:
    true = read_html("<pre>print('a')\nend</pre>")["code"]
    assert matched("code", read_html("<pre>  print(‘a’)\n  end</pre>")["code"], true) == {0: 0}


def test_a_table_is_the_same_in_html_and_in_markdown() -> None:
    html = read_html(
        "<table><tr><th>Name</th><th>Age</th></tr><tr><td>Ann</td><td>9</td></tr><tr><td></td></tr></table>"
    )["tables"]
    markdown = read_markdown("| Name | Age |\n|---|---|\n| Ann | 9 |\n")["tables"]
    assert html == markdown == [{"rows": 2, "columns": 2, "header": True, "cells": ["Name", "Age", "Ann"]}]


def test_spans_stand_once_and_shift_what_is_beside_them() -> None:
    source = "<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    assert read_html(source)["tables"] == [
        {"rows": 2, "columns": 2, "header": False, "cells": ["a", "b", "c"]}
    ]


def test_a_header_may_be_added_but_not_lost() -> None:
    head = {"rows": 2, "columns": 1, "header": True, "cells": ["a", "b"]}
    plain = {**head, "header": False}
    assert matched("tables", [head], [plain]) == {0: 0}
    assert matched("tables", [plain], [head]) == {}


def test_formulas_are_read_from_mathml_and_from_dollars() -> None:
    mathml = (
        "<p>so <math><semantics><mi>a</mi><annotation encoding='application/x-tex'>{\\displaystyle a^{2}}"
        "</annotation></semantics></math> is</p>"
    )
    assert (
        read_html(mathml)["formulas"]
        == read_markdown("so $a^2$ is")["formulas"]
        == [{"tex": "a^2", "symbols": "a2"}]
    )
    assert read_markdown("$$\n\\frac{a_1}{b_2}\n= *c*\n$$\n")["formulas"][0]["tex"] == "\\fraca_1b_2=*c*"


def test_a_formula_without_tex_is_told_by_its_letters() -> None:
    true = read_html("<math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mi>𝑦</mi></math>")["formulas"]
    assert true == [{"tex": None, "symbols": "x2y"}]
    assert matched("formulas", read_markdown("$x^2 + y$")["formulas"], true) == {0: 0}


def test_prices_and_code_are_no_formulas() -> None:
    assert read_markdown("From $5 to $10, or US$5–US$6 and `$a$ b $c$`.")["formulas"] == []
    assert read_markdown("f(x\\[, y=None\\]) \\[[^1]\\] costs $$-$$$")["formulas"] == []
    assert read_markdown("\\[[edit](https://example.org/?a=b_c)\\] and \\[1\\]")["formulas"] == []


def test_looks_of_tex_do_not_count() -> None:
    assert normal_tex("\\(\\displaystyle \\left( x \\right)\\)") == "(x)"


def test_notes_are_what_marks_link_to() -> None:
    html = read_html(
        '<p>Text<sup><a href="#fn1" id="ref1">1</a></sup> <a href="#top">2</a></p>'
        '<ol><li id="fn1">The note. <a href="#ref1">↩</a></li></ol>'
    )
    markdown = read_markdown("Text[^1] \n\n[^1]: The *note*.\n[^2]: Nobody refers to it.\n")
    assert html["notes"] == markdown["notes"] == [{"mark": "1", "text": "The note."}]
    assert html["lists"] == []


def test_links_back_and_marks_are_no_text_of_a_note() -> None:
    source = '<sup><a href="#n3">[3]</a></sup><div id="n3">[3] ^ a b Smith, J.</div>'
    assert read_html(source)["notes"] == [{"mark": "3", "text": "Smith, J."}]


def test_an_embed_is_a_player_or_a_link_that_stands_for_it() -> None:
    true = [{"service": "youtube", "id": "abcdefghijk"}]
    for source in (
        '<iframe src="https://www.youtube-nocookie.com/embed/abcdefghijk?rel=0"></iframe>',
        '<p><a href="https://youtu.be/abcdefghijk">Video</a></p>',
        '<figure><a href="https://www.youtube.com/watch?v=abcdefghijk"><img src="a.jpg"></a></figure>',
    ):
        assert read_html(source)["embeds"] == true
    assert read_html('<p>See <a href="https://youtu.be/abcdefghijk">this</a> video.</p>')["embeds"] == []
    assert read_markdown("[▶ Video](https://youtu.be/abcdefghijk)\n")["embeds"] == true


def test_a_link_of_no_known_service_may_match_but_is_no_mistake() -> None:
    found = read_html('<p><a href="https://example.org/player/7">Play</a></p>')["embeds"]
    assert tally("embeds", found, []) == Tally(found=0, true=0, right=0)
    assert tally("embeds", found, [{"service": "example.org", "id": "7"}]).right == 1


def test_lists_have_two_items_and_keep_their_numbers() -> None:
    true = read_html("<ol><li>One<ul><li>only</li></ul></li><li>Two</li></ol>")["lists"]
    assert true == [{"items": 2, "ordered": True, "first": "One only", "last": "Two"}]
    assert matched("lists", read_markdown("1. One\n   - only\n2. Two\n")["lists"], true) == {0: 0}
    assert matched("lists", read_markdown("- One\n- Two\n")["lists"], true) == {}


def test_an_optional_structure_neither_lacks_nor_is_too_much() -> None:
    true = [
        {"items": 2, "ordered": False, "first": "a", "last": "b", "optional": True},
        {"items": 3, "ordered": False, "first": "a", "last": "c"},
    ]
    found = read_html("<ul><li>a</li><li>b</li></ul><ul><li>a</li><li>b</li><li>c</li></ul>")["lists"]
    assert tally("lists", found, true) == tally("lists", found[1:], true) == Tally(found=1, true=1, right=1)


def test_one_found_structure_serves_one_true_one() -> None:
    note = {"mark": "1", "text": "Ibid."}
    assert tally("notes", [note], [note, note]) == Tally(found=1, true=2, right=1)


def test_a_page_of_many_structures_weighs_as_one_of_twenty() -> None:
    many, one = Tally(found=200, true=200, right=0), Tally(found=20, true=20, right=20)
    assert rates([many, one]) == (0.5, 0.5, 0.5)


def test_nothing_to_find_is_all_found() -> None:
    assert rates([]) == (1.0, 1.0, 1.0)


def test_a_list_of_the_notes_is_no_list_too_much() -> None:
    notes = [{"mark": "1", "text": "Smith, J. (1999). A book"}]
    lists = read_html(
        "<ol><li>^ Smith, J. (1999). A book of it.</li><li>Doe</li></ol><ul><li>a</li><li>b</li></ul>"
    )
    assert [found["first"] for found in without_notes(lists["lists"], notes)] == ["a"]


def test_a_language_may_go_by_another_name() -> None:
    assert same_language("js", "javascript") and same_language("python", "python3")
    assert not same_language(None, "python") and not same_language("c", "cpp")


def test_the_source_of_a_quoted_post_is_an_embed() -> None:
    post = '<blockquote><p>So.</p><p>Ann <a href="https://x.com/ann/status/123456">1 May</a></p></blockquote>'
    assert read_html(post)["embeds"] == [{"service": "twitter", "id": "123456"}]


def test_corpora_without_the_labelled_pages_have_no_row(tmp_path: Path) -> None:
    folder = tmp_path / "pages" / "wcxb"
    folder.mkdir(parents=True)
    (folder / "truth.jsonl").write_text('{"id": "none-of-ours", "text": "x"}\n', encoding="utf-8")
    (folder / "none-of-ours.html.gz").write_bytes(gzip.compress(b"<p>x</p>"))
    assert figures(tmp_path) == []


def test_every_peer_has_a_form_that_is_read() -> None:
    assert set(PEER_FORMS) == set(STRUCTURE_PEERS)
    assert set(PEER_FORMS.values()) <= set(READERS)


def test_broken_markup_is_read() -> None:
    for source in (
        "",
        " ",
        "<!-- -->",
        "<table><td>a</table></li></pre>",
        "\x00<math>",
        "<a href='http://[x'>1</a>",
    ):
        assert set(read_html(source)) == set(read_markdown(source)) == set(KINDS)


def test_truths_hold_fingerprints_and_no_text_of_pages() -> None:
    for row in read_truths().values():
        assert {"set", "key", *KINDS} == set(row)
        for kind in KINDS:
            for structure in row[kind]:
                texts = [
                    value for value in json.loads(json.dumps(structure)).values() if isinstance(value, str)
                ]
                assert all(len(text) <= 80 for text in texts)
