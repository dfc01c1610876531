/**
 * The colours of the map and of its legend.
 *
 * Shades grow darker throughout, so that they keep their order without hue: for the colour-blind,
 * and on a black-and-white printer. Gains and losses are blue and orange.
 */

/** By shade: none, then more and more households without reach. */
export const SHADES = ["#f6f2e6", "#fbd49a", "#f19b52", "#cf5a2e", "#7d1d22"] as const;
export const UNKNOWN = "#c9d1d8";
export const LOADING = "#e4e6e4";
export const ELSEWHERE = "#e9e9e2";
/** By change, from many fewer to many more; the middle is none. */
export const CHANGES = ["#8a4a00", "#e08a2c", "#f3f1ea", "#6aaed6", "#0b559f"] as const;
export const STATION = "#0b559f";
export const SITE = "#3d5a63";
export const LINE = "#8d8f89";
export const OUTLINE = "#3c3f3c";
export const SELECTED = "#111111";
export const GAP = "#26413c";
export const CIRCLE = "#5b2a86";
export const GROUND = "#fbfcfc";
export const WATER = "#b9d6e6";
