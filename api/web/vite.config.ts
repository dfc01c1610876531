import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { gzipSync } from "node:zlib";

import { defineConfig, type Plugin } from "vite";

import { licences } from "./licences.ts";

/** Where the API answers while the page is worked on; `npm run dev` passes these paths on to it. */
const API = env["GEO_MATCH_API"] ?? "http://127.0.0.1:8000";
const PATHS = ["/docs", "/ground.geojson", "/healthz", "/ogc", "/openapi.json", "/page.json", "/readyz", "/v1"];

/** Packs each file that a browser loads once, here, so that the API packs none for each request. */
function packed(): Plugin {
  return {
    name: "packed",
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle)) {
        const path = join(dir ?? "", name);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [licences("licenses.txt"), packed()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // each a file, as the page's policy asks
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { bundlerTimings: false } },
    chunkSizeWarningLimit: 1_200, // kB, not packed; MapLibre alone has about 1,000
  },
  worker: { format: "es" },
  server: { proxy: Object.fromEntries(PATHS.map((path) => [path, API])) },
});
