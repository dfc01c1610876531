/** What the page says, in the language that is chosen. */

import { EN } from "./words/en";
import { ZH } from "./words/zh";

export type Language = "zh" | "en";
export type Word = keyof typeof ZH;

const ALL: Record<Language, Record<Word, string>> = { zh: ZH, en: EN };

/** Say a word of the page with its values. */
export function said(
  language: Language,
  word: Word,
  values: Record<string, string | number> = {},
): string {
  return ALL[language][word].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

export function isWord(text: string): text is Word {
  return text in ZH;
}
