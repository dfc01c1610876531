"""`/ogc`: OGC API – Features, Part 1: Core, in GeoJSON, by longitude and latitude of WGS-84."""

# No postponed annotations here: FastAPI reads those that the loop makes as they stand.
import datetime as dt
import json
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api.access.admission import admit, requires
from api.access.caller import Caller
from api.features.catalogue import COLLECTIONS, Collection
from api.features.invalid import OgcRoute
from api.features.links import GEOJSON, JSON, Links
from api.features.query import MOST, ItemsQuery, query_of
from api.features.schemas import (
    CollectionInfo,
    CollectionsAnswer,
    Conformance,
    Extent,
    FeatureAnswer,
    FeaturesAnswer,
    Landing,
    Link,
    Spatial,
)
from api.features.served import Features, collection_of, not_there
from api.parameters import NoQuery
from api.problems import Problem, ProblemError, shown
from api.timing import engine_time

router: Final = APIRouter(tags=["features"], route_class=OgcRoute)

_SPEC: Final = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
CONFORMS_TO: Final = [f"{_SPEC}/core", f"{_SPEC}/geojson"]
"""What is kept. The description is OpenAPI 3.1, so that the class of 3.0 is not among it."""
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    400: {
        "model": Problem,
        "description": "A parameter is faulty, unknown or given twice, which the standard wants "
        "to be 400; or a proxy's header came that nobody expects, or a body.",
    },
    404: {
        "model": Problem,
        "description": "The collection or the feature is not there; a server of a file has job "
        "sites alone.",
    },
}


class _GeoJson(JSONResponse):
    """GeoJSON that is written already; FastAPI describes the schema of a JSONResponse alone."""

    media_type = GEOJSON

    def render(self, content: str) -> bytes:
        """Return the text as bytes."""
        return content.encode()


@router.get("/ogc", summary="Where map programs begin", responses=_RESPONSES)
def get_landing(
    request: Request, _: Annotated[NoQuery, Query()], __: Annotated[Caller, requires()]
) -> Landing:
    """Tell where the collections are, what describes them, and what is kept of the standard."""
    return Landing(
        title="geo_match",
        description="What lies where, for maps: OGC API – Features.",
        links=Links(request).of_server(),
    )


@router.get(
    "/ogc/conformance", summary="Which parts of the standard are kept", responses=_RESPONSES
)
def get_conformance(
    _: Annotated[NoQuery, Query()], __: Annotated[Caller, requires()]
) -> Conformance:
    """Name the conformance classes of OGC API – Features that this server keeps."""
    return Conformance(conformsTo=CONFORMS_TO)


@router.get(
    "/ogc/collections",
    summary="The collections of features",
    response_model_exclude_none=True,
    responses=_RESPONSES,
)
def get_collections(
    request: Request,
    _: Annotated[NoQuery, Query()],
    caller: Annotated[Caller, requires()],
) -> CollectionsAnswer:
    """Tell which collections this server has that the caller may read."""
    links = Links(request)
    return CollectionsAnswer(
        links=[links.own(JSON)],
        collections=[
            _info(request, one, links.collection(one.id, "self"))
            for one in COLLECTIONS.values()
            if one.scope in caller.scopes and _is_there(request, one)
        ],
    )


@router.get(
    "/ogc/collections/{collection}",
    summary="One collection of features",
    response_model_exclude_none=True,
    responses=_RESPONSES,
)
def get_collection(
    collection: Annotated[str, Path(max_length=64, examples=["stations"])],
    request: Request,
    _: Annotated[NoQuery, Query()],
    caller: Annotated[Caller, requires()],
) -> CollectionInfo:
    """Tell what a collection has, and where its features lie."""
    found = collection_of(collection)
    admit(caller, found.scope)
    return _info(request, found, Links(request).collection(found.id, "self"))


