"""Draws what was learnt about the sample publisher's sites on one of their pages, for docs/why/sites.md.

python tools/site_pictures.py     writes docs/images/site-*.webp

Learns each site from its articles, opens one in Chromium and outlines the places: the text, what is left out
of it, repeated lines, and the elements that hold title, date and authors.
"""

import asyncio
import base64
import shutil
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, async_playwright

from unabridged.errors import UnabridgedError
from unabridged.extraction.sites.learn import learn
from unabridged.extraction.sites.profile import Place, Template
from unabridged.extraction.sites.samples import sample_page
from unabridged.sample.server import SamplePublisher

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SITES = ("quillhaven", "qingshiwan", "brevance")
WIDTH, HEIGHT = 900, 1300
LARGEST = 150_000
"""Bytes of a picture."""
COLOURS = {
    "text": "#1a7f37",
    "left out": "#cf222e",
    "repeated line": "#bc6c00",
    "title, date, authors": "#0969da",
}

MARK = """([groups, said, colours]) => {
  const mark = (element, name) => {
    element.style.outline = `3px solid ${colours[name]}`;
    element.style.outlineOffset = name === "text" ? "4px" : "1px";
    if (name === "left out" || name === "repeated line")
      element.style.backgroundColor = `${colours[name]}22`;
  };
  for (const [name, selectors] of Object.entries(groups.selectors))
    for (const selector of selectors)
      document.querySelectorAll(selector).forEach((one) => mark(one, name));
  const plain = (text) => text.replace(/\\s+/g, " ").trim();
  const bodies = groups.selectors.text.flatMap((one) => [...document.querySelectorAll(one)]);
  const stands = (one, line) =>
    !one.querySelector("p,div") && plain(one.textContent).startsWith(plain(line));
  for (const line of groups.lines)
    for (const body of bodies) {
      const found = [...body.querySelectorAll("p,li,h2,h3,a,span,div")].find((one) => stands(one, line));
      if (found) mark(found, "repeated line");
    }
  const style = document.createElement("style");
  style.textContent = `img { max-height: 130px; object-fit: cover; }
    #learnt { position: relative; z-index: 9; background: #fff; color: #222; font: 15px/1.5 sans-serif;
      padding: 12px 18px; border-bottom: 2px solid #222; }
    #learnt b { border: 3px solid; color: #222; padding: 0 7px; margin-right: 12px; }`;
  document.head.append(style);
  const legend = document.createElement("div");
  legend.id = "learnt";
  for (const [name, colour] of Object.entries(colours)) {
    const chip = document.createElement("b");
    chip.textContent = name;
    chip.style.borderColor = colour;
    legend.append(chip);
  }
  const words = document.createElement("div");
  words.textContent = said;
  legend.append(words);
  document.body.prepend(legend);
}"""
"""Script that outlines what was learnt. Pictures are made small: they are not the subject."""
ENCODE = """async (png) => {
  const picture = new Image();
  picture.src = "data:image/png;base64," + png;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas.toDataURL("image/webp", 0.8).split(",")[1];
}"""


def fetch(url: str) -> bytes:
    """Return a page of the publisher, on loopback."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read()  # type: ignore[no-any-return]


def learnt_from(urls: list[str]) -> Template | None:
    """Learn a site from its pages; return its commonest template."""
    samples = []
    for url in urls:
        try:
            samples.append(sample_page(fetch(url), url))
        except (UnabridgedError, OSError):
            continue
    profile = learn(urlsplit(urls[0]).hostname or "", samples)
    return profile.templates[0] if profile is not None and profile.templates else None


def marks_of(template: Template) -> dict[str, Any]:
    """Return the selectors of each colour, and the repeated lines."""
    elements = [one.place.name for one in template.fields if one.place.kind == "element"]
    return {
        "selectors": {
            "text": list(template.body),
            "left out": [one.selector for one in template.strip if not one.pictures],
            "title, date, authors": elements,
        },
        "lines": [line.text[:60] for line in template.lines],
    }


def words_of(template: Template) -> str:
    """Say what cannot be outlined: places in the page's head, and the usual length."""

    def where(place: Place) -> str:
        return place.name if place.kind != "none" else "on no page"

    places = ", ".join(f"{one.field}: {where(one.place)}" for one in template.fields)
    return (
        f"Learnt from {template.pages} pages; agrees by {template.fit:.0%}. "
        f"Usually {template.characters:,} characters. {places}."
    )


async def draw(browser: Browser, url: str, template: Template, target: Path) -> None:
    """Open a page, outline what was learnt, and write a picture of it."""
    page = await browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    await page.goto(url)
    await page.evaluate(MARK, [marks_of(template), words_of(template), COLOURS])
    shot = await page.screenshot()
    encoded = await page.evaluate(ENCODE, base64.b64encode(shot).decode())
    await page.close()
    found = base64.b64decode(encoded)
    if len(found) > LARGEST:
        raise SystemExit(f"{target.name} has {len(found):,} bytes; at most {LARGEST:,} are wanted.")
    await asyncio.to_thread(target.write_bytes, found)


async def run() -> int:
    """Draw the three sites. Returns 1 if one of them is not learnt."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    async with SamplePublisher(SITES) as publisher, async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for served in publisher.served:
            urls = [truth.url for truth in served.truths()]
            template = await asyncio.to_thread(learnt_from, urls)
            if template is None:
                print(f"{served.site.name}: nothing was learnt", file=sys.stderr)
                return 1
            await draw(browser, urls[0], template, IMAGES / f"site-{served.site.name}.webp")
        await browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run()))
