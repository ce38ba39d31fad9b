"""Pages in any charset, rightly or wrongly declared, become the right tree."""

import time

import pytest

from unabridged.errors import NotAPage
from unabridged.extraction.html.dom import MAX_ATTRIBUTES, MAX_TAGS, decode, parse, parse_body, text_start

CHINESE = "你好世界，这是一个测试页面，内容是中文。" * 20
TAIWANESE = "你好繁體中文測試頁面的內容是這樣" * 20
JAPANESE = "日本語のテストページです。これは内容です。" * 20
KOREAN = "안녕하세요 세계, 이것은 시험 페이지입니다." * 20
RUSSIAN = "Привет мир, это тестовая страница." * 20
FRENCH = "café – naïve “quote”" * 9

CASES = [
    (CHINESE, "gb18030", "gb2312"),
    (CHINESE, "gb18030", "utf-8"),
    (CHINESE, "gb18030", None),
    (CHINESE, "gb18030", "iso-8859-1"),
    (TAIWANESE, "big5", "big5"),
    (TAIWANESE, "big5", None),
    (JAPANESE, "cp932", "shift_jis"),
    (JAPANESE, "cp932", None),
    (JAPANESE, "euc-jp", "euc-jp"),
    (JAPANESE, "iso-2022-jp", "iso-2022-jp"),
    (JAPANESE, "iso-2022-jp", None),
    (KOREAN, "cp949", "euc-kr"),
    (KOREAN, "cp949", None),
    (RUSSIAN, "cp1251", None),
    (RUSSIAN, "cp1251", "utf-8"),
    (RUSSIAN, "koi8-r", "koi8-r"),
    (RUSSIAN, "utf-8", "windows-1251"),
    (RUSSIAN, "utf-16-le", None),
    (RUSSIAN, "utf-16", None),
    (FRENCH, "cp1252", "iso-8859-1"),
    (FRENCH, "cp1252", None),
    ("zażółć gęślą jaźń" * 20, "iso8859-2", "iso-8859-2"),
    ("ภาษาไทยสวัสดีชาวโลก" * 20, "cp874", None),
    ("Καλημέρα κόσμε αυτό είναι" * 20, "cp1253", None),
    ("مرحبا بالعالم هذه صفحة" * 20, "cp1256", None),
]


@pytest.mark.parametrize(("text", "encoding", "declared"), CASES)
def test_a_page_reads_right_whatever_it_declares(text: str, encoding: str, declared: str | None) -> None:
    meta = f"<meta charset={declared}>" if declared else ""
    page = f"<html><head>{meta}</head><body><p>{text}</p></body></html>"
    assert decode(page.encode(encoding))[0] == page


def test_the_http_header_tells_the_charset_of_an_undeclared_page() -> None:
    data = f"<p>{RUSSIAN}".encode("koi8-r")
    assert parse(data, content_type="text/html; charset=KOI8-R").body.text == RUSSIAN


def test_one_broken_byte_does_not_cost_a_utf8_page_its_charset() -> None:
    data = f"<meta charset=utf-8><p>{RUSSIAN}".encode() + b"\xff\xfe"
    assert RUSSIAN in parse(data).body.text


def test_a_wrong_declaration_is_noted() -> None:
    dom = parse(f"<meta charset=windows-1251><p>{RUSSIAN}".encode())
    assert dom.notes == ("declared windows-1251 but is utf-8",)


@pytest.mark.parametrize("data", [b"", b" \n", b"\x00" * 100, b"%PDF-1.4 ...", bytes(range(20)) * 9, ""])
def test_what_is_no_page_is_refused_by_name(data: bytes | str) -> None:
    with pytest.raises(NotAPage):
        parse(data)


def test_lone_surrogates_become_replacement_characters() -> None:
    assert parse("<p>a\ud800b").body.text == "a\ufffdb"


def test_a_page_nested_90000_deep_is_parsed() -> None:
    assert parse("<div>" * 90_000 + "x").body.text == "x"


def test_of_a_page_with_too_many_tags_the_first_are_read_and_that_is_noted() -> None:
    dom = parse("<p>first</p>" + "<i></i>" * MAX_TAGS + "<p>last</p>")
    assert dom.body.text == "first"
    assert dom.notes == (f"truncated: only the first {MAX_TAGS:,} tags of the page were read",)


def test_a_tag_with_too_many_attributes_keeps_none_but_its_text_and_that_is_noted() -> None:
    wide = " ".join(f"a{n}=1" for n in range(MAX_ATTRIBUTES + 1))
    dom = parse(f"<p class=x>one</p><p {wide} class=y>two</p>" + "<!--" + " " * 1_000_000 + "-->")
    assert [(p.attr("class"), p.text) for p in dom.select("p")] == [("x", "one"), (None, "two")]
    assert len(dom.notes) == 1 and "attributes" in dom.notes[0]


def test_a_long_address_in_an_attribute_is_no_reason_to_drop_it() -> None:
    source = "data:image/png;base64," + "A" * 9 * MAX_ATTRIBUTES
    dom = parse(f'<img src="{source}">' + "<p>" + " = " * 400_000)
    assert dom.select("img")[0].attr("src") == source
    assert dom.notes == ()


def test_a_piece_of_html_is_read_whole_however_many_tags_it_has() -> None:
    assert parse_body("<b>" * (MAX_TAGS + 1) + "x").text == "x"


def test_a_big_page_of_another_charset_is_read_by_its_beginning() -> None:
    page = ("<p>" + RUSSIAN * 40_000).encode("cp1251")
    text, label, _ = decode(page)
    assert (label, text[3:20]) == ("windows-1251", RUSSIAN[:17])


def test_an_endless_page_is_cut_and_noted() -> None:
    dom = parse(b"<p>" + b"word " * 4_000_000)
    assert dom.notes == ("truncated: only the first 16,777,216 bytes of the page were read",)


@pytest.mark.parametrize("html", ["abc", "<i>a</i>bc", "a<!-- -->bc", "abc<br>"])
def test_the_start_of_a_text_is_all_of_a_short_one(html: str) -> None:
    assert text_start(parse_body(f"<p>{html}</p>"), 80) == "abc"


def test_the_start_of_a_wide_element_is_read_without_all_of_it() -> None:
    wide = parse_body("a<br>" * 40_000)
    start = time.process_time()
    assert all(len(text_start(wide, 80)) < 100 for _ in range(2_000))
    assert time.process_time() - start < 2
