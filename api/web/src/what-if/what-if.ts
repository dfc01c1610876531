/** 选址模拟: stations or job sites that are thought added, moved or closed, and what changes. */

import type { WhatIfAnswer } from "../answers";
import { ask } from "../api";
import { Combobox } from "../combobox";
import { button, element, found, redraw, reveal } from "../dom";
import { faultParts } from "../faults";
import type { Place } from "../geodesic";
import type { Clicked, MapView } from "../map-view";
import { type Known, knownOf, nearestFitting } from "../places";
import type { PageState } from "../state";
import { said } from "../words";
import { changesOf, SUPPLY_WORDS, supplyChoice, toldOf } from "./answer";
import { cardOf } from "./card";
import { add, close, countOf, History, keptIfSame, move, NO_EDITS, questionOf, restore, type Supply } from "./edits";
import { type Kind, Markers, type Sign } from "./markers";
import { Ranking } from "./ranking";

/** What the next click on the map places. */
type Placing = { what: "new" | "candidate" } | { what: "known"; id: string };

const PICK = { field: "what-if-pick", list: "what-if-hits", option: "what-if-hit" };
const MOST_HITS = 12;
/** From a drop until the map shows what it changes, and its two parts: for who measures it. */
const MEASURE = "what-if";
const MEASURE_ANSWERED = "what-if-answered";
const MEASURE_DRAWN = "what-if-drawn";
const NONE: ReadonlySet<string> = new Set();

export class WhatIf {
  readonly #state: PageState;
  readonly #view: MapView | null;
  readonly #select: (code: string) => void;
  readonly #head = element("div");
  readonly #pickBox = element("div", { class: "search", id: "what-if-search" });
  readonly #pick: Combobox;
  readonly #body = element("div");
  readonly #told = element("div", { id: "what-if-told" });
  readonly #ranking: Ranking;
  readonly #markers: Markers | null;
  readonly #histories: Record<Supply, History> = { stations: new History(), sites: new History() };
  #supply: Supply = "stations";
  #isOpen = false;
  readonly #warmed = new Set<string>();
  #made = 0;
  #picked: string | null = null;
  #placing: Placing | null = null;
  #answer: WhatIfAnswer | null = null;
  #error: unknown = null;
  #stop = new AbortController();

  constructor(state: PageState, view: MapView | null, select: (code: string) => void) {
    [this.#state, this.#view, this.#select] = [state, view, select];
    this.#markers =
      view === null
        ? null
        : new Markers(
            view,
            (id, kind, place) => this.#dropped(id, kind, place),
            (id) => this.#take(id),
          );
    this.#pick = new Combobox(
      this.#pickBox,
      PICK,
      (text) => this.#fitting(text),
      ({ id }) => this.#take(id),
    );
    this.#ranking = new Ranking(state, {
      supposed: () => ({ supply: this.#supply, edits: this.#history.now }),
      place: () => this.#place(this.#placing?.what === "candidate" ? null : { what: "candidate" }),
      isPlacing: () => this.#placing?.what === "candidate",
      centre: () => this.#view?.centre ?? null,
      adopt: ({ name, lon, lat }) => this.#add({ lon, lat }, name),
      changed: () => this.#draw(),
    });
    found("tab-what-if", HTMLDivElement).append(
      this.#head,
      this.#pickBox,
      this.#body,
      this.#told,
      this.#ranking.box,
    );
    document.addEventListener("keydown", (event) => this.#press(event));
    view?.onDrop(
      (layer) => this.#isOpen && layer === this.#supply,
      (_, id, place) => this.#step(move(this.#history.now, id, place), id),
    );
    state.watch(["language", "stations", "sites"], () => this.#draw());
    state.watch(["radiusM"], () => this.#askAnew());
    state.watch(["signIns"], () => this.#askWithKey());
  }

  /** Take a click on the map, if it is for what is supposed; return whether it was. */
  take(clicked: Clicked): boolean {
    const placing = this.#placing;
    if (placing !== null) {
      this.#placing = null;
      if (placing.what === "known") {
        this.#step(move(this.#history.now, placing.id, clicked), placing.id);
      } else if (placing.what === "candidate") {
        this.#ranking.add(clicked);
      } else {
        this.#add(clicked);
      }
      return true;
    }
    const id = this.#supply === "stations" ? clicked.station : clicked.site;
    if (!this.#isOpen || id === null) {
      return false;
    }
    this.#take(id);
    reveal(this.#body);
    return true;
  }

  enter(): void {
    this.#isOpen = true;
    this.#warm();
  }

  /** Another tab was opened: nothing more is placed. */
  leave(): void {
    this.#isOpen = false;
    this.#place(null);
  }

  get #history(): History {
    return this.#histories[this.#supply];
  }

  get #known(): Known[] {
    const { stations, sites } = this.#state.now;
    return knownOf((this.#supply === "stations" ? stations : sites) ?? []);
  }

  #fitting(text: string): { id: string; name: string; note: string }[] {
    const known = this.#known;
    const near = this.#view?.centre ?? known[0] ?? { lon: 0, lat: 0 };
    return nearestFitting(known, text, near, MOST_HITS).map(({ id, name }) => ({
      id,
      name,
      note: id,
    }));
  }

  #take(id: string): void {
    if (this.#known.some((one) => one.id === id)) {
      this.#picked = id;
      this.#draw();
    }
  }

  #add({ lon, lat }: Place, name = ""): void {
    this.#made += 1;
    const id = `new-${this.#made}`;
    const given = name === "" ? said(this.#state.now.language, "whatIfNew", { number: this.#made }) : name;
    this.#step(add(this.#history.now, { id, name: given, lon, lat }));
  }

  #dropped(id: string, kind: Kind, place: Place): void {
    if (kind === "candidate") {
      this.#ranking.move(id, place);
    } else {
      this.#step(move(this.#history.now, id, place), kind === "added" ? this.#picked : id);
    }
  }

  #step(edits: typeof NO_EDITS, picked: string | null = this.#picked): void {
    this.#history.step(edits);
    this.#picked = picked;
    this.#placing = null;
    this.#askAnew();
  }

  #undo(): void {
    this.#history.undo();
    this.#askAnew();
  }

