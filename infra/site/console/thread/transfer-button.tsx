import { type Ref, useState } from "preact/compat";
import { Icon } from "../../ui/icon.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { Lazy } from "../lazy.tsx";
import { t } from "../words.ts";

const loadTransfer = () => import("../handing/transfer.tsx").then(({ Transfer }) => Transfer);

/** To a colleague or a queue, unless it is on its way there already. */
export function TransferButton({ talk, button }: { talk: Held; button: Ref<HTMLButtonElement> }) {
  const desk = useDesk();
  const [open, setOpen] = useState(false);
  const { session } = talk;
  if (!desk.can("session.transfer")) return null;
  return (
    <>
      <button
        type="button"
        class="db-button"
        ref={button}
        aria-label={t("transfer")}
        title={t("transfer")}
        disabled={session.offer !== null}
        onClick={() => setOpen(true)}
      >
        <Icon name="transfer" size={16} />
        <span class="act-name">{t("transfer")}</span>
      </button>
      {open ? <Lazy load={loadTransfer} given={{ talk, onClose: () => setOpen(false) }} /> : null}
    </>
  );
}
