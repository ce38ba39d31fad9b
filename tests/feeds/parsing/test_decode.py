"""Bytes of every encoding that feeds come in, stated rightly, wrongly or not at all."""

import pytest

from unabridged.feeds.parsing.decode import codec_name, decode
from unabridged.feeds.parsing.parse import parse_feed

URL = "https://words.example/feed"
TITLES = {
    "utf-8": "Ünïcödé – 新闻 – новости",
    "utf-16": "Ünïcödé – 新闻",
    "utf-32": "Ünïcödé – 新闻",
    "gb2312": "今天的天气很好，新闻联播",
    "gbk": "今天的天气很好，朱镕基",
    "gb18030": "今天的天气很好，㐀朱镕基",
    "big5": "今天的天氣很好，新聞",
    "shift_jis": "今日のニュースと天気予報",
    "windows-31j": "今日のニュース①②㈱",
    "euc-jp": "今日のニュースと天気予報",
    "iso-2022-jp": "今日のニュースと天気予報",
    "euc-kr": "오늘의 뉴스와 날씨",
    "ks_c_5601-1987": "오늘의 뉴스와 날씨",
    "iso-8859-1": "Café déjà vu",
    "windows-1252": "“Café” – déjà vu…",
    "iso-8859-15": "Prix: 5 €",
    "iso-8859-2": "Zażółć gęślą jaźń",
    "windows-1250": "Zażółć gęślą jaźń",
    "windows-1251": "Новости дня",
    "koi8-r": "Новости дня",
    "mac-cyrillic": "Новости дня",
    "iso-8859-5": "Новости дня",
    "iso-8859-7": "Ειδήσεις",
    "windows-1253": "Ειδήσεις της ημέρας",
    "iso-8859-9": "Günün haberleri şğı",
    "windows-1254": "Günün haberleri şğı",
    "windows-1255": "חדשות היום",
    "windows-1256": "أخبار اليوم",
    "tis-620": "ข่าววันนี้",
    "cp866": "Новости дня",
}
CODECS = {"windows-31j": "cp932", "ks_c_5601-1987": "cp949"}


def document(title: str, declared: str | None) -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    return f"{declaration}<rss version='2.0'><channel><title>{title}</title></channel></rss>"


def encoded(title: str, label: str, declared: str | None) -> bytes:
    return document(title, declared).encode(CODECS.get(label, label))


@pytest.mark.parametrize("label", TITLES)
def test_a_declared_encoding_is_read(label: str) -> None:
    assert parse_feed(encoded(TITLES[label], label, label), url=URL).title == TITLES[label]


@pytest.mark.parametrize(
    "label", sorted(set(TITLES) - {"utf-16", "utf-32"})
)  # their first bytes speak louder
def test_the_charset_of_http_wins_over_the_declaration(label: str) -> None:
    data = encoded(TITLES[label], label, "us-ascii")
    feed = parse_feed(data, url=URL, content_type=f'text/xml; charset="{label}"')
    assert feed.title == TITLES[label]


def test_a_mark_wins_over_everything() -> None:
    data = b"\xef\xbb\xbf" + document("Größe", "iso-8859-1").encode()
    assert decode(data, "text/xml; charset=gb2312").text.endswith("<title>Größe</title></channel></rss>")
    for codec, mark in (
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
    ):
        marked = mark + document("Größe", "utf-8").encode(codec)
        assert parse_feed(marked, url=URL, content_type="text/xml; charset=utf-8").title == "Größe"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_known_by_their_shape(codec: str) -> None:
    assert parse_feed(document("Größe", None).encode(codec), url=URL).title == "Größe"
    assert (
        parse_feed("<rss><channel><title>Größe</title></channel></rss>".encode(codec), url=URL).title
        == "Größe"
    )


