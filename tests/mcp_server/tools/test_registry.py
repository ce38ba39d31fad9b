"""The table of tools: their descriptions and schemas, and any arguments whatever."""

import asyncio
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mcp_server.conftest import whole
from tests.serve.running_app import NOW, Desk, copied
from unabridged.archive.records.core import OWNER
from unabridged.mcp_server.caller import Caller
from unabridged.mcp_server.server import described
from unabridged.mcp_server.tools.registry import INTERNAL, TOOLS, ToolError, call_tool
from unabridged.mcp_server.tools.schemas import input_schema, output_schema

READING = tuple(name for name, tool in TOOLS.items() if not tool.writes)
OFFLINE = (*READING, "mark")
"""Tools that ask no other site."""

WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["7d", "2026-03-20", "\x00", "\ud800", "1", "news.example", "Reading", "title:", '"', "a OR b"]
    ),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.integers(min_value=0, max_value=6),
    st.floats(),
    WORDS,
    st.lists(st.one_of(st.integers(min_value=0, max_value=4), WORDS), max_size=4),
    st.dictionaries(WORDS, st.integers(), max_size=2),
)


def test_every_tool_says_what_it_does_and_what_texts_are() -> None:
    for name, tool in TOOLS.items():
        shown = described(name, tool)
        assert shown.description is not None and "untrusted" in shown.description
        assert shown.annotations is not None
        assert shown.annotations.read_only_hint is not tool.changes
        assert shown.input_schema["additionalProperties"] is False
        for field, schema in shown.input_schema["properties"].items():
            assert schema.get("description"), (name, field)
        jsonschema.Draft202012Validator.check_schema(shown.input_schema)
        jsonschema.Draft202012Validator.check_schema(shown.output_schema)


def test_only_tools_that_write_are_marked_so() -> None:
    hints = {name: described(name, tool).annotations for name, tool in TOOLS.items()}
    assert {name for name, hint in hints.items() if hint and not hint.read_only_hint} == {
        "subscribe",
        "mark",
        "save_page",
    }
    assert {name for name, hint in hints.items() if hint and hint.open_world_hint} == {
        "preview_feed",
        "subscribe",
        "save_page",
    }
    assert {name for name, hint in hints.items() if hint and hint.destructive_hint} == {"mark"}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[Caller]:
    """A caller with an archive of two articles, for asking only."""
    home = tmp_path_factory.mktemp("tools")
    (home / "template").mkdir()
    desk = copied(home / "template", home / "own")
    desk.subscribe([whole(0, "Ten ferries.\n\nTwo ports."), whole(1, "A story.")])
    with desk.archive:
        yield Caller(archive=desk.archive, user=OWNER, clock=lambda: NOW)


@given(data=st.data(), name=st.sampled_from(READING))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_arguments_crash_a_tool(
    known: Caller, caplog: pytest.LogCaptureFixture, data: st.DataObject, name: str
) -> None:
    fields = list(TOOLS[name].arguments.model_fields)
    arguments = data.draw(st.dictionaries(st.sampled_from([*fields, "other"]), VALUES, max_size=4))
    for field, tool in TOOLS[name].arguments.model_fields.items():
        if tool.is_required():
            arguments.setdefault(field, data.draw(st.sampled_from([1, 2, "1", "ferries", "2026-03-20"])))
    with caplog.at_level(logging.ERROR):
        check(known, name, arguments)
    assert not caplog.records


def check(caller: Caller, name: str, arguments: dict[str, Any]) -> None:
    """Call a tool: it answers by its schema, or says what is wrong without details of the program."""
    try:
        reply = asyncio.run(call_tool(caller, name, arguments))
    except ToolError as exc:
        told = str(exc)
        assert told and told != INTERNAL, (name, arguments)
        assert not re.search(r"Traceback|sqlalchemy|sqlite3|psycopg|\.py\b|pydantic", told), told
        return
    jsonschema.validate(reply.answer.model_dump(mode="json"), output_schema(TOOLS[name].result))
    assert len(reply.text) < 60_000


async def test_any_arguments_on_both_databases(caller: Caller) -> None:
    strange = [
        "\x00",
        "a\x00b",
        "\ud800",
        "x" * 5000,
        2**31,
        2**63,
        2**70,
        -1,
        0,
        True,
        1.5,
        None,
        [],
        {},
        "",
    ]
    for name in OFFLINE:
        for field in TOOLS[name].arguments.model_fields:
            for value in strange:
                arguments: dict[str, Any] = {"article": 1, "query": "x", "at": "1d", "articles": [1]}
                known_fields = TOOLS[name].arguments.model_fields
                given_ones = {key: one for key, one in arguments.items() if key in known_fields}
                try:
                    await call_tool(caller, name, given_ones | {field: value})
                except ToolError as exc:
                    assert str(exc) != INTERNAL, (name, field, value)


async def test_an_error_of_the_program_is_told_without_details(
    caller: Caller, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("a secret of the inside")

    broken = Caller(archive=Broken(), user=1)  # type: ignore[arg-type]
    with pytest.raises(ToolError) as told:
        await call_tool(broken, "list_unread", {})
    assert str(told.value) == INTERNAL
    assert "a secret of the inside" in caplog.text


def test_schemas_are_small_enough_to_be_read_by_a_model() -> None:
    sizes = {name: len(str(input_schema(tool.arguments))) for name, tool in TOOLS.items()}
    assert max(sizes.values()) < 2500, sizes
    assert sum(sizes.values()) < 13_000
