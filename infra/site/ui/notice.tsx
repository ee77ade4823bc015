import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

export type NoticeKind = "plain" | "warning" | "error";

/** A line that stays as long as what it says is so. Errors are announced at once. */
export function Notice({ kind = "plain", children }: { kind?: NoticeKind; children: ComponentChildren }) {
  return (
    <div class="db-notice" data-kind={kind} role={kind === "error" ? "alert" : "status"}>
      {kind !== "plain" && <Icon name="alert" />}
      {children}
    </div>
  );
}

export interface ToastWords {
  text: string;
  kind?: NoticeKind;
  /** "Undo" and the like. */
  action?: { label: string; run(): void };
}

interface Shown extends ToastWords {
  id: number;
}

const TOAST_MS = 6_000;
const MOST_AT_ONCE = 4;
let shown: Shown[] = [];
let count = 0;
const listeners = new Set<() => void>();

/** Tells in passing. What must not be missed is a `Notice`. */
export function toast(words: ToastWords): void {
  count += 1;
  const made: Shown = { ...words, id: count };
  shown = [...shown, made].slice(-MOST_AT_ONCE);
  changed();
  setTimeout(() => dismiss(made.id), TOAST_MS);
}

function dismiss(id: number): void {
  shown = shown.filter((one) => one.id !== id);
  changed();
}

function changed(): void {
  for (const listener of listeners) listener();
}

/** Once in a page. `close` is the word on the button that dismisses. */
export function Toasts({ close }: { close: string }) {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = () => draw((times) => times + 1);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return (
    <div class="db-toasts" role="status">
      {shown.map(({ id, text, kind = "plain", action }) => (
        <div class="db-toast" data-kind={kind} key={id}>
          <span>{text}</span>
          {action ? (
            <Button kind="quiet" onClick={action.run}>
              {action.label}
            </Button>
          ) : null}
          <Button kind="quiet" icon="close" label={close} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
