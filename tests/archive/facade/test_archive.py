"""Shape of the facade: parts of one subject, users only by their library."""

import inspect

from unabridged.archive import OWNER, Archive

MOST_METHODS = 25


def parts(owner: object) -> dict[str, object]:
    return {name: part for name, part in vars(owner).items() if not name.startswith("_")}


def methods(part: object) -> list[str]:
    return [name for name, _ in inspect.getmembers(part, inspect.ismethod) if not name.startswith("_")]


def test_each_part_has_at_most_25_methods(archive: Archive) -> None:
    for owner in (archive, archive.library()):
        assert len(methods(owner)) <= 3
        counted = {name: len(methods(part)) for name, part in parts(owner).items()}
        assert {name: count for name, count in counted.items() if not 0 < count <= MOST_METHODS} == {}


def test_no_method_of_a_part_takes_a_user(archive: Archive) -> None:
    shared = [part for name, part in parts(archive).items() if name != "accounts"]
    for part in (*shared, archive.library(), *parts(archive.library()).values()):
        for name in methods(part):
            assert "user" not in inspect.signature(getattr(part, name)).parameters, name


def test_the_library_is_the_owners_by_default(archive: Archive) -> None:
    assert archive.library()._user == OWNER
