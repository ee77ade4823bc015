import { useState } from "preact/hooks";
import type { Reminder } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { i18n, t, whyNot } from "../words.ts";

const HOUR_MS = 3600_000;

/** Says when one wants to be reminded of a talk, and of what. */
export function Remind({ session_id, onClose }: { session_id: string; onClose(): void }) {
  const desk = useDesk();
  const [at, setAt] = useState(() => localTime(desk.client.clock.now() + HOUR_MS));
  const [note, setNote] = useState("");
  const [wrong, setWrong] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      const instant = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
      await rest.post<Reminder>(`/v1/sessions/${encodeURIComponent(session_id)}/remind`, {
        at: instant,
        note: note.trim(),
      });
      toast({
        text: t("remind_kept", {
          time: i18n.value.date(instant, { dateStyle: "medium", timeStyle: "short" }),
        }),
      });
      onClose();
    } catch (failure) {
      setWrong(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("remind")} onClose={onClose}>
      <h2 class="dialog-title">{t("remind")}</h2>
      <form class="ask-form" onSubmit={save}>
        <label class="db-field">
          <span>{t("remind_at")}</span>
          <input
            class="db-input"
            type="datetime-local"
            required
            value={at}
            onInput={(event) => setAt(event.currentTarget.value)}
          />
        </label>
        <label class="db-field">
          <span>{t("remind_of")}</span>
          <input
            class="db-input"
            dir="auto"
            maxLength={500}
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" submit disabled={busy}>
            {t("remind")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function localTime(at: number): string {
  const moment = new Date(at);
  return new Date(at - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
