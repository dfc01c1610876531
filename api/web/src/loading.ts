/** Reading the city from the server, and again what depends on the radius. */

import type {
  CommunityProperties,
  CoverageAnswer,
  HeadlineAnswer,
  Health,
  SiteProperties,
  StationProperties,
} from "./answers";
import { ask, askForFeatures, askPatiently, ProblemError } from "./api";
import { showAttribution } from "./approval";
import { communityOf, shownCommunities, shownFigures } from "./city";
import type { MapView } from "./map-view";
import type { Line, Notice } from "./notice";
import { wordOfProblem } from "./problems";
import { readSettings } from "./settings";
import type { PageState } from "./state";

const NOT_FOUND = 404;

export class Loading {
  readonly #state: PageState;
  readonly #view: MapView | null;
  readonly #notice: Notice;
  readonly #areas: Line;
  readonly #figures: Line;
  readonly #missing: Line;
  /** Of what was asked last about coverage: what was asked before is given up. */
  #stop = new AbortController();
  #hasSettings = false;

  constructor(state: PageState, view: MapView | null, notice: Notice) {
    this.#state = state;
    this.#view = view;
    this.#notice = notice;
    this.#areas = notice.line("areas");
    this.#figures = notice.line("figures");
    this.#missing = notice.line("missing");
    state.watch(["communities", "showsVillages"], () => this.#sayWhatIsMissing());
  }

  /** Read everything; whoever sees that some of it failed can have that read again. */
  async all(): Promise<void> {
    try {
      this.#areas.say("loadingAreas");
      const { features, invented } = await askForFeatures<CommunityProperties>(
        "communities",
        (problem) => this.#areas.wait(problem),
      );
      this.#hear(invented);
      this.#state.change({ communities: features.map(communityOf) });
      const { communities } = this.#state.now;
      this.#view?.setCommunities(communities ?? []);
      this.#view?.showWhole(shownCommunities(this.#state.now));
      this.#areas.clear();
    } catch (error) {
      this.#areas.fail(error, () => void this.all());
      return;
    }
    await Promise.all([
      this.coverage(),
      this.#beside("settings", () => this.#settings()),
      this.#beside("ground", () => this.#ground()),
      this.#beside("places", (line) => this.#places(line)),
      this.#beside("streets", () => this.#streets()),
    ]);
  }

  /** Read the figures within the radius of now. */
  async coverage(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const isFirst = this.#state.now.coverage === null;
    const wait = (problem: ProblemError): void => this.#figures.wait(problem);
    try {
      this.#figures.say("loadingFigures");
      const path = `/v1/coverage?by=community&radius_m=${this.#state.now.radiusM}`;
      const coverage = await askPatiently<CoverageAnswer>(path, wait, { signal });
      this.#hear(coverage.invented);
      this.#state.change({ coverage });
      this.#figures.clear();
      if (isFirst) {
        this.#showWhoeverHasFigures();
      }
      if (this.#state.now.headline === null) {
        await this.#publishedBeside();
      }
    } catch (error) {
      if (signal.aborted) {
        return; // what it was asked for is no longer chosen
      }
      if (error instanceof ProblemError && error.status === NOT_FOUND) {
        const word = wordOfProblem(error.problem) ?? "noFigures";
        this.#figures.warn(word, { detail: error.problem.detail });
      } else {
        this.#figures.fail(error, () => void this.coverage());
      }
    }
  }

  /** Read something beside the figures, whether or not these are there yet. */
  async #beside(name: string, read: (line: Line) => Promise<void>): Promise<void> {
    const line = this.#notice.line(name);
    line.clear();
    try {
      await read(line);
      line.clear();
    } catch (error) {
      line.fail(error, () => void this.#beside(name, read));
    }
  }

  async #ground(): Promise<void> {
    this.#view?.setGround(await ask<GeoJSON.FeatureCollection>("/ground.geojson"));
  }

  async #places(line: Line): Promise<void> {
    const wait = (problem: ProblemError): void => line.wait(problem);
    const stations = await askForFeatures<StationProperties>("stations", wait);
    this.#hear(stations.invented);
    this.#state.change({ stations: stations.features });
    const sites = await askForFeatures<SiteProperties>("sites", wait);
    this.#hear(sites.invented);
    this.#state.change({ sites: sites.features });
  }

  async #settings(): Promise<void> {
    if (this.#hasSettings) {
      return; // read before, and what is read is drawn
    }
    const { map_approval: approval, basemap } = await readSettings();
    this.#hasSettings = true;
    this.#state.change({ approval });
    if (basemap !== null && this.#view !== null) {
      this.#view.setBasemap(basemap);
      showAttribution(basemap.attribution);
    }
  }

  /** What is published together with the figures, and not needed to see them. */
  async #publishedBeside(): Promise<void> {
    const gaps = await askForFeatures("gaps", quietly);
    this.#hear(gaps.invented);
    this.#view?.setGaps(gaps.features.flatMap(({ geometry }) => geometry ?? []));
    try {
      const headline = await askPatiently<HeadlineAnswer>("/v1/coverage/headline", quietly);
      this.#hear(headline.invented);
      this.#state.change({ headline });
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== NOT_FOUND) {
        throw error;
      }
      this.#state.change({ headline: "none" });
    }
  }

  async #streets(): Promise<void> {
    const { network } = await ask<Health>("/healthz");
    this.#state.change({
      hasStreets: network !== null,
      streetsBy: network?.attribution ?? null,
    });
  }

  /** Once anything that came is invented, that is said. */
  #hear(invented: boolean | null): void {
    if (invented === true) {
      this.#state.change({ isInvented: true });
    }
  }

  #sayWhatIsMissing(): void {
    const { communities } = this.#state.now;
    if (communities?.length === 0) {
      this.#missing.warn("nothing");
    } else if (communities !== null && shownCommunities(this.#state.now).length === 0) {
      this.#missing.warn("nothingUrban");
    } else {
      this.#missing.clear();
    }
  }

  /** A store may hold the people of some districts alone: the map opens on these. */
  #showWhoeverHasFigures(): void {
    const known = shownFigures(this.#state.now).filter(({ figures }) => figures.households !== null);
    if (known.length > 0) {
      this.#view?.showWhole(known.map(({ community }) => community));
    }
  }
}

/** The page is of use without it: nobody is told that it is waited for. */
function quietly(): void {}
