"""Nothing in cleaned HTML runs: recorded attacks and our own, judged by parsers and by a real browser."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from unabridged.extraction.html.sanitizer import plain_text, sanitise

ROOT = Path(__file__).parents[3]
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
<math><mi xlink:href="javascript:alert(1)" href="javascript:alert(1)" onclick=alert(1) style=x>x</mi></math>
<math href="javascript:alert(1)" altimg="javascript:alert(1)"><mtext>x</mtext></math>
<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>
<math><semantics><mi>x</mi><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml>
<math><maction actiontype="statusline#javascript:alert(1)" xlink:href="javascript:alert(1)">x</maction></math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<math><mtext><option><A></option><mglyph><svg><mtext><style><a title="</style><img src onerror=alert(1)>">
<math><mi><svg><style><img src=x onerror=alert(1)></style></svg></mi></math>
<svg><annotation-xml><foreignobject><style><!--</style><p id="--><img src=x onerror=alert(1)>">
<math><mtext><p><mglyph><style><img src=x onerror=alert(1)></style></mglyph></p></mtext></math>
<math alttext="&quot;><img src=x onerror=alert(1)>"><mtext>&lt;img src=x onerror=alert(1)&gt;</mtext></math>
<math><mo>&lt;/math>&lt;img src onerror=alert(1)></mo></math><math><math></math><img src onerror=alert(1)>
<mi><img src=x onerror=alert(1)></mi><mtext><script>alert(1)</script></mtext>
<code class="language-x onclick=alert(1)">x</code><code class='language-"><img src onerror=alert(1)>'>
""".strip().splitlines()


def judge(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.xss", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module", params=[5, pytest.param(1, marks=pytest.mark.long)])
def recorded(request: pytest.FixtureRequest) -> str:
    """One of so many recorded attacks, a line of JSON each; nothing where there is no corpus."""
    path = VECTORS / "xss-vectors.jsonl"
    lines = path.read_text(encoding="utf-8").strip().split("\n") if path.is_file() else []
    return "\n".join(lines[:: request.param])


@pytest.fixture(scope="module")
def judged(recorded: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Our own attacks and the recorded ones, judged by parsers and by the browser if there is one."""
    path = tmp_path_factory.mktemp("attacks") / "all.jsonl"
    rows = [json.dumps({"id": f"own-{number}", "payload": text}) for number, text in enumerate(OWN)]
    path.write_text("\n".join([*rows, recorded]), encoding="utf-8")
    browser = ("--browser", "--control=81") if shutil.which("chromium") else ()
    found = judge(str(path), *browser)
    assert "inert" in found.stdout, found.stderr
    return found.stdout


def test_our_own_attacks_leave_nothing_that_runs(judged: str) -> None:
    assert [line for line in judged.splitlines() if line.startswith("own-")] == []


def test_recorded_attacks_leave_nothing_that_runs(judged: str, recorded: str) -> None:
    if not recorded:
        pytest.skip(f"no corpus of attacks at {VECTORS}: name one with UNABRIDGED_CORPUS")
    count = len(OWN) + len(recorded.split("\n"))
    assert f"{count} of {count} inert" in judged.splitlines(), judged


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium: apt-get install chromium")
def test_a_browser_runs_nothing_of_the_attacks_once_cleaned(judged: str) -> None:
    said = re.search(r"browser: (\d+) faults after cleaning; (\d+) of (\d+) ran raw", judged)
    assert said, judged
    faults, ran, tried = map(int, said.groups())
    assert faults == 0, judged
    assert ran > tried // 10, "silence means nothing: even the raw ones do not run"


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium: apt-get install chromium")
def test_hundreds_of_the_recorded_attacks_run_when_they_are_not_cleaned() -> None:
    if not VECTORS.is_dir():
        pytest.skip(f"no corpus of attacks at {VECTORS}: name one with UNABRIDGED_CORPUS")
    found = judge("--browser")
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<math><mi><b>x</b></mi></math>", "x"),
        ("<math><mtext><p>x</p></mtext></math>", "x"),
        ("<math><mi>x</mi></math>", "<math><mi>x</mi></math>"),
        ('<math display="evil"><mo stretchy="a">=</mo></math>', "<math><mo>=</mo></math>"),
    ],
)
def test_a_formula_holds_nothing_but_mathml(html: str, clean: str) -> None:
    assert sanitise(html) == clean
    assert sanitise(clean) == clean


def test_the_only_class_is_the_language_of_code() -> None:
    for name in ("language-c++", "language-objective-c"):
        assert sanitise(f'<code class="{name}">x</code>') == f'<code class="{name}">x</code>'
    for name in ("modal", "language-x modal", "language-", "language-X", "language-" + "x" * 40):
        assert sanitise(f'<code class="{name}">x</code>') == "<code>x</code>"
    assert sanitise('<p class="language-x">x</p>') == "<p>x</p>"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("When to use <p> and when <br>", "When to use <p> and when <br>"),
        ("<img>, <b> and </b>?", "<img>, <b> and </b>?"),
        ("A <b>bold</b> word", "A bold word"),
        ("One<br>two", "Onetwo"),
    ],
)
def test_tags_that_stand_like_words_stay_in_a_title(written: str, shown: str) -> None:
    assert plain_text(written) == shown
