"""Arrays as the kernels of this package are compiled for: in one piece, and read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)


def floats(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return float64 as the kernels of this package are compiled for; see `read_only`."""
    return read_only(np.ascontiguousarray(array, dtype=np.float64))


def integers(array: NDArray[Any]) -> NDArray[np.int32]:
    """Return int32 likewise."""
    return read_only(np.ascontiguousarray(array, dtype=np.int32))


def longs(array: NDArray[Any]) -> NDArray[np.int64]:
    """Return int64 likewise."""
    return read_only(np.ascontiguousarray(array, dtype=np.int64))


def read_only(array: NDArray[Number]) -> NDArray[Number]:
    """Return an array in one piece as one that is not to be written to.

    A network in memory and one that is mapped from a file must be of one kind, or each kernel
    would be compiled, for seconds, for either.
    """
    view = array.view()
    view.setflags(write=False)
    return view


__all__ = ["floats", "integers", "longs", "read_only"]
