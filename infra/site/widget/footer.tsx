import { useEffect, useRef, useState } from "preact/hooks";
import { charactersLeft } from "../core/text.ts";
import { AttachButton } from "../ui/attach/attach-button.tsx";
import { RecordBar } from "../ui/attach/record-bar.tsx";
import { Tray } from "../ui/attach/tray.tsx";
import { useFiles } from "../ui/attach/use-files.ts";
import { Button } from "../ui/button.tsx";
import { Composer } from "../ui/composer.tsx";
import { Quote } from "../ui/contents/quote.tsx";
import { toast } from "../ui/notice.tsx";
import { Asked } from "./asked.tsx";
import { nameIn } from "./bubble.tsx";
import { EmojiPicker } from "./emoji-picker.tsx";
import { useDraft } from "./hooks.ts";
import { Leave } from "./leave.tsx";
import { ENDED, FIELD } from "./places.ts";
import type { Given } from "./visit.ts";
import { toolsOf, whyNotSent } from "./wording.ts";

const NEAR_LIMIT = 300;
const STILL_TYPING_MS = 4_000;
const canRecord = "MediaRecorder" in globalThis && "mediaDevices" in navigator;

/** What can be said now: the first words, more words, or a new conversation. */
export function Footer({ visit, conversation }: Given) {
  const { phase, speech } = visit;
  if (phase === "choosing") return null;
  if (phase === "ended") {
    return (
      <footer class="foot">
        <p class="ended" id={ENDED} tabIndex={-1}>
          {speech.t(conversation.talk?.session?.state === "left_message" ? "left_thanks" : "ended")}
        </p>
        <Button kind="primary" onClick={() => conversation.startAnew()}>
          {speech.t("start_new")}
        </Button>
      </footer>
    );
  }
  return (
    <footer class="foot">
      {phase === "writing" && <Chosen visit={visit} />}
      {phase === "writing" && visit.door.config?.mode === "leave_message" ? (
        <Leave visit={visit} conversation={conversation} waits={false} />
      ) : (
        <Field visit={visit} conversation={conversation} />
      )}
    </footer>
  );
}

function Chosen({ visit }: Pick<Given, "visit">) {
  const { speech, draft, door } = visit;
  const label = door.category(draft.choice)?.label;
  if (!label) return null;
  return (
    <p class="chosen">
      <span>{speech.t("about")}</span>
      <Button
        icon="close"
        aria-label={`${label}: ${speech.t("change_category")}`}
        title={speech.t("change_category")}
        onClick={() => visit.choose(null)}
      >
        {label}
      </Button>
    </p>
  );
}

/** First what the category asks, then the words. */
function Field({ visit, conversation }: Given) {
  useDraft(visit.draft);
  const asked = visit.phase === "writing" && visit.questions.length > 0;
  const given = { visit, conversation };
  return asked ? <Asked key={visit.draft.choice} {...given} /> : <Writing {...given} />;
}

function Writing({ visit, conversation }: Given) {
  const { speech, draft } = visit;
  const field = useRef<HTMLTextAreaElement | null>(null);
  const still = useRef(0);
  const touch = matchMedia("(pointer: coarse)").matches;
  const { text } = draft;
  const left = charactersLeft(text);
  const sendable = text.trim() !== "" && left >= 0;

  const tools = toolsOf(speech, conversation.links);
  const [records, setRecords] = useState(false);
  const attach = (files: File[]) => conversation.uploads.add(files);
  const over = useFiles(attach);

  const stopTyping = () => {
    clearTimeout(still.current);
    conversation.typing(false);
  };
  useEffect(() => {
    if (conversation.quoting) field.current?.focus();
  }, [conversation.quoting]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the field goes
  useEffect(() => stopTyping, []);
  const write = (now: string) => {
    draft.text = now;
    visit.arrive();
    clearTimeout(still.current);
    if (now.trim() === "") conversation.typing(false);
    else {
      conversation.typing(true);
      still.current = setTimeout(() => conversation.typing(false), STILL_TYPING_MS);
    }
  };
  const send = () => {
    if (!sendable) return;
    stopTyping();
    // First it is in the outbox, then out of the field: at no moment it is nowhere.
    conversation.say(text);
    draft.text = "";
    field.current?.focus();
  };
  const insert = (emoji: string) => {
    const element = field.current;
    const at = element?.selectionStart ?? text.length;
    const until = element?.selectionEnd ?? at;
    write(text.slice(0, at) + emoji + text.slice(until));
    requestAnimationFrame(() => {
      element?.focus();
      element?.setSelectionRange(at + emoji.length, at + emoji.length);
    });
  };
  return (
    <>
      {left <= NEAR_LIMIT && (
        <p class="counter" data-over={left < 0} role="status">
          {left < 0 ? speech.t("characters_over", { n: -left }) : speech.t("characters_left", { n: left })}
        </p>
      )}
      {conversation.quoting && (
        <div class="db-quoting">
          <Quote of={conversation.quoting} who={nameIn(conversation.quoting, speech)} tools={tools} />
          <Button
            kind="quiet"
            icon="close"
            label={speech.t("quoting_stop")}
            onClick={() => {
              conversation.quote(null);
              field.current?.focus();
            }}
          />
        </div>
      )}
      <Tray uploads={conversation.uploads} tools={tools} why={(code) => whyNotSent(speech, code)} />
      {records ? (
        <div class={FIELD}>
          <RecordBar
            tools={tools}
            uploads={conversation.uploads}
            onClose={() => setRecords(false)}
            onRefused={() => toast({ kind: "error", text: speech.t("microphone_refused") })}
          />
        </div>
      ) : (
        <div class={FIELD}>
          <AttachButton label={speech.t("attach")} onFiles={attach} />
          <Composer
            value={text}
            label={speech.t("write")}
            enterSends={!touch}
            onInput={write}
            onSend={send}
            field={field}
          />
          <EmojiPicker speech={speech} onPick={insert} />
          {canRecord && text === "" ? (
            <Button
              kind="quiet"
              icon="mic"
              label={speech.t("voice_record")}
              onClick={() => setRecords(true)}
            />
          ) : (
            <Button
              kind="primary"
              icon="send"
              label={speech.t("send")}
              aria-disabled={!sendable}
              onClick={send}
            />
          )}
          {over && <div class="db-over">{speech.t("drop_here")}</div>}
        </div>
      )}
    </>
  );
}
