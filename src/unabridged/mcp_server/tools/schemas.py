"""JSON schemas of arguments and answers."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema


class _Plain(GenerateJsonSchema):
    """Schemas without titles of fields, which only repeat their names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def input_schema(arguments: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of the arguments of a tool."""
    return arguments.model_json_schema(schema_generator=_Plain)


def output_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of the answer of a tool; all of its fields are always there."""
    return answer.model_json_schema(schema_generator=_Plain, mode="serialization")
