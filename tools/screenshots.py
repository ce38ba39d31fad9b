"""Takes the pictures of README and docs: pages that people see in walks through the reader.

python tools/screenshots.py     writes docs/images/reader-*.png
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
WALKS = ("tests/e2e/test_reader_walk.py", "tests/serve/stories/test_browser.py")
KEPT: Mapping[str, str] = {
    "list-ada": "list",
    "article-desk": "desk",
    "article-phone-dark": "phone-dark",
    "diff": "diff",
    "preview-ada": "preview",
    "highlight": "highlight",
    "search-phone": "search-phone",
    "story-desk": "story",
}
"""Picture of a walk -> name among the images, after "reader-"."""


def main() -> int:
    """Run the walks, and keep their pictures if they pass. Returns 0, or what pytest returned."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"READER_PICTURES": folder}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *WALKS], cwd=ROOT, env=environment
        )
        if done.returncode:
            return done.returncode
        for name, image in KEPT.items():
            shutil.copyfile(Path(folder) / f"{name}.png", IMAGES / f"reader-{image}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
