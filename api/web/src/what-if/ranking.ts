/** Candidate places in the panel: given by clicks, lines or communities, then put in order. */

import { placeWithin } from "../area";
import type { WhatIfAnswer } from "../answers";
import { ask } from "../api";
import { type Community, shownFigures } from "../city";
import { button, element, redraw } from "../dom";
import { faultOf, faultParts } from "../faults";
import type { Place } from "../geodesic";
import { kilometres, signed } from "../numbers";
import { isBelow } from "../figures";
import type { PageState, State } from "../state";
import { said, type Word } from "../words";
import { type Candidate, rank, type Ranked, readLines } from "./candidates";
import type { Edits, Question, Supply } from "./edits";

/** As many as are asked about one after the other while somebody waits. */
const MOST = 50;
const WORST = 5;
/** How the ids of candidates begin; their number follows. */
const ID = "candidate-";

/** The communities with the most households without a job: those that have some for certain. */
export function worstOf(state: Readonly<State>): Community[] {
  return shownFigures(state)
    .filter(({ figures }) => isBelow(figures) === true)
    .sort((one, other) => (other.figures.without ?? 0) - (one.figures.without ?? 0))
    .slice(0, WORST)
    .map(({ community }) => community);
}

/** What the ranking needs of the panel that it stands in. */
export interface Around {
  supposed: () => { supply: Supply; edits: Edits };
  /** Wait for a click on the map. */
  place: () => void;
  isPlacing: () => boolean;
  centre: () => Place | null;
  adopt: (candidate: Candidate) => void;
  /** Called when there are other candidates. */
  changed: () => void;
}

export class Ranking {
  readonly box = element("details", { id: "what-if-ranking" });
  readonly #summary = element("summary");
  readonly #body = element("div");
  readonly #lines = element("textarea", { id: "what-if-lines", rows: 3 });
  readonly #state: PageState;
  readonly #around: Around;
  #candidates: Candidate[] = [];
  #made = 0;
  #faults: number[] = [];
  #ranked: Ranked[] | null = null;
  #error: unknown = null;
  #stop = new AbortController();

