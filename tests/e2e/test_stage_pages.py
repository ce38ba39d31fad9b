"""Pages that are hard to read: each test says what the reader then sees."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.sample_stage import Seen, all_seen, desk

PAGE_CASES = (
    "images",
    "video",
    "gallery",
    "tables",
    "print-view",
    "three-pages",
    "split-body",
    "tiny-blocks",
    "live-blog",
    "long-comments",
    "paywall",
    "consent-wall",
    "charsets",
)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Every article of the French site and of the sites with wrong charsets, read once."""

    async def read(folder: Path) -> dict[str, Seen]:
        async with desk(folder, ["brevance"], cases=PAGE_CASES) as reader:
            reader.subscribe(*reader.publisher.feeds)
            await reader.round()
            return all_seen(reader)

    return asyncio.run(read(tmp_path_factory.mktemp("pages")))


def test_an_article_with_srcset_lazy_and_noscript_pictures_keeps_each_once(seen: dict[str, Seen]) -> None:
    article = seen["la-meme-vue"]
    assert article.verdict.text and article.verdict.clean
    body = article.stored.article.html
    for name in ("meme-vue-mars", "meme-vue-juin", "meme-vue-decembre"):
        assert f"/img/{name}-" in body
    pictures = [media.url for media in article.stored.article.media if media.kind == "image"]
    assert sum("meme-vue-juin" in url for url in pictures) == 1
    assert "data:image" not in body


def test_an_embedded_film_can_be_reached_from_the_article(seen: dict[str, Seen]) -> None:
    article = seen["retour-des-cloches"]
    assert article.verdict.text and article.verdict.clean
    kept = article.stored.article.html + " ".join(media.url for media in article.stored.article.media)
    assert "AbCdEfGh123" in kept and "cloches.mp4" in kept


def test_a_page_with_only_the_beginning_is_read_from_its_view_for_print(seen: dict[str, Seen]) -> None:
    article = seen["musee-des-noeuds"]
    assert article.verdict.text and article.verdict.clean
    assert article.stored.article.completeness.kind == "full"
    assert article.stored.article.url.endswith("/le-port/musee-des-noeuds")


def test_an_article_over_three_pages_is_read_to_its_end(seen: dict[str, Seen]) -> None:
    article = seen["traversee-de-la-baie"]
    for stage in ("planter son bâton", "tout le monde aurait juré quatre", "douze inconnus du départ"):
        assert stage in article.text
    assert article.verdict.text and article.verdict.clean


def test_a_live_blog_keeps_every_post_in_its_order(seen: dict[str, Seen]) -> None:
    article = seen["en-direct-tempete"]
    places = [
        article.text.find(hour) for hour in ("22 h 05", "21 h 20", "20 h 45", "19 h 30", "18 h 15", "17 h 00")
    ]
    assert -1 not in places and places == sorted(places)
    assert article.verdict.text and article.verdict.clean


def test_a_gallery_keeps_its_ten_pictures(seen: dict[str, Seen]) -> None:
    article = seen["dix-fenetres"]
    assert article.verdict.text and article.verdict.clean
    assert [f"/img/fenetre-{n}-" in article.stored.article.html for n in range(1, 11)] == [True] * 10


def test_a_table_heavy_article_keeps_its_tables_as_tables(seen: dict[str, Seen]) -> None:
    article = seen["horaires-des-bacs"]
    assert article.verdict.text and article.verdict.clean
    assert article.stored.article.html.count("<table") == 4
    assert "sur devis" in article.stored.article.markdown


def test_a_body_split_over_sibling_containers_is_whole(seen: dict[str, Seen]) -> None:
    assert seen["cinema-rex"].verdict.text and seen["cinema-rex"].verdict.clean


def test_three_hundred_tiny_blocks_are_an_article(seen: dict[str, Seen]) -> None:
    assert seen["carnet-du-gardien"].verdict.text and seen["carnet-du-gardien"].verdict.clean


def test_comments_longer_than_the_article_stay_out_of_it(seen: dict[str, Seen]) -> None:
    article = seen["couleur-des-bancs"]
    assert article.verdict.text and article.verdict.clean
    assert "mariage" not in article.text


def test_a_paywalled_piece_shows_what_there_is_and_says_so(seen: dict[str, Seen]) -> None:
    article = seen["argent-du-bac"]
    assert article.verdict.text and article.verdict.clean
    assert article.stored.article.completeness.kind == "paywalled"
    assert article.stored.article.completeness.evidence


def test_behind_a_consent_wall_the_feeds_own_words_stay_and_the_wall_is_not_shown(
    seen: dict[str, Seen],
) -> None:
    article = seen["onze-ancres"]
    assert article.verdict.text and article.verdict.clean and article.verdict.title
    assert article.stored.revision == 0 and article.stored.revision_source == "feed"
    assert article.stored.page.next_try_at is not None


@pytest.mark.parametrize("page", ["1501.html", "bianshi.html", "toudai.html", "gukbap.html", "lodka.html"])
def test_a_wrong_charset_does_no_harm(page: str, seen: dict[str, Seen]) -> None:
    verdict = seen[page].verdict
    assert verdict.text and verdict.clean and verdict.title and verdict.authors and verdict.published


@pytest.mark.parametrize("page", ["phare-automatise", "marche-aux-sardines", "mots-du-brouillard"])
def test_an_ordinary_article_beside_them_is_right_in_everything(page: str, seen: dict[str, Seen]) -> None:
    assert seen[page].verdict.holds, seen[page].verdict
