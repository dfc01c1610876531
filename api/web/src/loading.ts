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
import type { Notice } from "./notice";
import { readSettings } from "./settings";
import type { PageState } from "./state";

const NOT_FOUND = 404;

export class Loading {
  readonly #state: PageState;
  readonly #view: MapView | null;
  readonly #notice: Notice;
  /** Counts what was asked about coverage: an answer to what is no longer asked is not shown. */
  #asked = 0;
  #hasSettings = false;

  constructor(state: PageState, view: MapView | null, notice: Notice) {
    this.#state = state;
    this.#view = view;
    this.#notice = notice;
  }

  /** Read everything; whoever sees that it failed can have it read again. */
  async all(): Promise<void> {
    try {
      this.#notice.say("loadingAreas");
      const { features } = await askForFeatures<CommunityProperties>("communities", this.#wait);
      this.#state.change({ communities: features.map(communityOf) });
      const { communities } = this.#state.now;
      this.#view?.setCommunities(communities ?? []);
      this.#view?.showWhole(shownCommunities(this.#state.now));
      const beside = [this.#settings(), this.#ground(), this.#places(), this.#streets()];
      const [, ...others] = await Promise.allSettled([this.coverage(), ...beside]);
      const failed = others.find((one) => one.status === "rejected");
      if (failed !== undefined) {
        throw failed.reason;
      }
    } catch (error) {
      this.#notice.fail(error, () => void this.all());
    }
  }

  /** Read the figures within the radius of now. */
  async coverage(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const isFirst = this.#state.now.coverage === null;
    try {
      this.#notice.say("loadingFigures");
      const path = `/v1/coverage?by=community&radius_m=${this.#state.now.radiusM}`;
      const coverage = await askPatiently<CoverageAnswer>(path, this.#wait);
      if (asked !== this.#asked) {
        return;
      }
      this.#state.change({ coverage });
      this.#notice.clear();
      this.#sayWhatIsMissing();
      if (isFirst) {
        this.#showWhoeverHasFigures();
      }
      if (this.#state.now.headline === null) {
        await this.#publishedBeside();
      }
    } catch (error) {
      if (asked !== this.#asked) {
        return;
      }
      if (error instanceof ProblemError && error.status === NOT_FOUND) {
        this.#notice.warn("noFigures", { detail: error.problem.detail });
      } else {
        this.#notice.fail(error, () => void this.coverage());
      }
    }
  }

  readonly #wait = (problem: ProblemError): void => this.#notice.wait(problem);

  async #ground(): Promise<void> {
    this.#view?.setGround(await ask<GeoJSON.FeatureCollection>("/ground.geojson"));
  }

  async #places(): Promise<void> {
    const stations = await askForFeatures<StationProperties>("stations", this.#wait);
    this.#state.change({ stations: stations.features });
    const sites = await askForFeatures<SiteProperties>("sites", this.#wait);
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
    this.#view?.setGaps(gaps.features.flatMap(({ geometry }) => geometry ?? []));
    try {
      const headline = await askPatiently<HeadlineAnswer>("/v1/coverage/headline", quietly);
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
    this.#state.change({ hasStreets: network !== null });
  }

  #sayWhatIsMissing(): void {
    const { communities } = this.#state.now;
    if (communities?.length === 0) {
      this.#notice.warn("nothing");
    } else if (shownCommunities(this.#state.now).length === 0) {
      this.#notice.warn("nothingUrban");
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
