import { useEffect, useState } from "preact/hooks";
import { summaryOf } from "../ui/contents/summary.ts";
import type { Given } from "./visit.ts";
import { lineOf } from "./wording.ts";

/** Reads out what the other side says, once: not the past, not one's own words, not what changes on the screen. */
export function Announcer({ visit, conversation }: Given) {
  const { speech } = visit;
  const { client } = conversation;
  const [said, setSaid] = useState("");
  useEffect(
    () =>
      client.onEvent((event) => {
        if (event.type !== "message.sent" || (event.by.role === "customer" && event.kind !== "system"))
          return;
        const { name } = event.by;
        const text =
          event.kind === "system" ? lineOf(speech, event) : summaryOf(event, (key) => speech.t(key));
        setSaid(name && event.kind !== "system" ? speech.t("agent_said", { who: name, text }) : text);
      }),
    [client, speech],
  );
  return (
    <p class="db-hidden" role="status">
      {said}
    </p>
  );
}
