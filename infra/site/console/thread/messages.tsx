import { memo } from "preact/compat";
import { asMessage, type Entry } from "../../core/outbox.ts";
import type { Filing, Mark, Message, Session } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Content, isBare } from "../../ui/contents/content.tsx";
import { type MessageAct, MessageMenu } from "../../ui/contents/message-menu.tsx";
import { placeOf, Quote } from "../../ui/contents/quote.tsx";
import { Icon } from "../../ui/icon.tsx";
import { RichText } from "../../ui/text.tsx";
import { Clock } from "../../ui/time.tsx";
import { useDesk } from "../desk/context.ts";
import { lang } from "../settings.ts";
import { i18n, refusedBy, systemWords, t } from "../words.ts";
import { type Group, linesOf } from "./lines.ts";

interface LogProps {
  messages: readonly Message[];
  session: Session;
  /** How far the customer has it; null where that says nothing any more. */
  mark: Mark | null;
  today: number;
  /** What can be done with a message, where the talk goes on. The same function as long as the same can be done. */
  acts?: ((message: Message) => readonly MessageAct[]) | undefined;
}

const dayKey = (at: string) => i18n.value.date(at, { year: "numeric", month: "2-digit", day: "2-digit" });

/** A log, drawn again only where it changed: it may have a thousand lines. */
export const Lines = memo(({ messages, session, mark, today, acts }: LogProps) => {
  const bySeq = new Map(messages.filter(({ staff_seq }) => !staff_seq).map((one) => [one.seq, one]));
  const quotedBy = (message: Message) => bySeq.get(message.reply_to ?? 0) ?? null;
  return (
    <>
      {linesOf(messages, dayKey).map((line) =>
        "day" in line ? (
          <li class="log-day" key={line.day.key}>
            <span>{i18n.value.day(line.day.at, today)}</span>
          </li>
        ) : (
          <OneGroup
            key={line.group.key}
            group={line.group}
            quotes={line.group.messages.map(quotedBy)}
            filing={line.group.side === "system" ? session.disposition : null}
            mark={line.group.side === "ours" ? mark : null}
            customer={session.customer.name}
            acts={acts}
            lang={lang.value}
          />
        ),
      )}
    </>
  );
});

interface GroupProps extends Pick<LogProps, "mark" | "acts"> {
  group: Group;
  customer: string;
  /** What each of its messages answers. */
  quotes: readonly (Message | null)[];
  filing: Filing | null;
  lang: string;
}

const OneGroup = memo(({ group, filing, ...more }: GroupProps) => {
  const [first] = group.messages;
  if (group.side === "system" && first)
    return (
      <li class="log-system">
        {systemWords(first, filing)} · <Clock at={first.sent_at} i18n={i18n.value} />
      </li>
    );
  return <Said group={group} {...more} />;
}, sameGroup);

function sameGroup(one: GroupProps, other: GroupProps): boolean {
  const { group, quotes, ...rest } = one;
  const { group: otherGroup, quotes: otherQuotes, ...others } = other;
  return (
    sameItems(group.messages, otherGroup.messages) &&
    sameItems(quotes, otherQuotes) &&
    (Object.keys(rest) as (keyof typeof rest)[]).every((name) => rest[name] === others[name])
  );
}

function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}

type SaidProps = Omit<GroupProps, "filing" | "lang">;

function Said({ group, customer, mark, acts, quotes }: SaidProps) {
  const { side, messages } = group;
  const last = messages.at(-1);
  const who = side === "theirs" ? customer : (messages[0]?.by.name ?? "");
  if (!last) return null;
  return (
    <li class="said" data-side={side}>
      <span class="db-hidden">{side === "note" ? t("note_by", { who }) : t("says", { who })}</span>
      {messages.map((message, at) => (
        <OneSaid key={message.message_id} {...{ message, customer, acts }} quoted={quotes[at] ?? null} />
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

interface OneSaidProps extends Pick<LogProps, "acts"> {
  message: Message;
  customer: string;
  quoted: Message | null;
}

function OneSaid({ message, customer, quoted, acts }: OneSaidProps) {
  const { tools } = useDesk();
  const isRecalled = message.recalled_at !== null;
  return (
    <div class="db-line" id={placeOf(message)}>
      <div
        class="bubble"
        {...(isRecalled ? { "data-recalled": "" } : {})}
        {...(isBare(message) ? { "data-bare": "" } : {})}
      >
        {message.reply_to !== null && message.kind !== "form_answer" && !isRecalled ? (
          <Quote of={quoted} who={whoSaid(quoted, customer)} tools={tools} />
        ) : null}
        <Content message={message} tools={tools} quoted={quoted} />
      </div>
      {acts && !isRecalled && message.kind !== "note" ? (
        <MessageMenu label={t("message_acts")} acts={() => acts(message)} />
      ) : null}
    </div>
  );
}

export function whoSaid(message: Message | null, customer: string): string {
  return message?.by.role === "customer" ? customer : (message?.by.name ?? "");
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
  const { note, state, text, said } = entry;
  const { me, tools } = useDesk();
  const by = { role: "agent", id: me.id, name: me.alias } as const;
  return (
    <li class="said" data-side={note ? "note" : "ours"} data-state={state}>
      <div class="bubble">
        {said ? (
          <Content message={asMessage(entry, by)} tools={tools} quoted={null} />
        ) : (
          <RichText text={text} />
        )}
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
      {writable && entry.text ? (
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
