"""Random streams that know their names, so that drawing one thing more redraws no other."""

from __future__ import annotations

import hashlib

import numpy as np

from geo_match._validate import as_count


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the generator of one named thing.

    Parameters
    ----------
    seed
        The city's seed, at least 0.
    names
        What is drawn, from the general to the particular: ``"areas", "340302001"``.

    Raises
    ------
    ArgumentError
        If the seed is no whole number of at least 0.
    """
    entropy = as_count(seed, "seed", least=0)
    # A hash, not a counter: a name's key must not depend on which others there are.
    digest = hashlib.sha256("\0".join(names).encode()).digest()
    key = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4))
    return np.random.default_rng(np.random.SeedSequence(entropy, spawn_key=key))
