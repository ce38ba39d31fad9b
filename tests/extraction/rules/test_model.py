"""Rules of several files as one, and lines without effect as they are told."""

from unabridged.extraction.rules.model import IgnoredLine, SiteRules, merged


def test_lists_append_and_a_switch_keeps_its_first_value() -> None:
    first = SiteRules(body=("//main",), prune=False, sources=("own.txt",))
    then = SiteRules(body=("//article",), prune=True, footnotes=True, sources=("global.txt",))
    both = merged(first, then)
    assert (both.body, both.sources) == (("//main", "//article"), ("own.txt", "global.txt"))
    assert (both.prune, both.footnotes, both.skip_json_ld) == (False, True, None)


def test_rules_that_forbid_the_fallback_are_followed_by_no_others() -> None:
    alone = SiteRules(body=("//main",), autodetect_on_failure=False)
    assert merged(alone, SiteRules(body=("//article",))) is alone


def test_a_line_without_effect_names_its_file_and_place() -> None:
    line = IgnoredLine(file="news.example.txt", line=3, text="boby: //p", reason="unknown directive")
    assert str(line) == "news.example.txt:3: unknown directive: boby: //p"
