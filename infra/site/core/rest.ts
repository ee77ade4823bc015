import type { FieldError, Problem } from "../proto/types.gen.ts";
import type { Platform } from "./platform.ts";

/** The server answered, and refused. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly requestId: string | null;
  readonly retryAfterS: number | null;

  constructor(status: number, problem: Partial<Problem>, retryAfterS: number | null) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.code = problem.code ?? `http_${status}`;
    this.detail = this.message;
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id ?? null;
    this.retryAfterS = retryAfterS;
  }
}

/** No answer: whether the server did it is not known. */
export class NoAnswer extends Error {
  readonly code: "offline" | "timeout" | "aborted";

  constructor(code: NoAnswer["code"], cause?: unknown) {
    super(code, { cause });
    this.name = "NoAnswer";
    this.code = code;
  }
}

export interface Ask {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** The same key again gives the same answer: a retry of a POST is safe with it. */
  idempotencyKey?: string;
  ifMatch?: number;
  /** Without a token. */
  anonymous?: boolean;
}

export interface RestOptions {
  base?: string;
  world: Pick<Platform, "fetch" | "after" | "cancel" | "now">;
  /** A token that is thought good, or null when signed out. */
  bearer(): Promise<string | null>;
  /** A token to try after `stale` got a 401, or null when there is none: then the 401 stands. */
  renew(stale: string): Promise<string | null>;
}

const TIMEOUT_MS = 15_000;

export class Rest {
  readonly #options: RestOptions;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  get<T>(path: string, ask: Omit<Ask, "body"> = {}): Promise<T> {
    return this.request<T>("GET", path, ask);
  }

  post<T>(path: string, body: unknown = {}, ask: Omit<Ask, "body"> = {}): Promise<T> {
    return this.request<T>("POST", path, { ...ask, body });
  }

  put<T>(path: string, body: unknown, ask: Omit<Ask, "body"> = {}): Promise<T> {
    return this.request<T>("PUT", path, { ...ask, body });
  }

  patch<T>(path: string, body: unknown, version: number, ask: Omit<Ask, "body"> = {}): Promise<T> {
    return this.request<T>("PATCH", path, { ...ask, body, ifMatch: version });
  }

  delete<T = void>(path: string, ask: Omit<Ask, "body"> = {}): Promise<T> {
    return this.request<T>("DELETE", path, ask);
  }

  /** Rejects with `ApiError` or `NoAnswer`. A 401 renews the token and asks once more. */
  async request<T>(method: string, path: string, ask: Ask = {}): Promise<T> {
    return read<T>(await this.#answer(method, path, ask));
  }

  /** A document of another kind than JSON, as it is. */
  async text(path: string, ask: Omit<Ask, "body"> = {}): Promise<string> {
    const response = await this.#answer("GET", path, ask);
    return response.ok ? response.text() : read<never>(response);
  }

  async #answer(method: string, path: string, ask: Ask): Promise<Response> {
    const token = ask.anonymous ? null : await this.#options.bearer();
    const first = await this.#once(method, path, ask, token);
    if (first.status !== 401 || token === null) return first;
    const renewed = await this.#options.renew(token);
    return renewed === null ? first : this.#once(method, path, ask, renewed);
  }

  async #once(method: string, path: string, ask: Ask, token: string | null): Promise<Response> {
    const { world, base = "" } = this.#options;
    const stop = new AbortController();
    let code: NoAnswer["code"] = "offline";
    const give = (why: NoAnswer["code"]) => {
      code = why;
      stop.abort();
    };
    const aborted = () => give("aborted");
    if (ask.signal?.aborted) throw new NoAnswer("aborted");
    ask.signal?.addEventListener("abort", aborted);
    const timer = world.after(ask.timeoutMs ?? TIMEOUT_MS, () => give("timeout"));
    try {
      const response = await world.fetch(base + path + queryOf(ask.query), {
        method,
        headers: headersOf(ask, token),
        signal: stop.signal,
        credentials: "omit",
        cache: "no-store",
        ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
      });
      // The body too must come within the time allowed.
      const text = response.status === 204 ? null : await response.text();
      return new Response(text, { status: response.status, headers: response.headers });
    } catch (failure) {
      throw new NoAnswer(code, failure);
    } finally {
      world.cancel(timer);
      ask.signal?.removeEventListener("abort", aborted);
    }
  }
}

function headersOf(ask: Ask, token: string | null): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token !== null) headers["Authorization"] = `Bearer ${token}`;
  if (ask.body !== undefined) headers["Content-Type"] = "application/json";
  if (ask.idempotencyKey !== undefined) headers["Idempotency-Key"] = ask.idempotencyKey;
  if (ask.ifMatch !== undefined) headers["If-Match"] = String(ask.ifMatch);
  return headers;
}

function queryOf(query: Ask["query"]): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined) pairs.set(name, String(value));
  }
  const text = pairs.toString();
  return text && `?${text}`;
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text();
  const body = parsed(text);
  if (response.ok) {
    if (text && body === undefined) throw new ApiError(response.status, { code: "not_json" }, null);
    return body as T;
  }
  const wait = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const problem = typeof body === "object" && body !== null ? (body as Partial<Problem>) : {};
  throw new ApiError(response.status, problem, Number.isFinite(wait) ? wait : null);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
