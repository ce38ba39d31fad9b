"""The record that holds one language's phrases."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Fragments of regular expressions around a name, matched without regard to case.

    `*_before` end at the name, with an article and a noun such as "the newspaper" between; `*_after` begin
    behind the name, its closing quotation mark and a noun. White space has been made single spaces. Every
    repetition has a bound, since the windows around a name do, too.
    """

    article: str = "(?!)"
    noun: str = "(?!)"
    """Nouns and adjectives between phrase and name: "the state-run news agency"."""
    noun_after: str = "(?!)"
    report_before: str
    report_after: str
    sure_after: str = "(?!)"
    """The part of report_after that is enough for a name that is also a common word."""
    object_before: str = "(?!)"
    """Prepositions that keep a name from being the subject of report_after: "bloggers on CNN said"."""
    told_before: str
    told_after: str = "(?!)"
    spoke_before: str = "(?!)"
    """With spoke_after behind the name, the same as told_before: 对…表示."""
    spoke_after: str = "(?!)"
    cites_before: str
    cites_after: str = "(?!)"
    cited_by: str = "(?!)"
    """Begins behind a name that refers to another source: ", citing"."""
    that_before: str = "(?!)"
    """Ends at a second report inside a first one: "reported that"."""
    credit_before: str = "(?!)"
    anaphor: str = "(?!)"
    """Begins a sentence that goes on with the report before: "The report, citing"."""
    open_name: str
    """A name that is not listed, with an outlet's word in it; matched with regard to case."""
    unnamed: str
    """Sources without a name."""
    unnamed_hints: tuple[str, ...] = ()
    """Parts of words, one of which is in every source without a name; without hints the whole text is searched."""
