"""Archive documents: every defect that archivers are known to leave, and our own writing of them."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from unabridged.errors import DocumentError
from unabridged.extraction.html.render import render
from unabridged.extraction.html.sanitizer import sanitise
from unabridged.formats.document.document import ArchivedDocument, parse_document, write_document
from unabridged.model import Article, Clock, Completeness, Enclosure

SERVICE = datetime(2023, 5, 5, 8, 20, tzinfo=UTC)
FIRST = "第一段讲述了昨天在城里发生的事情，许多人都在场，并且都看到了。"
SECOND = "第二段说明了为什么会发生这件事，以及接下来人们打算怎么办。"
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p>"


def read(
    html: str,
    *,
    link: str = "https://news.example.fr/cn/story",
    title: str = "标题",
    clock: datetime = SERVICE,
) -> ArchivedDocument:
    milliseconds = int(clock.timestamp() * 1000)
    return parse_document(f"<!--{milliseconds}-->\n[{title}]({link})\n------\n\n{html}", path="one.txt")


def text_of(html: str, **more: str) -> str:
    return read(html, **more).article.text  # type: ignore[arg-type]


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
    assert "class" not in article.body


def test_an_escaped_title_is_read_as_text() -> None:
    assert read(TEXT, title="他说：&quot;是&quot; &amp; 走了").article.title == '他说："是" & 走了'


def test_a_title_loses_the_sites_name() -> None:
    document = read(TEXT, title="大选开始 – 法国国际广播电台 - RFI", link="https://www.rfi.fr/cn/a")
    assert document.article.title == "大选开始"
    assert document.article.site_name == "法国国际广播电台"


@pytest.mark.parametrize(
    "title", ["法国 – 大选 – 开始", "Rock - Paper - Scissors", "RFI - the story of a radio"]
)
def test_a_title_with_dashes_of_its_own_stays_whole(title: str) -> None:
    assert read(TEXT, title=title, link="https://www.rfi.fr/cn/a").article.title == title


def test_a_doubled_slash_in_the_link_is_made_one() -> None:
    link = "https://www.rfi.fr//cn/%E4%B8%AD%E5%9B%BD/a?x=1//2"
    assert read(TEXT, link=link).article.url == "https://www.rfi.fr/cn/%E4%B8%AD%E5%9B%BD/a?x=1//2"


def test_an_intermediary_is_not_taken_for_the_publisher() -> None:
    link = "https://www.google.com/url?url=https://news.example.fr/cn/story"
    assert read(TEXT, link=link).article.url == "https://news.example.fr/cn/story"


# Clocks


def test_the_service_clock_is_kept_apart_from_the_publishers() -> None:
    article = read(f"<div>05/05/2023 - 09:40</div>{TEXT}").article
    assert article.published is not None
    assert article.published.isoformat() == "2023-05-05T09:40:00+02:00"
    assert [(one.kind, one.at) for one in article.clocks if one.kind == "service"] == [("service", SERVICE)]
    assert article.text == WHOLE


def test_of_two_readings_of_a_date_the_one_before_the_service_clock_is_meant() -> None:
    clock = datetime(2023, 4, 6, 3, 0, tzinfo=UTC)
    article = read(
        f"<div>04/05/2023 - 23:30</div>{TEXT}", link="https://news.example.com/a", clock=clock
    ).article
    assert article.published is not None
    assert (article.published.month, article.published.day) == (4, 5)


def test_a_by_line_with_an_iso_time_gives_author_and_time() -> None:
    article = read(f"<i>李方<br>2023-05-05T08:15:00.000Z</i>{TEXT}").article
    assert article.authors == ("李方",)
    assert article.published == datetime(2023, 5, 5, 8, 15, tzinfo=UTC)
    assert article.clocks[0].zone_stated
    assert article.text == WHOLE


def test_a_time_element_is_believed() -> None:
    html = f'<time pudate="2023-05-05 10:12:00" datetime="2023-05-05 10:12:00">2023年5月5日</time>{TEXT}'
    article = read(html, link="https://cn.example.com/a").article
    assert article.published is not None
    assert article.published.isoformat() == "2023-05-05T10:12:00+08:00"
    assert not article.clocks[0].zone_stated
    assert article.text == WHOLE


def test_a_relative_time_counts_from_the_service_clock() -> None:
    article = read(f"<div>14 分钟前</div>{TEXT}").article
    assert article.published == SERVICE - timedelta(minutes=14)
    assert article.clocks[0].raw == "14 分钟前"
    assert article.text == WHOLE


def test_without_a_date_line_the_day_in_the_link_is_the_publishers() -> None:
    article = read(TEXT, link="https://news.example.fr/cn/20230504-story").article
    assert article.published is not None
    assert article.published.isoformat() == "2023-05-04T00:00:00+02:00"
    assert article.clocks[0].day_only


def test_a_text_that_begins_with_a_date_keeps_it() -> None:
    opening = (
        "2023年5月5日，城里发生了一件大事，许多人都在场，并且都看到了，事后议论纷纷，久久不散，直到深夜。"
    )
    assert text_of(f"<p>{opening}</p><p>{SECOND}</p>").startswith(opening)


def test_a_document_without_any_date_has_only_the_service_clock() -> None:
    article = read(TEXT).article
    assert article.published is None
    assert [one.kind for one in article.clocks] == ["service"]


def test_seconds_in_the_first_line_are_understood() -> None:
    document = parse_document(f"<!--{int(SERVICE.timestamp())}-->\n[t](https://a.example/b)\n---\n{TEXT}")
    assert document.clock == SERVICE


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
    assert parse_document(content).article.body == "<p>a</p>"


# Writing

FULL = Article(
    url="https://news.example.fr/a?b=1&copy=2",
    title='A <title> [with] "signs" \\ & — 龙',
    authors=("Ada", "李四"),
    published=datetime(2023, 5, 5, 10, 0, tzinfo=timezone(timedelta(hours=2))),
    language="zh",
    lead_image="https://i.example/--x.jpg",
    tags=("a --> b",),
    summary="short -- text",
    body=f'<p>{FIRST}</p><figure><img src="https://i.example/1.jpg" alt="" loading="lazy" '
    f'referrerpolicy="no-referrer"></figure><pre>a\n\nb</pre><p>{SECOND}</p>',
    enclosures=(Enclosure(url="https://i.example/1.mp3", length=3),),
    clocks=(Clock(kind="feed", at=SERVICE, origin="feed", raw="then"),),
    completeness=Completeness(kind="truncated", evidence=("cut",)),
    provenance={"title": "feed"},
)


@pytest.mark.parametrize("article", [FULL, Article(url=""), replace(FULL, title="", body="")])
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
    assert document.article.text == render(article.body).text


def test_the_clock_of_an_archiver_stays_the_first_line() -> None:
    article = replace(FULL, clocks=(*FULL.clocks, Clock(kind="service", at=SERVICE, origin="document")))
    first = write_document(article, crawled=datetime(2030, 1, 1, tzinfo=UTC))
    document = parse_document(first)
    assert document.article.clocks == article.clocks
    assert document.clock == SERVICE
    assert write_document(document.article, crawled=datetime(2031, 1, 1, tzinfo=UTC)) == first


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
    written = write_document(Article(url="https://e.example/1", title="T", body=BLOCKS), crawled=SERVICE)
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
    article = Article(url="https://e.example/1", title="T", body=sanitise(body))
    written = write_document(article, crawled=SERVICE)
    read = parse_document(written)
    assert read.article.body == article.body
    assert write_document(read.article, crawled=read.clock) == written


def test_a_document_without_line_breaks_is_read_as_before() -> None:
    body = "<p>a</p>\n<p>b</p>"
    written = write_document(Article(url="https://e.example/1", title="T", body=body), crawled=SERVICE)
    assert b"block_lines" not in written
    assert parse_document(written).article.body == body
