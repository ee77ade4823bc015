import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface DialogProps {
  title: string;
  class?: string;
  onClose(): void;
  children: ComponentChildren;
}

/** Shows it as a modal as long as it is drawn, and gives the focus back: to one that is removed the browser would not. */
export function useModal(box: { readonly current: HTMLDialogElement | null }): void {
  useEffect(() => {
    const before = document.activeElement;
    if (box.current && !box.current.open) box.current.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, [box]);
}

/** Stands above all else as long as it is drawn. Escape and a press beside it close it. */
export function Dialog({ title, onClose, children, ...more }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  useModal(box);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key for it, and the browser's own.
    <dialog
      ref={box}
      class={`db-dialog ${more.class ?? ""}`}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === box.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
