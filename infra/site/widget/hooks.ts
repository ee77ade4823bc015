import { useEffect, useRef, useState } from "preact/hooks";
import { isComposing } from "../ui/composer.tsx";
import type { Draft } from "./draft.ts";
import type { Visit } from "./visit.ts";

/** Draws again when anything on the screen may have changed. */
export function useVisit(visit: Visit): void {
  const [, draw] = useState(0);
  useEffect(() => visit.subscribe(() => draw((times) => times + 1)), [visit]);
}

export function useDraft(draft: Draft): void {
  const [, draw] = useState(0);
  useEffect(() => draft.subscribe(() => draw((times) => times + 1)), [draft]);
}

/** True once it has been so for this long. */
export function useLasting(isSo: boolean, ms: number): boolean {
  const [lasted, setLasted] = useState(false);
  useEffect(() => {
    if (!isSo) {
      setLasted(false);
      return;
    }
    const timer = setTimeout(() => setLasted(true), ms);
    return () => clearTimeout(timer);
  }, [isSo, ms]);
  return isSo && lasted;
}

/** Esc closes the innermost: what is open here hears it before the panel does. */
export function useEscape(isOpen: boolean, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isOpen) return;
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || isComposing(event)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", press, true);
    return () => document.removeEventListener("keydown", press, true);
  }, [isOpen]);
}
