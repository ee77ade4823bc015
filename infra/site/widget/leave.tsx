import { useId, useState } from "preact/hooks";
import { adopt } from "../ui/adopt.ts";
import { Button } from "../ui/button.tsx";
import type { Conversation, Reached } from "./conversation.ts";
import sheet from "./leave.lazy.css";
import type { Given } from "./visit.ts";
import { why } from "./wording.ts";

adopt(sheet);

interface LeaveProps extends Given {
  /** Out of the queue: what was said so far is the message. */
  waits: boolean;
  onCancel?: (() => void) | undefined;
}

/** A message while nobody can serve, and how its answer reaches whoever leaves it. */
export function Leave({ visit, conversation, waits, onCancel }: LeaveProps) {
  const { speech, draft } = visit;
  const id = useId();
  const [reached, setReached] = useState<Reached>({ email: "", phone: "" });
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [text, setText] = useState(draft.text);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    const code = await left(conversation, waits, text.trim(), reached);
    setRefusal(code);
    setBusy(false);
    if (code) return;
    draft.text = "";
  };
  const common = (name: keyof Reached) => ({
    class: "db-input",
    value: reached[name],
    onInput: (event: { currentTarget: HTMLInputElement }) =>
      setReached({ ...reached, [name]: event.currentTarget.value }),
  });
  return (
    <form class="leave" aria-labelledby={id} onSubmit={send}>
      <h2 id={id}>{speech.t("leave_message")}</h2>
      {waits ? null : (
        <label class="db-field">
          <span>{speech.t("leave_text")}</span>
          <textarea
            class="db-input"
            dir="auto"
            rows={4}
            required
            maxLength={5000}
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              draft.text = event.currentTarget.value;
            }}
          />
        </label>
      )}
      <label class="db-field">
        <span>{speech.t("leave_email")}</span>
        <input type="email" autocomplete="email" maxLength={254} {...common("email")} />
      </label>
      <label class="db-field">
        <span>{speech.t("leave_phone")}</span>
        <input type="tel" autocomplete="tel" maxLength={30} {...common("phone")} />
      </label>
      {refusal && <p role="alert">{speech.t("not_done", { why: why(speech, refusal) })}</p>}
      <Button kind="primary" submit disabled={busy}>
        {speech.t("leave_send")}
      </Button>
      {onCancel && <Button onClick={onCancel}>{speech.t("leave_stay")}</Button>}
    </form>
  );
}

function left(conversation: Conversation, waits: boolean, text: string, reached: Reached) {
  return waits ? conversation.leaveQueue(reached) : conversation.leave(text, reached);
}
