import { useState } from "preact/hooks";
import type { NewAnswer, Session } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { i18n, t, whyNot } from "../words.ts";

type By = NewAnswer["by"];

/** How a message is answered that was left while nobody could serve: by e-mail, a call, or when they come again. */
export function AnswerBar({ talk }: { talk: Held }) {
  const desk = useDesk();
  const { session, session_id } = talk;
  const { contact, due_at } = session;
  const ways: readonly [By, string | null][] = [
    ["email", contact?.email ?? null],
    ["call", contact?.phone ?? null],
    ["next_visit", ""],
  ];
  const open = ways.filter(([, at]) => at !== null);
  const [by, setBy] = useState<By>(open[0]?.[0] ?? "next_visit");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<unknown>(null);
  const text = desk.drafts.get(session_id, "reply");
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      const path = `/v1/sessions/${encodeURIComponent(session_id)}/answer`;
      desk.client.learn(await rest.post<Session>(path, { by, text: text.trim() }));
      desk.drafts.set(session_id, "reply", "");
      void desk.lists.read("left");
      toast({ text: t("left_answered", { number: session.number }) });
    } catch (failure) {
      setWrong(failure);
    }
    setBusy(false);
  };
  return (
    <form class="left-answer" aria-label={t("left_answer")} onSubmit={send}>
      <fieldset class="resolved">
        <legend>{t("left_by")}</legend>
        {open.map(([way, at]) => (
          <label key={way}>
            <input type="radio" name="by" checked={by === way} onChange={() => setBy(way)} />
            <span>
              {t(`left_by_${way}`)} {at ? <bdi>{at}</bdi> : null}
            </span>
          </label>
        ))}
        {due_at ? <Due at={due_at} /> : null}
      </fieldset>
      <label class="db-field">
        <span>{t(by === "call" ? "left_call_note" : "left_text")}</span>
        <textarea
          class="db-input"
          dir="auto"
          rows={4}
          maxLength={5000}
          required
          value={text}
          onInput={(event) => desk.drafts.set(session_id, "reply", event.currentTarget.value)}
        />
      </label>
      {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
      <div class="ask-acts">
        <Button kind="primary" submit disabled={busy || text.trim() === ""}>
          {t(by === "call" ? "left_record_call" : "left_send")}
        </Button>
      </div>
    </form>
  );
}

/** By when; past it is heavier, and said. */
export function Due({ at, brief = false }: { at: string; brief?: boolean }) {
  const late = Date.parse(at) < useDesk().now.value;
  const time = i18n.value.date(at, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const words = t(late ? "left_overdue" : "left_due", { time });
  return (
    <span class="wait-time db-number" data-level={late ? "late" : "calm"}>
      <Icon name="clock" size={11} /> <span class={brief ? "db-hidden" : ""}>{words}</span>
      {brief ? (
        <span aria-hidden="true">{late ? `${i18n.value.clock(at)}!` : i18n.value.clock(at)}</span>
      ) : null}
    </span>
  );
}
