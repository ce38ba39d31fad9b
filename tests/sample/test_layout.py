"""Somebody else's folder is served as the reference page says."""

import json
from pathlib import Path

import aiohttp
import pytest

from unabridged.errors import ConfigError
from unabridged.sample.layout import read_site
from unabridged.sample.render import Stage, render_article
from unabridged.sample.server import SamplePublisher

PAGE = '<html><head><title>A</title></head><body><a href="BASE/b.html">b</a></body></html>'


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(("base", "said"), [("{{base}}", ""), ("https://www.example.org", "BASE")])
async def test_the_written_base_becomes_the_real_address(base: str, said: str, tmp_path: Path) -> None:
    settings = f'base = "{base}"' if said else ""
    page, feed = PAGE.replace("BASE", base), f"<rss><link>{base}/x/</link></rss>"
    site = write(tmp_path, {"pages/a.html": page, "feeds/f.xml": feed, "site.toml": settings})
    async with SamplePublisher([read_site(site)]) as running, aiohttp.ClientSession() as web:
        origin = running.served[0].origin
        assert running.feeds == (f"{origin}/feeds/f.xml",)
        for path in ("/a.html", "/a", "/feeds/f.xml"):
            async with web.get(origin + path) as reply:
                assert f"{origin}/" in await reply.text()


async def test_pages_are_served_byte_for_byte_with_the_charset_that_was_named(tmp_path: Path) -> None:
    site = write(tmp_path, {"site.toml": 'charset = "windows-1251"'})
    (site / "pages").mkdir()
    (site / "pages/index.html").write_bytes("<p>лодка".encode("windows-1251"))
    async with (
        SamplePublisher([read_site(site)]) as running,
        aiohttp.ClientSession() as web,
        web.get(running.served[0].origin + "/") as reply,
    ):
        assert await reply.read() == "<p>лодка".encode("windows-1251")
        assert reply.headers["Content-Type"] == "text/html; charset=windows-1251"


@pytest.mark.parametrize(
    ("file", "truth"),
    [
        ("truth/story.json", {"title": "T"}),
        ("truth/news/story.json", {"title": "T"}),
        ("pages/news/story.truth.json", {"title": "T"}),
        ("truth/other.json", {"title": "T", "url": "/news/story.html"}),
        ("truth/other.json", [{"title": "T", "url": "https://www.example.org/news/story.html"}]),
        ("truth/other.json", {"title": "T", "page": "pages/news/story.html"}),
        ("truth/all.jsonl", {"title": "T", "url": "{{base}}/news/story.html"}),
    ],
)
def test_a_truth_finds_its_page(file: str, truth: object, tmp_path: Path) -> None:
    files = {"site.toml": 'base = "https://www.example.org"', "pages/news/story.html": PAGE}
    site = read_site(write(tmp_path, {**files, file: json.dumps(truth)}))
    assert [(one.url, one.title) for one in site.truths] == [("/news/story.html", "T")]


def test_lead_images_lose_the_base_as_addresses_do(tmp_path: Path) -> None:
    truth = {"url": "/a.html", "lead_image": "https://www.example.org/i.png"}
    files = {"site.toml": 'base = "https://www.example.org/"', "pages/a.html": PAGE}
    site = read_site(write(tmp_path, {**files, "truth/a.json": json.dumps(truth)}))
    assert site.truths[0].lead_image == ("/i.png",)


async def test_an_article_needs_no_template_of_its_own(tmp_path: Path) -> None:
    article = 'path = "/one"\ntitle = "One & only"'
    site = write(tmp_path, {"articles/one/article.toml": article, "articles/one/body.html": "<p>Words.</p>"})
    async with SamplePublisher([read_site(site)]) as running, aiohttp.ClientSession() as web:
        for path, expected in (("/one", "<p>Words.</p>"), ("/", "One &amp; only"), ("/img/a-8x6.png", "PNG")):
            async with web.get(running.served[0].origin + path) as reply:
                assert expected.encode() in await reply.read()


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "nothing to publish"),
        ({"pages/a.html": "", "site.toml": "title = "}, r"site\.toml is not readable TOML"),
        ({"pages/a.html": "", "truth/a.json": "{"}, r"a\.json is not readable JSON"),
        ({"pages/a.html": "", "truth/z.json": "{}"}, "does not say which page"),
        ({"pages/a.html": "", "site.toml": "[[feeds]]\npath = '/f'"}, "needs 'format'"),
        ({"articles/a/article.toml": "title = 'A'"}, "missing or wrong 'path'"),
    ],
)
def test_a_folder_that_cannot_be_read_says_what_to_mend(
    files: dict[str, str], complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        read_site(write(tmp_path, files))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not a folder"):
        read_site(tmp_path / "nowhere")


async def test_a_template_that_fails_is_named(tmp_path: Path) -> None:
    article = 'path = "/one"\ntitle = "One"'
    site = write(tmp_path, {"articles/one/article.toml": article, "templates/article.html": "{% if %}"})
    stage = Stage(site=read_site(site), origin="http://127.0.0.1")
    with pytest.raises(ConfigError, match=r"article\.html cannot be rendered"):
        render_article(stage, stage.articles()[0])
