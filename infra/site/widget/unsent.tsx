import { asMessage, type Entry } from "../core/outbox.ts";
import { Button } from "../ui/button.tsx";
import { Content } from "../ui/contents/content.tsx";
import { Icon } from "../ui/icon.tsx";
import { isEmojiAlone, RichText } from "../ui/text.tsx";
import { useLasting } from "./hooks.ts";
import type { Given } from "./visit.ts";
import { toolsOf, why } from "./wording.ts";

const SLOW_MS = 2_000;
const ME = { role: "customer", id: null, name: null } as const;

/** Words that are kept here and not known to be stored: on their way, waiting for a connection, or refused. */
export function Unsent({ entry, visit, conversation }: Given & { entry: Entry }) {
  const { speech } = visit;
  const { link } = conversation.client;
  const refused = entry.state === "refused";
  const waits = useLasting(!refused && link !== "online" && link !== "polling", SLOW_MS);
  const bare = isEmojiAlone(entry.text) ? { "data-bare": "" } : {};
  return (
    <li class="said" data-own="true" data-first="" data-last="">
      <p class="db-hidden">{speech.t("you")}</p>
      <div class="bubble" data-state={refused ? "refused" : "pending"} {...bare}>
        {entry.said ? (
          <Content message={asMessage(entry, ME)} tools={toolsOf(speech, conversation.links)} quoted={null} />
        ) : (
          <RichText text={entry.text} />
        )}
      </div>
      {refused ? (
        <Refused entry={entry} visit={visit} conversation={conversation} />
      ) : (
        <p class="said-at">
          <Icon name="clock" size={14} /> {speech.t(waits ? "not_sent_yet" : "sending")}
        </p>
      )}
    </li>
  );
}

function Refused({ entry, visit, conversation }: Given & { entry: Entry }) {
  const { speech } = visit;
  return (
    <div class="refused">
      <p role="alert">
        <Icon name="alert" size={14} /> {speech.t("not_sent", { why: why(speech, entry.code) })}
      </p>
      {entry.code !== "text_too_long" && (
        <Button icon="retry" onClick={() => conversation.retry(entry)}>
          {speech.t("retry")}
        </Button>
      )}
      {entry.text && <Button onClick={() => conversation.edit(entry)}>{speech.t("edit")}</Button>}
      <Button kind="quiet" onClick={() => conversation.discard(entry)}>
        {speech.t("discard")}
      </Button>
    </div>
  );
}
