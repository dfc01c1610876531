"""The page that shows the description of the API, and what a browser lets it do."""

from __future__ import annotations

from typing import Final

PAGE: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>geo_match: the API</title>
<link rel="icon" type="image/png" href="/docs/favicon.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="description"></div>
<noscript>The description itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

# Without a validator: that would send the address of the description to a server elsewhere.
START: Final = """\
"use strict";
SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#description",
    deepLinking: true,
    validatorUrl: null,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
});
"""

_ALLOWED: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Swagger UI writes styles at its elements
    "img-src": "'self' data:",  # its signs stand in its style
    "connect-src": "'self'",  # the description, and what is tried out
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
POLICY: Final = "; ".join(f"{what} {where}" for what, where in _ALLOWED.items())
"""The page's Content-Security-Policy."""
