import { readdirSync } from "node:fs";
import { join } from "node:path";

import { defineConfig } from "vite";

const SOURCES = "src";

/** The tests of modules that need no browser, for Node's own runner. */
export default defineConfig({
  build: {
    ssr: true,
    outDir: "../../build/page-tests",
    emptyOutDir: true,
    rolldownOptions: {
      input: readdirSync(SOURCES, { encoding: "utf-8", recursive: true })
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => join(SOURCES, name)),
    },
  },
});
