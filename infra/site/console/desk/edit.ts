import { ApiError } from "../../core/rest.ts";
import type { Session, SessionChange } from "../../proto/types.gen.ts";
import { rest } from "../account.ts";
import type { Desk } from "./desk.ts";

const TRIES = 3;

/**
 * Changes what a session says of itself. `change` is told of the session as it stands, so that where a colleague was
 * quicker it is worked out anew and nothing of theirs is lost.
 */
export async function edit(
  desk: Desk,
  session_id: string,
  change: (session: Session) => SessionChange,
): Promise<void> {
  let session = desk.talk(session_id)?.session ?? null;
  for (let left = TRIES; ; left -= 1) {
    session ??= await desk.lists.readOne(session_id);
    if (!session) return;
    try {
      const path = `/v1/sessions/${encodeURIComponent(session_id)}`;
      desk.client.learn(await rest.patch<Session>(path, change(session), session.version));
      return;
    } catch (failure) {
      const isStale = failure instanceof ApiError && failure.code === "stale_version";
      if (!isStale || left === 0) throw failure;
      session = null;
    }
  }
}
