"""What a browser lets the page with the map do, and what stands there until it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from api.settings import Settings

_ALLOWED: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "worker-src": "'self' blob:",  # MapLibre cuts its tiles in a worker
    "style-src": "'self'",
    "img-src": "'self' data: blob:",  # its signs stand in its style; it makes pictures of them
    "connect-src": "'self'",  # what the page asks of the API
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
_TILES: Final = ("img-src", "connect-src")  # MapLibre asks for tiles in either way


def policy_of(settings: Settings) -> str:
    """Return the Content-Security-Policy of the page, and of its worker: that asks the API, too.

    The server of a basemap's tiles is let in, where one is set; nobody else ever is.
    """
    allowed = _ALLOWED
    if settings.basemap_url is not None:
        parts = urlsplit(settings.basemap_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        allowed = {**allowed, **{name: f"{allowed[name]} {origin}" for name in _TILES}}
    return "; ".join(f"{what} {where}" for what, where in allowed.items())


def told_to_page(settings: Settings) -> dict[str, Any]:
    """Return what the operator has set for the page: `/page.json`."""
    url, attribution = settings.basemap_url, settings.basemap_attribution
    return {
        "map_approval": settings.map_approval,
        "basemap": None if url is None else {"kind": "xyz", "url": url, "attribution": attribution},
    }


UNBUILT: Final = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>geo_match</title>
</head>
<body>
<h1>地图页面尚未构建</h1>
<p>请停止服务，运行 <code>make serve</code>：它会先构建页面，再启动服务。或在 <code>api/web</code>
中运行 <code>npm ci</code> 与 <code>npm run build</code>（Node.js 20.19
或更新），再重新启动服务。</p>
<p>接口已可使用：<a href="/docs">/docs</a>。</p>
<div lang="en">
<h1>The map is not built yet</h1>
<p>Stop the server and run <code>make serve</code>, which builds the page before it serves. Or run
<code>npm ci</code> and <code>npm run build</code> in <code>api/web</code> (Node.js 20.19 or newer),
and start the server anew.</p>
<p>The API answers already: <a href="/docs">/docs</a>.</p>
</div>
</body>
</html>
"""
"""What is answered instead of a page that was not built."""
