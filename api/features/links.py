"""Where things are, as whole addresses: programs that draw maps take no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from api.features.schemas import Link

if TYPE_CHECKING:
    from fastapi import Request

GEOJSON: Final = "application/geo+json"
JSON: Final = "application/json"


def server_of(request: Request) -> str:
    """Return the address of the server, as who asks knows it.

    The name is that of the request's `Host`, which was found to be one of the server's.
    """
    scheme = "https" if request.app.state.settings.https else request.url.scheme
    return f"{scheme}://{request.url.netloc}"


class Links:
    """The links of one answer.

    Parameters
    ----------
    request
        What is answered.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self.server = server_of(request)
        self.root = f"{self.server}/ogc"

    def own(self, kind: str) -> Link:
        """Return that of the answer itself, which is of a media type."""
        return Link(href=self._asked({}), rel="self", type=kind, title="This")

    def following(self, last: str) -> Link:
        """Return that of the page after the feature of an id."""
        href = self._asked({"after": last})
        return Link(href=href, rel="next", type=GEOJSON, title="The next page")

    def collection(self, name: str, rel: str) -> Link:
        """Return that of a collection."""
        href = f"{self.root}/collections/{name}"
        return Link(href=href, rel=rel, type=JSON, title="The collection")

    def items(self, name: str) -> Link:
        """Return that of the features of a collection."""
        href = f"{self.root}/collections/{name}/items"
        return Link(href=href, rel="items", type=GEOJSON, title="Its features")

    def of_server(self) -> list[Link]:
        """Return those of the landing page."""
        return [
            self.own(JSON),
            Link(
                href=f"{self.server}/openapi.json",
                rel="service-desc",
                type=JSON,
                title="The description, OpenAPI 3.1",
            ),
            Link(href=f"{self.server}/docs", rel="service-doc", type="text/html", title="The same"),
            Link(
                href=f"{self.root}/conformance",
                rel="conformance",
                type=JSON,
                title="Which parts of the standard are kept",
            ),
            Link(href=f"{self.root}/collections", rel="data", type=JSON, title="The collections"),
        ]

    def _asked(self, beside: dict[str, str]) -> str:
        """Return what was asked; with something beside it goes on after what was answered."""
        left_out = {"after", "offset"} if beside else set()
        given = self._request.query_params.multi_items()
        asked = {name: value for name, value in given if name not in left_out} | beside
        path = quote(self._request.scope["path"])
        return f"{self.server}{path}{'?' if asked else ''}{urlencode(asked, quote_via=quote)}"
