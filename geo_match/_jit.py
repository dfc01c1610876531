"""How a loop that numpy cannot express becomes a kernel: one decorator, one set of promises."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

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
    _depend_on_package(compiled)
    return cast("Function", compiled)


def _depend_on_package(compiled: Any) -> None:  # noqa: ANN401 - Numba has no types
    """Let cached machine code count only while no kernel of its package has changed.

    Numba looks at the kernel's own file alone, though the code of kernels that it calls, from files
    beside it, is part of its machine code: after an update it would run what they were before.
    """
    package = Path(compiled.py_func.__code__.co_filename).parent
    own = compiled._cache._cache_file  # noqa: SLF001 - Numba offers no other way; a test holds it
    own._source_stamp = (own._source_stamp, _stamp(package))  # noqa: SLF001 - the same


@cache
def _stamp(package: Path) -> str:
    """Return a digest of those files of a package that have kernels."""
    texts = [file.read_bytes() for file in sorted(package.glob("*.py"))]
    kernels = [text for text in texts if b"import kernel" in text]
    return hashlib.blake2b(b"\0".join(kernels), digest_size=16).hexdigest()
