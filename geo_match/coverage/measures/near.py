"""Places near people, a row a pair: `Near`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Near(NamedTuple):
    """Places in the straight circles of some people, each array (p,).

    Parameters
    ----------
    person
        int64: position among those who were asked about.
    place
        int64: position among the places of the supply.
    distance_m
        Metres, straight.
    """

    person: NDArray[np.int64]
    place: NDArray[np.int64]
    distance_m: NDArray[np.float64]
