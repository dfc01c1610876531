"""The demonstration city in a store with its published coverage, made once for all tests.

Of the 1,157 communities only those stay whose people are in `data/`: to publish zeros of all others
takes minutes. It lies in `build/`, and is made anew when the city, the form of its store or the way
in which it is published has changed, or the month has.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from pathlib import Path
from unittest.mock import patch

import pyarrow.compute as pc
import pyarrow.parquet as pq

from api.coverage.menu import last_month_end
from api.coverage.releases import Releases, day_in_china
from geo_match.coverage.publication.key_file import read_key, write_key
from geo_match.coverage.publication.noise import KEY_BYTES
from geo_match.store import Store

CHECKOUT = Path(__file__).parents[2]
KEPT = CHECKOUT / "build" / "published_city"
COMMUNITIES = CHECKOUT / "data" / "communities.parquet"
KEY = bytes(range(KEY_BYTES))
"""Of the noise: the same figures are published whenever the city is made anew."""
MADE_FROM = (
    "api/coverage/*.py",
    "data/**/*.parquet",
    "geo_match/coverage/publication/*.py",
    "geo_match/store/schema/**/*.py",
    "tests/test_web/published_city.py",
)
PATIENCE_S = 600


def published_city(import_it):
    """Return the store of the city, with what is published of it beside.

    `import_it` is called where it is to be made, and returns a store that is copied. Tests that run
    side by side make it once: the others wait.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / _key()
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for earlier in KEPT.iterdir():
                if earlier.is_dir():
                    shutil.rmtree(earlier)
            part = KEPT / "part"
            part.mkdir()
            _publish(shutil.copy(import_it(), part / "city.db"))
            part.rename(kept)  # at last: what was half made is not taken for whole
    return kept / "city.db"


def _publish(path):
    communities = pq.read_table(COMMUNITIES, columns=["code", "included"])
    elsewhere = communities.filter(pc.invert(communities["included"]))["code"].to_pylist()
    with Store.open(path) as store:
        removed, _ = store.remove("communities", elsewhere)
        assert len(removed) == len(elsewhere) > 0
        folder = Path(f"{path}.published")
        folder.mkdir(mode=0o700)
        write_key(folder / "key", KEY)
        # Without H3 cells, as of all communities, which are too many for them.
        with patch("api.coverage.release.MOST_COUNTS", 0):
            Releases(store, folder, wait_s=PATIENCE_S).at(None)
        assert read_key(folder / "key") == KEY


def _key():
    """Return a name for what it is made from."""
    found = hashlib.sha256(str(last_month_end(day_in_china())).encode())
    for pattern in MADE_FROM:
        for path in sorted(CHECKOUT.glob(pattern)):
            found.update(str(path.relative_to(CHECKOUT)).encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:16]
