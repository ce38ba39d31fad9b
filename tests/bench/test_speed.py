"""The table of speed has a column for each class of page, with ratios to ours."""

from io import StringIO

from rich.console import Console

from bench.speed import Page, class_table, measure, speed_table


def test_each_class_has_its_median_and_its_ratio_to_ours() -> None:
    spent = {
        "ours": {"news": [1.0, 2.0, 3.0], "blogs": [4.0]},
        "other": {"news": [5.0, 5.0, 5.0], "blogs": [2.0]},
    }
    told = StringIO()
    console = Console(file=told, width=200)
    console.print(class_table(spent), speed_table(spent, dict.fromkeys(spent, ("no-such-package", print))))
    assert "news (3)" in told.getvalue() and "blogs (1)" in told.getvalue()
    assert "5.0 (2.50 ×)" in told.getvalue() and "2.0 (0.50 ×)" in told.getvalue()
    assert "2.0 ×" in told.getvalue()  # over all pages: 5.0 against 2.5


def test_every_extractor_meets_every_page() -> None:
    seen: list[bytes] = []
    pages: dict[str, list[Page]] = {"news": [(b"a", None), (b"b", None)], "blogs": [(b"c", None)]}
    spent = measure(pages, {"one": ("", lambda html, url: seen.append(html))})
    assert set(seen) == {b"a", b"b", b"c"}
    assert [len(times) for times in spent["one"].values()] == [2, 1]
