import { type Ref, useState } from "preact/compat";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { Popover } from "../../ui/popover.tsx";
import { useDesk } from "../desk/context.ts";
import { t, whyNot } from "../words.ts";

/** Ending can't be undone, so it is asked once more, right at the button. */
export function EndButton({ session_id, button }: { session_id: string; button: Ref<HTMLButtonElement> }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const end = async (close: () => void) => {
    setBusy(true);
    try {
      await desk.command({ type: "end_session", session_id });
      close();
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
    setBusy(false);
  };
  return (
    <Popover
      button={button}
      title={t("end_title")}
      label={t("end")}
      face={
        <>
          <Icon name="check" size={16} />
          <span class="end-name">{t("end")}</span>
        </>
      }
    >
      {(close) => (
        <div class="ask">
          <p>{t("end_ask")}</p>
          <div class="ask-acts">
            <Button onClick={close}>{t("cancel")}</Button>
            <Button kind="danger" data-first disabled={busy} onClick={() => end(close)}>
              {t("end_now")}
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}
