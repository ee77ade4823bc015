import { signal } from "@preact/signals";
import { ApiError, Rest } from "../core/rest.ts";
import { TokenKeeper } from "../core/tokens.ts";
import type { Agent, SignedIn } from "../proto/types.gen.ts";
import { browser, browserLocks } from "../ui/browser.ts";
import { kept } from "./settings.ts";

const KEY = "deskbell:agent";
const EMAIL = "deskbell:email";

export const world = browser();

const keeper = new TokenKeeper<SignedIn>({
  key: KEY,
  store: kept,
  locks: browserLocks(),
  world,
  refresh: ({ refresh_token }, idempotencyKey) =>
    rest.post<SignedIn>("/v1/sign-in/refresh", { refresh_token }, { anonymous: true, idempotencyKey }),
  onChange: follow,
});

export const rest: Rest = new Rest({
  world,
  bearer: () => keeper.bearer(),
  renew: (stale) => keeper.renew(stale),
});

/** Who is signed in. The same object as long as it is the same person, whatever tokens come and go. */
export const agent = signal<Agent | null>(keeper.current()?.agent ?? null);

/** Signed out by the server, not by the person: said on the page where they sign in again. */
export const thrownOut = signal(false);

addEventListener("storage", (event) => {
  if (event.key === KEY) follow(keeper.current());
});

export function lastEmail(): string {
  return kept.get(EMAIL) ?? "";
}

export async function signIn(email: string, password: string): Promise<void> {
  kept.set(EMAIL, email);
  keeper.set(await rest.post<SignedIn>("/v1/sign-in", { email, password }, { anonymous: true }));
}

/** Sets a password by the link somebody was sent, and signs in by it: whoever was signed in here is not any more. */
export async function acceptInvitation(token: string, password: string): Promise<void> {
  const signedIn = await rest.post<SignedIn>(
    "/v1/sign-in/accept-invitation",
    { token, password },
    { anonymous: true },
  );
  kept.set(EMAIL, signedIn.agent.email);
  keeper.set(signedIn);
}

/** Rejects when the server couldn't be told: then nobody is signed out. */
export async function signOut(): Promise<void> {
  const held = keeper.current();
  try {
    if (held) await rest.post("/v1/sign-out", { refresh_token: held.refresh_token });
  } catch (failure) {
    if (!(failure instanceof ApiError) || failure.status !== 401) throw failure;
  }
  keeper.set(null);
  thrownOut.value = false;
}

/** The server believes the tokens no more. */
export function forgetTokens(): void {
  if (keeper.current()) keeper.set(null);
}

function follow(tokens: SignedIn | null): void {
  if (!tokens) thrownOut.value = agent.peek() !== null;
  if (tokens?.agent.id === agent.peek()?.id) return;
  agent.value = tokens?.agent ?? null;
}
