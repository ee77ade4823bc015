import { Rating } from "./rating.tsx";
import type { Given } from "./visit.ts";

/** Asks how it was, once there is something to say of it, and thanks for it. */
export function RatingCard({ visit, conversation }: Given) {
  const session_id = conversation.ratable;
  if (session_id) return <Rating key={session_id} {...{ session_id, visit, conversation }} />;
  if (!conversation.hasRated) return null;
  return (
    <p class="line" role="status">
      {visit.speech.t("rating_thanks")}
    </p>
  );
}
