"""A measured table: kept beside its benchmark, and quoted in README between two marks."""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def keep(name: str, text: str) -> None:
    """Write a table to `NAME.md` beside this file and into README, and print it."""
    Path(__file__).with_name(f"{name}.md").write_text(text, encoding="utf-8")
    block = re.compile(rf"(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->)", re.DOTALL)
    readme = README.read_text(encoding="utf-8")
    README.write_text(block.sub(lambda found: found[1] + text + found[2], readme), encoding="utf-8")
    sys.stdout.write(text)
