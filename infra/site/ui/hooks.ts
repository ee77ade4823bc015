import { useEffect, useState } from "preact/hooks";
import type { SharedClock } from "../core/time.ts";

const STEP = 40;
const idle = globalThis.requestIdleCallback ?? ((then: () => void, _: object) => setTimeout(then, 30));
const idleNoMore = globalThis.cancelIdleCallback ?? clearTimeout;

/** How many of so many things are drawn by now: the first at once, the others while nothing else is to be done. */
export function useGrowing(all: number, first: number): number {
  const [shown, setShown] = useState(first);
  useEffect(() => {
    if (shown >= all) return;
    const asked = idle(() => setShown(shown + STEP), { timeout: 200 });
    return () => idleNoMore(asked);
  }, [shown, all]);
  return Math.min(all, shown);
}

/** The server's time, drawn again each second: only in the smallest part that counts seconds. */
export function useNow(clock: SharedClock): number {
  const [, draw] = useState(0);
  useEffect(() => clock.each(() => draw((times) => times + 1)), [clock]);
  return clock.now();
}
