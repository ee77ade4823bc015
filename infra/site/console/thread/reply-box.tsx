import type { RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { charactersLeft } from "../../core/text.ts";
import type { Message } from "../../proto/types.gen.ts";
import { AttachButton } from "../../ui/attach/attach-button.tsx";
import { RecordBar } from "../../ui/attach/record-bar.tsx";
import { Tray } from "../../ui/attach/tray.tsx";
import { useFiles } from "../../ui/attach/use-files.ts";
import { Button } from "../../ui/button.tsx";
import { Composer } from "../../ui/composer.tsx";
import { Quote } from "../../ui/contents/quote.tsx";
import { toast } from "../../ui/notice.tsx";
import { AnswerList } from "../answers/answer-list.tsx";
import { useAnswers } from "../answers/use-answers.ts";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { isMac } from "../frame/frame.tsx";
import { ctrlEnter } from "../settings.ts";
import { refusedBy, t } from "../words.ts";
import { EmojiButton } from "./emoji-button.tsx";
import { MakeButton } from "./make-button.tsx";
import { whoSaid } from "./messages.tsx";

export type Mode = "reply" | "note";

const NEAR_LIMIT = 500;
const canRecord = "MediaRecorder" in globalThis && "mediaDevices" in navigator;

export interface ReplyBoxProps {
  talk: Held;
  mode: Mode;
  onMode(mode: Mode): void;
}

/** Where one writes to the customer, or to colleagues on note paper. What is written is kept at every letter. */
export function ReplyBox({ talk, mode, onMode }: ReplyBoxProps) {
  const desk = useDesk();
  const { session, session_id } = talk;
  const field = useRef<HTMLTextAreaElement>(null);
  const quoted = desk.quoting.value.get(session_id) ?? null;
  const text = desk.drafts.get(session_id, mode);
  const left = charactersLeft(text);
  const sendable = text.trim() !== "" && left >= 0;
  // Read so that the tray is drawn again.
  desk.uploaded.value;
  const uploads = desk.uploadsOf(session_id);
  const [records, setRecords] = useState(false);
  const attach = (files: File[]) => uploads.add(files);
  const over = useFiles(mode === "reply" ? attach : null);
  const write = (words: string) => {
    desk.drafts.set(session_id, mode, words);
    if (mode === "reply") desk.client.typing(session_id, words.trim() !== "");
  };
  const listId = useId();
  const answers = useAnswers({ session_id, queue_id: session.queue_id, field, text, write });
  const send = () => {
    if (!sendable) return;
    const reply_to = mode === "reply" ? (quoted?.seq ?? null) : null;
    desk.client.say(session_id, text.trim(), { note: mode === "note", reply_to });
    if (reply_to !== null) desk.quote(session_id, null);
    desk.drafts.set(session_id, mode, "");
    field.current?.focus();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another mode is another field to write in
  useEffect(() => {
    if (matchMedia("(min-width: 721px)").matches) field.current?.focus();
  }, [mode, session_id]);
  useEffect(() => {
    if (quoted) field.current?.focus();
  }, [quoted]);
  const name = session.customer.name;
  const label = mode === "note" ? t("write_note") : t("write_reply", { who: name });
  return (
    <div class="reply" data-mode={mode}>
      <ModeTabs mode={mode} onMode={onMode} />
      {quoted && mode === "reply" ? <Quoting {...{ quoted, session_id, name, field }} /> : null}
      <AnswerList id={listId} answers={answers} />
      <Composer
        list={answers.found.length > 0 ? { id: listId, chosen: `${listId}-${answers.at}` } : undefined}
        onKey={answers.press}
        onCaret={answers.look}
        field={field}
        value={text}
        label={label}
        enterSends={!useTouch() && ctrlEnter.value === "off"}
        onInput={(words) => {
          write(words);
          answers.look();
        }}
        onSend={send}
      />
      <Tray uploads={uploads} tools={desk.tools} why={(code) => t("not_sent", { why: refusedBy(code) })} />
      {records && mode === "reply" ? (
        <RecordBar
          tools={desk.tools}
          uploads={uploads}
          onClose={() => setRecords(false)}
          onRefused={() => toast({ text: t("microphone_refused"), kind: "error" })}
        />
      ) : (
        <div class="reply-bar">
          <EmojiButton field={field} value={text} onInput={write} />
          {mode === "reply" ? (
            <ThingButtons session_id={session_id} onFiles={attach} onRecord={() => setRecords(true)} />
          ) : null}
          <Hint left={left} />
          <Button kind="primary" disabled={!sendable} onClick={send}>
            {mode === "note" ? t("add_note") : t("send")}
          </Button>
        </div>
      )}
      {over ? <div class="db-over">{t("drop_here")}</div> : null}
    </div>
  );
}

interface ThingButtonsProps {
  session_id: string;
  onFiles(files: File[]): void;
  onRecord(): void;
}

/** What is sent besides words. */
function ThingButtons({ session_id, onFiles, onRecord }: ThingButtonsProps) {
  return (
    <>
      <AttachButton label={t("attach")} onFiles={onFiles} />
      {canRecord ? <Button kind="quiet" icon="mic" label={t("voice_record")} onClick={onRecord} /> : null}
      <MakeButton session_id={session_id} />
    </>
  );
}

function Hint({ left }: { left: number }) {
  const byCtrl = ctrlEnter.value === "on";
  return (
    <span class="reply-hint">
      {left <= NEAR_LIMIT ? (
        <span class="db-number" data-full={left < 0} role="status">
          {left < 0 ? t("characters_over", { n: -left }) : t("characters_left", { n: left })}
        </span>
      ) : (
        <span class="reply-keys">
          <span class="db-key">{byCtrl ? (isMac() ? "⌘⏎" : "Ctrl ⏎") : "⏎"}</span> {t("send")}{" "}
          <span class="db-key">{byCtrl ? "⏎" : "⇧⏎"}</span> {t("new_line")}
        </span>
      )}
    </span>
  );
}

interface QuotingProps {
  quoted: Message;
  session_id: string;
  name: string;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** What the next words answer, until one thinks better of it. */
function Quoting({ quoted, session_id, name, field }: QuotingProps) {
  const desk = useDesk();
  return (
    <div class="db-quoting">
      <Quote of={quoted} who={whoSaid(quoted, name)} tools={desk.tools} />
      <Button
        kind="quiet"
        icon="close"
        label={t("quoting_stop")}
        onClick={() => {
          desk.quote(session_id, null);
          field.current?.focus();
        }}
      />
    </div>
  );
}

const MODES: readonly Mode[] = ["reply", "note"];

function ModeTabs({ mode, onMode }: { mode: Mode; onMode(mode: Mode): void }) {
  const turn = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    onMode(mode === "reply" ? "note" : "reply");
  };
  return (
    <div class="tabs" role="tablist" aria-label={t("write_to")}>
      {MODES.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          aria-selected={mode === one}
          tabIndex={mode === one ? 0 : -1}
          onClick={() => onMode(one)}
          onKeyDown={turn}
        >
          {t(`mode_${one}`)}
        </button>
      ))}
    </div>
  );
}

/** On a phone's keyboard Enter breaks the line. */
function useTouch(): boolean {
  const [touch] = useState(() => matchMedia("(hover: none) and (pointer: coarse)").matches);
  return touch;
}
