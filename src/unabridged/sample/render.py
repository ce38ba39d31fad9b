"""Renders a site's articles into the pages its publisher would serve."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from unabridged.errors import ConfigError
from unabridged.sample.layout import ArticleSource, ArticleState, Site

SHARED_TEMPLATES: Final = Path(__file__).parent / "templates"

_PARTS: Final = '{% import "parts.html" as p with context %}'
"""Every body is a template that may call the site's own parts: {{ p.figure(…) }}, {{ p.ad() }}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The site as it stands at one moment. origin: scheme, host and port it is served at."""

    site: Site
    origin: str
    events: tuple[str, ...] = ()
    cases: frozenset[str] = frozenset()

    def articles(self) -> tuple[ArticleSource, ...]:
        """The articles that are published now, newest first."""
        known = [item for item in self.site.articles if not item.case or item.case in self.cases]
        return tuple(sorted(known, key=_newest_first))


def _newest_first(item: ArticleSource) -> tuple[float, str]:
    published = item.first.published
    return (-published.timestamp() if published else 0.0, item.slug)


def page_path(state: ArticleState, number: int) -> str:
    """The path of an article's page `number`, counted from 1."""
    if number == 1:
        return state.path
    pattern = str(state.data.get("page_path", "{path}/{number}"))
    return pattern.format(path=state.path, number=number)


def render_article(stage: Stage, source: ArticleSource, number: int = 1) -> bytes:
    """One page of an article in the site's encoding. Raises ConfigError naming a template that fails."""
    state = source.at(stage.events)
    values = {
        "article": state,
        "slug": source.slug,
        "number": number,
        "page_count": len(state.bodies),
        "page_url": lambda n: page_path(state, n),
        "others": [item for item in stage.articles() if item.slug != source.slug],
    }
    source_text = state.bodies[number - 1] if state.bodies else ""
    body = _render(stage, source_text, values, is_text=True)
    return _encode(stage.site, _render(stage, state.template, {**values, "body": Markup(body)}))


def render_front(stage: Stage) -> bytes:
    """The site's front page: a list of its articles."""
    return _encode(stage.site, _render(stage, "front.html", {"others": list(stage.articles())}))


def _encode(site: Site, html: str) -> bytes:
    return html.encode(site.charset, errors="xmlcharrefreplace")


def _render(stage: Stage, template: str, values: Mapping[str, Any], *, is_text: bool = False) -> str:
    folders = tuple(stage.site.folder / f"templates.{event}" for event in reversed(stage.events))
    rooms = environment((*folders, stage.site.folder / "templates", SHARED_TEMPLATES))
    context = {"site": stage.site, "origin": stage.origin, "events": stage.events, **values}
    try:
        made = rooms.from_string(_PARTS + template) if is_text else rooms.get_template(template)
        return made.render(context)
    except TemplateError as exc:
        where = "a body" if is_text else template
        raise ConfigError(f"{stage.site.folder}: {where} cannot be rendered: {exc}.") from exc


@lru_cache(maxsize=64)
def environment(folders: tuple[Path, ...]) -> SandboxedEnvironment:
    """Templates looked for in `folders`, the first that has the name wins. Sandboxed: a site is data."""
    made = SandboxedEnvironment(
        loader=FileSystemLoader(folders), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["rfc822"] = format_datetime
    made.filters["iso"] = datetime.isoformat
    made.filters["utc"] = lambda at: at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    made.filters["people"] = lambda names: [{"@type": "Person", "name": name} for name in names]
    made.filters["retag"] = retag
    made.filters["after"] = insert_after
    return made


def retag(html: str, tag: str, opening: str) -> Markup:
    """Replace every plain <tag> by `opening` ('div class="t"'), as sites without paragraphs do."""
    name = opening.split()[0]
    changed = re.sub(rf"<{tag}>", f"<{opening}>", str(html))
    return Markup(re.sub(rf"</{tag}>", f"</{name}>", changed))


def insert_after(html: str, tag: str, count: int, inserted: str) -> Markup:
    """Put `inserted` after the count-th </tag> of the body: advertisements stand amid paragraphs."""
    ends = [found.end() for found in re.finditer(rf"</{tag}>", str(html))]
    if len(ends) < count:
        return Markup(html)
    at = ends[count - 1]
    return Markup(str(html)[:at] + str(inserted) + str(html)[at:])
