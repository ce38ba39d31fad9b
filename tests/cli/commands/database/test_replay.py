"""The command `replay`."""

import json
from pathlib import Path

from tests.cli.tools import Canned, Run, Site

STORY = """<!doctype html><html lang="en"><head><title>The ferry</title></head><body><article>
<h1>The ferry</h1>
<p>The ferry left the harbour before dawn, as it has for forty years, and nobody on the quay looked up.</p>
<p>In the wheelhouse the captain drank her tea standing, one hand on the rail, watching the tide turn.</p>
<p>Two schoolteachers, a crate of hens and the doctor's bicycle made up the whole of the cargo.</p>
<p>Halfway across the engine coughed twice, fell silent, and then, to general relief, began again.</p>
<p>When they tied up at the island, the baker was waiting with the bread and a list of complaints.</p>
<p class="plea">Dear reader, this ferry runs on gifts.</p></article></body></html>"""


def output(run: Run, *words: str) -> str:
    done = run(*words)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode() + done.stderr.decode()


def test_a_rule_is_tried_applied_and_taken_back(site: Site, run: Run, tmp_path: Path) -> None:
    site.answers["/ferry"] = Canned(body=STORY.encode())
    output(run, "save", f"{site.origin}/ferry")
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "127.0.0.1.txt").write_text("strip_id_or_class: plea\n")
    tried = output(run, "replay", "--rules", str(rules), "--dry-run")
    assert "[-Dear reader, this ferry runs on gifts.-]" in tried
    assert "Nothing was saved" in tried
    made = json.loads(run("--json", "replay", "--rules", str(rules)).stdout)
    assert (made["replay"], made["saved"], made["counts"]["text"]) == (1, 1, 1)
    history = json.loads(run("--json", "history", "1").stdout)
    assert [line["source"] for line in history] == ["page", "replay"]
    assert "--rules" in output(run, "replay", "--list")
    assert "1 articles are restored" in output(run, "replay", "--undo", "1")
    assert len(json.loads(run("--json", "history", "1").stdout)) == 1
    again = run("replay", "--undo", "1")
    assert (again.returncode, b"already undone" in again.stderr) == (9, True)
    assert run("replay", "--since", "yesterday").returncode == 2
