"""The page of the API: every curl on it does what it says, on the archive of these tests."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.serve.api.conftest import Program
from tests.serve.running_app import NOW, Desk, running

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "api.md"
CURL = shutil.which("curl")


def examples() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line.startswith("curl ")]


@pytest.mark.skipif(CURL is None, reason="needs curl")
def test_every_curl_on_the_page_works(full: Desk) -> None:
    secret = full.archive.library().tokens.add("script", now=NOW).secret
    answers = []
    with running(full) as address:
        for line in examples():
            done = subprocess.run(
                ["bash", "-c", line],
                env={"BASE": f"{address}/api/v1", "TOKEN": secret, "PATH": "/usr/bin:/bin"},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, (line, done.stderr)
            answers.append(json.loads(done.stdout))
    assert len(answers) >= 14
    nothing = {"articles", "changes", "hits", "versions"}
    empty = [
        line
        for line, answer in zip(examples(), answers, strict=True)
        if any(answer.get(name) == [] for name in nothing)
    ]
    assert [line for line in empty if "starred=true" not in line] == [], "nothing is starred there"


def test_the_problem_on_the_page_is_what_the_api_answers(api: Program) -> None:
    shown = re.search(r"^```json\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert shown is not None
    assert api.problem("POST", "/marks", {"articles": [1], "raed": True}) == json.loads(shown[1])
