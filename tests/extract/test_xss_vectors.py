"""Nothing in cleaned HTML runs: recorded attacks and our own, judged by parsers and by a real browser."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VECTORS = Path(os.environ.get("UNABRIDGED_CORPUS") or ROOT.parent / "shared" / "corpus") / "attacks"
OWN = """
<script>alert(1)</script>
<img src=x onerror=alert(1)>
<svg onload=alert(1)><a xlink:href="javascript:alert(1)"><text y=20>x</text></a></svg>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>
<a href="java&#10;script:alert(1)">x</a><a href=" &#14; javascript:alert(1)">y</a>
<a href="https://ok.example/" onclick=alert(1) style="x:expression(alert(1))">z</a>
<iframe srcdoc="<script>alert(1)</script>"></iframe><iframe src="javascript:alert(1)"></iframe>
<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">b</button></form>
<input autofocus onfocus=alert(1)>
<video poster="javascript:alert(1)" src="javascript:alert(1)"><source onerror=alert(1) src=x></video>
<img srcset="javascript:alert(1) 1x, https://ok.example/a.png 2x" data-src="javascript:alert(1)">
<object data="data:text/html,<script>alert(1)</script>"></object><embed src="javascript:alert(1)">
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<p id=cookie name=body><a id=location href=//evil.example>x</a></p>
<base href="javascript:/a/+alert(1)//"><meta http-equiv=refresh content="0;javascript:alert(1)">
<template><script>alert(1)</script></template><xmp><script>alert(1)</script></xmp>
<title><a title="</title><img src=x onerror=alert(1)>"></title>
<figure><figcaption><a href="javascript:alert(1)">▶ film</a></figcaption></figure>
<table background="javascript:alert(1)"><td background="javascript:alert(1)">x
<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">d</a>
<details open ontoggle=alert(1)><summary onclick=alert(1)>s</summary></details>
""".strip().splitlines()


def judge(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.xss", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    rows = [json.dumps({"id": f"own-{number}", "payload": text}) for number, text in enumerate(OWN)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_our_own_attacks_leave_nothing_that_runs(own: Path) -> None:
    found = judge(str(own))
    assert found.returncode == 0, found.stdout + found.stderr


def test_recorded_attacks_leave_nothing_that_runs() -> None:
    if not VECTORS.is_dir():
        pytest.skip(f"no corpus of attacks at {VECTORS}: name one with UNABRIDGED_CORPUS")
    found = judge()
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium: apt-get install chromium")
def test_a_browser_runs_nothing_of_our_own_attacks_once_cleaned(own: Path) -> None:
    found = judge(str(own), "--browser")
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium: apt-get install chromium")
def test_a_browser_runs_nothing_of_the_recorded_attacks_once_cleaned() -> None:
    if not VECTORS.is_dir():
        pytest.skip(f"no corpus of attacks at {VECTORS}: name one with UNABRIDGED_CORPUS")
    found = judge("--browser", "--control=58")
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium: apt-get install chromium")
def test_hundreds_of_the_recorded_attacks_run_when_they_are_not_cleaned() -> None:
    if not VECTORS.is_dir():
        pytest.skip(f"no corpus of attacks at {VECTORS}: name one with UNABRIDGED_CORPUS")
    found = judge("--browser")
    assert found.returncode == 0, found.stdout + found.stderr
