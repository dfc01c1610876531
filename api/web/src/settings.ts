/** What the operator of the server has set for the page. */

import { ask, ProblemError } from "./api";

export interface Basemap {
  kind: "xyz";
  /** With `{z}`, `{x}` and `{y}`. */
  url: string;
  attribution: string;
}

export interface Settings {
  /** 审图号, under which maps of this page may go out; null for internal use alone. */
  map_approval: string | null;
  basemap: Basemap | null;
}

const NONE: Settings = { map_approval: null, basemap: null };
const NOT_FOUND = 404;

/** Read the settings; a server that knows none has set none. */
export async function readSettings(): Promise<Settings> {
  try {
    return await ask<Settings>("/page.json");
  } catch (error) {
    if (error instanceof ProblemError && error.status === NOT_FOUND) {
      return NONE;
    }
    throw error;
  }
}
