import type { Session } from "../../proto/types.gen.ts";
import { toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import type { Desk } from "../desk/desk.ts";
import { whyNot } from "../words.ts";

/** What was handed on and not taken yet comes back. */
export async function takeBack(desk: Desk, session_id: string): Promise<void> {
  try {
    const path = `/v1/sessions/${encodeURIComponent(session_id)}/transfer/cancel`;
    desk.client.learn(await rest.post<Session>(path));
  } catch (failure) {
    toast({ text: whyNot(failure), kind: "error" });
  }
}
