import { useEffect } from "preact/hooks";
import { isComposing } from "../ui/composer.tsx";
import { shortcuts } from "./settings.ts";
import type { DeskWords } from "./words.ts";

/** What `?` lists. */
export const KEYS: readonly (readonly [keys: string, word: keyof DeskWords & `key_${string}`])[] = [
  ["Alt+J", "key_next"],
  ["Alt+K", "key_previous"],
  ["Alt+1…9", "key_jump"],
  ["Alt+A", "key_accept"],
  ["Alt+N", "key_note"],
  ["Alt+H", "key_hold"],
  ["Alt+T", "key_transfer"],
  ["Alt+E", "key_end"],
  ["Alt+P", "key_status"],
  ["Ctrl+K", "key_palette"],
  ["/", "key_answers"],
  ["Ctrl+Enter", "key_file"],
  ["1…9", "key_choose"],
  ["?", "key_list"],
];

export interface Acts {
  step(by: 1 | -1): void;
  jump(place: number): void;
  accept(): void;
  transfer(): void;
  note(): void;
  end(): void;
  hold(): void;
  status(): void;
  palette(): void;
  keys(): void;
}

/** Keys that work wherever one is. By place on the keyboard: Alt makes other letters on some. */
export function useKeys(acts: Acts): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (shortcuts.peek() === "off" || event.defaultPrevented || isComposing(event)) return;
      const act = actOf(event, acts);
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
}

export function actOf(event: KeyboardEvent, acts: Acts): (() => void) | null {
  const { altKey, ctrlKey, metaKey, shiftKey, code, key } = event;
  if ((ctrlKey || metaKey) && !altKey && !shiftKey && code === "KeyK") return acts.palette;
  if (ctrlKey || metaKey) return null;
  if (!altKey) return key === "?" && !isWriting(event.target) ? acts.keys : null;
  if (shiftKey) return null;
  const place = /^Digit([1-9])$/.exec(code)?.[1];
  if (place) return () => acts.jump(Number(place) - 1);
  switch (code) {
    case "KeyJ":
      return () => acts.step(1);
    case "KeyK":
      return () => acts.step(-1);
    case "KeyA":
      return acts.accept;
    case "KeyT":
      return acts.transfer;
    case "KeyN":
      return acts.note;
    case "KeyE":
      return acts.end;
    case "KeyH":
      return acts.hold;
    case "KeyP":
      return acts.status;
    default:
      return null;
  }
}

function isWriting(target: EventTarget | null): boolean {
  const field = target as Partial<HTMLElement> | null;
  return field?.isContentEditable === true || /^(INPUT|TEXTAREA|SELECT)$/.test(field?.tagName ?? "");
}
