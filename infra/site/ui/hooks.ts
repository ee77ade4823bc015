import { useEffect, useState } from "preact/hooks";
import type { SharedClock } from "../core/time.ts";

/** The server's time, drawn again each second: only in the smallest part that counts seconds. */
export function useNow(clock: SharedClock): number {
  const [, draw] = useState(0);
  useEffect(() => clock.each(() => draw((times) => times + 1)), [clock]);
  return clock.now();
}
