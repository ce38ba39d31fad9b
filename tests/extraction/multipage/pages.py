"""Pages of one article."""


def page(number: int, link: str) -> str:
    lines = "".join(
        f"<p>On page {number} the council met for the {n}th time to decide about the bridge, and waited.</p>"
        for n in range(6)
    )
    return f"<title>The bridge</title><article><h1>The bridge</h1><p>By all.</p>{lines}</article>{link}"
