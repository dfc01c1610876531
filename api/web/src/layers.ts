/** The style of the map: its sources, empty at first, and its layers from the ground up. */

import type { ExpressionSpecification, StyleSpecification } from "maplibre-gl";
import {
  CHANGES,
  CIRCLE,
  ELSEWHERE,
  GAP,
  GROUND,
  LINE,
  LOADING,
  OUTLINE,
  SELECTED,
  SHADES,
  SITE,
  STATION,
  UNKNOWN,
  WATER,
} from "./colours";

/** What an area's `shade` is while nothing is known of any. */
export const NOT_YET = -2;
/** What it is of an area that is not shaded: what lies below is seen. */
export const QUIET = -3;
/** Shades of changes are counted from here, to be told from those of figures. */
export const FIRST_CHANGE = 100;
/** Closer than this, communities are named. */
const NAMED_ZOOM = 12.2;
/** Closer than this, the ground that is left out is drawn. */
const GAPS_ZOOM = 10.5;
const FONT = ["sans-serif"];

/** What can be switched on and off, and the layers that it is drawn by. */
export const LAYERS = {
  stations: ["stations"],
  sites: ["sites-clusters", "sites-counts", "sites-single"],
  gaps: ["gaps", "gaps-line"],
} as const;
export type LayerName = keyof typeof LAYERS;

/** What of a map below shines through: how dense each layer then is. */
export const BASEMAP = [
  ["areas-quiet", 0.25],
  ["areas", 0.7],
  ["water", 0.3],
] as const;

export const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

/** A file of the ground that is called so is water; any other is drawn by its outline. */
const IS_WATER: ExpressionSpecification = ["==", ["get", "layer"], "river"];
const SHADE: ExpressionSpecification = ["coalesce", ["feature-state", "shade"], NOT_YET];
const FILL: ExpressionSpecification = [
  "match",
  SHADE,
  ...([[QUIET, "transparent"], [-1, UNKNOWN], ...SHADES.entries()].flat() as [number, string]),
  ...(CHANGES.map((colour, at) => [FIRST_CHANGE + at, colour]).flat() as [number, string]),
  LOADING,
];

export const STYLE: StyleSpecification = {
  version: 8,
  sources: {
    areas: { type: "geojson", data: EMPTY, promoteId: "code" },
    ground: { type: "geojson", data: EMPTY },
    gaps: { type: "geojson", data: EMPTY },
    circle: { type: "geojson", data: EMPTY },
    supposed: { type: "geojson", data: EMPTY },
    hits: { type: "geojson", data: EMPTY },
    stations: { type: "geojson", data: EMPTY },
    sites: { type: "geojson", data: EMPTY, cluster: true, clusterRadius: 44, clusterMaxZoom: 14 },
  },
  layers: [
    { id: "ground", type: "background", paint: { "background-color": GROUND } },
    // Their rims are drawn by the lines above them, and need not be smoothed once more.
    {
      id: "areas-quiet",
      type: "fill",
      source: "areas",
      paint: { "fill-color": ELSEWHERE, "fill-antialias": false },
    },
    {
      id: "areas",
      type: "fill",
      source: "areas",
      paint: { "fill-color": FILL, "fill-antialias": false },
    },
    {
      id: "areas-hatched",
      type: "fill",
      source: "areas",
      filter: ["==", ["get", "code"], ""],
      paint: { "fill-pattern": "hatching" },
    },
    {
      id: "areas-line",
      type: "line",
      source: "areas",
      paint: {
        "line-color": LINE,
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.15, 12, 0.9],
      },
    },
    {
      id: "water",
      type: "fill",
      source: "ground",
      filter: IS_WATER,
      paint: { "fill-color": WATER },
    },
    {
      id: "outlines",
      type: "line",
      source: "ground",
      filter: ["!", IS_WATER],
      layout: { "line-join": "round", "line-cap": "round" },
      paint: {
        "line-color": OUTLINE,
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 1, 13, 2.2],
      },
    },
    {
      id: "gaps",
      type: "fill",
      source: "gaps",
      minzoom: GAPS_ZOOM,
      paint: { "fill-color": GAP, "fill-opacity": 0.22 },
    },
    {
      id: "gaps-line",
      type: "line",
      source: "gaps",
      minzoom: GAPS_ZOOM,
      paint: { "line-color": GAP, "line-width": 1.4, "line-dasharray": [2, 2] },
    },
    {
      id: "circle-fill",
      type: "fill",
      source: "circle",
      paint: { "fill-color": CIRCLE, "fill-opacity": 0.1 },
    },
    {
      id: "circle-line",
      type: "line",
      source: "circle",
      paint: { "line-color": CIRCLE, "line-width": 2, "line-dasharray": [3, 2] },
    },
    {
      id: "supposed",
      type: "line",
      source: "supposed",
      paint: { "line-color": STATION, "line-width": 1.4, "line-opacity": 0.75 },
    },
    {
      id: "sites-clusters",
      type: "circle",
      source: "sites",
      filter: ["has", "point_count"],
      paint: {
        "circle-color": SITE,
        "circle-opacity": 0.72,
        "circle-radius": ["step", ["get", "point_count"], 8, 20, 10, 100, 13],
      },
    },
    {
      id: "sites-counts",
      type: "symbol",
      source: "sites",
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": FONT,
        "text-size": 10,
        "text-allow-overlap": true,
      },
      paint: { "text-color": "#ffffff" },
    },
    {
      id: "sites-single",
      type: "circle",
      source: "sites",
      filter: ["!", ["has", "point_count"]],
      paint: {
        "circle-color": SITE,
        "circle-radius": 3,
        "circle-stroke-color": "#ffffff",
        "circle-stroke-width": 1,
      },
    },
    {
      id: "hits",
      type: "circle",
      source: "hits",
      paint: {
        "circle-color": "#ffffff",
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 1.5, 13, 4],
        "circle-stroke-color": CIRCLE,
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 10, 1, 13, 2],
      },
    },
    {
      id: "circle-centre",
      type: "circle",
      source: "circle",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-color": CIRCLE,
        "circle-radius": 5,
        "circle-stroke-color": "#ffffff",
        "circle-stroke-width": 2,
      },
    },
    {
      id: "selected",
      type: "line",
      source: "areas",
      filter: ["==", ["get", "code"], ""],
      paint: { "line-color": SELECTED, "line-width": 3 },
    },
    {
      id: "ground-names",
      type: "symbol",
      source: "ground",
      filter: ["!", IS_WATER],
      maxzoom: NAMED_ZOOM,
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 14 },
      paint: { "text-color": OUTLINE, "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
    },
    {
      id: "names",
      type: "symbol",
      source: "areas",
      minzoom: NAMED_ZOOM,
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12 },
      paint: { "text-color": OUTLINE, "text-halo-color": "#ffffff", "text-halo-width": 1.4 },
    },
    {
      id: "stations",
      type: "symbol",
      source: "stations",
      layout: {
        "icon-image": "station",
        "icon-allow-overlap": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 9, 0.35, 11, 0.5, 13, 1],
      },
    },
  ],
};
