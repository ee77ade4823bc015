import { useEffect, useRef, useState } from "preact/hooks";
import { charactersLeft } from "../../core/text.ts";
import { Button } from "../../ui/button.tsx";
import { Composer } from "../../ui/composer.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { t } from "../words.ts";
import { EmojiButton } from "./emoji-button.tsx";

export type Mode = "reply" | "note";

const NEAR_LIMIT = 500;

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
  const text = desk.drafts.get(session_id, mode);
  const left = charactersLeft(text);
  const sendable = text.trim() !== "" && left >= 0;
  const write = (words: string) => {
    desk.drafts.set(session_id, mode, words);
    if (mode === "reply") desk.client.typing(session_id, words.trim() !== "");
  };
  const send = () => {
    if (!sendable) return;
    desk.client.say(session_id, text.trim(), { note: mode === "note" });
    desk.drafts.set(session_id, mode, "");
    field.current?.focus();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another mode is another field to write in
  useEffect(() => {
    if (matchMedia("(min-width: 721px)").matches) field.current?.focus();
  }, [mode, session_id]);
  const name = session.customer.name;
  const label = mode === "note" ? t("write_note") : t("write_reply", { who: name });
  return (
    <div class="reply" data-mode={mode}>
      <ModeTabs mode={mode} onMode={onMode} />
      <Composer
        field={field}
        value={text}
        label={label}
        enterSends={!useTouch()}
        onInput={write}
        onSend={send}
      />
      <div class="reply-bar">
        <EmojiButton field={field} value={text} onInput={write} />
        <span class="reply-hint">
          {left <= NEAR_LIMIT ? (
            <span class="db-number" data-full={left < 0} role="status">
              {left < 0 ? t("characters_over", { n: -left }) : t("characters_left", { n: left })}
            </span>
          ) : (
            <span class="reply-keys">
              <span class="db-key">⏎</span> {t("send")} <span class="db-key">⇧⏎</span> {t("new_line")}
            </span>
          )}
        </span>
        <Button kind="primary" disabled={!sendable} onClick={send}>
          {mode === "note" ? t("add_note") : t("send")}
        </Button>
      </div>
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
