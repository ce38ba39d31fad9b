"""Attributions of texts: who is credited, by whom, and what is not credited."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.extraction import extract
from unabridged.stories.attributions import Attribution, find_attributions
from unabridged.stories.attributions.find import MAX_ATTRIBUTIONS, MAX_EVIDENCE, MAX_MENTIONS, _mentions
from unabridged.stories.attributions.languages import LANGUAGES
from unabridged.stories.attributions.phrases.compiled import expressions
from unabridged.stories.attributions.sentences import LONGEST, sentences

CORPUS = Path(os.environ.get("UNABRIDGED_CORPUS") or Path(__file__).parents[3] / ".." / "shared" / "corpus")
SEED = CORPUS.parent / "seed" / "000_5a2aa64cba3bfbf7.txt"
HOSTILE = (
    "BBC ", "BBC and ", "Aaa ", '"', "«", "(", "Reuters (", "berichtete der die das dem ", "据新华社引述",
    "中", "told ", "\n", ". ", "قال ", "according to the report by ", " ", "(Reuters) - ",
    "The The The Times ", "со ссылкой на ", "según la agencia de la BBC ",
)  # fmt: skip


def lines(found: tuple[Attribution, ...]) -> list[tuple[str, str, str | None]]:
    """Each source with its relation and the source that it was taken from."""
    return [
        (one.source, one.relation, None if one.parent is None else found[one.parent].source) for one in found
    ]


def test_the_seed_credits_cna_who_cites_xinhua_and_the_south_china_morning_post() -> None:
    if not SEED.exists():
        pytest.skip(f"the seed document is not here ({SEED}); set UNABRIDGED_CORPUS")
    found = find_attributions(extract(SEED.read_bytes()).text)
    assert lines(found) == [
        ("Central News Agency", "report", None),
        ("Xinhua", "cites", "Central News Agency"),
        ("South China Morning Post", "report", None),
    ]
    assert found[1].evidence.startswith("据中央社今天引述中国官方媒体新华社消息报道称")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Citing Xinhua, Reuters reported that a bridge fell. The agency, citing Yonhap, said it held.",
            [("Reuters", "report", None), ("Xinhua", "cites", "Reuters"), ("Yonhap", "cites", "Reuters")],
        ),
        (
            "AFP said, citing Kyodo News and Yonhap, that a ship had left.",
            [("Agence France-Presse", "report", None), ("Kyodo News", "cites", "Agence France-Presse"),
             ("Yonhap", "cites", "Agence France-Presse")],
        ),
        (
            "Reuters and AFP reported the arrest.",
            [("Reuters", "report", None), ("Agence France-Presse", "report", None)],
        ),
        (
            "Reuters reported on Monday that Xinhua had said the dam was safe.",
            [("Reuters", "report", None), ("Xinhua", "report", "Reuters")],
        ),
        ("Die Welt ist rund. Le monde est petit. Time flies.", []),
        ("Laut „Welt“ bleibt der Hafen zu, und die Fähre liegt still.", [("Welt", "report", None)]),
        ("中央社会工作部发表声明，报道员表示感谢。", []),
        ("Bread (Beta) and a single-page application (SPA) said hello.", []),
        ("The state news agency Xinhua reported rain.", [("Xinhua", "report", None)]),
        ("WARSZAWA (Reuters) — Pociąg stanął w polu, bo zabrakło.", [("Reuters", "dateline", None)]),
    ],
)  # fmt: skip
def test_sources_and_parents(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert lines(find_attributions(text)) == expected


def test_a_source_is_listed_once_with_the_number_of_its_places() -> None:
    [one] = find_attributions(
        "Reuters reported rain. Later Reuters reported snow. Reuters reported hail.", language="en"
    )
    assert (one.times, one.domain, one.country, one.evidence) == (
        3,
        "reuters.com",
        "GB",
        "Reuters reported rain.",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_text_is_read_to_its_end_within_the_bounds(language: str) -> None:
    for unit in HOSTILE:
        found = find_attributions(unit * (9000 // len(unit)), language=language)
        assert len(found) <= MAX_ATTRIBUTIONS
        assert all(len(one.evidence) <= MAX_EVIDENCE for one in found)


def test_the_work_on_one_sentence_and_one_text_is_bounded() -> None:
    """The count of names looked at, not the clock: names are cut at MAX_MENTIONS."""
    text = "According to BBC, " * 50_000
    assert len(_mentions(text, "en", expressions("en"))) == MAX_MENTIONS
    assert max(end - start for start, end, _ in sentences("word " * 9000)) == LONGEST


WORDS = st.sampled_from(
    (
        "Reuters reported citing told the BBC , . and according to dpa unter Berufung auf 据 新华社 引述 "
        "报道 称 ( ) — « » \n ТАСС сообщил رويترز ذكرت نقلا عن"
    ).split(" ")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=40), st.sampled_from((*LANGUAGES, None, "pl")))
def test_every_attribution_has_its_words_in_its_sentence_and_no_circle(
    words: list[str], language: str | None
) -> None:
    found = find_attributions(" ".join(words), language=language)
    for place, one in enumerate(found):
        assert one.mention in one.evidence and 0 < one.confidence <= 1 and one.times >= 1
        seen, parent = {place}, one.parent
        while parent is not None:
            assert parent not in seen and 0 <= parent < len(found)
            seen.add(parent)
            parent = found[parent].parent
