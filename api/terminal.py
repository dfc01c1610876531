"""What a person sees who runs `python -m api`."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Print a line at once, though standard output may be a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
