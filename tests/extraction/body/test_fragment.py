"""A feed's HTML comes out clean, safe, absolute, and the same when cleaned again."""

import pytest

from unabridged.extraction.body.fragment import clean_fragment, plain_text, sanitise
from unabridged.extraction.html.render import to_text

BASE = "https://paper.example/2024/story"
REL = 'rel="noopener noreferrer nofollow ugc"'


def clean(html: str) -> str:
    once = clean_fragment(html, base=BASE)
    assert clean_fragment(once, base=BASE) == once, "cleaning again changed something"
    assert sanitise(once) == once, "the sanitiser changed what was written"
    return once


def image(url: str, extra: str = "", alt: str = "") -> str:
    return (
        f'<figure><img src="{url}" alt="{alt}"{extra} loading="lazy" referrerpolicy="no-referrer"></figure>'
    )


def test_links_become_absolute_and_lose_trackers() -> None:
    found = clean('<p><a href="../x?utm_source=feed&amp;id=7">read</a></p>')
    assert found == f'<p><a href="https://paper.example/x?id=7" {REL}>read</a></p>'


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "#top", "tel:+1", "data:text/html,x", "whatsapp://x"]
)
def test_a_link_that_leads_nowhere_keeps_its_words(href: str) -> None:
    assert clean(f'<p>See <a href="{href}">this text</a> now.</p>').count("<a") == 0


def test_bare_text_and_double_breaks_become_paragraphs() -> None:
    assert clean("one<br><br>two<br>lines<div>three</div>") == "<p>one</p><p>two<br>lines</p><p>three</p>"


def test_inline_marks_are_kept_when_they_wrap_paragraphs() -> None:
    assert clean("<b><p>one</p><p>two</p></b>") == "<p><b>one</b></p><p><b>two</b></p>"


@pytest.mark.parametrize(
    "html",
    [
        '<img src="data:image/gif;base64,R0" data-src="/p/real.jpg">',
        '<img src="/blank.gif" data-original="/p/real.jpg">',
        '<img src="spacer.gif" srcset="/p/small.jpg 320w, /p/real.jpg 1280w, /p/huge.jpg 4000w">',
        '<picture><source srcset="/p/real.jpg 1200w"><img src="data:image/png;base64,x"></picture>',
        '<img src="/1x1.gif"><noscript><img src="/p/real.jpg"></noscript>',
        '<img data-whatever="https://paper.example/p/real.jpg" src="/lazy-loading.gif">',
        '<imgsrc="/p/real.jpg">',
        '<amp-img src="/p/real.jpg"></amp-img>',
        '<a href="/p/full.jpg"><img src="/p/real.jpg"></a>',
        '<img src="https://images.weserv.nl/?url=paper.example/p/real.jpg">',
        '<img width=1 height=1 data-src="/p/real.jpg" src="data:,">',
    ],
)
def test_the_real_picture_is_found(html: str) -> None:
    found = clean(f"<p>Words before.</p>{html}")
    assert "https://paper.example/p/real.jpg" in found
    assert found.count("<img") == 1


def test_a_picture_keeps_its_alternative_text_and_size() -> None:
    found = clean('<p>x y<img src="/a.jpg" alt="A &quot;bridge&quot;" width="640" height="480px"></p>')
    expected = image("https://paper.example/a.jpg", ' width="640" height="480"', "A &quot;bridge&quot;")
    assert found == "<p>x y</p>" + expected


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://t.example/pixel.gif" width="1" height="1">',
        '<img src="https://stats.example/c.png">',
        '<img src="https://paper.example/a.gif" style="display:none">',
        '<img src="https://feeds.feedburner.com/~r/x/~4/y">',
    ],
)
def test_a_tracking_pixel_is_no_picture(html: str) -> None:
    assert clean(f"<p>Words.</p>{html}") == "<p>Words.</p>"


def test_a_player_becomes_a_link_card_with_its_poster() -> None:
    found = clean(
        '<p>Watch.</p><iframe src="https://www.youtube-nocookie.com/embed/abcdefghijk?rel=0" title="Film">'
    )
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in found
    assert "▶ Film" in found and "abcdefghijk/hqdefault.jpg" in found and "<iframe" not in found


def test_a_video_keeps_its_file_poster_and_caption() -> None:
    film = '<video poster="/p.jpg"><source src="/v.mp4"></video>'
    html = f"<figure>{film}<figcaption>The bridge</figcaption></figure>"
    found = clean(html)
    assert 'href="https://paper.example/v.mp4"' in found and "https://paper.example/p.jpg" in found
    assert "The bridge" in found


