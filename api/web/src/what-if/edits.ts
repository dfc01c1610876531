/** What is supposed of the places that there are: some more, some elsewhere, some no more. */

import type { Place } from "../geodesic";

/** What is edited, as the API calls it. A job counts by where it is: at its site. */
export type Supply = "stations" | "sites";

export interface Added extends Place {
  /** Told to the API; the supply has none like it. */
  id: string;
  name: string;
}

export interface Edits {
  readonly added: readonly Added[];
  /** Where each of these is supposed to be, by id. */
  readonly moved: ReadonlyMap<string, Place>;
  readonly closed: ReadonlySet<string>;
}

export const NO_EDITS: Edits = { added: [], moved: new Map(), closed: new Set() };

export function add(edits: Edits, added: Added): Edits {
  return { ...edits, added: [...edits.added, added] };
}

/** Suppose a place to be elsewhere: an added one, or one that there is, which is then not closed. */
export function move(edits: Edits, id: string, { lon, lat }: Place): Edits {
  if (edits.added.some((one) => one.id === id)) {
    const added = edits.added.map((one) => (one.id === id ? { ...one, lon, lat } : one));
    return { ...edits, added };
  }
  const moved = new Map(edits.moved).set(id, { lon, lat });
  return { ...edits, moved, closed: without(edits.closed, id) };
}

/** Suppose a place to be no more; it is then not moved, which the API would refuse. */
export function close(edits: Edits, id: string): Edits {
  const { added, moved, closed } = restore(edits, id);
  const isOne = added.length < edits.added.length; // an added one is just taken away
  return { added, moved, closed: isOne ? closed : new Set(closed).add(id) };
}

/** Suppose nothing of a place any more. */
export function restore(edits: Edits, id: string): Edits {
  const moved = new Map(edits.moved);
  moved.delete(id);
  return {
    added: edits.added.filter((one) => one.id !== id),
    moved,
    closed: without(edits.closed, id),
  };
}

export function countOf({ added, moved, closed }: Edits): number {
  return added.length + moved.size + closed.size;
}

export interface Question {
  supply: Supply;
  radius_m: number;
  add: { id: string; lon: number; lat: number }[];
  move: { id: string; lon: number; lat: number }[];
  close: string[];
}

/** What the API is asked. */
export function questionOf(supply: Supply, radiusM: number, edits: Edits): Question {
  return {
    supply,
    radius_m: radiusM,
    add: edits.added.map(({ id, lon, lat }) => ({ id, lon, lat })),
    move: [...edits.moved].map(([id, { lon, lat }]) => ({ id, lon, lat })),
    close: [...edits.closed],
  };
}

/** The edits as they are, and as they were before each step. */
export class History {
  #past: Edits[] = [];
  #now = NO_EDITS;

  get now(): Edits {
    return this.#now;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  step(next: Edits): void {
    this.#past.push(this.#now);
    this.#now = next;
  }

  undo(): void {
    this.#now = this.#past.pop() ?? this.#now;
  }
}

/** The earlier set where the later has the same: who watches it then has nothing to draw. */
export function keptIfSame(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): ReadonlySet<string> {
  return before.size === after.size && [...after].every((one) => before.has(one)) ? before : after;
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const left = new Set(ids);
  left.delete(id);
  return left;
}
