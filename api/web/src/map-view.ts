/** The map: what lies on it is given to it, where it is clicked is told by it. */

import {
  type GeoJSONSource,
  type LngLat,
  Map as MapLibre,
  NavigationControl,
  type PointLike,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { areasOf, boundsOf, type Community } from "./city";
import { element } from "./dom";
import { dragSigns } from "./dragging";
import { circleAround, type Place } from "./geodesic";
import { BASEMAP, EMPTY, LAYERS, type LayerName, NOT_YET, QUIET, STYLE } from "./layers";
import { collectionOf, pointOf, signsOf } from "./map-data";
import { copyTo, hatching, stationSign } from "./pictures";
import type { Known } from "./places";
import type { Basemap } from "./settings";

setWorkerUrl(workerUrl);

export interface Clicked extends Place {
  /** Code of the community there. */
  code: string | null;
  /** Id of the station there. */
  station: string | null;
  /** Id of the job site there; null of many together. */
  site: string | null;
  /** Whether what is there is the sign of many sites. */
  isCluster: boolean;
}

type Sources = "areas" | "ground" | "gaps" | "circle" | "supposed" | "hits" | "stations" | "sites";

/** Pixels left free around what is shown. */
const PADDING = 24;
const ROUND_ABOUT = 120;
const WIDE = 800;
const LEGEND = 240;
/** Paper shows finer points than a screen. */
const PAPER_RATIO = 2;
/** So long it is waited until all is drawn: tiles of somebody else's map may never come. */
const MOST_WAIT_MS = 5_000;
/** Closer than this, a small community would be shown without its neighbours. */
const CLOSE_ZOOM = 12.6;
const OF_ALL_CHINA: [number, number, number, number] = [73, 18, 135, 54];

export class MapView {
  readonly map: MapLibre;
  #whole = OF_ALL_CHINA;
  /** The kind of each area, by code. */
  #kindOf: ReadonlyMap<string, string> = new Map();
  #kinds: ReadonlySet<string> = new Set();
  #shades: ReadonlyMap<string, number> = new Map();
  /** The shade that each area has on the map, where it has one. */
  readonly #drawn = new Map<string, number>();
  #supposed = "";
  /** What is printed: of what WebGL has just drawn, browsers print an empty frame. */
  readonly #copy = element("canvas", { class: "map-copy" });
  /** Where the map is to be again after it is printed; null while it is on the screen. */
  #onScreen: { center: LngLat; zoom: number } | null = null;

  private constructor(map: MapLibre) {
    this.map = map;
  }

  /**
   * Make the map and wait until it can be given what to draw, which is before it has drawn anything.
   *
   * An error is thrown where the browser has no WebGL.
   */
  static async open(container: HTMLElement): Promise<MapView> {
    const map = new MapLibre({
      container,
      style: STYLE,
      bounds: OF_ALL_CHINA,
      attributionControl: false,
      dragRotate: false,
      fadeDuration: 0, // names that fade in and out have the map drawn over and over
      touchPitch: false,
      pitchWithRotate: false,
      canvasContextAttributes: { preserveDrawingBuffer: true }, // else prints show an empty frame
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), "top-left");
    map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
    container.setAttribute("aria-busy", "true");
    map.on("idle", () => container.setAttribute("aria-busy", "false"));
    for (const begun of ["dataloading", "movestart"] as const) {
      map.on(begun, () => container.setAttribute("aria-busy", "true"));
    }
    await map.once("style.load");
    const [hatch, sign] = [hatching(), stationSign()];
    map.addImage("hatching", hatch.data, { pixelRatio: hatch.pixelRatio });
    map.addImage("station", sign.data, { pixelRatio: sign.pixelRatio });
    const view = new MapView(map);
    view.#pointAtWhatIsClickable();
    return view;
  }

  get centre(): Place {
    const { lng, lat } = this.map.getCenter();
    return { lon: lng, lat };
  }

  /** Say what the map and its buttons are, to who does not see them. */
  setLabels(labels: { map: string; zoomIn: string; zoomOut: string }): void {
    this.map.getCanvas().setAttribute("aria-label", labels.map);
    for (const [name, text] of [
      ["zoom-in", labels.zoomIn],
      ["zoom-out", labels.zoomOut],
    ] as const) {
      const control = this.map.getContainer().querySelector(`.maplibregl-ctrl-${name}`);
      control?.setAttribute("aria-label", text);
      control?.setAttribute("title", text);
    }
  }

  /** What a click on the middle of the map would tell; what is drawn together stays so. */
  underCentre(): Clicked {
    const { lon, lat } = this.centre;
    return { ...this.#clicked(this.map.project([lon, lat]), { lon, lat }), isCluster: false };
  }

  setCommunities(communities: Community[]): void {
    const features = communities.flatMap(({ area, code, name, kind }): GeoJSON.Feature[] =>
      area === null ? [] : [{ type: "Feature", geometry: area, properties: { code, name, kind } }],
    );
    this.#set("areas", { type: "FeatureCollection", features });
    this.#kindOf = new Map(communities.map(({ code, kind }) => [code, kind]));
    this.#shade();
  }

  /** Draw what is under the communities and between them: outlines, and water. */
  setGround(ground: GeoJSON.FeatureCollection): void {
    this.#set("ground", ground);
  }

  /** Shade these communities, leave others quiet, and hatch some. */
  setShades(shades: ReadonlyMap<string, number>, hatched: string[]): void {
    this.#shades = shades;
    this.#shade();
    this.map.setFilter("areas-hatched", ["in", ["get", "code"], ["literal", hatched]]);
  }

  /** Show the communities of these kinds, and those of others without a shade. */
  setKinds(kinds: string[]): void {
    this.#kinds = new Set(kinds);
    this.#shade();
  }

  /** Draw ground that is left out. */
  setGaps(areas: GeoJSON.Geometry[]): void {
    this.#set("gaps", collectionOf(areas));
  }

  setStations(stations: Known[]): void {
    this.#set("stations", signsOf(stations));
  }

  setSites(sites: Known[]): void {
    this.#set("sites", signsOf(sites));
  }

  /** Lay a map of somebody else's under all that is drawn, which lets it shine through. */
  setBasemap({ url }: Basemap): void {
    const lowest = this.map.getStyle().layers[1]?.id;
    this.map.addSource("basemap", { type: "raster", tiles: [url], tileSize: 256 });
    this.map.addLayer({ id: "basemap", type: "raster", source: "basemap" }, lowest);
    for (const [layer, opacity] of BASEMAP) {
      this.map.setPaintProperty(layer, "fill-opacity", opacity);
    }
  }

  setSelected(code: string | null): void {
    this.map.setFilter("selected", ["==", ["get", "code"], code ?? ""]);
  }

  /** Draw a circle, and show all of it; null takes it away, and what was found in it. */
  setCircle(centre: Place | null, radiusM: number): void {
    if (centre === null) {
      this.#set("circle", EMPTY);
      this.setHits([]);
      return;
    }
    const circle = circleAround(centre, radiusM);
    this.#set("circle", collectionOf([circle, pointOf(centre)]));
    const bounds = boundsOf([circle]);
    const seen = this.map.getBounds();
    if (bounds !== null) {
      const [west, south, east, north] = bounds;
      if (!seen.contains([west, south]) || !seen.contains([east, north])) {
        this.map.fitBounds(bounds, { padding: this.#padding() });
      }
    }
  }

  /** Draw the circles of what is supposed to stand there. */
  setSupposed(places: Place[], radiusM: number): void {
    const supposed = JSON.stringify([radiusM, places.map(({ lon, lat }) => [lon, lat])]);
    if (supposed !== this.#supposed) {
      this.#supposed = supposed;
      this.#set("supposed", collectionOf(places.map((place) => circleAround(place, radiusM))));
    }
  }

  /** Mark where the jobs are that a circle's list names. */
  setHits(places: Place[]): void {
    this.#set("hits", collectionOf(places.map(pointOf)));
  }

  setLayerShown(name: LayerName, isShown: boolean): void {
    for (const layer of LAYERS[name]) {
      this.map.setLayoutProperty(layer, "visibility", isShown ? "visible" : "none");
    }
  }

  /**
   * Take something of the map as it is seen, drawn with more points than the screen has.
   *
   * What is not drawn after some seconds is not waited for.
   */
  async drawnFinely<Taken>(ratio: number, take: (map: HTMLCanvasElement) => Taken): Promise<Taken> {
    this.map.setPixelRatio(ratio);
    try {
      this.map.triggerRepaint();
      await this.#idle();
      return take(this.map.getCanvas());
    } finally {
      this.map.setPixelRatio(devicePixelRatio);
    }
  }

  /**
   * Give the map its size on paper, with all that is seen now, and wait until that is drawn, or for
   * some seconds.
   *
   * A browser that is printing does not wait: it has what can be drawn at once, maybe more coarsely.
   */
  async layOnPaper(): Promise<void> {
    if (this.#onScreen !== null) {
      return;
    }
    const { map } = this;
    const seen = map.getBounds();
    this.#onScreen = { center: map.getCenter(), zoom: map.getZoom() };
    document.body.classList.add("on-paper");
    map.setPixelRatio(PAPER_RATIO); // which takes over the new size as well
    map.fitBounds(seen, { animate: false });
    map.redraw();
    map.getCanvas().after(this.#copy);
    copyTo(this.#copy, map.getCanvas());
    await this.#idle();
    copyTo(this.#copy, map.getCanvas());
  }

  /** Give the map its place on the screen back. */
  takeFromPaper(): void {
    if (this.#onScreen !== null) {
      this.#copy.remove();
      document.body.classList.remove("on-paper");
      this.map.setPixelRatio(devicePixelRatio);
      this.map.jumpTo(this.#onScreen);
      this.#onScreen = null;
    }
  }

  /** Do something once what was set is drawn. */
  onceDrawn(act: () => void): void {
    void this.map.once("render", act);
    this.map.triggerRepaint();
  }

  /** Show these communities as the whole. */
  showWhole(communities: Community[]): void {
    this.#whole = boundsOf(areasOf(communities)) ?? this.#whole;
    this.map.fitBounds(this.#whole, { padding: this.#padding(), animate: false });
  }

  showWholeAgain(): void {
    this.map.fitBounds(this.#whole, { padding: this.#padding() });
  }

  /** Show one community and some of what is around. */
  showCommunity(community: Community): void {
    const bounds = boundsOf(areasOf([community]));
    if (bounds !== null) {
      const { right } = this.#padding();
      const padding = { top: ROUND_ABOUT, bottom: ROUND_ABOUT, left: ROUND_ABOUT };
      this.map.fitBounds(bounds, {
        padding: { ...padding, right: Math.max(right, ROUND_ABOUT) },
        maxZoom: CLOSE_ZOOM,
      });
    }
  }

  /** Go closer, so that what is drawn together is drawn apart. */
  zoomInto({ lon, lat }: Place): void {
    this.map.easeTo({ center: [lon, lat], zoom: this.map.getZoom() + 2 });
  }

  onClick(tell: (clicked: Clicked) => void): void {
    this.map.on("click", ({ point, lngLat, originalEvent }) => {
      if (originalEvent.target === this.map.getCanvas()) {
        tell(this.#clicked(point, { lon: lngLat.lng, lat: lngLat.lat }));
      } // else it was for a sign that lies above the map
    });
  }

  /** Let stations or job sites be dragged, while somebody says so. */
  onDrop(
    isOn: (layer: LayerName) => boolean,
    drop: (layer: LayerName, id: string, place: Place) => void,
  ): void {
    for (const [layer, signs] of [
      ["stations", "stations"],
      ["sites", "sites-single"],
    ] as const) {
      dragSigns(
        this.map,
        [signs],
        () => isOn(layer),
        (id, place) => drop(layer, id, place),
      );
    }
  }

  /** Tell over which community the pointer is; null over none. */
  onHover(tell: (code: string | null) => void): void {
    let before: string | null = null;
    const hover = (code: string | null): void => {
      if (code !== before) {
        before = code;
        tell(code);
      }
    };
    this.map.on("mousemove", ({ point }) => hover(this.#property(point, "areas-quiet", "code")));
    this.map.on("mouseout", () => hover(null));
  }

  /** Wait until all is drawn, or as long as somebody who waits for it may. */
  async #idle(): Promise<void> {
    const end = new Promise((resolve) => setTimeout(resolve, MOST_WAIT_MS));
    await Promise.race([this.map.once("idle"), end]);
  }

  /** Give each area its shade; what has it already is not drawn anew. */
  #shade(): void {
    for (const [code, kind] of this.#kindOf) {
      const shade = this.#kinds.has(kind) ? (this.#shades.get(code) ?? NOT_YET) : QUIET;
      if (this.#drawn.get(code) !== shade) {
        this.#drawn.set(code, shade);
        this.map.setFeatureState({ source: "areas", id: code }, { shade });
      }
    }
  }

  /** On a wide map the legend lies over its right side, where nothing is then to be shown. */
  #padding(): { top: number; right: number; bottom: number; left: number } {
    const isWide = this.map.getContainer().clientWidth > WIDE;
    const right = isWide ? LEGEND + PADDING : PADDING;
    return { top: PADDING, right, bottom: PADDING, left: PADDING };
  }

  #pointAtWhatIsClickable(): void {
    this.map.getCanvas().style.cursor = "crosshair";
    for (const layer of ["sites-clusters", "sites-single", "stations"]) {
      this.map.on("mouseenter", layer, () => {
        this.map.getCanvas().style.cursor = "pointer";
      });
      this.map.on("mouseleave", layer, () => {
        this.map.getCanvas().style.cursor = "crosshair";
      });
    }
  }

  #clicked(point: PointLike, place: Place): Clicked {
    return {
      ...place,
      code: this.#property(point, "areas-quiet", "code"),
      station: this.#property(point, "stations", "id"),
      site: this.#property(point, "sites-single", "id"),
      isCluster: this.#at(point, "sites-clusters") !== undefined,
    };
  }

  /** The text that a property of what is drawn there has; null where nothing is. */
  #property(point: PointLike, layer: string, name: string): string | null {
    const value: unknown = this.#at(point, layer)?.properties[name];
    return typeof value === "string" ? value : null;
  }

  #at(point: PointLike, layer: string) {
    return this.map.queryRenderedFeatures(point, { layers: [layer] })[0];
  }

  #set(name: Sources, data: GeoJSON.FeatureCollection): void {
    const source = this.map.getSource<GeoJSONSource>(name);
    source?.setData(data);
  }
}