def _serve(collection: Collection) -> None:
    """Serve the features of a collection: each has parameters of its own."""
    query_model = query_of(collection.id, collection.properties)

    def get_items(
        query: Annotated[query_model, Query()],  # type: ignore[valid-type]  # made just above
        request: Request,
    ) -> Response:
        return _page(request, collection, query)

    get_items.__doc__ = (
        f"{collection.description} In the order of their ids, a page of `limit`, {MOST:,} at "
        "most, with a link to the next; a property as a parameter finds those that have its "
        "value exactly."
    )
    router.add_api_route(
        f"/ogc/collections/{collection.id}/items",
        get_items,
        name=f"get_{collection.id}_features",
        summary=f"Features: {collection.title}",
        dependencies=[requires(collection.scope)],
        response_class=_GeoJson,
        response_model=FeaturesAnswer,
        responses=_RESPONSES,
    )


for _collection in COLLECTIONS.values():
    _serve(_collection)


@router.get(
    "/ogc/collections/{collection}/items/{feature:path}",
    summary="One feature of a collection",
    response_class=_GeoJson,
    response_model=FeatureAnswer,
    responses=_RESPONSES,
)
def get_feature(
    collection: Annotated[str, Path(max_length=64, examples=["stations"])],
    feature: Annotated[str, Path(max_length=200, description="Its id.", examples=["S-1"])],
    request: Request,
    _: Annotated[NoQuery, Query()],
    caller: Annotated[Caller, requires()],
) -> Response:
    """Tell of one feature, by its id."""
    found = collection_of(collection)
    admit(caller, found.scope)
    table = _features_of(request).table(request, found)
    at = table.position_of(feature)
    if at is None:
        detail = f"The collection '{found.id}' has no feature '{shown(feature)}'."
        raise not_there(detail)
    links = Links(request)
    told = _json([links.own(GEOJSON), links.collection(found.id, "collection")])
    return _GeoJson(f'{table.texts([at])[0]},"links":{told}}}')


def _page(request: Request, collection: Collection, query: ItemsQuery) -> Response:
    wanted = {
        name: value
        for name in collection.properties
        if (value := getattr(query, name, None)) is not None
    }
    with engine_time(request):
        table = _features_of(request).table(request, collection)
        matched = table.matching(query.boxes, wanted)
        left = table.after(matched, query.after)[query.offset :]
        page = left[: query.limit]
        features = ",".join(f"{text}}}" for text in table.texts(page))
    links = Links(request)
    told = [links.own(GEOJSON), links.collection(collection.id, "collection")]
    if len(page) < len(left):
        told.append(links.following(table.id_at(page[-1])))
    head = {
        "type": "FeatureCollection",
        "numberMatched": len(matched),
        "numberReturned": len(page),
        "timeStamp": f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "invented": table.invented,
    }
    return _GeoJson(f'{json.dumps(head)[:-1]},"links":{_json(told)},"features":[{features}]}}')


def _info(request: Request, collection: Collection, own: Link) -> CollectionInfo:
    where = COLLECTIONS[collection.lies_like or collection.id]
    bounds = _features_of(request).table(request, where).bounds
    if bounds is not None:
        west, south, east, north = bounds
        wider = collection.beyond_deg
        bounds = [west - wider, south - wider, east + wider, north + wider]
    return CollectionInfo(
        id=collection.id,
        title=collection.title,
        description=collection.description,
        extent=None if bounds is None else Extent(spatial=Spatial(bbox=[bounds])),
        links=[own, Links(request).items(collection.id)],
    )


def _is_there(request: Request, collection: Collection) -> bool:
    """Return whether the server can have a collection: of a file it has job sites alone."""
    if collection.id == "sites":
        return True
    if request.app.state.store is None:
        return False
    if collection.lies_like is None:
        return True
    try:
        request.app.state.coverages.releases  # noqa: B018 - raises where it has no folder
    except ProblemError:
        return False
    return True


def _features_of(request: Request) -> Features:
    features: Features = request.app.state.features
    return features


def _json(links: Sequence[Link]) -> str:
    return json.dumps([one.model_dump() for one in links], ensure_ascii=False)
