# ruff: noqa: E501 (sentences are as long as they are)
"""Selection of article blocks on pages of many layouts and languages."""

from random import Random

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.select import explain, select, selection_text

STORY = (
    "The council voted on Tuesday to close the harbour bridge, which had carried traffic since 1936.",
    "Engineers said that the rust, first noticed in spring, had spread to the main girders, and could not be halted.",
    "“We have no choice,” said the mayor, who had campaigned to keep it open, “but nobody will be left behind.”",
    "Ferries will run every ten minutes from Monday, according to the port, until a new bridge is built in 2031.",
)
CHINESE = (
    "市议会周二投票决定关闭已有九十年历史的旧港大桥，这座桥多年来一直是两岸居民往来的主要通道。",
    "工程师表示，今年春天首次发现的锈蚀已经蔓延到主梁，无法再加以控制，必须尽快停止使用。",
    "市长说：“我们别无选择。”他曾在竞选时承诺保留这座桥，但他强调，不会有任何居民因此被抛下。",
    "港务局称，从下周一起，渡轮将每十分钟开出一班，直到新桥于二〇三一年建成通车为止。",
)
RUSSIAN = (
    "Городской совет во вторник проголосовал за закрытие старого моста, который служил городу девяносто лет.",
    "По словам инженеров, ржавчина, впервые замеченная весной, добралась до главных балок, и остановить её нельзя.",
    "«У нас нет выбора», — сказал мэр, обещавший сохранить мост, — «но никто не останется без переправы».",
    "Паромы будут ходить каждые десять минут, сообщили в порту, пока в 2031 году не построят новый мост.",
)
GREEK = (
    "Το δημοτικό συμβούλιο ψήφισε την Τρίτη το κλείσιμο της παλιάς γέφυρας, που εξυπηρετούσε την πόλη επί χρόνια.",
    "Οι μηχανικοί είπαν ότι η σκουριά, που φάνηκε την άνοιξη, έφτασε στις κύριες δοκούς, και δεν σταματά.",
    "«Δεν έχουμε επιλογή», είπε ο δήμαρχος, που είχε υποσχεθεί να την κρατήσει ανοιχτή για όλους τους κατοίκους.",
    "Τα πλοία θα φεύγουν κάθε δέκα λεπτά, σύμφωνα με το λιμάνι, μέχρι να χτιστεί η νέα γέφυρα το 2031.",
)
ARABIC = (
    "صوّت مجلس المدينة يوم الثلاثاء على إغلاق الجسر القديم، الذي خدم السكان على ضفتي الميناء تسعين عاماً.",
    "وقال المهندسون إن الصدأ، الذي لوحظ أول مرة في الربيع، وصل إلى العوارض الرئيسية، ولا يمكن وقفه.",
    "وقال رئيس البلدية، الذي وعد بإبقائه مفتوحاً، إنه لا خيار أمامنا، ولكن لن يُترك أحد من السكان خلفنا.",
    "وستعمل العبارات كل عشر دقائق ابتداء من يوم الاثنين، بحسب الميناء، إلى أن يُبنى جسر جديد في عام 2031.",
)
MENU = "<nav><ul>" + "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(12)) + "</ul></nav>"
FOOT = "<footer><p>© 2026 The Paper. All rights reserved.</p><a href=/privacy>Privacy policy</a></footer>"
RELATED = (
    '<aside class="related-articles"><h3>Related articles</h3><ul>'
    + "".join(f"<li><a href=/r{n}>Another story about something else, number {n}</a></li>" for n in range(6))
    + "</ul></aside>"
)


def page(inner: str, title: str = "Old harbour bridge closes") -> str:
    return f"<html><head><title>{title} - The Paper</title></head><body>{MENU}{inner}{RELATED}{FOOT}</body></html>"


def paragraphs(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def text_of(html: str) -> str:
    return selection_text(select(parse(html)))


@pytest.mark.parametrize("story", [STORY, CHINESE, RUSSIAN, GREEK, ARABIC], ids="en zh ru el ar".split())
def test_the_story_is_kept_whole_and_alone_in_any_script(story: tuple[str, ...]) -> None:
    html = page(f'<article class="story"><h1>Old harbour bridge closes</h1>{paragraphs(story)}</article>')
    assert text_of(html) == "\n".join(story)


def test_paragraphs_may_be_parted_by_line_breaks_alone() -> None:
    assert text_of(page(f'<div class="text">{"<br><br>".join(STORY)}</div>')) == "\n".join(STORY)


def test_paragraphs_may_be_bare_divs() -> None:
    inner = "".join(f"<div>{line}</div>" for line in STORY)
    assert "\n".join(STORY) in text_of(page(f'<div class="article-body">{inner}</div>'))


def test_a_body_split_over_sibling_containers_is_joined() -> None:
    halves = f'<div class="part">{paragraphs(STORY[:2])}</div><div class="part">{paragraphs(STORY[2:])}</div>'
    assert text_of(page(f'<div class="article-body">{halves}</div>')) == "\n".join(STORY)


def test_sub_headings_and_lists_of_the_story_stay() -> None:
    inner = f"{paragraphs(STORY[:2])}<h2>What happens next</h2>{paragraphs(STORY[2:])}"
    assert "What happens next" in text_of(page(f'<article class="post-content">{inner}</article>'))


def test_a_hidden_copy_of_the_story_is_not_told_twice() -> None:
    inner = f'<article class="story">{paragraphs(STORY)}</article><div hidden class="print">{paragraphs(STORY)}</div>'
    assert text_of(page(inner)) == "\n".join(STORY)


def test_related_items_and_the_footer_are_left_out() -> None:
    found = text_of(page(f'<article class="story">{paragraphs(STORY)}</article>'))
    assert "Related articles" not in found
    assert "All rights reserved" not in found


def test_an_empty_body_selects_nothing() -> None:
    selection = select(parse("<html><head><title>x</title></head><body><img src=x></body></html>"))
    assert (selection.kept, selection.confidence) == ((), 0.0)


def test_a_menu_alone_is_trusted_less_than_a_story() -> None:
    story = select(parse(page(f'<article class="story">{paragraphs(STORY)}</article>')))
    menu = select(parse(f"<html><body>{MENU}{FOOT}</body></html>"))
    assert menu.confidence < story.confidence


def test_every_block_can_be_explained() -> None:
    selection = select(parse(page(f'<article class="story">{paragraphs(STORY)}</article>')))
    explained = explain(selection)
    assert [block.text for block, _ in explained] == selection.layout.texts
    assert all(reasons for _, reasons in explained)
    assert [block.index for block, _ in explained if block.kept] == [block.index for block in selection.kept]


@pytest.mark.parametrize(
    "html",
    [
        "x",
        "<p>x",
        "<frameset><frame>",
        "<br>" * 5000,
        "<p>" + "😀" * 50,
        "<table>" * 300 + "x",
        "<p>\u202e\ufffd\u0000</p>",
    ],
)
def test_odd_pages_are_no_error(html: str) -> None:
    assert isinstance(text_of(html), str)


def test_a_page_of_five_thousand_blocks_is_read() -> None:
    vocabulary = " ".join(STORY).split()
    lines = [" ".join(Random(n).sample(vocabulary, 30)) + "." for n in range(5000)]
    found = text_of(page("".join(f"<div><p>{line}</p></div>" for line in lines)))
    assert sum(line in found for line in lines) > 4900
