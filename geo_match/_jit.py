"""How a loop that numpy cannot express becomes a kernel: one decorator, one set of promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., object]")


def kernel(function: Function) -> Function:
    """Compile a function of arrays and numbers with Numba when it is first called.

    Kernels release the GIL, keep their machine code in a cache on disk, divide as numpy does and
    reorder no floating-point operation. They hold no state: whatever they write to is passed in
    or allocated inside, so that any number of threads may call them at once.
    """
    compiled = numba.njit(function, nogil=True, cache=True, error_model="numpy", fastmath=False)
    return cast("Function", compiled)
