"""Advice at the reader: for every kind of failure, in words without a command line."""

from unabridged.archive.records.core import Failure
from unabridged.poll import failures
from unabridged.poll.reports import PollReport
from unabridged.serve.views.sources.advice import (
    failure_advice,
    plain_advice,
    plain_message,
    result_in_words,
)


def report(kind: str, **changed: object) -> PollReport:
    return PollReport(feed_id=1, url="https://a.example/", title="A", kind=kind, **changed)  # type: ignore[arg-type]


def test_no_advice_names_a_command_or_a_file_of_settings() -> None:
    kinds = {kind: failures.advice_for(kind) for kind in failures._ADVICE}
    kinds |= {f"status {number}": text for number, text in failures._STATUS_ADVICE.items()}
    for kind, stored in kinds.items():
        said = failure_advice(Failure(kind=kind.partition(" ")[0], message="", advice=stored))
        assert said and "`" not in said and "[fetch]" not in said, kind
    assert plain_advice("unheard-of", "Run `unabridged find`.") == ""
    assert plain_advice("unheard-of", "Wait.") == "Wait."


def test_the_result_of_a_read_is_said_in_words() -> None:
    assert "1 new article." in result_in_words(report("news", new=(1,)))
    assert "nothing new" in result_in_words(report("news", updated=(1,)))
    assert "nothing new" in result_in_words(report("unchanged"))
    assert "moved to https://b.example/" in result_in_words(report("news", moved_to="https://b.example/"))
    assert "pause" in result_in_words(report("postponed"))
    assert "at this moment" in result_in_words(None)
    failed = report("failed", failure=Failure(kind="status", message="It answered 500."))
    assert "It answered 500." in result_in_words(failed)


def test_a_message_loses_the_clause_that_names_a_command() -> None:
    assert plain_message("It answered 404: nothing is here; look with `unabridged find`.") == (
        "It answered 404: nothing is here."
    )
    assert plain_message("It answered 500.") == "It answered 500."
