import type { Ref } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** More than can be sent: what is pasted is never cut in silence. */
const MOST_PASTED = 100_000;

export interface ComposerProps {
  value: string;
  label: string;
  /** Enter sends and Shift+Enter breaks the line; off where Enter is to break it (a phone's keyboard). Ctrl+Enter sends always. */
  enterSends?: boolean;
  onInput(value: string): void;
  onSend(): void;
  field?: Ref<HTMLTextAreaElement>;
  /** Something beside the field that its keys walk through: its id, and that of what stands chosen. */
  list?: { id: string; chosen: string } | undefined;
  /** True where the key was for that. */
  onKey?(event: KeyboardEvent): boolean;
  onCaret?(): void;
}

/** True while an input method is composing: its Enter chooses a word and sends nothing. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** A field that grows with its words. */
export function Composer(props: ComposerProps) {
  const { value, label, enterSends = true } = props;
  const own = useRef<HTMLTextAreaElement>(null);

  useLayoutEffect(() => {
    const field = own.current;
    if (!field || CSS.supports("field-sizing", "content")) return;
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight}px`;
  });

  const keep = (field: HTMLTextAreaElement | null) => {
    own.current = field;
    if (typeof props.field === "function") props.field(field);
    else if (props.field) props.field.current = field;
  };
  const press = (event: KeyboardEvent) => {
    if (props.onKey?.(event) || isComposing(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    if (!enterSends && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (value.trim() !== "") props.onSend();
  };
  return (
    <textarea
      ref={keep}
      class="db-composer"
      rows={1}
      dir="auto"
      value={value}
      aria-label={label}
      placeholder={label}
      maxLength={MOST_PASTED}
      {...(props.list
        ? {
            "aria-autocomplete": "list" as const,
            "aria-controls": props.list.id,
            "aria-activedescendant": props.list.chosen,
          }
        : {})}
      onKeyUp={props.onCaret}
      onClick={props.onCaret}
      enterkeyhint={enterSends ? "send" : "enter"}
      onInput={(event) => props.onInput(event.currentTarget.value)}
      onKeyDown={press}
    />
  );
}
