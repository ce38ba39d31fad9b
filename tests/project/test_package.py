"""The package's front door."""

import subprocess
import sys


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_extract_alone_loads_no_database_and_no_network_library() -> None:
    code = (
        "import sys\nfrom unabridged import extract\n"
        "extract('<p>A paragraph that is long enough to be read, about ferries and the harbour.</p>')\n"
        "print({'sqlalchemy', 'aiohttp', 'fastapi'} & set(sys.modules))"
    )
    assert python(code) == "set()"


def test_verbs_that_keep_nothing_load_no_database_and_no_web_server() -> None:
    code = (
        "import sys\nfrom typer.main import get_command\nfrom unabridged.cli.app import app\n"
        "verbs = get_command(app)\n"
        "for verb in ('read', 'feed', 'find', 'bulk'):\n"
        "    assert verbs.get_command(None, verb).name == verb\n"
        "print({'sqlalchemy', 'fastapi', 'opencc'} & set(sys.modules))"
    )
    assert python(code) == "set()"


def test_every_public_name_is_found() -> None:
    code = "import unabridged\nprint(all(callable(getattr(unabridged, n)) for n in unabridged.__all__))"
    assert python(code) == "True"


def test_extract_is_the_function_also_after_its_room_was_imported() -> None:
    code = "import unabridged.extract.article\nfrom unabridged import extract\nprint(callable(extract))"
    assert python(code) == "True"
