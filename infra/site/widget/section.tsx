import { useMemo } from "preact/hooks";
import { canBeRecalled } from "../core/recall.ts";
import type { CustomerSession, Mark, Message } from "../proto/types.gen.ts";
import type { MessageAct } from "../ui/contents/message-menu.tsx";
import { toast } from "../ui/notice.tsx";
import { Bubble } from "./bubble.tsx";
import type { Conversation } from "./conversation.ts";
import { rowsOf, type Section } from "./thread.ts";
import type { Given } from "./visit.ts";
import { lineOf, type Speech, toolsOf, why } from "./wording.ts";

/** One session of the scroll: its header, then all that was said in it. */
export function SectionView({ section, visit, conversation }: Given & { section: Section }) {
  const { speech } = visit;
  const { session, messages } = section;
  const theirs = conversation.client.talk(section.session_id)?.marks.agent ?? session?.marks.agent;
  const live = conversation.live?.session_id === section.session_id;
  const log = useMemo(
    () => <Rows {...{ messages, theirs, speech, conversation, live }} />,
    [messages, theirs, speech, conversation, live],
  );
  return (
    <div class="section">
      {session && <SectionHead session={session} visit={visit} conversation={conversation} />}
      {log}
    </div>
  );
}

function SectionHead({ session, visit, conversation }: Given & { session: CustomerSession }) {
  const { speech, door } = visit;
  const { number, created_at, category_id } = session;
  const category = door.category(category_id)?.label;
  const copy = async () => {
    await navigator.clipboard.writeText(number).then(
      () => toast({ text: `${speech.t("copied")}: ${number}` }),
      // The browser keeps the clipboard from a frame: the number can be read.
      () => toast({ text: number }),
    );
  };
  return (
    <div class="section-head">
      <h2>
        <time class="day" dateTime={created_at}>
          {speech.day(created_at, conversation.client.clock.now())}
        </time>
        {category && <span> · {category}</span>}
      </h2>
      <button type="button" class="number" aria-label={speech.t("copy_number", { number })} onClick={copy}>
        {number}
      </button>
    </div>
  );
}

interface RowsProps {
  messages: Section["messages"];
  theirs: Mark | undefined;
  speech: Speech;
  conversation: Conversation;
  live: boolean;
}

function Rows({ messages, theirs, speech, conversation, live }: RowsProps) {
  const tools = toolsOf(speech, conversation.links);
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  const acts = (message: Message) => actsOn(message, conversation, speech);
  const onAnswer = conversation.answer.bind(conversation);
  return (
    <ol class="rows">
      {rowsOf(messages).map((row) => {
        if (row.type === "bubble") {
          const quoted = bySeq.get(row.message.reply_to ?? 0) ?? null;
          const given = live ? { acts, onAnswer } : {};
          return <Bubble key={row.key} {...{ row, theirs, speech, tools, quoted, ...given }} />;
        }
        return (
          <li key={row.key} class="line">
            {row.type === "day" ? (
              <time class="day" dateTime={row.at}>
                {speech.day(row.at, Date.now())}
              </time>
            ) : (
              lineOf(speech, row.message)
            )}
          </li>
        );
      })}
    </ol>
  );
}

function actsOn(message: Message, conversation: Conversation, speech: Speech): MessageAct[] {
  const quote: MessageAct = {
    icon: "reply",
    label: speech.t("quote"),
    run: () => conversation.quote(message),
  };
  const own = message.by.role === "customer";
  if (!own || !canBeRecalled(message, conversation.client.clock.now())) return [quote];
  const recall = async () => {
    const refusal = await conversation.recall(message);
    if (refusal) toast({ kind: "error", text: speech.t("not_recalled", { why: why(speech, refusal) }) });
  };
  return [quote, { icon: "retry", label: speech.t("recall"), run: recall }];
}
