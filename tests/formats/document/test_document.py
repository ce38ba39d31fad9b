"""Archive documents: every defect that archivers are known to leave, and our own writing of them."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from tests.formats.document.documents import FIRST, FULL, SECOND, SERVICE, read, text_of
from unabridged.errors import DocumentError
from unabridged.extraction.html.render import render
from unabridged.extraction.html.sanitizer import sanitise
from unabridged.formats.document.document import parse_document, write_document
from unabridged.model import Article

TEXT = f"<p>{FIRST}</p><p>{SECOND}</p>"


WHOLE = f"{FIRST}\n\n{SECOND}"


# Defects


@pytest.mark.parametrize("second", ["feedx.run", "feedx.best", "feedx.site", "feedx.co", "another.example"])
def test_a_service_footer_goes_whatever_its_hosts(second: str) -> None:
    links = "".join(
        f'<a href="https://{name}" style="color:orange" target="_blank">https://{name}</a> <br>'
        for name in ("feedx.net", second)
    )
    assert text_of(f"{TEXT}<br><hr><div>获取更多RSS：<br>{links}</div>") == WHOLE


def test_a_document_without_footer_loses_nothing() -> None:
    assert text_of(TEXT) == WHOLE


def test_promotions_go() -> None:
    assert text_of(f"{TEXT}<div data-selfpromo-newsletter></div><div data-selfpromo-app></div>") == WHOLE


def test_a_share_block_goes_with_its_label_buttons_and_short_links() -> None:
    block = (
        "<div><div>分享 :</div><div>"
        '<a href="https://www.facebook.com/dialog/share?href=https%3A%2F%2Fs.example%2FA.F"><span></span></a>'
        '<a href="whatsapp://send?text=x%20-%20https%3A%2F%2Fs.example%2FA.W"><span></span></a>'
        '<a href="https://web.whatsapp.com/send?text=https%3A%2F%2Fs.example%2FA.W"><span></span></a>'
        '<a href="https://x.com/intent/tweet?url=https%3A%2F%2Fs.example%2FA.X"><span></span></a>'
        '<span data-root-share><share-button v-on:open="o"></share-button><share-modal></share-modal></span>'
        "</div></div>"
    )
    article = read(TEXT + block).article
    assert article.text == WHOLE
    assert article.links == ()


@pytest.mark.parametrize("label", ["", "作者: ", "作者："])
def test_an_author_block_with_a_relative_link_becomes_an_author(label: str) -> None:
    article = read(f'<div>{label}<a href="/cn/作者/小山/">小山</a></div>{TEXT}').article
    assert article.authors == ("小山",)
    assert article.text == WHOLE


def test_an_author_block_below_the_text_becomes_an_author_too() -> None:
    article = read(f'{TEXT}<div><a href="/cn/author/li-fang">李方</a></div>').article
    assert (article.authors, article.text) == (("李方",), WHOLE)


def test_a_person_linked_inside_the_text_stays() -> None:
    linked = f'<p>{FIRST}<a href="/cn/author/li-fang">李方</a>说，这是真的。</p>'
    article = read(linked).article
    assert article.authors == ()
    assert "李方说" in article.text


def test_the_word_array_in_place_of_an_image_goes() -> None:
    assert text_of(f"<div>05/05/2023 - 09:40</div>Array{TEXT}") == WHOLE


def test_the_word_array_in_a_text_stays() -> None:
    assert "Array" in text_of(f"{TEXT}<p>Array is the name of a data structure in most languages.</p>")


def test_glued_attributes_and_a_placeholder_give_the_real_image() -> None:
    picture = (
        '<picture><sourcetype="image/webp"srcset="https://i.example.fr/a-1024.webp 1024w, '
        'https://i.example.fr/a-300.webp 300w"><imgsrc="data:image/gif;base64,R0lGODlhAQABAAAAACw="'
        'srcset="https://i.example.fr/a.jpg 1280w"></picture>'
    )
    article = read(picture + TEXT).article
    assert article.lead_image is not None
    assert article.lead_image.startswith("https://i.example.fr/a")
    assert article.text == WHOLE


def test_an_image_proxy_is_taken_off() -> None:
    article = read(f'<img src="https://images.weserv.nl/?url=i.example.com/1.jpg">{TEXT}').article
    assert article.lead_image == "https://i.example.com/1.jpg"


def test_dead_links_to_an_api_keep_their_words() -> None:
    article = read(f'<p>{FIRST}<a href="https://api.dw.com/api/detail/article/67">相关报道</a></p>').article
    assert article.text == FIRST + "相关报道"
    assert article.links == ()


def test_an_item_that_is_only_a_film_says_so() -> None:
    article = read(
        '<video src="https://v.example.com/1.mp4" poster="https://v.example.com/1.jpg"></video>'
    ).article
    assert article.text == ""
    assert [one.kind for one in article.media] == ["video"]
    assert article.completeness.kind == "not_an_article"


def test_a_stray_end_tag_harms_nothing() -> None:
    assert text_of(f"<p>{FIRST}</p></small><p>{SECOND}</p>") == WHOLE


def test_class_names_and_an_advertising_section_go() -> None:
    advertisement = '<section aria-label="广告" class="bbc-1x">买这个</section>'
    html = f'{advertisement}<p class="css-1abc">{FIRST}</p><p>{SECOND}</p>'
    article = read(html).article
    assert article.text == WHOLE
    assert "class" not in article.html


def test_a_doubled_slash_in_the_link_is_made_one() -> None:
    link = "https://www.rfi.fr//cn/%E4%B8%AD%E5%9B%BD/a?x=1//2"
    assert read(TEXT, link=link).article.url == "https://www.rfi.fr/cn/%E4%B8%AD%E5%9B%BD/a?x=1//2"


def test_an_intermediary_is_not_taken_for_the_publisher() -> None:
    link = "https://www.google.com/url?url=https://news.example.fr/cn/story"
    assert read(TEXT, link=link).article.url == "https://news.example.fr/cn/story"


# Grammar


def test_line_ends_marks_and_blank_lines_do_not_matter() -> None:
    content = f"\ufeff\n<!-- 1683274800000 -->\r\n\r\n[a (b) [c]](https://a.example/b_(c))\r\n-----\r\n{TEXT}"
    document = parse_document(content.encode(), path="articles/rfi/17.md")
    assert document.article.title == "a (b) [c]"
    assert document.article.url == "https://a.example/b_(c)"
    assert (document.source, document.number) == ("rfi", 17)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "x.md:1: expected a comment with milliseconds"),
        ("<!--now-->\n[t](https://a.example/)\n---\n", "x.md:1: expected a comment with milliseconds"),
        ("<!--1-->\n\ntitle\n---\n", "x.md:3: expected the title and link"),
        ("<!--1-->\n[t](https://a.example/)\ntext", "x.md:3: expected a line of dashes, found 'text'"),
        ("<!--1-->\n[t](https://a.example/)", "x.md:3: expected a line of dashes, found the end of the file"),
        ("<!--1-->\n[t](ftp://a.example/)\n---\n", "x.md:2: "),
        ("<!--9999999999999999-->\n[t](https://a.example/)\n---\n", "x.md:1: "),
        ("<!--1-->\n[t](https://a.example/)\n---\n\n<!--unabridged {broken-->\n<p>x</p>", "x.md:5: "),
        ("<!--1-->\n[t](https://a.example/)\n---\n\n<!--unabridged [1]-->\n<p>x</p>", "x.md:5: "),
        ('<!--1-->\n[t](https://a.example/)\n---\n\n<!--unabridged {"published":"x"}-->\n', "x.md:5: "),
    ],
)
def test_a_broken_document_names_file_and_line(content: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(content, path="x.md")
    assert str(caught.value).startswith(message)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(DocumentError, match=r"x\.md:1"):
        parse_document(b"\x89PNG\r\n\x1a\n\x00\x00", path="x.md")


def test_a_document_in_another_encoding_is_read() -> None:
    content = f"<!--1683274800000-->\n[标题](https://a.example/b)\n------\n\n{TEXT}".encode("gb18030")
    assert parse_document(content).article.text == WHOLE


def test_a_forged_document_of_ours_is_made_safe() -> None:
    content = (
        "<!--1-->\n[t](https://a.example/b)\n------\n\n"
        '<!--unabridged {"summary":"s"}-->\n<p onclick="x()">a<script>alert(1)</script></p>'
    )
    assert parse_document(content).article.html == "<p>a</p>"


@pytest.mark.parametrize("article", [FULL, Article(url=""), replace(FULL, title="", html="")])
def test_what_was_written_is_read_and_written_the_same(article: Article) -> None:
    crawled = SERVICE + timedelta(microseconds=1500)
    first = write_document(article, crawled=crawled)
    document = parse_document(first, path="articles/x/1.md")
    again = write_document(document.article, crawled=document.clock)

    assert again == first
    assert document.own
    assert document.clock == crawled
    views = {"text", "markdown", "links", "media"}
    for item in fields(article):
        if item.name not in views:
            assert getattr(document.article, item.name) == getattr(article, item.name)
    assert document.article.text == render(article.html).text


def test_a_written_document_follows_the_common_grammar() -> None:
    lines = write_document(FULL, crawled=SERVICE).decode().split("\n")
    assert lines[0] == f"<!--{int(SERVICE.timestamp()) * 1000}-->"
    assert lines[1].startswith("[A &lt;title&gt; \\[with\\]")
    assert lines[1].endswith("](https://news.example.fr/a?b=1&copy=2)")
    assert lines[2:4] == ["------", ""]
    assert lines[4].startswith("<!--")
    assert lines[4].count("-->") == 1


BLOCKS = (
    "<h2>Tides</h2><p>One &lt;p&gt; word.<br>Two</p><ul><li>a</li><li><p>b</p><ol><li>c</li></ol></li></ul>"
    "<table><tbody><tr><th>x</th><td>1</td></tr></tbody></table>"
    "<pre><code>if a:\n    b\n\n&lt;p&gt;</code></pre>"
    '<blockquote><p>Said <em>so</em>.</p></blockquote><figure><img src="https://e.example/a.png" alt="">'
    "</figure><hr><p>End</p>"
)


def test_each_block_begins_a_line() -> None:
    written = write_document(Article(url="https://e.example/1", title="T", html=BLOCKS), crawled=SERVICE)
    lines = written.decode().split("\n")[5:]
    assert lines[:4] == ["<h2>Tides</h2>", "<p>One &lt;p&gt; word.<br>Two</p>", "<ul>", "<li>a</li>"]
    assert lines[-2:] == ["<p>End</p>", ""]


@pytest.mark.parametrize(
    "body",
    [
        BLOCKS,
        "",
        "plain words\n<em>and</em> more",
        "<p>a</p>\n<p>b</p>",
        "<p>a</p>\n\n<p>b</p>\n",
        "<pre>\n<p>x</p></pre><p>y</p>",
        "<div><div><p>deep</p></div></div>",
    ],
)
def test_blocks_on_lines_come_back_to_the_byte(body: str) -> None:
    article = Article(url="https://e.example/1", title="T", html=sanitise(body))
    written = write_document(article, crawled=SERVICE)
    read = parse_document(written)
    assert read.article.html == article.html
    assert write_document(read.article, crawled=read.clock) == written


def test_a_document_without_line_breaks_is_read_as_before() -> None:
    body = "<p>a</p>\n<p>b</p>"
    written = write_document(Article(url="https://e.example/1", title="T", html=body), crawled=SERVICE)
    assert b"block_lines" not in written
    assert parse_document(written).article.html == body
