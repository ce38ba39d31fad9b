"""Chosen text becomes a body with the page's structure, its pictures, and nothing that was not chosen."""

from unabridged.extraction.body.build import build_body
from unabridged.extraction.html.builders import to_html
from unabridged.extraction.html.dom import Element, Node, Text, parse
from unabridged.extraction.html.media import unproxied
from unabridged.extraction.html.render import render, to_text

BASE = "https://paper.example/a/story"


def chosen(html: str, *marks: str) -> list[Node]:
    """The text nodes that begin with one of the marks, in document order; all but "-" ones without marks."""
    found: list[Node] = []
    for node in parse(html).body.descendants:
        if isinstance(node, Text) and node.data.strip():
            text = node.data.strip()
            if text.startswith(marks) if marks else not text.startswith("-"):
                found.append(node)
    return found


def build(html: str, *marks: str, title: str = "") -> str:
    return to_html(build_body(chosen(html, *marks), base=BASE, title=title).pieces)


def test_only_chosen_text_is_written_and_its_structure_stays() -> None:
    html = """<article><p>-nav</p><h1>Big</h1><p>One <a href="/x">link</a> two.</p><p>-advert</p>
    <ul><li>first<li>-dropped<li>second</ul><blockquote>said</blockquote><p>-end</p></article>"""
    rel = 'rel="noopener noreferrer nofollow ugc"'
    assert build(html) == (
        f'<h2>Big</h2><p>One <a href="https://paper.example/x" {rel}>link</a> '
        "two.</p><ul><li>first</li><li>second</li></ul><blockquote><p>said</p></blockquote>"
    )


def test_text_between_breaks_is_cut_into_paragraphs_and_unchosen_parts_leave_no_trace() -> None:
    html = "<div>one<br><br>-ad<br><br>two<b><br><br>three</b></div>"
    assert build(html) == "<p>one</p><p>two</p><p><b>three</b></p>"


def test_a_body_in_two_containers_is_joined_in_order() -> None:
    html = "<main><div><p>one</p></div><div><p>-between</p></div><div><p>two</p></div></main>"
    assert build(html) == "<p>one</p><p>two</p>"


def test_the_headline_is_not_repeated() -> None:
    assert build("<article><h1>The  Title!</h1><p>Text.</p></article>", title="The title") == "<p>Text.</p>"


def test_pictures_between_the_text_come_with_their_captions_but_captions_are_no_text() -> None:
    html = """<article><p>one</p><figure><img src="/p/a.jpg" alt="A">
    <figcaption>-A bridge</figcaption></figure><p>two</p></article>"""
    body = build(html)
    assert '<img src="https://paper.example/p/a.jpg"' in body and "<figcaption>-A bridge</figcaption>" in body
    assert to_text(body) == "one\n\ntwo"


def test_the_parts_of_a_card_built_as_a_figure_are_text_but_a_caption_with_its_credits_is_none() -> None:
    picture = '<img src="/p/a.jpg" alt="A" width="640">'
    card = "<div>Lamp</div><div>In three colours</div><div>From oak</div><div>40 crowns</div>"
    caption = "<div>A bridge</div><div>Photo: Ana Ruiz</div>"
    body = build(f"<article><p>one</p><figure>{picture}{card}</figure><p>two</p></article>")
    assert to_text(body).split("\n\n") == ["one", "Lamp", "In three colours", "From oak", "40 crowns", "two"]
    assert "a.jpg" in body
    captioned = build(f"<article><p>one</p><figure>{picture}{caption}</figure><p>two</p></article>")
    assert to_text(captioned) == "one\n\ntwo"


def test_a_caption_in_a_plain_container_is_found() -> None:
    body = build("<article><p>one</p><div><img src=/p/a.jpg><span>-A bridge</span></div><p>two</p></article>")
    assert "<figcaption>-A bridge</figcaption>" in body