  constructor(state: PageState, around: Around) {
    [this.#state, this.#around] = [state, around];
    this.box.append(this.#summary, this.#body);
    state.watch(["coverage", "communities", "showsVillages"], () => this.draw());
  }

  get candidates(): readonly Candidate[] {
    return this.#candidates;
  }

  /** Whether their order was asked for, whatever came of it. */
  get isAsked(): boolean {
    return this.#ranked !== null || this.#error !== null;
  }

  /** Ask for the order, each candidate anew. */
  askAnew(): void {
    void this.#rank();
  }

  add({ lon, lat }: Place, name = ""): void {
    if (this.#candidates.length < MOST) {
      this.#made += 1;
      this.#candidates.push({ id: `${ID}${this.#made}`, name, lon, lat });
    }
    this.forget();
  }

  move(id: string, { lon, lat }: Place): void {
    this.#candidates = this.#candidates.map((one) => (one.id === id ? { ...one, lon, lat } : one));
    this.forget();
  }

  /** Forget the order: something else is supposed than when it was asked for. */
  forget(): void {
    this.#stop.abort();
    [this.#ranked, this.#error] = [null, null];
    this.#around.changed();
  }

  draw(): void {
    const { language } = this.#state.now;
    const count = this.#candidates.length;
    this.#summary.textContent = said(language, "candidates", { count });
    this.#lines.placeholder = said(language, "candidateLinesLike");
    redraw(
      this.#body,
      element("p", { class: "note" }, said(language, "candidatesHelp")),
      this.#tools(),
      element(
        "label",
        { class: "lines" },
        element("span", {}, said(language, "candidateLines")),
        this.#lines,
      ),
      element(
        "p",
        { class: "tools" },
        button(said(language, "candidateTake"), () => this.#take(), { id: "what-if-take" }),
      ),
      this.#faults.length === 0
        ? ""
        : element(
            "p",
            { class: "fault", role: "alert" },
            said(language, "candidateFaults", { lines: this.#faults.join(", ") }),
          ),
      count >= MOST ? element("p", { class: "note" }, said(language, "candidateMost", { most: MOST })) : "",
      ...(this.#ranked === null ? this.#list() : this.#order(this.#ranked)),
    );
  }

  #tools(): HTMLElement {
    const { language } = this.#state.now;
    const isPlacing = this.#around.isPlacing();
    const centre = this.#around.centre();
    const worst = worstOf(this.#state.now).length;
    return element(
      "p",
      { class: "tools" },
      button(
        said(language, isPlacing ? "whatIfPlacing" : "candidateClick"),
        () => this.#around.place(),
        { id: "what-if-candidate", "aria-pressed": String(isPlacing), disabled: centre === null },
      ),
      button(
        said(language, "candidateCentre"),
        () => centre !== null && this.add(this.#around.centre() ?? centre),
        { id: "what-if-candidate-centre", disabled: centre === null },
      ),
      button(
        worst === 0
          ? said(language, "candidateWorstNone")
          : said(language, "candidateWorst", { count: worst }),
        () => this.#addWorst(),
        { id: "what-if-worst", disabled: worst === 0 },
      ),
    );
  }

  /** Take the lines; those that are none stay to be mended. */
  #take(): void {
    const { lines, faults } = readLines(this.#lines.value);
    const texts = this.#lines.value.split(/\r?\n/);
    this.#lines.value = faults.map((line) => texts[line - 1]).join("\n");
    this.#faults = faults;
    for (const { name, ...place } of lines) {
      this.add(place, name);
    }
    this.#around.changed();
  }

  /** Take a place within each of the communities with the most households without a job. */
  #addWorst(): void {
    for (const community of worstOf(this.#state.now)) {
      const place = placeWithin(community.area);
      if (place !== null && !this.#candidates.some(({ name }) => name === community.name)) {
        this.add(place, community.name);
      }
    }
  }

  #list(): HTMLElement[] {
    const { language } = this.#state.now;
    if (this.#candidates.length === 0) {
      return [];
    }
    const undo = said(language, "candidateRemove");
    const lines = this.#candidates.map((one) =>
      element(
        "li",
        {},
        element("span", {}, this.#nameOf(one)),
        button(
          undo,
          () => {
            this.#candidates = this.#candidates.filter((other) => other !== one);
            this.forget();
          },
          { "aria-label": `${undo}: ${this.#nameOf(one)}` },
        ),
      ),
    );
    return [
      element("ol", { class: "listed", id: "what-if-candidates" }, ...lines),
      element("p", { class: "tools" }, this.#rankButton(), this.#clearButton()),
      ...this.#fault(),
    ];
  }

  #order(ranked: Ranked[]): HTMLElement[] {
    const { language, radiusM } = this.#state.now;
    const lines = ranked.map(({ candidate, gained, error }) =>
      element(
        "li",
        {},
        element("span", {}, this.#nameOf(candidate)),
        ...(error === null
          ? [
              element("span", { class: "number" }, signed(language, gained)),
              this.#act("candidateAdopt", candidate, () => this.#adopt(candidate)),
            ]
          : [
              element("span", { class: "fault" }, this.#faultText(error)),
              this.#act("retry", candidate, () => void this.#rank(candidate)),
              this.#act("candidateRemove", candidate, () => this.#remove(candidate)),
            ]),
      ),
    );
    const isDone = ranked.every(({ gained, error }) => gained !== null || error !== null);
    return [
      element("h3", {}, said(language, "candidateOrder", { km: kilometres(radiusM) })),
      element("ol", { class: "listed", id: "what-if-ranked", "aria-busy": String(!isDone) }, ...lines),
      element("p", { class: "note", role: "status" }, isDone ? "" : said(language, "asking")),
      element("p", { class: "tools" }, this.#clearButton()),
      ...this.#fault(),
    ];
  }

  /** A button for one candidate, whose name it says to who does not see the line. */
  #act(word: Word, candidate: Candidate, act: () => void): HTMLElement {
    const text = said(this.#state.now.language, word);
    return button(text, act, { "aria-label": `${text}: ${this.#nameOf(candidate)}` });
  }

  /** Take one away; the order of the others stays. */
  #remove({ id }: Candidate): void {
    this.#candidates = this.#candidates.filter((one) => one.id !== id);
    this.#ranked = this.#ranked?.filter(({ candidate }) => candidate.id !== id) ?? null;
    this.#around.changed();
  }

  #rankButton(): HTMLElement {
    return button(said(this.#state.now.language, "candidateRank"), () => this.askAnew(), {
      id: "what-if-rank",
      class: "first",
    });
  }

  #clearButton(): HTMLElement {
    const clear = (): void => {
      this.#candidates = [];
      this.forget();
    };
    return button(said(this.#state.now.language, "candidateClear"), clear, {
      id: "what-if-candidates-clear",
    });
  }

  /** Its own name, or else its number in the language of now. */
  #nameOf({ id, name }: Candidate): string {
    const number = id.slice(ID.length);
    return name === "" ? said(this.#state.now.language, "candidate", { number }) : name;
  }

  #fault(): HTMLElement[] {
    return this.#error === null
      ? []
      : faultParts(this.#state, this.#error, () => this.askAnew(), "what-if-rank");
  }

  #faultText(error: unknown): string {
    const { word, values } = faultOf(error);
    return said(this.#state.now.language, word, values);
  }

  #adopt(candidate: Candidate): void {
    this.#candidates = this.#candidates.filter(({ id }) => id !== candidate.id);
    this.#around.adopt(candidate);
  }

  /** Ask about all of them, or about one again whose question failed. */
  async #rank(again: Candidate | null = null): Promise<void> {
    const known =
      again === null
        ? []
        : (this.#ranked ?? []).filter(
            ({ candidate, gained, error }) =>
              candidate !== again && (gained !== null || error !== null),
          );
    this.forget();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const { radiusM } = this.#state.now;
    const tell = (ranked: Ranked[]): void => {
      if (!signal.aborted) {
        // One may have been taken away meanwhile.
        this.#ranked = ranked.filter(({ candidate }) => this.#candidates.includes(candidate));
        this.draw();
      }
    };
    const question = (body: Question): Promise<WhatIfAnswer> =>
      ask<WhatIfAnswer>("/v1/what-if", { body, signal });
    try {
      const supposed = { ...this.#around.supposed(), radiusM };
      await rank(this.#candidates, supposed, question, tell, known);
    } catch (error) {
      if (!signal.aborted) {
        [this.#ranked, this.#error] = [null, error];
        this.draw();
      }
    }
  }
}
