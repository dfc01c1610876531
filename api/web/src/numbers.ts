/** Numbers as readers of each language write them. */

import { type Figures, isBelow } from "./figures";
import { type Language, said } from "./words";

const LOCALES: Record<Language, string> = { zh: "zh-CN", en: "en-GB" };
const KILOMETRE = 1_000;

/** A whole number in groups; a dash where it is unknown. */
export function whole(language: Language, value: number | null): string {
  return value === null ? "—" : new Intl.NumberFormat(LOCALES[language]).format(value);
}

/** How many have nothing in reach; with a sign where that is within the figure's error. */
export function counted(language: Language, figures: Figures): string {
  const text = whole(language, figures.without);
  return figures.without === null || isBelow(figures) !== null ? text : `≈ ${text}`;
}

/** The share with nothing in reach, with the same sign. */
export function countedShare(language: Language, figures: Figures): string {
  const text = percent(language, figures.share);
  const isOpen = figures.without !== null && isBelow(figures) === null;
  return figures.share === null || !isOpen ? text : `≈ ${text}`;
}

/**
 * A figure that was rounded to multiples of a step, and may be up to half of it where it says 0.
 *
 * Without a step it is exact.
 */
export function rounded(language: Language, value: number | null, step: number | null): string {
  return value === 0 && step !== null
    ? `0–${whole(language, Math.floor(step / 2))}`
    : whole(language, value);
}

/** The same in a sentence, where it is said that it is rounded. */
export function about(language: Language, value: number | null, step: number | null): string {
  const text = rounded(language, value, step);
  return value === null || step === null ? text : said(language, "about", { value: text });
}

/** A share as a percentage; a dash where it is unknown. */
export function percent(language: Language, share: number | null): string {
  if (share === null) {
    return "—";
  }
  const style = { style: "percent", maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(LOCALES[language], style).format(share);
}

/** A number with two digits after the point at most; a dash where it is unknown. */
export function decimal(language: Language, value: number | null): string {
  const style = { maximumFractionDigits: 2 } as const;
  return value === null ? "—" : new Intl.NumberFormat(LOCALES[language], style).format(value);
}

/** A change with its sign. */
export function signed(language: Language, value: number | null): string {
  if (value === null) {
    return "—";
  }
  const style = { signDisplay: "exceptZero" } as const;
  return new Intl.NumberFormat(LOCALES[language], style).format(value);
}

/** Metres as kilometres, without the unit. */
export function kilometres(metres: number): string {
  return String(metres / KILOMETRE);
}

/** A distance with its unit. */
export function distance(language: Language, metres: number): string {
  return metres < KILOMETRE
    ? said(language, "metres", { m: Math.round(metres) })
    : said(language, "kilometres", { km: (metres / KILOMETRE).toFixed(1) });
}
