import { wordsOf } from "../core/text.ts";
import type { Mark, Message } from "../proto/types.gen.ts";
import { Icon } from "../ui/icon.tsx";
import { isEmojiAlone, RichText } from "../ui/text.tsx";
import { Clock } from "../ui/time.tsx";
import type { Row } from "./thread.ts";
import type { Speech } from "./wording.ts";

type Told = Extract<Row, { type: "bubble" }>;

/** What somebody said; under the last of several, when, and how far one's own words came. */
export function Bubble({ row, theirs, speech }: { row: Told; theirs: Mark | undefined; speech: Speech }) {
  const { message, own, first, last } = row;
  const text = message.recalled_at ? speech.t("recalled") : (wordsOf(message) ?? speech.t("unsupported"));
  const place = { ...(first ? { "data-first": "" } : {}), ...(last ? { "data-last": "" } : {}) };
  const bare = isEmojiAlone(text) ? { "data-bare": "" } : {};
  return (
    <li class="said" data-own={own} {...place}>
      {first && <p class={own ? "db-hidden" : "said-by"}>{own ? speech.t("you") : message.by.name}</p>}
      <div class="bubble" {...bare} {...(message.recalled_at ? { "data-recalled": "" } : {})}>
        <RichText text={text} />
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
