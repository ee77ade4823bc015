import { stopwatch } from "../../core/i18n.ts";
import type { Offer } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../../ui/hooks.ts";
import { Icon } from "../../ui/icon.tsx";
import { useDesk } from "../desk/context.ts";
import { t } from "../words.ts";
import { takeBack } from "./take-back.ts";

/** While a colleague is asked to go on with it: it stays here until they do. */
export function OfferedBar({ session_id, offer }: { session_id: string; offer: Offer }) {
  const desk = useDesk();
  const left = (Date.parse(offer.deadline) - useNow(desk.client.clock)) / 1000;
  return (
    <p class="held" role="status">
      <Icon name="forward" size={14} />
      <b>{t("offered_to", { who: offer.agent.name })}</b>
      <span class="db-number" role="timer">
        {stopwatch(Math.ceil(Math.max(0, left)))}
      </span>
      <Button kind="quiet" onClick={() => takeBack(desk, session_id)}>
        {t("transfer_cancel")}
      </Button>
    </p>
  );
}
