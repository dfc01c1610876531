"""The page in a real browser: it loads from its server alone, and little at that."""

from __future__ import annotations

import httpx

MOST_BYTES = 1_500_000


def bytes_of(found):
    """Let the browser tell how much came over the wire, headers left out."""
    return found.page.evaluate(
        "performance.getEntriesByType('resource')"
        ".concat(performance.getEntriesByType('navigation'))"
        ".filter(one => new URL(one.name).pathname === '/'"
        "  || new URL(one.name).pathname.startsWith('/assets/'))"
        ".map(one => [new URL(one.name).pathname, one.encodedBodySize, one.decodedBodySize])"
    )


def test_the_first_load_is_small_and_packed(open_page):
    found = open_page()
    found.page.locator("canvas.maplibregl-canvas").wait_for()
    found.page.wait_for_load_state("networkidle")
    loaded = bytes_of(found)
    assert {path.rpartition(".")[2] for path, _, _ in loaded} >= {"/", "js", "css"}
    assert sum(sent for _, sent, _ in loaded) < MOST_BYTES
    assert sum(sent for _, sent, _ in loaded) < sum(whole for _, _, whole in loaded) / 2


def test_the_map_is_drawn_by_a_worker_of_the_same_server(open_page):
    found = open_page()
    found.page.locator("canvas.maplibregl-canvas").wait_for()
    found.page.wait_for_load_state("networkidle")
    assert [worker.url for worker in found.page.workers] != []
    assert all(worker.url.startswith(found.address) for worker in found.page.workers)


def test_the_licences_of_what_is_bundled_are_served_with_their_texts(served):
    answer = httpx.get(f"{served}/licenses.txt", trust_env=False)
    assert answer.status_code == httpx.codes.OK
    assert "\nmaplibre-gl 6.17.0\nBSD-3-Clause\n" in answer.text
    assert "Redistribution and use in source and binary forms" in answer.text
