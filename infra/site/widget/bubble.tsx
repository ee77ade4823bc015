import type { FormAnswer, Mark, Message } from "../proto/types.gen.ts";
import { Content, type ContentProps, isBare } from "../ui/contents/content.tsx";
import { type MessageAct, MessageMenu } from "../ui/contents/message-menu.tsx";
import { placeOf, Quote } from "../ui/contents/quote.tsx";
import type { ContentTools } from "../ui/contents/tools.ts";
import { Icon } from "../ui/icon.tsx";
import { isEmojiAlone } from "../ui/text.tsx";
import { Clock } from "../ui/time.tsx";
import type { Row } from "./thread.ts";
import type { Speech } from "./wording.ts";

type Told = Extract<Row, { type: "bubble" }>;

export interface BubbleProps {
  row: Told;
  theirs: Mark | undefined;
  speech: Speech;
  tools: ContentTools;
  /** What it answers, where that is held. */
  quoted: Message | null;
  /** What can be done with it, where the talk goes on. */
  acts?: ((message: Message) => readonly MessageAct[]) | undefined;
  onAnswer?: ((message: Message, answer: FormAnswer) => void) | undefined;
}

/** What somebody said; under the last of several, when, and how far one's own words came. */
export function Bubble({ row, theirs, speech, tools, quoted, acts, onAnswer }: BubbleProps) {
  const { message, own, first, last } = row;
  const place = { ...(first ? { "data-first": "" } : {}), ...(last ? { "data-last": "" } : {}) };
  const answer = onAnswer && !own ? (given: FormAnswer) => onAnswer(message, given) : undefined;
  return (
    <li class="said" data-own={own} {...place} id={placeOf(message)}>
      {first && <p class={own ? "db-hidden" : "said-by"}>{own ? speech.t("you") : message.by.name}</p>}
      <div class="db-line">
        <Paper {...{ message, speech, tools, quoted }} onAnswer={answer} />
        {acts && !message.recalled_at && (
          <MessageMenu label={speech.t("message_acts")} acts={() => acts(message)} />
        )}
      </div>
      {last && (
        <p class="said-at">
          <Clock at={message.sent_at} i18n={speech} />
          {own && <Reached message={message} theirs={theirs} speech={speech} />}
        </p>
      )}
    </li>
  );
}

function Paper({ message, speech, ...more }: ContentProps & { speech: Speech }) {
  const isRecalled = message.recalled_at !== null;
  const bare = isBare(message) || (message.kind === "text" && isEmojiAlone(message.text ?? ""));
  const quotes = message.reply_to !== null && message.kind !== "form_answer" && !isRecalled;
  return (
    <div
      class="bubble"
      {...(bare && !quotes ? { "data-bare": "" } : {})}
      {...(isRecalled ? { "data-recalled": "" } : {})}
    >
      {quotes && <Quote of={more.quoted} who={nameIn(more.quoted, speech)} tools={more.tools} />}
      <Content message={message} {...more} />
    </div>
  );
}

/** Who said it, in the reader's words. */
export function nameIn(message: Message | null, speech: Speech): string {
  if (message?.by.role === "customer") return speech.t("you");
  return message?.by.name ?? speech.t("agent");
}

function Reached({
  message,
  theirs,
  speech,
}: {
  message: Message;
  theirs: Mark | undefined;
  speech: Speech;
}) {
  const reached = reachedBy(message, theirs);
  return (
    <span class="reached" data-reached={reached}>
      <Icon name={reached === "sent" ? "check" : "checks"} size={14} /> {speech.t(reached)}
    </span>
  );
}

function reachedBy(message: Message, theirs: Mark | undefined): "sent" | "delivered" | "read" {
  if (theirs && message.seq <= theirs.read) return "read";
  return theirs && message.seq <= theirs.delivered ? "delivered" : "sent";
}