  #press(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.isComposing && this.#placing !== null) {
      this.#place(null);
    }
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    const isUndo = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (this.#isOpen && isUndo && !isTyping && this.#history.canUndo) {
      event.preventDefault();
      this.#undo();
    }
  }

  #place(placing: Placing | null): void {
    if (this.#placing !== placing) {
      this.#placing = placing;
      this.#draw();
    }
  }

  /** Ask anew what was asked without the key that there is now, candidates that were refused, too. */
  #askWithKey(): void {
    const wasRanked = this.#ranking.isAsked;
    this.#askAnew();
    if (wasRanked) {
      this.#ranking.askAnew();
    }
  }

  /** Ask what changes now; an older question that is still under way is given up. */
  #askAnew(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    [this.#answer, this.#error] = [null, null];
    this.#hide();
    this.#ranking.forget(); // draws everything
    if (countOf(this.#history.now) === 0) {
      this.#show(null);
      this.#warm();
      return;
    }
    const begun = performance.now();
    const body = questionOf(this.#supply, this.#state.now.radiusM, this.#history.now);
    ask<WhatIfAnswer>("/v1/what-if", { body, signal }).then(
      (answer) => {
        const answered = performance.now();
        this.#show(answer);
        this.#view?.onceDrawn(() => {
          performance.measure(MEASURE, { start: begun });
          performance.measure(MEASURE_ANSWERED, { start: begun, end: answered });
          performance.measure(MEASURE_DRAWN, { start: answered });
        });
      },
      (reason: unknown) => {
        if (!signal.aborted) {
          this.#error = reason;
          this.#show(null);
        }
      },
    );
  }

  /**
   * Ask once what nothing would change: the server makes ready what all questions of this kind need,
   * so that the first drop need not wait for it.
   */
  #warm(): void {
    const { radiusM, coverage } = this.#state.now;
    const kind = `${this.#supply} ${radiusM}`;
    if (!this.#isOpen || coverage === null || this.#warmed.has(kind)) {
      return;
    }
    this.#warmed.add(kind);
    const body = questionOf(this.#supply, radiusM, NO_EDITS);
    ask<WhatIfAnswer>("/v1/what-if", { body }).catch(() => {
      this.#warmed.delete(kind); // what is wrong will be told of the first question in earnest
    });
  }

  /** What is moved or closed is not drawn where it stands. */
  #hide(): void {
    const { moved, closed } = this.#history.now;
    const hidden = new Set([...moved.keys(), ...closed]);
    const { hiddenStations, hiddenSites } = this.#state.now;
    this.#state.change({
      hiddenStations: keptIfSame(hiddenStations, this.#supply === "stations" ? hidden : NONE),
      hiddenSites: keptIfSame(hiddenSites, this.#supply === "sites" ? hidden : NONE),
    });
  }

  #show(answer: WhatIfAnswer | null): void {
    this.#answer = answer;
    this.#state.change({ changes: answer === null ? null : changesOf(answer) });
    this.#draw();
  }

  #draw(): void {
    const { language } = this.#state.now;
    this.#drawHead();
    const supply = said(language, SUPPLY_WORDS[this.#supply]);
    this.#pick.setTexts(said(language, "whatIfPick", { supply }), said(language, "whatIfPickNone"));
    redraw(this.#body, ...this.#card(), this.#list());
    redraw(this.#told, ...this.#answered());
    this.#ranking.draw();
    this.#markers?.show(this.#signs());
    const { added, moved } = this.#history.now;
    this.#view?.setSupposed([...added, ...moved.values()], this.#state.now.radiusM);
  }

  #drawHead(): void {
    const { language } = this.#state.now;
    const isPlacing = this.#placing?.what === "new";
    redraw(
      this.#head,
      element("p", { class: "note" }, said(language, "whatIfHelp")),
      supplyChoice(language, this.#supply, (supply) => this.#edit(supply)),
      element(
        "p",
        { class: "tools" },
        button(
          said(language, isPlacing ? "whatIfPlacing" : "whatIfAdd"),
          () => this.#place(isPlacing ? null : { what: "new" }),
          { id: "what-if-add", "aria-pressed": String(isPlacing), disabled: this.#view === null },
        ),
        button(
          said(language, "whatIfAtCentre"),
          () => this.#view !== null && this.#add(this.#view.centre),
          { id: "what-if-centre", disabled: this.#view === null },
        ),
      ),
    );
  }

  /** Edit the other kind; the edits of this one stay, and count once it is chosen again. */
  #edit(supply: Supply): void {
    this.#supply = supply;
    this.#picked = null;
    this.#pick.clear();
    this.#askAnew();
  }

  #card(): HTMLElement[] {
    const one = this.#known.find(({ id }) => id === this.#picked);
    if (one === undefined) {
      return [];
    }
    const { id } = one;
    const view = this.#view;
    const isPlacing = this.#placing?.what === "known";
    const act = {
      place: view && ((): void => this.#place(isPlacing ? null : { what: "known", id })),
      centre: view && ((): void => this.#step(move(this.#history.now, id, view.centre))),
      close: (): void => this.#step(close(this.#history.now, id)),
      restore: (): void => this.#step(restore(this.#history.now, id)),
    };
    return [cardOf(this.#state.now.language, one, this.#history.now, isPlacing, act)];
  }

  #list(): HTMLElement {
    const { language } = this.#state.now;
    const { added, moved, closed } = this.#history.now;
    const names = new Map(this.#known.map(({ id, name }) => [id, name]));
    const undo = said(language, "whatIfRemove");
    const line = (text: string, id: string): HTMLElement =>
      element(
        "li",
        {},
        element("span", {}, text),
        button(undo, () => this.#step(restore(this.#history.now, id)), {
          "aria-label": `${undo}: ${text}`,
        }),
      );
    const name = (id: string): string => names.get(id) ?? id;
    const all = [
      ...added.map((one) => line(one.name, one.id)),
      ...[...moved.keys()].map((id) => line(said(language, "whatIfMoved", { name: name(id) }), id)),
      ...[...closed].map((id) => line(said(language, "whatIfClosed", { name: name(id) }), id)),
    ];
    return element(
      "div",
      {},
      element("ul", { class: "listed", id: "what-if-list" }, ...all),
      element(
        "p",
        { class: "tools" },
        button(said(language, "whatIfUndo"), () => this.#undo(), {
          id: "what-if-undo",
          disabled: !this.#history.canUndo,
          title: "Ctrl+Z",
        }),
        button(said(language, "whatIfClear"), () => this.#step(NO_EDITS), {
          id: "what-if-clear",
          disabled: all.length === 0,
        }),
      ),
    );
  }

  #answered(): HTMLElement[] {
    const { language } = this.#state.now;
    if (this.#error !== null) {
      return faultParts(this.#state, this.#error, () => this.#askAnew(), "what-if");
    }
    if (this.#answer === null) {
      const isAsking = countOf(this.#history.now) > 0;
      return isAsking ? [element("p", { class: "note" }, said(language, "asking"))] : [];
    }
    return toldOf(this.#state.now, this.#answer, this.#supply, this.#select);
  }

  #signs(): Sign[] {
    const { added, moved, closed } = this.#history.now;
    const known = new Map(this.#known.map((one) => [one.id, one]));
    const signs: Sign[] = [
      ...added.map((one): Sign => ({ ...one, kind: "added", label: "+" })),
      ...[...moved].map(([id, place]): Sign => ({ id, ...place, kind: "moved", label: "→" })),
      ...[...closed].flatMap((id): Sign[] => {
        const one = known.get(id);
        return one === undefined ? [] : [{ ...one, kind: "closed", label: "×" }];
      }),
      ...this.#ranking.candidates.map(
        (one, at): Sign => ({ ...one, kind: "candidate", label: String(at + 1) }),
      ),
    ];
    const picked = known.get(this.#picked ?? "");
    if (picked !== undefined && !moved.has(picked.id) && !closed.has(picked.id)) {
      signs.push({ ...picked, kind: "picked", label: "" });
    }
    return signs;
  }
}
