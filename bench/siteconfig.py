"""Count the lines of public site rules that we honour, and the reasons for the others.

python -m bench.siteconfig [FOLDER]
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bench.corpora import corpus_folder
from bench.figures import Figure
from unabridged.extraction.rules.model import IgnoredLine
from unabridged.extraction.rules.parse import parse_site_config

NOT_OURS = (
    "the user agent is fixed",
    "there is only one parser",
    "logging in by form",
    "set before",
    "comments are",
    "entries link",
)
"""Reasons, in the words of `parse_site_config`, that lie in the line: it asks for what does not exist."""


def score(corpus: Path) -> dict[str, Any]:
    """Read every file of a folder of site-config: files, lines, honoured ones, ignored ones by reason."""
    folder = corpus / "site-config" if (corpus / "site-config").is_dir() else corpus
    files = sorted(path for path in folder.iterdir() if path.suffix == ".txt" and "LICENSE" not in path.name)
    lines = 0
    ignored: list[IgnoredLine] = []
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        lines += sum(1 for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
        ignored += parse_site_config(text, file=path.name).ignored
    return {
        "files": len(files),
        "lines": lines,
        "honoured": lines - len(ignored),
        "reasons": Counter(line.reason for line in ignored),
        "ignored": ignored,
    }


def figures(corpus: Path) -> list[Figure]:
    """Return the row of this check: lines honoured, of those that ask for something that exists here."""
    found = score(corpus)
    beside = sum(n for reason, n in found["reasons"].items() if reason.startswith(NOT_OURS))
    asked = found["lines"] - beside
    detail = f"{found['files']} files; " + "; ".join(f"{n}x {r}" for r, n in found["reasons"].most_common(8))
    value = found["honoured"] / max(1, asked)
    return [Figure(part="site-config", measure="lines honoured", cases=asked, value=value, detail=detail)]


def main() -> int:
    """Print every ignored line with its reason, then the sums."""
    found = score(Path(sys.argv[1]) if len(sys.argv) > 1 else corpus_folder())
    for line in found["ignored"]:
        print(line)
    for reason, number in found["reasons"].most_common():
        print(f"{number:6} {reason}")
    print(f"{found['honoured']} of {found['lines']} lines of {found['files']} files honoured")
    return 0


if __name__ == "__main__":
    sys.exit(main())
