"""How a loop that numpy cannot express becomes a kernel: one decorator, one set of promises."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
from numba.core import event, types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Function = TypeVar("Function", bound="Callable[..., object]")


def kernel(function: Function) -> Function:
    """Compile a function of arrays and numbers with Numba when it is first called.

    Kernels release the GIL, keep their machine code in a cache on disk, divide as numpy does and
    reorder no floating-point operation. They hold no state: whatever they write to is passed in
    or allocated inside, so that any number of threads may call them at once.
    """
    compiled = numba.njit(function, nogil=True, cache=True, error_model="numpy", fastmath=False)
    _depend_on_package(compiled)
    _without_literals(compiled)
    return cast("Function", compiled)


@contextmanager
def told_of_compiling(begin: Callable[[], None], end: Callable[[], None]) -> Iterator[None]:
    """Call back while the block runs when kernels are compiled, which are in no cache.

    It takes up to half a minute, once after an installation or update. Other threads' count too.

    Parameters
    ----------
    begin, end
        Called when compiling begins and when it has ended, each time.
    """
    with event.install_listener("numba:compile", _Compiling(begin, end)):
        yield


class _Compiling(event.Listener):
    """Tells of the outermost of kernels that are compiled: one compiles those that it calls.

    Numba holds a lock meanwhile, so that no two threads are here at once.
    """

    def __init__(self, begin: Callable[[], None], end: Callable[[], None]) -> None:
        self._begin, self._end = begin, end
        self._depth = 0

    def on_start(self, _: event.Event) -> None:
        """Take note of a kernel that begins to be compiled."""
        self._depth += 1
        if self._depth == 1:
            self._begin()

    def on_end(self, _: event.Event) -> None:
        """Take note of one that was compiled."""
        if self._depth == 0:  # another thread began it before this listened
            return
        self._depth -= 1
        if self._depth == 0:
            self._end()


def _without_literals(compiled: Any) -> None:  # noqa: ANN401 - Numba has no types
    """Let a kernel that is called with constants be compiled for their types alone.

    Numba compiles it for each constant too, and where a variable begins as one, for it and for what
    it becomes: twice the time, for code that is inlined anyhow.
    """
    template, unliteral = compiled.get_call_template, cast("Any", types.unliteral)

    def plain(args: Any, kws: Any) -> Any:  # noqa: ANN401 - the same
        return template(
            tuple(unliteral(one) for one in args),
            {name: unliteral(one) for name, one in kws.items()},
        )

    compiled.get_call_template = plain


def _depend_on_package(compiled: Any) -> None:  # noqa: ANN401 - Numba has no types
    """Let cached machine code count only while no kernel of the library has changed.

    Numba looks at the kernel's own file alone, though the code of kernels that it calls, from other
    files, is part of its machine code: after an update it would run what they were before.
    """
    package = _outermost(Path(compiled.py_func.__code__.co_filename).parent)
    own = compiled._cache._cache_file  # noqa: SLF001 - Numba offers no other way; a test holds it
    own._source_stamp = (own._source_stamp, _stamp(package))  # noqa: SLF001 - the same


@cache
def _outermost(package: Path) -> Path:
    """Return the folder of the package that holds a package, and is in none itself."""
    while (package.parent / "__init__.py").exists():
        package = package.parent
    return package


@cache
def _stamp(package: Path) -> str:
    """Return a digest of those files of a package, and of the packages in it, that have kernels."""
    texts = [file.read_bytes() for file in sorted(package.rglob("*.py"))]
    kernels = [text for text in texts if b"import kernel" in text]
    return hashlib.blake2b(b"\0".join(kernels), digest_size=16).hexdigest()
