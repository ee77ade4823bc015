import { useMemo } from "preact/hooks";
import type { CustomerSession, Mark } from "../proto/types.gen.ts";
import { toast } from "../ui/notice.tsx";
import { Bubble } from "./bubble.tsx";
import { rowsOf, type Section } from "./thread.ts";
import type { Given } from "./visit.ts";
import { lineOf, type Speech } from "./wording.ts";

/** One session of the scroll: its header, then all that was said in it. */
export function SectionView({ section, visit, conversation }: Given & { section: Section }) {
  const { speech } = visit;
  const { session, messages } = section;
  const theirs = conversation.client.talk(section.session_id)?.marks.agent ?? session?.marks.agent;
  const log = useMemo(
    () => <Rows messages={messages} theirs={theirs} speech={speech} />,
    [messages, theirs, speech],
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

function Rows({
  messages,
  theirs,
  speech,
}: {
  messages: Section["messages"];
  theirs: Mark | undefined;
  speech: Speech;
}) {
  return (
    <ol class="rows">
      {rowsOf(messages).map((row) => {
        if (row.type === "bubble") return <Bubble key={row.key} row={row} theirs={theirs} speech={speech} />;
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
