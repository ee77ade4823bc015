import type { LiveQueue } from "../../proto/types.gen.ts";

const QUARTER_MS = 15 * 60_000;

export interface Quarter {
  at: number;
  queued: number;
  abandoned: number;
}

/** Of all queues together, without holes from the first quarter in which something happened to the last. */
export function quartersOf(queues: readonly LiveQueue[]): Quarter[] {
  const counted = new Map<number, Quarter>();
  for (const { at, queued, abandoned } of queues.flatMap(({ quarters }) => quarters)) {
    const start = Date.parse(at);
    const before = counted.get(start) ?? { at: start, queued: 0, abandoned: 0 };
    counted.set(start, {
      at: start,
      queued: before.queued + queued,
      abandoned: before.abandoned + abandoned,
    });
  }
  const starts = [...counted.keys()].sort((one, other) => one - other);
  const [first] = starts;
  const last = starts.at(-1);
  if (first === undefined || last === undefined) return [];
  const count = (last - first) / QUARTER_MS + 1;
  return Array.from({ length: count }, (_, place) => {
    const at = first + place * QUARTER_MS;
    return counted.get(at) ?? { at, queued: 0, abandoned: 0 };
  });
}
