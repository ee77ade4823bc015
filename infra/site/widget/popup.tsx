import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import type { IconName } from "../ui/icon.tsx";
import { useEscape } from "./hooks.ts";

export interface PopupProps {
  label: string;
  icon: IconName;
  /** Where it opens from the button. */
  side: "above" | "below";
  onOpen?(): void;
  children(close: () => void): ComponentChildren;
}

/** A button and what it opens. Esc, a click elsewhere and leaving it with Tab close it. */
export function Popup({ label, icon, side, onOpen, children }: PopupProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    root.current?.querySelector("button")?.focus();
  };
  useEscape(isOpen, close);
  useEffect(() => {
    if (!isOpen) return;
    body.current?.querySelector("button")?.focus();
    const elsewhere = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("focusin", elsewhere);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("focusin", elsewhere);
    };
  }, [isOpen]);
  const toggle = () => {
    if (!isOpen) onOpen?.();
    setOpen(!isOpen);
  };
  return (
    <div class="popup" ref={root}>
      <Button kind="quiet" icon={icon} label={label} aria-expanded={isOpen} onClick={toggle} />
      {isOpen && (
        <div class="popup-body" data-side={side} ref={body}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
