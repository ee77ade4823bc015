import type { Entry } from "../../core/outbox.ts";
import type { Mark, Message, Session } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { RichText } from "../../ui/text.tsx";
import { Clock } from "../../ui/time.tsx";
import { useDesk } from "../desk/context.ts";
import { i18n, refusedBy, said, systemWords, t } from "../words.ts";
import { type Group, type Line, linesOf } from "./lines.ts";

interface LogProps {
  messages: readonly Message[];
  session: Session;
  /** How far the customer has it; null where that says nothing any more. */
  mark: Mark | null;
  now: number;
}

const dayKey = (at: string) => i18n.value.date(at, { year: "numeric", month: "2-digit", day: "2-digit" });

export function Lines({ messages, session, mark, now }: LogProps) {
  return (
    <>
      {linesOf(messages, dayKey).map((line) => (
        <LogLine key={"day" in line ? line.day.key : line.group.key} {...{ line, session, mark, now }} />
      ))}
    </>
  );
}

function LogLine({ line, session, mark, now }: { line: Line } & Omit<LogProps, "messages">) {
  if ("day" in line)
    return (
      <li class="log-day">
        <span>{i18n.value.day(line.day.at, now)}</span>
      </li>
    );
  const [first] = line.group.messages;
  if (line.group.side === "system" && first)
    return (
      <li class="log-system">
        {systemWords(first, session.disposition)} · <Clock at={first.sent_at} i18n={i18n.value} />
      </li>
    );
  return <Said group={line.group} customer={session.customer.name} mark={mark} />;
}

function Said({ group, customer, mark }: { group: Group; customer: string; mark: Mark | null }) {
  const { side, messages } = group;
  const last = messages.at(-1);
  const who = side === "theirs" ? customer : (messages[0]?.by.name ?? "");
  if (!last) return null;
  return (
    <li class="said" data-side={side}>
      <span class="db-hidden">{side === "note" ? t("note_by", { who }) : t("says", { who })}</span>
      {messages.map((message) => (
        <div
          class="bubble"
          key={message.message_id}
          {...(message.recalled_at ? { "data-recalled": "" } : {})}
        >
          <RichText text={said(message)} />
        </div>
      ))}
      <p class="said-by">
        {side === "note" ? <span>{t("note")} · </span> : null}
        {side === "theirs" ? null : <span dir="auto">{who} · </span>}
        <Clock at={last.sent_at} i18n={i18n.value} />
        {side === "ours" && mark ? <Tick seq={last.seq} mark={mark} /> : null}
      </p>
    </li>
  );
}

/** Two marks by form, and said in words: stored, delivered, read. */
function Tick({ seq, mark }: { seq: number; mark: Mark }) {
  const word = mark.read >= seq ? t("read") : mark.delivered >= seq ? t("delivered") : t("sent");
  return (
    <span class="tick" role="img" aria-label={word} title={word} data-read={mark.read >= seq}>
      <Icon name={mark.delivered >= seq ? "checks" : "check"} size={14} />
      {mark.read >= seq ? <span aria-hidden="true">{word}</span> : null}
    </span>
  );
}

/** Written and not known to be stored. `writable`: there is a field to give refused words back to. */
export function Pending({ entry, writable }: { entry: Entry; writable: boolean }) {
  const { note, state, text } = entry;
  return (
    <li class="said" data-side={note ? "note" : "ours"} data-state={state}>
      <div class="bubble">
        <RichText text={text} />
      </div>
      {state === "pending" ? (
        <p class="said-by">
          <Icon name="clock" size={13} /> {t("sending")}
        </p>
      ) : (
        <Refused entry={entry} writable={writable} />
      )}
    </li>
  );
}

function Refused({ entry, writable }: { entry: Entry; writable: boolean }) {
  const { outbox } = useDesk().client;
  const { drafts } = useDesk();
  const { client_id, session_id, note, code } = entry;
  const edit = () => {
    const words = outbox.discard(client_id);
    if (words && session_id) drafts.add(session_id, note ? "note" : "reply", words);
  };
  return (
    <div class="said-by">
      <p class="said-wrong" role="alert">
        <Icon name="alert" size={13} /> {t("not_sent", { why: refusedBy(code) })}
      </p>
      {code === "text_too_long" ? null : (
        <Button kind="quiet" onClick={() => outbox.retry(client_id)}>
          {t("retry")}
        </Button>
      )}
      {writable ? (
        <Button kind="quiet" onClick={edit}>
          {t("edit")}
        </Button>
      ) : null}
      <Button kind="quiet" onClick={() => outbox.discard(client_id)}>
        {t("discard")}
      </Button>
    </div>
  );
}