@pytest.mark.parametrize(
    "label", ["gb2312", "big5", "shift_jis", "euc-kr", "windows-1251", "koi8-r", "windows-1252"]
)
def test_bytes_about_which_nothing_is_said_are_recognised(label: str) -> None:
    title = (TITLES[label] + " ") * 20
    feed = parse_feed(encoded(title, label, None), url=URL)
    assert feed.title == title.strip()
    assert any("no encoding declared" in note for note in feed.notes)


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "us-ascii"])
def test_utf8_that_calls_itself_latin_is_read_as_utf8_with_a_note(label: str) -> None:
    feed = parse_feed(document("Größe – 新闻", label).encode(), url=URL)
    assert feed.title == "Größe – 新闻"
    assert feed.notes == ("declared as cp1252, read as utf-8",)


def test_latin_that_calls_itself_utf8_is_recognised() -> None:
    feed = parse_feed(document("Café déjà vu, c'est ça " * 5, "utf-8").encode("cp1252"), url=URL)
    assert feed.title.startswith("Café déjà vu, c'est ça Café")


def test_utf8_with_a_broken_byte_stays_utf8() -> None:
    data = document("新闻联播今天的天气很好", "utf-8").encode().replace("天".encode(), b"\xe5\xa4", 1)
    title = parse_feed(data, url=URL).title
    assert title.startswith("新闻联播今") and title.endswith("气很好")


@pytest.mark.parametrize(
    "label", ["x-nonsense", "idna", "punycode", "unicode_escape", "zlib", "rot13", "undefined"]
)
def test_a_label_that_is_no_charset_is_not_believed(label: str) -> None:
    assert parse_feed(encoded("Größe", "utf-8", label), url=URL).title == "Größe"


def test_labels_of_the_web_mean_what_browsers_make_of_them() -> None:
    names = {
        "gb2312": "gb18030",
        "GBK": "gb18030",
        "Shift_JIS": "cp932",
        "euc-kr": "cp949",
        "latin1": "cp1252",
    }
    assert {label: codec_name(label) for label in names} == names


def test_windows_characters_given_as_controls_are_put_right() -> None:
    data = b"<rss><channel><title>don&#146;t \xe2\x80\x93 &#x93;now&#x94;</title></channel></rss>"
    assert parse_feed(data, url=URL).title == "don’t – “now”"


def test_utf8_encoded_twice_is_decoded_twice() -> None:
    data = "<rss><channel><title>Gr\u00c3\u00b6\u00c3\u009fe</title></channel></rss>".encode()
    assert parse_feed(data, url=URL).title == "Größe"


@pytest.mark.parametrize(
    ("http", "label"),
    [
        ("iso-8859-1", "windows-1251"),
        ("iso-8859-1", "shift_jis"),
        ("windows-1251", "utf-8"),
        ("gb2312", "utf-8"),
        ("windows-1251", "koi8-r"),
        ("iso-8859-2", "windows-1251"),
    ],
)
def test_a_wrong_charset_of_http_gives_way_to_a_right_declaration(http: str, label: str) -> None:
    title = (TITLES[label] + " ") * 5
    feed = parse_feed(encoded(title, label, label), url=URL, content_type=f"text/xml; charset={http}")
    assert feed.title == title.strip()


@pytest.mark.parametrize("stray", [b"Jo\xe3o", b"na\xefve", b"\x93quoted\x94", b"10 \x80 only", b"it\x92s"])
def test_one_stray_byte_is_read_as_the_western_letter_that_it_was(stray: bytes) -> None:
    data = document("café — “well”, AUTHOR", "utf-8").encode().replace(b"AUTHOR", stray)
    assert parse_feed(data, url=URL).title == "café — “well”, " + stray.decode("cp1252")


def test_a_character_cut_in_the_middle_does_not_become_letters() -> None:
    data = document("新闻联播今天X", "utf-8").encode().replace("天X".encode(), b"\xe5\xa4X")
    assert parse_feed(data, url=URL).title == "新闻联播今\ufffdX"