@pytest.mark.parametrize(
    "bar",
    [
        '<div>分享 :</div><div><a href="https://www.facebook.com/dialog/share?href=x"><span></span></a></div>',
        '<p>Share this: <a href="https://twitter.com/intent/tweet?url=https://paper.example/">Tweet</a> '
        '<a href="https://www.facebook.com/sharer/sharer.php?u=x">Facebook</a></p>',
        '<ul><li><a href="whatsapp://send?text=x">WhatsApp</a></li><li><a href="https://t.me/share/url?url=x">'
        "Telegram</a></li></ul>",
        "<share-button>share me</share-button>",
        '<div class="sharedaddy"><h3>Like this</h3>Loading…</div>',
        "<div data-selfpromo-newsletter>Get our letter</div>",
        '<section aria-label="Advertisement">Buy now</section>',
        "<p>分享到：</p>",
    ],
)
def test_share_bars_and_promotions_go(bar: str) -> None:
    story = "<p>The council met on Tuesday to decide about the bridge.</p><p>It decided to wait.</p>"
    assert clean(f"<div>{story}<div>{bar}</div></div>") == story


def test_a_class_name_never_kills_the_story() -> None:
    story = "<p>The council met on Tuesday to decide about the bridge.</p><p>It decided to wait.</p>"
    assert clean(f'<div class="post newsletter">{story}</div>') == story


@pytest.mark.parametrize(
    "footer",
    [
        '<br><hr><div>获取更多RSS：<br><a href="https://f.example" target="_blank">https://f.example</a> <br>'
        '<a href="https://g.example">https://g.example</a><br></div>',
        '<p>The post <a href="/a">A story</a> appeared first on <a href="/">The Paper</a>.</p>',
        "<p>This entry passed through the Full-Text RSS service.</p>",
        '<p><a href="/x">Continue reading…</a></p>',
        "<hr>",
    ],
)
def test_service_footers_go(footer: str) -> None:
    assert clean(f"<p>The whole story.</p>{footer}") == "<p>The whole story.</p>"


@pytest.mark.parametrize("start", ["<div>01/02/2024 - 16:28</div>", "<div>14 分钟前</div>", "Array", "<hr>"])
def test_clocks_and_template_leftovers_at_the_start_go(start: str) -> None:
    assert clean(f"{start}<p>正文从这里开始。</p>") == "<p>正文从这里开始。</p>"


def test_tables_lists_quotes_code_and_definitions_keep_their_shape() -> None:
    html = (
        "<h1>Top</h1><ul><li>a<ol start=3><li>b</ol></ul><blockquote>q<p>r</blockquote>"
        "<table><caption>c<tr><th>x<th>y<tr><td colspan=2>1</table>"
        "<pre>a &lt; b\n  c</pre><dl><dt>t<dd>d</dl>"
    )
    assert clean(html) == (
        '<h2>Top</h2><ul><li>a<ol start="3"><li>b</li></ol></li></ul>'
        "<blockquote><p>q</p><p>r</p></blockquote>"
        "<table><caption>c</caption><thead><tr><th>x</th><th>y</th></tr></thead>"
        '<tbody><tr><td colspan="2">1</td></tr></tbody></table>'
        "<pre><code>a &lt; b\n  c</code></pre><dl><dt>t</dt><dd>d</dd></dl>"
    )


def test_a_layout_table_gives_its_words_without_the_table() -> None:
    assert clean("<table><tr><td><p>one</p><p>two</p></td></tr></table>") == "<p>one</p><p>two</p>"


def test_footnotes_keep_their_links_under_hashed_names() -> None:
    found = clean(
        '<p>Text<sup id="r1"><a href="#n1">1</a></sup></p><ol><li id="n1">Note <a href="#r1">↩</a></ol>'
    )
    assert 'id="r1"' not in found and found.count('id="fn-') == 2 and found.count('href="#fn-') == 2


def test_nothing_of_style_class_or_event_is_left() -> None:
    found = clean('<p class="x" style="color:red" onclick="a()" id="cookie">T<font color=red>e</font>xt</p>')
    assert found == "<p>Text</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "deep words",
        "<b>" * 50_000 + "bold words",
        "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">words",
        "<ul><li>words " * 3_000,
        "<blockquote>words " * 3_000,
        "<a href=/x>y</a>" * 5_000 + "words",
        "&amp;" * 50_000 + " words",
        "\ud800 words \udfff",
        "<table><tr><td>words " * 1_000,
    ],
)
def test_hostile_nesting_gives_words_not_a_crash(html: str) -> None:
    assert "words" in to_text(clean_fragment(html, base=BASE))


def test_wild_html_is_flattened_by_the_sanitiser_itself() -> None:
    assert sanitise("<div>" * 300 + "<script>x</script>kept" + "</div>" * 300) == "<p>kept</p>"


def test_the_sanitiser_strips_bidi_overrides_and_controls() -> None:
    assert sanitise("<p>a\u202eb\u2066c&#x202e;\x00d</p>") == "<p>abcd</p>"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<b>Bold</b> &amp;quot;title&amp;quot;", 'Bold "title"'),
        ("The <b> element", "The <b> element"),
        ("a\u202e\x07 b\n c\u200f", "a b c"),
        ("AT&T < you", "AT&T < you"),
        ("<script>x</script>y", "xy"),
    ],
)
def test_titles_are_plain_text(raw: str, text: str) -> None:
    assert plain_text(raw) == text


def test_empty_html_is_an_empty_body() -> None:
    assert clean_fragment(" \n", base=BASE) == "" == clean_fragment("<div><p></p></div>", base=None)
