import type { Offer, OfferMade, Session } from "../../proto/types.gen.ts";

/** A session that is put to this agent, and how. */
export interface Offered {
  session: Session;
  offer: Offer;
}

const KEPT_AFTER_MS = 3_000;

/** What was told of as it came, and what was read; that which ends first comes first. Over is what the server says, or time. */
export function offeredTo(
  me: { id: string; name: string },
  told: Iterable<OfferMade>,
  held: readonly { session: Session }[],
  now: number,
): Offered[] {
  const found = new Map<string, Offered>();
  const known = new Map(held.map(({ session }) => [session.session_id, session]));
  for (const { session } of held) {
    if (session.offer?.agent.id === me.id)
      found.set(session.offer.offer_id, { session, offer: session.offer });
  }
  for (const { offer_id, session, deadline, comment, by, why } of told) {
    const since = known.get(session.session_id);
    if (since && since.version > session.version && since.offer?.offer_id !== offer_id) continue;
    const made_at = session.offer?.made_at ?? session.queued_at ?? session.created_at;
    found.set(offer_id, {
      session,
      offer: { offer_id, agent: me, how: why, made_at, deadline, by, comment },
    });
  }
  return [...found.values()]
    .filter(({ offer }) => Date.parse(offer.deadline) + KEPT_AFTER_MS > now)
    .sort((one, other) => (one.offer.deadline < other.offer.deadline ? -1 : 1));
}
