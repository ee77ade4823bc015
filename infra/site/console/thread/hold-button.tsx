import { type Ref, useState } from "preact/compat";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { Popover } from "../../ui/popover.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { t, whyNot } from "../words.ts";
import { holdEnds } from "./holding.ts";

const CHOICES = [15, 30] as const;
type Choice = (typeof CHOICES)[number] | "time";

/** Sets the talk aside, with why and until when; or goes on with it. */
export function HoldButton({ talk, button }: { talk: Held; button: Ref<HTMLButtonElement> }) {
  const desk = useDesk();
  const { session, session_id } = talk;
  const resume = () =>
    desk
      .command({ type: "resume_session", session_id })
      .catch((failure) => toast({ text: whyNot(failure), kind: "error" }));
  if (session.state === "on_hold")
    return (
      <button type="button" class="db-button" ref={button} aria-label={t("resume")} onClick={resume}>
        <Icon name="play" size={16} />
        <span class="act-name">{t("resume")}</span>
      </button>
    );
  return (
    <Popover
      button={button}
      title={t("hold_title")}
      label={t("hold")}
      face={
        <>
          <Icon name="pause" size={16} />
          <span class="act-name">{t("hold")}</span>
        </>
      }
    >
      {(close) => <HoldForm talk={talk} onDone={close} />}
    </Popover>
  );
}

function HoldForm({ talk, onDone }: { talk: Held; onDone(): void }) {
  const desk = useDesk();
  const [reason, setReason] = useState("");
  const [choice, setChoice] = useState<Choice>(CHOICES[0]);
  const [time, setTime] = useState("");
  const [wrong, setWrong] = useState<unknown>(null);
  const limit = desk.names.queues.value.get(talk.session.queue_id)?.hold_limit_s;
  const hold = async (event: Event) => {
    event.preventDefault();
    const ends = holdEnds(choice === "time" ? { time } : { minutes: choice }, desk.client.clock.now());
    if (ends === null) return;
    setWrong(null);
    try {
      const until = new Date(ends).toISOString().replace(/\.\d+Z$/, "Z");
      await desk.command({
        type: "hold_session",
        session_id: talk.session_id,
        reason: reason.trim(),
        until,
      });
      onDone();
    } catch (failure) {
      setWrong(failure);
    }
  };
  return (
    <form class="ask" onSubmit={hold}>
      <label class="db-field">
        <span>{t("hold_reason")}</span>
        <input
          class="db-input"
          data-first
          dir="auto"
          maxLength={200}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <fieldset class="resolved">
        <legend>{t("hold_until")}</legend>
        {CHOICES.map((minutes) => (
          <label key={minutes}>
            <input
              type="radio"
              name="hold"
              checked={choice === minutes}
              onChange={() => setChoice(minutes)}
            />
            <span>{t("minutes", { n: minutes })}</span>
          </label>
        ))}
        <label>
          <input type="radio" name="hold" checked={choice === "time"} onChange={() => setChoice("time")} />
          <span>{t("hold_time")}</span>
        </label>
        {choice === "time" ? (
          <input
            class="db-input"
            type="time"
            required
            aria-label={t("hold_until")}
            value={time}
            onInput={(event) => setTime(event.currentTarget.value)}
          />
        ) : null}
      </fieldset>
      <p class="ask-hint">
        {t("hold_rule")} {limit ? t("hold_limit", { n: Math.round(limit / 60) }) : ""}
      </p>
      {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
      <div class="ask-acts">
        <Button onClick={onDone}>{t("cancel")}</Button>
        <Button kind="primary" submit>
          {t("hold")}
        </Button>
      </div>
    </form>
  );
}
