"""Pages with contradictory or wrong charset declarations are decoded right."""

import pytest

from unabridged.extraction.html.charsets import fix_double_encoding, oddness
from unabridged.extraction.html.dom import decode

TEXTS = {
    "ru": "Лодка стояла на берегу с прошлой осени, и никто не помнил, кто её сюда привёз.",
    "uk": "Човен стояв на березі з минулої осені, і ніхто не пам'ятав, хто його сюди привіз.",
    "bg": "Лодката стоеше на брега от миналата есен и никой не помнеше кой я е докарал.",
    "el": "Η βάρκα στεκόταν στην ακτή από το περασμένο φθινόπωρο και κανείς δεν θυμόταν ποιος την έφερε.",
    "pl": "Łódź stała na brzegu od zeszłej jesieni i nikt nie pamiętał, kto ją przywiózł. Źle, żółć.",
    "cs": "Loď stála na břehu od loňského podzimu a nikdo si nepamatoval, kdo ji přivezl. Příští týden.",
    "fr": "La barque était là depuis l'automne passé, et personne ne savait à qui elle était. Ça gêne.",
    "de": "Das Boot lag seit dem Herbst am Ufer, und niemand wußte mehr, wem es gehörte. Über Öl.",
    "is": "Báturinn lá við ströndina síðan í fyrra og enginn mundi hver átti hann. Þýðing er óljós.",
    "tr": "Kayık geçen sonbahardan beri kıyıda duruyordu, kimin getirdiğini kimse bilmiyordu. Şu işe bak.",
    "he": "הסירה עמדה על החוף מאז הסתיו שעבר, ואיש לא זכר מי הביא אותה לשם. הזקן אמר: היא שלי.",
    "ar": "كان القارب على الشاطئ منذ الخريف الماضي ولم يتذكر أحد من أحضره إلى هنا. قال الشيخ إنه لي.",
    "th": "เรือจอดอยู่ที่ชายฝั่งตั้งแต่ฤดูใบไม้ร่วงที่แล้ว และไม่มีใครจำได้ว่าใครเป็นคนนำมันมา",
    "zh": "小船从去年秋天起就停在岸边，没有人记得是谁把它带来的。老人说，这是我的船。",
    "tw": "小船從去年秋天起就停在岸邊，沒有人記得是誰把它帶來的。老人說，這是我的船。",
    "ja": "舟は去年の秋から岸にあり、だれが持って来たのかを覚えている人はいなかった。「私のだ」",
    "ko": "배는 지난 가을부터 강가에 있었고 누가 가져왔는지 아무도 기억하지 못했다. 노인의 것이었다.",
}
CHARSETS = [
    ("ru", "windows-1251"), ("ru", "koi8-r"), ("ru", "iso-8859-5"), ("ru", "ibm866"), ("uk", "windows-1251"),
    ("uk", "koi8-u"), ("bg", "windows-1251"), ("el", "windows-1253"), ("el", "iso-8859-7"),
    ("pl", "windows-1250"), ("pl", "iso-8859-2"), ("cs", "windows-1250"), ("cs", "iso-8859-2"),
    ("fr", "windows-1252"), ("de", "windows-1252"), ("is", "windows-1252"), ("tr", "windows-1254"),
    ("he", "windows-1255"), ("ar", "windows-1256"), ("th", "windows-874"), ("zh", "gbk"), ("tw", "big5"),
    ("ja", "shift_jis"), ("ja", "euc-jp"), ("ko", "euc-kr"),
]  # fmt: skip
PYTHON_NAMES = {"windows-874": "cp874", "gbk": "gb18030"}
LATIN_NEEDS_A_CLAIM = {"pl", "cs", "tr"}


def page(language: str, meta: str) -> str:
    claim = f"<meta charset={meta}>" if meta else ""
    return f"<html><head>{claim}<title>Page</title></head><body><p>{TEXTS[language] * 6}</p></body></html>"


def read(language: str, charset: str, *, header: str, meta: str) -> bool:
    text = page(language, meta)
    return (
        decode(text.encode(PYTHON_NAMES.get(charset, charset)), content_type=f"text/html; charset={header}")[
            0
        ]
        == text
    )


@pytest.mark.parametrize(("language", "charset"), CHARSETS)
@pytest.mark.parametrize("wrong", ["iso-8859-1", "windows-1252", "utf-8", "windows-1251", "windows-1253"])
def test_the_right_one_of_two_claims_is_believed(language: str, charset: str, wrong: str) -> None:
    assert read(language, charset, header=wrong, meta=charset)
    assert read(language, charset, header=charset, meta=wrong)


@pytest.mark.parametrize(
    ("language", "charset"), [row for row in CHARSETS if row[0] not in LATIN_NEEDS_A_CLAIM]
)
def test_latin_1_claimed_of_another_script_is_not_believed(language: str, charset: str) -> None:
    assert read(language, charset, header="iso-8859-1", meta="iso-8859-1")


@pytest.mark.parametrize(("language", "charset"), CHARSETS)
def test_a_right_claim_is_believed(language: str, charset: str) -> None:
    assert read(language, charset, header=charset, meta=charset)


@pytest.mark.parametrize("language", TEXTS)
def test_no_language_looks_odd_as_it_is_written(language: str) -> None:
    assert oddness(TEXTS[language]) < 0.3


@pytest.mark.parametrize(
    ("language", "charset"), [row for row in CHARSETS if row[0] not in LATIN_NEEDS_A_CLAIM]
)
def test_a_text_read_in_the_wrong_charset_looks_odd(language: str, charset: str) -> None:
    if language in ("fr", "de", "is"):
        wrong = TEXTS[language].encode(charset).decode("windows-1251", "replace")
    else:
        wrong = TEXTS[language].encode(PYTHON_NAMES.get(charset, charset)).decode("latin-1")
    assert oddness(wrong) > oddness(TEXTS[language]) + 0.3


def twice(text: str) -> bytes:
    """As a program writes it that takes UTF-8 for Latin-1."""
    return text.encode().decode("latin-1").encode()


@pytest.mark.parametrize("language", TEXTS)
def test_what_was_encoded_twice_is_read_as_it_was_meant(language: str) -> None:
    text = f"<p>{TEXTS[language]}</p><p>“It isn’t – is it?”</p>"
    html, encoding, note = decode(twice(text))
    assert (html, encoding) == (text, "utf-8")
    assert "twice" in note


def test_only_the_part_that_was_encoded_twice_is_mended() -> None:
    good = "<p>L’ÉTÉ\xa0» à Besançon, «\xa0É\xa0», 20\xa0°C, SÃO PAULO, 船</p>"
    assert decode(good.encode() + twice("<p>“doesn’t”</p>"))[0] == good + "<p>“doesn’t”</p>"


def test_a_page_that_nobody_encoded_twice_is_left_alone() -> None:
    for text in (*TEXTS.values(), "Ã© and â€™ are how mistakes look", "Â\xa0"):
        assert fix_double_encoding(text.encode()) == text.encode()
