"""Reads a publisher's folder (pages, feeds, templates, articles, truths) into records.

The layout is described in docs/reference/sample-publisher.md; everything but one page is optional.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from unabridged.errors import ConfigError
from unabridged.sample.truth import Truth, truth_from_json

BASE_MARK: Final = "{{base}}"
"""In pages and feeds written beforehand, this stands for the address the site is served at."""

PAGE_ENDINGS: Final = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSource:
    """One feed that is rendered from the site's articles.

    variant: the name of a way to misbehave (see feeds.VARIANTS). case: served only when that case is on.
    articles: slugs to list, in order; empty for all, newest first. section: only its articles.
    title: "" for the site's.
    """

    path: str
    format: str
    variant: str = ""
    case: str = ""
    articles: tuple[str, ...] = ()
    section: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleState:
    """An article as its publisher has it at one moment: what article.toml says, and its body pages.

    bodies: one HTML fragment a page (Jinja), the first is the article's own address.
    status: what its address answers. template: a file in the site's templates folder.
    """

    path: str
    title: str
    published: datetime | None
    bodies: tuple[str, ...]
    authors: tuple[str, ...] = ()
    summary: str = ""
    standfirst: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    template: str = "article.html"
    status: int = 200
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSource:
    """An article's folder: its first state, and what each event makes of it."""

    slug: str
    first: ArticleState
    truth: Truth | None = None
    case: str = ""
    later: Mapping[str, ArticleState] = field(default_factory=dict)
    later_truths: Mapping[str, Truth] = field(default_factory=dict)

    def at(self, events: tuple[str, ...]) -> ArticleState:
        """The state after these events, in the order in which they happened."""
        known = [self.later[event] for event in events if event in self.later]
        return known[-1] if known else self.first

    def truth_at(self, events: tuple[str, ...]) -> Truth | None:
        """The truth after these events."""
        known = [self.later_truths[event] for event in events if event in self.later_truths]
        return known[-1] if known else self.truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A publisher's folder, read.

    charset: the encoding of rendered pages. header_charset, meta_charset: what the site claims, in the
    HTTP header and in its pages; None where it claims nothing.
    base: the address written in pages made beforehand, replaced by the real one when they are served.
    files: path on the site -> file, for pages, feeds and static files made beforehand.
    case: served only when that case is on. feed_paths: the feeds to subscribe to.
    truths: of pages made beforehand; `url` is a path.
    """

    name: str
    folder: Path
    title: str
    case: str = ""
    description: str = ""
    language: str = ""
    charset: str = "utf-8"
    header_charset: str | None = None
    meta_charset: str | None = None
    feed_charset: str = "utf-8"
    base: str | None = None
    files: Mapping[str, Path] = field(default_factory=dict)
    feeds: tuple[FeedSource, ...] = ()
    feed_paths: tuple[str, ...] = ()
    articles: tuple[ArticleSource, ...] = ()
    truths: tuple[Truth, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


def read_site(folder: Path) -> Site:
    """Read one publisher's folder. Raises ConfigError that names the file at fault."""
    if not folder.is_dir():
        raise ConfigError(
            f"{folder} is not a folder. Name a publisher's folder: site.toml, pages/, feeds/, truth/."
        )
    settings = _toml(folder / "site.toml") if (folder / "site.toml").is_file() else {}
    feeds = tuple(_feed(item, folder) for item in settings.get("feeds", ()))
    articles = tuple(_articles(folder / "articles"))
    files = dict(_files(folder))
    written = sorted(path for path, file in files.items() if (folder / "feeds") in file.parents)
    if not articles and not any(path.endswith(PAGE_ENDINGS) for path in files):
        raise ConfigError(f"{folder} has neither pages/ nor articles/: nothing to publish.")
    charset = settings.get("charset")
    base = settings.get("base")
    return Site(
        name=folder.resolve().name,
        folder=folder,
        title=settings.get("title", folder.resolve().name),
        case=settings.get("case", ""),
        description=settings.get("description", ""),
        language=settings.get("language", ""),
        charset=charset or "utf-8",
        header_charset=settings.get("header_charset", charset) or None,
        meta_charset=settings.get("meta_charset", charset or "utf-8") or None,
        feed_charset=settings.get("feed_charset", "utf-8"),
        base=base.rstrip("/") if base else None,
        files=files,
        feeds=feeds,
        feed_paths=(*(feed.path for feed in feeds if not feed.case), *settings.get("subscribe", written)),
        articles=articles,
        truths=tuple(_truths(folder, files, base)),
        data=settings.get("data", {}),
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError(f"{path} is not readable TOML: {exc}.") from exc


def _json(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as exc:
        raise ConfigError(f"{path} is not readable JSON: {exc}.") from exc


def _feed(item: Mapping[str, Any], folder: Path) -> FeedSource:
    try:
        return FeedSource(
            path=item["path"],
            format=item["format"],
            variant=item.get("variant", ""),
            case=item.get("case", ""),
            articles=tuple(item.get("articles", ())),
            section=item.get("section", ""),
            title=item.get("title", ""),
        )
    except KeyError as exc:
        raise ConfigError(f"{folder / 'site.toml'}: a feed needs {exc}.") from exc


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files made beforehand with their paths: pages/ is the root, feeds/ and static/ keep their names."""
    for room, prefix in (("pages", "/"), ("feeds", "/feeds/"), ("static", "/static/")):
        top = folder / room
        for file in sorted(top.rglob("*")) if top.is_dir() else ():
            if file.is_file() and not file.name.endswith(".truth.json"):
                yield prefix + file.relative_to(top).as_posix(), file


def _articles(top: Path) -> Iterator[ArticleSource]:
    for folder in sorted(top.iterdir()) if top.is_dir() else ():
        if (folder / "article.toml").is_file():
            yield _article(folder)


def _article(folder: Path) -> ArticleSource:
    said = _toml(folder / "article.toml")
    events = {file.name.split(".")[1] for file in folder.iterdir() if file.name.count(".") == 2}
    first = _state(folder, said, "")
    later, later_truths = {}, {}
    for event in sorted(events):
        overlay = folder / f"article.{event}.toml"
        changed = {**said, **(_toml(overlay) if overlay.is_file() else {})}
        later[event] = _state(folder, changed, event)
        truth = _article_truth(folder / f"truth.{event}.json", later[event].path)
        if truth is not None:
            later_truths[event] = truth
    return ArticleSource(
        slug=folder.name,
        first=first,
        truth=_article_truth(folder / "truth.json", first.path),
        case=said.get("case", ""),
        later=later,
        later_truths=later_truths,
    )


def _article_truth(path: Path, page: str) -> Truth | None:
    if not path.is_file():
        return None
    return truth_from_json({"url": page, **_json(path, path.read_text("utf-8"))}, str(path))


def _bodies(folder: Path, event: str) -> tuple[str, ...]:
    """body.html (or body.EVENT.html where there is one), then body-2.html, body-3.html …"""
    found = []
    for stem in ("body", *(f"body-{n}" for n in range(2, 100))):
        file = folder / f"{stem}.{event}.html"
        file = file if event and file.is_file() else folder / f"{stem}.html"
        if not file.is_file():
            break
        found.append(file.read_text("utf-8"))
    return tuple(found)


def _state(folder: Path, said: Mapping[str, Any], event: str) -> ArticleState:
    published = said.get("published")
    try:
        return ArticleState(
            path=said["path"],
            title=said["title"],
            published=datetime.fromisoformat(published) if isinstance(published, str) else published,
            bodies=_bodies(folder, event),
            authors=tuple(said.get("authors", ())),
            summary=said.get("summary", ""),
            standfirst=said.get("standfirst", ""),
            section=said.get("section", ""),
            tags=tuple(said.get("tags", ())),
            template=said.get("template", "article.html"),
            status=said.get("status", 200),
            data=said.get("data", {}),
        )
    except (KeyError, ValueError) as exc:
        raise ConfigError(f"{folder / 'article.toml'}: missing or wrong {exc}.") from exc


def _truths(folder: Path, files: Mapping[str, Path], base: str | None) -> Iterator[Truth]:
    """Truths of pages made beforehand: beside the page (x.truth.json) or in truth/ (.json, .jsonl)."""
    for file in sorted((folder / "pages").rglob("*.truth.json")):
        stem = "/" + file.relative_to(folder / "pages").as_posix().removesuffix(".truth.json")
        yield from _truths_of(file, _page_named(stem, files), base)
    for file in sorted((folder / "truth").rglob("*.json*")):
        stem = "/" + file.relative_to(folder / "truth").as_posix().rsplit(".", 1)[0].removesuffix(".truth")
        yield from _truths_of(file, _page_named(stem, files), base)


def _page_named(stem: str, files: Mapping[str, Path]) -> str | None:
    """The page whose path is `stem` and an ending, else the only one whose file name is."""
    for ending in ("", *PAGE_ENDINGS):
        if stem + ending in files:
            return stem + ending
    name = stem.rsplit("/", 1)[1]
    same = [path for path, file in files.items() if file.stem == name and file.suffix in PAGE_ENDINGS]
    return same[0] if len(same) == 1 else None


def _truths_of(file: Path, page: str | None, base: str | None) -> Iterator[Truth]:
    text = file.read_text("utf-8")
    if file.suffix == ".jsonl":
        rows = [_json(file, line) for line in text.splitlines() if line.strip()]
    else:
        said = _json(file, text)
        rows = said if isinstance(said, list) else [said]
    for row in rows:
        url = row.get("url") or row.get("page") or page
        if url is None:
            raise ConfigError(
                f'{file} does not say which page it is about. Add "url": "/path/of/the/page.html".'
            )
        yield truth_from_json({**row, **_images(row, base), "url": _path_on_site(url, base)}, str(file))


def _images(row: Mapping[str, Any], base: str | None) -> dict[str, Any]:
    """A truth's lead images, without the site's own address in front of them."""
    images = row.get("lead_image")
    if not images:
        return {}
    own = tuple(mark for mark in (BASE_MARK, (base or "").rstrip("/")) if mark)
    named = [images] if isinstance(images, str) else images
    return {
        "lead_image": [re.sub("^(?:" + "|".join(map(re.escape, own)) + ")", "", str(name)) for name in named]
    }


def _path_on_site(url: str, base: str | None) -> str:
    """A truth's `url` as a path on the site; it may be written whole, or as a path in pages/."""
    url = url.replace(BASE_MARK, "")
    if base and url.startswith(base):
        url = url[len(base.rstrip("/")) :]
    if "://" in url:
        parts = urlsplit(url)
        url = parts.path + (f"?{parts.query}" if parts.query else "")
    return "/" + url.removeprefix("pages/").lstrip("/")
