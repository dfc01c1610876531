"""The files of Swagger UI: they come with a package, and so from this machine.

Swagger UI is under the Apache licence 2.0; the package that carries it, fastapi-offline, is MIT's.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

_PACKAGE: Final = "fastapi_offline"
_NAMES: Final = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png")


def _folder() -> Path:
    """Return where the package keeps its files; it is not imported, for its code is not used."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        message = f"No module named {_PACKAGE!r}"
        raise ModuleNotFoundError(message, name=_PACKAGE)
    return Path(spec.origin).parent / "static"


ASSETS: Final = {name: _folder() / name for name in _NAMES}
"""Each by its name in the page."""
