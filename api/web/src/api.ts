/** Asking the server that the page came from, and no other. */

import type { FeatureOf, FeaturesAnswer, Problem } from "./answers";

/** The server refused, or failed; `retryAfterS` is when to ask again, where it says so. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    readonly retryAfterS: number | null,
  ) {
    super(`${problem.title}: ${problem.detail}`);
  }
}

/** Nothing answered: the server is down, or the network. */
export class UnreachableError extends Error {}

const MOST_A_PAGE = 10_000;
const LEAST_WAIT_S = 1;

/** Ask once. A body makes it a POST of JSON. */
export async function ask<Answer>(
  path: string,
  given: { body?: unknown; signal?: AbortSignal } = {},
): Promise<Answer> {
  const answer = await send(path, given);
  return (await answer.json()) as Answer;
}

/**
 * Ask until the server no longer says "again in a moment" (429, 503 with `Retry-After`): what is
 * published for the first time is being computed for minutes.
 */
export async function askPatiently<Answer>(
  path: string,
  onWait: (problem: ProblemError) => void,
  given: { signal?: AbortSignal } = {},
): Promise<Answer> {
  for (;;) {
    given.signal?.throwIfAborted(); // given up while it waited
    try {
      return await ask<Answer>(path, given);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.retryAfterS === null) {
        throw error;
      }
      onWait(error);
      await pause(Math.max(LEAST_WAIT_S, error.retryAfterS));
    }
  }
}

/** Ask for all features of a collection, page by page. */
export async function askForFeatures<Properties>(
  collection: string,
  onWait: (problem: ProblemError) => void,
): Promise<{ features: FeatureOf<Properties>[]; invented: boolean | null }> {
  const features: FeatureOf<Properties>[] = [];
  let path: string | null = `/ogc/collections/${collection}/items?limit=${MOST_A_PAGE}`;
  let invented: boolean | null = null;
  while (path !== null) {
    const page: FeaturesAnswer<Properties> = await askPatiently(path, onWait);
    features.push(...page.features);
    invented ??= page.invented;
    path = nextOf(page);
  }
  return { features, invented };
}

/** Exchange a key for the cookie of a session. */
export async function openSession(key: string): Promise<void> {
  await send("/v1/session", { body: { key } });
}

/** End the session, and have the browser forget its cookie. */
export async function closeSession(): Promise<void> {
  await send("/v1/session", { method: "DELETE" });
}

/** Links name the host as the server knows it; the page stays with the origin that it has. */
function nextOf(page: FeaturesAnswer<unknown>): string | null {
  const next = page.links.find((link) => link.rel === "next");
  if (next === undefined) {
    return null;
  }
  const address = new URL(next.href);
  return address.pathname + address.search;
}

async function send(
  path: string,
  { body, signal, method }: { body?: unknown; signal?: AbortSignal; method?: string },
): Promise<Response> {
  const request: RequestInit = { credentials: "same-origin", method: method ?? "GET" };
  if (signal !== undefined) {
    request.signal = signal;
  }
  if (body !== undefined) {
    request.method = "POST";
    request.headers = { "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  let answer: Response;
  try {
    answer = await fetch(path, request);
  } catch (error) {
    if (signal?.aborted === true) {
      throw error;
    }
    throw new UnreachableError(path, { cause: error });
  }
  if (!answer.ok) {
    throw new ProblemError(answer.status, await problemOf(answer), secondsOf(answer));
  }
  return answer;
}

/** A proxy's error has no problem in it: then the status says it all. */
async function problemOf(answer: Response): Promise<Problem> {
  if (answer.headers.get("Content-Type")?.startsWith("application/problem+json") === true) {
    return (await answer.json()) as Problem;
  }
  return { type: "about:blank", title: answer.statusText, status: answer.status, detail: "" };
}

function secondsOf(answer: Response): number | null {
  const text = answer.headers.get("Retry-After");
  const seconds = text === null ? Number.NaN : Number(text);
  return Number.isFinite(seconds) ? seconds : null;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
