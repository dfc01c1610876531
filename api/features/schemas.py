"""What OGC API – Features answers with."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


class Link(BaseModel):
    """Where something else is."""

    href: str = Field(examples=["http://127.0.0.1:8000/ogc/collections"])
    rel: str = Field(examples=["data"])
    type: str = Field(examples=["application/json"])
    title: str = Field(examples=["The collections"])


class Landing(BaseModel):
    """Where everything begins."""

    title: str = Field(examples=["geo_match"])
    description: str = Field(examples=["What lies where, for maps."])
    links: list[Link]


class Conformance(BaseModel):
    """Which parts of the standard are kept."""

    conformsTo: list[str] = Field(  # noqa: N815 - the standard's name
        examples=[["http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"]]
    )


class Spatial(BaseModel):
    """Within which bounds features lie."""

    bbox: list[list[float]] = Field(
        description="West, south, east, north, degrees.", examples=[[[117.2, 32.8, 117.6, 33.1]]]
    )
    crs: str = Field(default=CRS84, examples=[CRS84])


class Extent(BaseModel):
    """Where features lie."""

    spatial: Spatial


class CollectionInfo(BaseModel):
    """A collection of features."""

    id: str = Field(examples=["stations"])
    title: str = Field(examples=["服务网点 Service stations"])
    description: str = Field(examples=["Those that are open today."])
    itemType: Literal["feature"] = "feature"  # noqa: N815 - the standard's name
    crs: list[str] = Field(default=[CRS84], examples=[[CRS84]])
    extent: Extent | None = Field(default=None, description="Left out where nothing lies anywhere.")
    links: list[Link]


class CollectionsAnswer(BaseModel):
    """The collections that this server has."""

    links: list[Link]
    collections: list[CollectionInfo]


class Feature(BaseModel):
    """Something that lies somewhere, or nowhere yet."""

    type: Literal["Feature"]
    id: str = Field(examples=["S-1"])
    geometry: dict[str, Any] | None = Field(
        description="GeoJSON: longitude, latitude; degrees, WGS-84.",
        examples=[{"type": "Point", "coordinates": [117.38, 32.92]}],
    )
    properties: dict[str, Any] = Field(examples=[{"name": "示例服务站"}])


class FeatureAnswer(Feature):
    """One feature."""

    links: list[Link]


class FeaturesAnswer(BaseModel):
    """A page of the features that were found."""

    type: Literal["FeatureCollection"]
    numberMatched: int = Field(  # noqa: N815 - the standard's name
        description="How many were found, whatever page this is.", examples=[41]
    )
    numberReturned: int = Field(  # noqa: N815 - the standard's name
        description="How many are here.", examples=[10]
    )
    timeStamp: str = Field(  # noqa: N815 - the standard's name
        description="When this was answered, UTC.", examples=["2026-01-01T00:00:05Z"]
    )
    invented: bool | None = Field(
        description="Whether they are invented; null where nothing says.", examples=[True]
    )
    links: list[Link]
    features: list[Feature]
