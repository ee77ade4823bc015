import type { ComponentChildren, Ref } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

export interface OpenerProps {
  /** What stands on the button. */
  face: ComponentChildren;
  /** Says what the button does, where its face has no words or not enough. */
  label?: string;
  class?: string;
  button?: Ref<HTMLButtonElement>;
  children: (close: () => void) => ComponentChildren;
}

const GAP = 6;
const ITEMS = '[role^="menuitem"]:not(:disabled)';

/** A button and the panel it opens; the browser closes it on Escape and on a press elsewhere. `title` names the panel. */
export function Popover({ title, children, ...opener }: OpenerProps & { title?: string }) {
  const { sheet, shown, close, ...rest } = useSheet("input, button");
  return (
    <>
      <Opener {...opener} {...rest} opens="dialog" />
      <div {...sheet} role="dialog" aria-label={title ?? opener.label}>
        {shown ? children(close) : null}
      </div>
    </>
  );
}

/** The same with a menu in it: the arrows walk through its items. */
export function Menu({ title, children, ...opener }: OpenerProps & { title?: string }) {
  const { sheet, shown, close, ...rest } = useSheet(ITEMS);
  return (
    <>
      <Opener {...opener} {...rest} opens="menu" />
      <div {...sheet} role="menu" tabIndex={-1} aria-label={title ?? opener.label} onKeyDown={walk}>
        {shown ? children(close) : null}
      </div>
    </>
  );
}

/** What opens and where it stands. `first` is what takes the focus, unless something in it says `data-first`. */
function useSheet(first: string) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const opened = sheet.current;
    const from = opener.current;
    if (!shown || !opened || !from) return;
    // What is in it may come later, and grow.
    const sizes = new ResizeObserver(() => place(opened, from));
    sizes.observe(opened);
    const chosen =
      opened.querySelector<HTMLElement>("[data-first]") ?? opened.querySelector<HTMLElement>(first);
    chosen?.focus();
    return () => sizes.disconnect();
  }, [shown, first]);
  return {
    id,
    opener,
    shown,
    close: () => sheet.current?.hidePopover(),
    sheet: {
      ref: sheet,
      id,
      popover: "auto",
      class: "db-popover",
      onToggle: (event: { newState: string }) => setShown(event.newState === "open"),
    } as const,
  };
}

interface OpenerButtonProps extends Omit<OpenerProps, "children"> {
  id: string;
  opens: "menu" | "dialog";
  opener: { current: HTMLButtonElement | null };
}

function Opener({ id, opens, opener, face, label, button, ...more }: OpenerButtonProps) {
  const keep = (made: HTMLButtonElement | null) => {
    opener.current = made;
    if (typeof button === "function") button(made);
    else if (button) button.current = made;
  };
  return (
    <button
      ref={keep}
      type="button"
      class={more.class ?? "db-button"}
      popovertarget={id}
      aria-haspopup={opens}
      {...(label ? { "aria-label": label, title: label } : {})}
    >
      {face}
    </button>
  );
}

function walk(event: KeyboardEvent): void {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

/** Below its button, and within the window. */
function place(sheet: HTMLElement, opener: HTMLElement): void {
  const { left, right, bottom, top } = opener.getBoundingClientRect();
  const { width, height } = sheet.getBoundingClientRect();
  const startsAt = getComputedStyle(opener).direction === "rtl" ? right - width : left;
  const below = bottom + GAP + height <= innerHeight;
  sheet.style.left = `${Math.max(GAP, Math.min(startsAt, innerWidth - width - GAP))}px`;
  sheet.style.top = `${below ? bottom + GAP : Math.max(GAP, top - GAP - height)}px`;
}
