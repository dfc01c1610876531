"""What requests for the page are answered from: read with the application."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.pages.built import BuiltPage
from api.settings import Settings


def _page(request: Request) -> BuiltPage | None:
    page: BuiltPage | None = request.app.state.page
    return page


def _ground(request: Request) -> bytes:
    ground: bytes = request.app.state.ground
    return ground


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


ThePage = Annotated[BuiltPage | None, Depends(_page)]
"""The page; None where it was not built."""
TheGround = Annotated[bytes, Depends(_ground)]
"""The ground under the map, as GeoJSON."""
TheSettings = Annotated[Settings, Depends(_settings)]
"""What the operator has set."""