def test_a_line_that_repeats_the_alternative_text_is_the_caption() -> None:
    html = """<article><p>one</p><img src="/p/a.jpg" alt="The old bridge at night">
    <p>The old bridge at night.</p><p>Photo: Jo Doe</p><p>two</p></article>"""
    assert to_text(build(html)) == "one\n\ntwo"


def test_the_lead_picture_above_the_text_comes_along() -> None:
    html = """<article><header><h1>-T</h1><figure><img src=/p/lead.jpg></figure></header><div><p>one</p>
    <p>two</p></div></article>"""
    assert build(html).startswith('<figure><img src="https://paper.example/p/lead.jpg"')


def test_pictures_of_other_stories_portraits_and_logos_stay_away() -> None:
    html = """<article><p>one</p>
    <div class="related"><img src=/p/r.jpg></div><aside><img src=/p/s.jpg></aside>
    <div><a href=/other><img src=/p/t.jpg><b>-Another story with a long headline</b></a></div>
    <img class="avatar" src=/p/face.jpg><img src=/p/logo.png><img width=60 height=60 src=/p/u.jpg>
    <p>two</p><div><img src=/p/after.jpg></div></article>"""
    assert build(html) == "<p>one</p><p>two</p>"


def test_one_picture_in_two_sizes_is_shown_once() -> None:
    html = """<article><p>one</p><img src="/p/the-old-bridge-800x600.jpg"><p>two</p>
    <img src="/p/the-old-bridge-400x300.jpg"><p>three</p></article>"""
    assert build(html).count("<img") == 1


def test_a_player_between_the_text_becomes_a_card() -> None:
    html = '<article><p>one</p><iframe src="https://player.vimeo.com/video/123" title="F"></iframe><p>two</p>'
    assert 'href="https://vimeo.com/123"' in build(html) and "▶ F" in build(html)


def test_tables_and_code_keep_their_shape() -> None:
    html = "<article><table><tr><th>x<th>y<tr><td>1<td>2</table><pre>a\n  b</pre></article>"
    assert build(html) == (
        "<table><thead><tr><th>x</th><th>y</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
        "<pre><code>a\n  b</code></pre>"
    )


def test_a_single_item_of_a_list_is_still_a_list() -> None:
    assert build("<div><ul><li>only</ul></div>") == "<ul><li>only</li></ul>"


def test_text_in_deep_nesting_is_kept() -> None:
    html = "<div>" * 450 + "words" + "</div>" * 450
    assert build(html) == "<p>words</p>"


def test_nothing_chosen_is_an_empty_body() -> None:
    assert build_body([], base=BASE).pieces == []
    assert isinstance(parse("<p>x").body, Element)


def test_portraits_of_the_authors_and_advertising_pictures_stay_out() -> None:
    html = """<article><p>one</p>
    <figure><img src="/p/a.jpg" alt="Ana  Ruiz"><figcaption>-By Ana Ruiz</figcaption></figure><p>two</p>
    <img src="/p/b.jpg" alt="werbung_3"><p>three</p>
    <img src="/p/c.jpg" alt="A bridge"><p>four</p></article>"""
    body = to_html(build_body(chosen(html), base=BASE, authors=("Ana Ruiz",)).pieces)
    assert "c.jpg" in body and "a.jpg" not in body and "b.jpg" not in body
    assert to_text(body) == "one\n\ntwo\n\nthree\n\nfour"


def test_lines_of_a_caption_are_not_glued_together() -> None:
    figure = "<img src='https://x.example/a.jpg'><figcaption>Agency<br>A bridge</figcaption>"
    assert render(f"<p>one</p><figure>{figure}</figure>").media[0].caption == "Agency A bridge"


def test_a_picture_whose_address_is_none_harms_nothing() -> None:
    html = """<p>one one one</p><img src="http://[::1/a.jpg"><p>two</p><img src="/p/c.jpg"><p>three</p>"""
    assert "c.jpg" in build(html) and unproxied("http://[::1") == "http://[::1"
