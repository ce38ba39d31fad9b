"""Pages of made-up sites: one template each, articles of random words, and a promotion inside the article."""

import random

PROMOTION = "Become a friend of the harbour today and receive our letter about ships every other week"


def words(luck: random.Random, count: int) -> str:
    """A sentence of random words."""
    return (
        " ".join(
            "".join(luck.choices("aeioubdfgklmnprst", k=luck.randint(3, 9))) for _ in range(count)
        ).capitalize()
        + "."
    )


def site_page(site: str, number: int, *, paragraphs: int = 8, template: str = "story") -> tuple[str, bytes]:
    """An address and a page. template: the class of the article's element and of what is around it."""
    luck = random.Random(f"{site} {number}")
    title = f"{words(luck, 4)[:-1]} number {number}"
    text = "".join(f"<p>{words(luck, 30)}</p>" for _ in range(paragraphs))
    outer = "".join(f"<div class='{template}-{part}'><p>{part}</p></div>" for part in ("top", "bar", "side"))
    html = (
        f"<!doctype html><html lang='en'><head><title>{title}</title>"
        f"<meta property='og:title' content='{title}'></head><body class='{template}-page'>{outer}"
        f"<main class='{template}-main'><h1>{title}</h1><div class='{template}-text'>{text}"
        f"<div class='{template}-promo'><p>{PROMOTION}</p></div></div></main>"
        f"<footer class='{template}-foot'><p>Imprint and contact</p></footer></body></html>"
    )
    return f"https://{site}/2024/05/article-{number:05d}", html.encode()


def site_pages(site: str, count: int, **given: object) -> list[tuple[str, bytes]]:
    """So many pages of one site."""
    return [site_page(site, number, **given) for number in range(count)]  # type: ignore[arg-type]
