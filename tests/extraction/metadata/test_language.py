"""The language of a page and the direction of its text."""

import pytest

from tests.extraction.metadata.pages import page, read
from unabridged.extraction import extract
from unabridged.extraction.metadata.language import language_of_text
from unabridged.text.scripts import direction

TEXTS = {
    "en": "The bridge over the river was closed on Monday, and the mayor said that it is not safe to use it "
    "this week. They have to wait for the engineers.",
    "de": "Die Brücke über den Fluss wurde am Montag gesperrt, und der Bürgermeister sagte, dass sie nicht "
    "sicher ist. Auf die Ingenieure muss man noch warten, auch wenn sich das zieht.",
    "fr": "Le pont sur la rivière a été fermé lundi, et le maire a dit que les voitures ne doivent pas "
    "passer par un chemin qui est trop étroit pour elles dans la ville.",
    "es": "El puente sobre el río se cerró el lunes, y la alcaldesa dijo que los coches no deben pasar por "
    "el camino que lleva a la ciudad, al menos para una semana.",
    "pt": "A ponte sobre o rio foi fechada na segunda-feira, e o prefeito disse que os carros não devem "
    "passar por um caminho que leva ao centro da cidade.",
    "it": "Il ponte sul fiume è stato chiuso lunedì, e il sindaco ha detto che le auto non si possono usare "
    "della strada che porta al centro in una settimana.",
    "nl": "De brug over de rivier is op maandag gesloten, en het is niet zeker dat die voor het einde van de "
    "maand weer open zijn zal, zei er een ingenieur.",
    "pl": "Most na rzece jest od poniedziałku zamknięty, a burmistrz mówi, że nie wie, jak długo to potrwa i "
    "co się z nim stanie. Samochody jadą na razie do miasta przez las.",
    "tr": "Nehrin üzerindeki köprü pazartesi günü kapatıldı ve bu hafta için araçlar başka bir yol ile şehre "
    "gidiyor. Daha sonra ne olacak, kimse bilmiyor, çok kötü gibi.",
    "ru": "Мост через реку закрыт с понедельника, и мэр сказал, что это было нужно для безопасности жителей.",
    "uk": "Міст через річку закрито з понеділка, і мер сказав, що це було потрібно для безпеки її мешканців.",
    "bg": "Мостът над реката е затворен от понеделник и кметът каза, че това е нужно за сигурността.",
    "el": "Η γέφυρα πάνω από το ποτάμι έκλεισε τη Δευτέρα και ο δήμαρχος είπε ότι δεν είναι ασφαλής.",
    "ar": "أغلق الجسر فوق النهر يوم الاثنين، وقال رئيس البلدية إن ذلك كان ضروريا لسلامة السكان في المدينة.",
    "fa": "پل روی رودخانه از روز دوشنبه بسته شد و شهردار گفت که این کار برای امنیت ساکنان شهر لازم بوده است.",
    "ur": "دریا پر پل پیر کے روز سے بند ہے اور میئر نے کہا کہ یہ شہر کے لوگوں کی حفاظت کے لیے ضروری تھا۔",
    "he": "הגשר מעל הנהר נסגר ביום שני, וראש העיר אמר שזה היה נחוץ למען הביטחון של תושבי העיר כולם.",
    "zh": "河上的大桥从星期一开始关闭，市长说这是为了居民的安全，"
    "工程师们需要一个星期的时间来检查大桥的情况，希望大家耐心等待。",
    "ja": "川にかかる橋は月曜日から閉鎖されており、市長は住民の安全のために必要だと述べた。"
    "技術者による点検には一週間かかる見込みだ。",
    "ko": "강을 가로지르는 다리가 월요일부터 폐쇄되었으며 시장은 주민의 안전을 위해 필요한 조치라고 말했다. "
    "점검에는 일주일이 걸린다.",
    "th": "สะพานข้ามแม่น้ำถูกปิดตั้งแต่วันจันทร์ และนายกเทศมนตรีกล่าวว่าจำเป็นเพื่อความปลอดภัยของประชาชนในเมือง",
    "hi": "नदी पर बना पुल सोमवार से बंद है और महापौर ने कहा कि यह शहर के लोगों की सुरक्षा के लिए ज़रूरी था।",
}
RIGHT_TO_LEFT = {"ar", "fa", "ur", "he"}


def test_a_wrong_language_claim_yields_to_the_script() -> None:
    assert read(page("<title>Мост через реку закрыт</title>", lang="en")).language == "ru"


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("stated", [None, "en", "ru", "own"])
def test_the_text_decides_where_the_claim_contradicts_it(language: str, stated: str | None) -> None:
    claim = f"{language}-XX" if stated == "own" else stated
    kept = stated == "own" or (stated == "ru" and language in ("uk", "bg")) or stated == language
    found = language_of_text(claim, TEXTS[language])
    assert found == (claim if kept else language)


@pytest.mark.parametrize("language", TEXTS)
def test_the_direction_is_that_of_the_text(language: str) -> None:
    assert direction("en", TEXTS[language]) == ("rtl" if language in RIGHT_TO_LEFT else "ltr")


def test_a_quotation_in_another_script_does_not_change_the_language() -> None:
    assert language_of_text("en", f"{TEXTS['en']} {TEXTS['en']} {TEXTS['ar']}") == "en"


def test_a_short_text_keeps_the_claim() -> None:
    assert language_of_text("de", "Мост закрыт") == "de"


def test_a_text_in_a_language_without_table_keeps_the_claim() -> None:
    assert (
        language_of_text("eu", "Ibaiaren gaineko zubia astelehenean itxi zuten, eta alkateak esan du " * 3)
        == "eu"
    )


def test_the_article_has_the_language_of_its_text_and_says_so() -> None:
    body = "".join(f"<p>{TEXTS['fa']}</p>" for _ in range(8))
    html = (
        f"<html lang=en><head><title>Shahr 24</title></head><body><article><h1>Shahr 24</h1>{body}</article>"
    )
    found = extract(html.encode())
    assert (found.language, found.provenance["language"]) == ("fa", "page")
