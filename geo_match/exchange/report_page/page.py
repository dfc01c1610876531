"""The page itself: `write_page`."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from geo_match.exchange.report_page.markup import tag, together, trusted
from geo_match.exchange.report_page.sections import Sections

if TYPE_CHECKING:
    from pathlib import Path

    from geo_match.exchange.report_page.data import PageData

_HTML_LANGUAGE: Final = {"zh": "zh-CN", "en": "en"}


def write_page(path: Path, page: PageData) -> None:
    """Write the printable report: one HTML file that opens with no internet, and asks for nothing.

    The same data make the same bytes. Whoever wants the file to appear whole or not at all gives a
    path of `geo_match.exchange.target.replacing`.

    Parameters
    ----------
    path
        Where to write.
    page
        What it tells.
    """
    path.write_bytes(page_text(page).encode("utf-8"))


def page_text(page: PageData) -> str:
    """Return the report as HTML."""
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    # Nothing may be loaded and nothing run; of styles only the one that stands here.
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="release", content=page.release),
        tag("title", page.title),
        tag("style", trusted(style)),
    )
    body = tag("body", tag("main", together(Sections(page), "\n")))
    document = tag("html", head, "\n", body, lang=_HTML_LANGUAGE[page.language])
    return f"<!DOCTYPE html>\n{document}\n"
