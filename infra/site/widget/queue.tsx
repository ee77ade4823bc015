import { Button } from "../ui/button.tsx";
import type { Given } from "./visit.ts";
import { placeOf } from "./wording.ts";

/** While nobody has taken it: the place, what waiting usually is, and the way out. */
export function Queue({ visit, conversation, onLeave }: Given & { onLeave(): void }) {
  const { speech } = visit;
  const { live } = conversation;
  if (live?.session?.state !== "queued") return null;
  const { place, wait } = placeOf(speech, live.queue);
  return (
    <div class="queue">
      <div role="status">
        <strong>{place}</strong>
        <p>{wait}</p>
      </div>
      <Button onClick={onLeave}>{speech.t("leave")}</Button>
    </div>
  );
}
