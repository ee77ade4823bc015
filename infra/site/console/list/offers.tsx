import { useEffect, useState } from "preact/hooks";
import { stopwatch } from "../../core/i18n.ts";
import type { Offer, Session } from "../../proto/types.gen.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../../ui/hooks.ts";
import { toast } from "../../ui/notice.tsx";
import { useDesk } from "../desk/context.ts";
import { addressOf, go } from "../router.ts";
import { t, whyNot } from "../words.ts";

/** What is put to this agent, with the time to answer running out. */
export function Offers() {
  const offers = useDesk().offered.value;
  if (offers.length === 0) return null;
  return (
    <section aria-label={t("tab_offered")}>
      <h3 class="list-section">
        <span>{t("tab_offered")}</span>
        <span class="db-number">{offers.length}</span>
      </h3>
      <ul class="rows">
        {offers.map(({ session, offer }) => (
          <OneOffer key={offer.offer_id} session={session} offer={offer} />
        ))}
      </ul>
    </section>
  );
}

function OneOffer({ session, offer }: { session: Session; offer: Offer }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const { session_id, customer, queue_id, category_id } = session;
  const answer = async (does: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await does();
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
      void desk.lists.readOne(session_id);
    }
    setBusy(false);
  };
  const accept = () =>
    answer(async () => {
      await desk.accept(session_id);
      go("inbox", session_id);
    });
  const decline = () => answer(() => desk.command({ type: "decline_offer", session_id }));
  const about = [desk.names.category(category_id), desk.names.queue(queue_id)].filter(Boolean).join(" · ");
  return (
    <li class="offer">
      <TimeLeft session_id={session_id} offer={offer} />
      <Avatar name={customer.name} />
      <a class="offer-name" href={addressOf("inbox", session_id)} dir="auto">
        {customer.name}
      </a>
      <span class="offer-about">
        {offer.by ? t("offer_by", { who: offer.by.name }) : about}
        {offer.comment ? <q dir="auto">{offer.comment}</q> : null}
      </span>
      <span class="offer-acts">
        <Button disabled={busy} onClick={decline}>
          {t("decline")}
        </Button>
        <Button kind="primary" disabled={busy} onClick={accept}>
          {t("accept")}
        </Button>
      </span>
    </li>
  );
}

const SOON_S = 8;

/** Past the time it is asked what became of it: whether it was too late, the server judges. */
function TimeLeft({ session_id, offer }: { session_id: string; offer: Offer }) {
  const desk = useDesk();
  const left = Math.max(0, (Date.parse(offer.deadline) - useNow(desk.client.clock)) / 1000);
  const whole = Math.max(1, (Date.parse(offer.deadline) - Date.parse(offer.made_at)) / 1000);
  const isOver = left === 0;
  useEffect(() => {
    if (isOver) void desk.lists.readOne(session_id).catch(() => undefined);
  }, [desk, isOver, session_id]);
  const level = left <= SOON_S ? "late" : "soon";
  return (
    <>
      <span class="wait-bar" data-level={level} aria-hidden="true">
        <i style={{ blockSize: `${Math.min(100, (left / whole) * 100)}%` }} />
      </span>
      <span class="wait-time db-number" data-level={level} role="timer">
        {stopwatch(Math.ceil(left))}
      </span>
    </>
  );
}
