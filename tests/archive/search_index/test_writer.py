"""The index follows the articles through everything that happens to them, and leaves no ghost."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from tests.archive.sample_feeds import NOW, URL, a_page, an_article, an_entry, save
from unabridged.archive import Archive
from unabridged.archive.records.library import ReplayChange
from unabridged.archive.storage.engine import Database

WORDS = "the harbour ferry was retired in spring 港口 的渡轮 春天退役 항구의 페리 เรือข้ามฟาก Überfahrt".split()


def rows(dsn: str) -> list[tuple[object, ...]]:
    """What the index holds, token by token."""
    with closing(Database(dsn)) as database:
        if not database.on_sqlite:
            with database.reading() as conn:
                found = conn.execute(text("SELECT place, tokens::text FROM search_index ORDER BY place"))
                return [tuple(row) for row in found]
    with closing(sqlite3.connect(dsn.removeprefix("sqlite:///"))) as raw:
        raw.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, search_index, instance)")
        return sorted(raw.execute("SELECT doc, term, col, offset FROM temp.terms"))


def some_text(luck: random.Random) -> str:
    return "\n".join(" ".join(luck.choices(WORDS, k=12)) for _ in range(luck.randint(1, 5)))


def test_after_any_changes_the_index_is_what_a_new_one_would_be(archive: Archive, dsn: str) -> None:
    luck = random.Random(3)
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    numbers = list(save(archive, feed.id, *(an_entry(one, text=some_text(luck)) for one in range(12))).new)
    for turn in range(40):
        number = luck.choice(numbers)
        url = f"https://news.example/{number}"
        page = a_page(url, f"<html>{turn}</html>".encode())
        archive.ingest.save_page(number, an_article(url, text=some_text(luck)), page, now=NOW)
        if turn % 10 == 0:
            archive.library().articles.delete(numbers.pop(0), now=NOW)
    kept = archive.library().articles.get(numbers[-1])
    replay = archive.reextraction.begin("", now=NOW)
    change = ReplayChange(
        article_id=kept.id, base=kept.revision, article=an_article(kept.article.url, text="new"), reason="r"
    )
    archive.reextraction.apply(replay, [change], now=NOW)
    assert archive.maintenance.verify().problems == ()
    archive.reextraction.undo(replay, now=NOW)
    assert archive.maintenance.verify().problems == ()
    before = rows(dsn)
    archive.search_index.clear()
    assert rows(dsn) == []
    archive.search_index.index_all()
    assert rows(dsn) == before


def test_a_row_that_cannot_be_taken_out_makes_the_index_start_over(tmp_path: Path) -> None:
    dsn = f"sqlite:///{tmp_path / 'a.db'}"
    with Archive(dsn) as archive:
        feed = archive.library().subscriptions.add(URL, now=NOW).feed
        numbers = save(archive, feed.id, *(an_entry(one, text=f"whale {one}") for one in range(3))).new
        with closing(sqlite3.connect(tmp_path / "a.db")) as raw:
            raw.execute("UPDATE search_docs SET digest = 1 WHERE article_id = ?", (numbers[0],))
            raw.commit()
        assert [one.kind for one in archive.maintenance.verify().problems] == ["search"]
        archive.library().articles.delete(numbers[0])
        assert archive.search_index.state().waiting == 2
        archive.search_index.index_all()
        assert archive.library().search.ids("whale").article_ids == (numbers[2], numbers[1])
        assert archive.maintenance.verify().problems == ()


def test_an_archive_opened_again_has_nothing_to_index(open_archive: Callable[[], Archive]) -> None:
    with open_archive() as archive:
        save(
            archive,
            archive.library().subscriptions.add(URL, now=NOW).feed.id,
            an_entry(1, text="The white whale"),
        )
    with open_archive() as archive:
        assert archive.library().search.hits("whale", now=NOW).waiting == 0
        assert len(archive.library().search.hits("whale", now=NOW).hits) == 1


def test_an_erased_articles_words_are_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive(str(path)) as archive:
        feed = archive.library().subscriptions.add(URL, now=NOW).feed
        for start in range(0, 60, 2):
            save(
                archive,
                feed.id,
                an_entry(start, text="qwertzsecret"),
                an_entry(start + 1, text="other words"),
            )
        for number in archive.library().search.ids("qwertzsecret").article_ids:
            archive.library().articles.delete(number)
        assert archive.library().search.ids("other").article_ids
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, search_index, row)")
        assert raw.execute("SELECT count(*) FROM temp.terms WHERE term GLOB 'qwertz*'").fetchone() == (0,)
    assert b"qwertzsecret" not in path.read_bytes()


def test_hostile_signs_come_in_and_go_out_again(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    texts = [
        "a\x00b NUL",
        "lone \ud800 surrogate",
        "quote ' and \\ back",
        "x" * 5000,
        "\ue000\ue001\ue002 \ue004",
    ]
    new = save(
        archive,
        feed.id,
        *(
            an_entry(one, url=f"https://host-{one}.example/ho'st\\'", text=text)
            for one, text in enumerate(texts)
        ),
    ).new
    assert archive.maintenance.verify().problems == ()
    assert len(archive.library().search.ids("site:example").article_ids) == len(texts)
    for number in new:
        archive.library().articles.delete(number)
    assert archive.search_index.state().indexed == 0
    assert archive.maintenance.verify().problems == ()
