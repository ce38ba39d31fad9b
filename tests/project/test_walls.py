"""Imports point down only: the rooms and walls of the design, read from the source."""

import ast
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "unabridged"
GROUND = (
    "model",
    "errors",
    "urls",
    "dates",
    "text",
    "config",
    "processes",
    "decompress",
    "durations",
    "image_types",
    "warc_reader",
)
FLOORS = {
    # room: rooms it may know beside the ground
    "feeds": (),
    "fetch": (),
    "extraction": (),
    "archive": (),
    "sample": (),
    "poll": ("feeds", "fetch", "extraction", "archive"),
    "formats": ("feeds", "extraction", "archive"),
    "workers": ("feeds", "fetch", "extraction", "archive", "poll"),
    "bulk": ("extraction",),
    "serve": ("feeds", "fetch", "extraction", "archive", "poll", "formats"),
}
TOP = ("cli", "demo", "__init__", "__main__")
HTTP_CLIENTS = {"aiohttp", "httpx", "requests", "urllib3", "pycurl", "http.client", "urllib.request"}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            found.add(module)
            if module == "unabridged":
                found.update(f"unabridged.{alias.name}" for alias in node.names)
    return frozenset(found)


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("unabridged.")}


@pytest.mark.parametrize("room", [*GROUND, *FLOORS])
def test_a_room_imports_only_from_below(room: str) -> None:
    allowed = set(GROUND) if room in GROUND else {*GROUND, room, *FLOORS[room]}
    files = [path for path in modules() if room_of(path) == room]
    too_high = {str(path.relative_to(SOURCE)): rooms_imported(path) - allowed for path in files}
    assert files
    assert {name: rooms for name, rooms in too_high.items() if rooms} == {}


def test_every_module_has_its_floor() -> None:
    assert {room_of(path) for path in modules()} <= {*GROUND, *FLOORS, *TOP}


def test_every_folder_is_a_room_of_the_design() -> None:
    folders = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert folders <= set(FLOORS) | {"cli", "dates", "text", "processes"}


def test_the_ground_knows_no_database_network_or_markup_library() -> None:
    heavy = {"sqlalchemy", "aiohttp", "lxml", "turbohtml", "fastapi", "numpy"}
    for path in modules():
        if room_of(path) in GROUND and path.stem != "warc_reader":
            assert not {module.split(".")[0] for module in imports(path)} & heavy, path


def test_only_the_fetch_room_is_an_http_client() -> None:
    for path in modules():
        if room_of(path) in ("fetch", "sample"):
            continue
        assert not imports(path) & HTTP_CLIENTS, path


LATE_IMPORTS = {
    # file: why it imports parts of the package inside a function
    "__init__.py": "extraction needs no database or network library, and --help none of them",
    "extraction/__init__.py": "site rules are read without a page's parser",
}


def late_imports(path: Path) -> list[str]:
    """Imports of the package's own modules inside functions."""
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = (n.module or "" for n in ast.walk(node) if isinstance(n, ast.ImportFrom))
            found += [f"{node.name}: {module}" for module in inside if module.startswith("unabridged")]
    return found


def test_only_listed_files_import_inside_a_function() -> None:
    late = {str(path.relative_to(SOURCE)) for path in modules() if late_imports(path)}
    assert late == set(LATE_IMPORTS)
