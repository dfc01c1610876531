import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

interface Locked {
  version?: string;
  dev?: boolean;
  optional?: boolean;
}

interface Manifest {
  name: string;
  version: string;
  license?: string;
  repository?: string | { url: string };
}

const HEAD = "What the page is built with, each with its source and its licence.\n";
const RULE = `\n${"-".repeat(78)}\n\n`;

/**
 * Writes the licences of all that may be in the page.
 *
 * MapLibre comes with what it is built with inside, where a bundler does not see it; so all
 * packages are told that the page or they depend on, by the lock.
 */
export function licences(fileName: string): Plugin {
  return {
    name: "licences",
    generateBundle() {
      const lock = readJson("package-lock.json") as { packages: Record<string, Locked> };
      const folders = Object.entries(lock.packages)
        .filter(([folder, about]) => folder !== "" && !about.dev && !about.optional)
        .map(([folder]) => folder);
      const source = HEAD + folders.map((folder) => RULE + told(folder)).join("");
      this.emitFile({ type: "asset", fileName, source });
    },
  };
}

function told(folder: string): string {
  const { name, version, license, repository } = readJson(join(folder, "package.json")) as Manifest;
  const source = typeof repository === "object" ? repository.url : repository;
  const texts = readdirSync(folder)
    .filter((file) => /^licen[cs]e/i.test(file))
    .map((file) => `\n${readFileSync(join(folder, file), "utf-8").trim()}\n`);
  return `${name} ${version}\n${license ?? "see below"}\n${source ?? ""}\n${texts.join("")}`;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf-8"));
}
