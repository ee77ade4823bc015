import { useState } from "preact/hooks";
import type { Call, CallOutcome } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { safeHref } from "../../ui/text.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { t, whyNot } from "../words.ts";
import { OUTCOMES } from "./outcomes.ts";

interface CallOutProps {
  session_id: string;
  onClose(): void;
  onChanged(): void;
}

/** A call to the customer: begun here, and how it went is kept with the talk. */
export function CallOut({ session_id, onClose, onChanged }: CallOutProps) {
  const [call, setCall] = useState<Call | null>(null);
  const path = `/v1/sessions/${encodeURIComponent(session_id)}/calls`;
  return (
    <Dialog title={t("call_out")} onClose={onClose}>
      <h2 class="dialog-title">{t("call_out")}</h2>
      {call ? (
        <Outcome path={path} call={call} onDone={onClose} onChanged={onChanged} />
      ) : (
        <Dial
          path={path}
          onClose={onClose}
          onCalled={(made) => {
            setCall(made);
            onChanged();
          }}
        />
      )}
    </Dialog>
  );
}

interface DialProps {
  path: string;
  onClose(): void;
  onCalled(call: Call): void;
}

function Dial({ path, onClose, onCalled }: DialProps) {
  const desk = useDesk();
  const [number, setNumber] = useState("");
  const [wrong, setWrong] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => desk.client.newId());
  const dial = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      const told = number.trim();
      onCalled(
        await rest.post<Call>(path, told ? { number: told } : {}, { idempotencyKey: `${key}${told}` }),
      );
    } catch (failure) {
      setWrong(failure);
      setBusy(false);
    }
  };
  return (
    <form class="ask-form" onSubmit={dial}>
      <label class="db-field">
        <span>{t("call_number")}</span>
        <input
          class="db-input"
          type="tel"
          autofocus
          maxLength={40}
          placeholder={t("call_own_number")}
          value={number}
          onInput={(event) => setNumber(event.currentTarget.value)}
        />
      </label>
      {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
      <div class="dialog-acts">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="primary" submit disabled={busy}>
          {t("call_now")}
        </Button>
      </div>
    </form>
  );
}

interface OutcomeProps {
  path: string;
  call: Call;
  onDone(): void;
  onChanged(): void;
}

function Outcome({ path, call, onDone, onChanged }: OutcomeProps) {
  const [outcome, setOutcome] = useState<CallOutcome | "">("");
  const [note, setNote] = useState(call.note);
  const [wrong, setWrong] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const link = call.link ? safeHref(call.link) : null;
  const save = async (event: Event) => {
    event.preventDefault();
    if (outcome === "") return;
    setBusy(true);
    setWrong(null);
    try {
      const told = { outcome, note: note.trim(), ...(call.ended_at ? {} : { status: "ended" }) };
      await rest.patch<Call>(`${path}/${encodeURIComponent(call.id)}`, told, call.version);
      toast({ text: t("call_kept") });
      onChanged();
      onDone();
    } catch (failure) {
      setWrong(failure);
      setBusy(false);
    }
  };
  return (
    <form class="ask-form" onSubmit={save}>
      <p>
        {t("call_to", { number: call.number })}{" "}
        {link ? (
          <a class="db-button" href={link}>
            <Icon name="phone" size={16} /> {t("call_dial")}
          </a>
        ) : null}
      </p>
      <label class="db-field">
        <span>{t("call_outcome")}</span>
        <select
          class="db-input"
          required
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value as CallOutcome)}
        >
          <option value="">{t("form_choose")}</option>
          {OUTCOMES.map((one) => (
            <option key={one} value={one}>
              {t(`call_${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="db-field">
        <span>{t("filing_note")}</span>
        <textarea
          class="db-input"
          dir="auto"
          rows={3}
          maxLength={2000}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
      <div class="dialog-acts">
        <Button onClick={onDone}>{t("later")}</Button>
        <Button kind="primary" submit disabled={busy || outcome === ""}>
          {t("save")}
        </Button>
      </div>
    </form>
  );
}
