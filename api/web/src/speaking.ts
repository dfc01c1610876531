/** The words that stand in the page itself, said again whenever the language changes. */

import type { PageState } from "./state";
import { isWord, said, type Word } from "./words";

export function speak(state: PageState): void {
  state.watch(["language"], () => {
    const { language } = state.now;
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = `${said(language, "title")} · geo_match`;
    for (const told of document.querySelectorAll<HTMLElement>("[data-word]")) {
      told.textContent = said(language, wordOf(told.dataset["word"]));
    }
    for (const told of document.querySelectorAll<HTMLElement>("[data-title]")) {
      told.title = said(language, wordOf(told.dataset["title"]));
    }
  });
}

function wordOf(text: string | undefined): Word {
  if (text === undefined || !isWord(text)) {
    throw new TypeError(`The page has no word '${text}'.`);
  }
  return text;
}
