import { useState } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import { Leave } from "./leave.tsx";
import type { Given } from "./visit.ts";
import { placeOf } from "./wording.ts";

/** While nobody has taken it: the place, what waiting usually is, and the ways out. */
export function Queue({ visit, conversation, onLeave }: Given & { onLeave(): void }) {
  const [leaves, setLeaves] = useState(false);
  const { speech } = visit;
  const { live } = conversation;
  if (live?.session?.state !== "queued") return null;
  const { place, wait } = placeOf(speech, live.queue);
  if (leaves) return <Leave {...{ visit, conversation }} waits onCancel={() => setLeaves(false)} />;
  return (
    <div class="queue">
      <div role="status">
        <strong>{place}</strong>
        <p>{wait}</p>
        <button type="button" class="queue-leave" onClick={() => setLeaves(true)}>
          {speech.t("leave_instead")}
        </button>
      </div>
      <Button onClick={onLeave}>{speech.t("leave")}</Button>
    </div>
  );
}
