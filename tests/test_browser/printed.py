"""A reader of PDF files as Chromium writes them, as far as the tests ask: pages and text."""

from __future__ import annotations

import re
import zlib


def sheets(pdf):
    """Return the width and the height of each page, points."""
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(sizes) == len(re.findall(rb"/Type\s*/Page\b", pdf))
    return [(float(width), float(height)) for width, height in sizes]


def characters(pdf):
    """Return each character that a font of the file has a shape for.

    A font's map tells which character each shape is of (ISO 32000-1, 9.10.3). The empty box of
    what no font has is a shape of none. A shape that a character shares with a radical is told as
    the radical's: of 山 and ⼭, U+5C71 and U+2F2D, the second is found.
    """
    found = set()
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        # Short ones are not packed; zlib's first byte is an x, and it knows where it ends.
        told = zlib.decompressobj().decompress(stream) if stream.startswith(b"x") else stream
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", told, re.DOTALL):
            for written in re.findall(rb"<\w+>\s*<(\w+)>", block):
                found |= set(bytes.fromhex(written.decode()).decode("utf-16-be"))
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", told, re.DOTALL):
            for first, last, written in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                start = ord(bytes.fromhex(written.decode()).decode("utf-16-be"))
                found |= {chr(start + at) for at in range(int(last, 16) - int(first, 16) + 1)}
    return found
