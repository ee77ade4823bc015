/** Until when: so many minutes from now, or at a time of day. */
export type HoldFor = { minutes: number } | { time: string };

/** The instant a hold ends, in milliseconds; a time of day that has passed is tomorrow's. Null where it is no time. */
export function holdEnds(asked: HoldFor, now: number): number | null {
  if ("minutes" in asked) return now + asked.minutes * 60_000;
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})/.exec(asked.time) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}
