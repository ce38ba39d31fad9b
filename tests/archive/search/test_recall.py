"""Nothing is missed and nothing is made up: queries by hand, and a scan of the folded texts."""

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.archive.sample_feeds import NOW, URL, an_entry, save
from unabridged.archive import Archive
from unabridged.archive.search_index.tokenizer import fold
from unabridged.text.scripts import UNSPACED

GIVEN = tomllib.loads(Path(__file__).with_name("search_queries.toml").read_text())
RUN = re.compile(f"[{UNSPACED}]+")
WORD = re.compile(f"[^ {UNSPACED}]+")

SENTENCES = (
    "The harbour ferry was retired in spring, and the mechanics opened its engine.",
    "港口的渡轮在春天退役，机械师打开了它的发动机。图书馆里的读者都知道这件事。",
    "港口的渡輪在春天退役，機械師打開了它的發動機。圖書館裡的讀者都知道這件事。",
    "フェリーは春に引退した。整備士がエンジンを開けると、新聞記者が来た。",
    "항구의 페리는 봄에 은퇴했다. 정비사가 엔진을 열었고 기자가 왔다.",
    "เรือข้ามฟากปลดระวางในฤดูใบไม้ผลิ ช่างเปิดเครื่องยนต์",
    "Die Fähre wurde im Frühjahr außer Dienst gestellt; der Bürgermeister war dagegen.",
    "Паром вывели из эксплуатации весной, и механики вскрыли его двигатель.",
    "العبّارة القديمة في الميناء، والمهندس يفتح المحرّك في الربيع.",
    "पुरानी नाव बन्दरगाह में है और मिस्त्री उसका इंजन खोलता है।",
    "iPhone手机和MP3播放器在2024年的港口很常见，3.5元一张船票。",
)


def test_queries_by_hand_find_what_they_should(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    names = list(GIVEN["articles"])
    entries = (an_entry(place, title=name, text=GIVEN["articles"][name]) for place, name in enumerate(names))
    numbers = dict(zip(save(archive, feed.id, *entries).new, names, strict=True))
    assert len(GIVEN["query"]) >= 60
    for query in GIVEN["query"]:
        found = {numbers[number] for number in archive.library().search.ids(query["ask"]).article_ids}
        assert found == set(query["find"]), query["ask"]


def made_texts(luck: random.Random, count: int, long_every: int) -> Iterator[str]:
    """Texts of shuffled pieces of sentences; some too long for what PostgreSQL keeps of places."""
    pieces = [piece for sentence in SENTENCES for piece in re.findall(r"\S{1,9}\s?", sentence)]
    for number in range(count):
        size = 9000 if number % long_every == long_every - 1 else luck.randint(5, 80)
        yield " ".join("".join(luck.choices(pieces, k=luck.randint(2, 12))) for _ in range(size // 7 + 1))


def scan(texts: Sequence[str], piece: str) -> set[int]:
    """The texts in which a run of letters, or a whole word, stands."""
    found = re.compile(
        re.escape(piece) if RUN.match(piece) else rf"(?<![^ {UNSPACED}]){re.escape(piece)}(?![^ {UNSPACED}])"
    )
    return {place for place, text in enumerate(texts) if found.search(text)}


def examine(archive: Archive, count: int, asked: int) -> None:
    luck = random.Random(17)
    texts = list(made_texts(luck, count, max(10, count // 20)))
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    new: list[int] = []
    for start in range(0, count, 100):
        part = range(start, min(start + 100, count))
        new += save(
            archive, feed.id, *(an_entry(one, title="t", text=texts[one]) for one in part), read_newest=0
        ).new
    places = {number: place for place, number in enumerate(new)}
    folded = [f"{fold('t')} {fold(text)}" for text in texts]
    for _ in range(asked):
        text = luck.choice(folded)
        run = luck.choice(RUN.findall(text) or ["t"])
        start = luck.randrange(len(run))
        for piece in (run[start : start + luck.randint(1, 6)], luck.choice(WORD.findall(text))):
            found: set[int] = set()
            page = archive.library().search.ids(f'"{piece}"')
            found.update(places[number] for number in page.article_ids)
            while page.next:
                page = archive.library().search.ids(f'"{piece}"', before=page.next)
                found.update(places[number] for number in page.article_ids)
            assert found == scan(folded, piece), piece


def test_a_search_finds_exactly_what_a_scan_of_the_texts_finds(archive: Archive) -> None:
    examine(archive, 60, 60)


@pytest.mark.long
def test_a_search_over_ten_thousand_articles_finds_exactly_what_a_scan_finds(archive: Archive) -> None:
    examine(archive, 10_000, 300)
