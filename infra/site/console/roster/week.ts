import type { Shift } from "../../proto/types.gen.ts";

const DAY_MS = 24 * 3600_000;

/** A day where the reader is, by its date: `2026-11-25`. */
export function dayOf(at: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The seven days of a day's week, from Monday on. */
export function weekOf(day: string): string[] {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const monday = date - ((new Date(year, month - 1, date).getDay() + 6) % 7);
  return Array.from({ length: 7 }, (_, place) => dayOf(new Date(year, month - 1, monday + place)));
}

export function movedBy(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return dayOf(new Date(year, month - 1, date + days));
}

/** When a day begins where the reader is. A day of a clock's change is shorter or longer, and no matter. */
export function startOf(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

/** An instant as the server reads one. */
export function instant(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}

/** A time of a day, and so many minutes on: half-open, over midnight where it is long enough. */
export function spanOf(day: string, starts: string, minutes: number): { starts_at: string; ends_at: string } {
  const [hours = 0, minute = 0] = starts.split(":").map(Number);
  const from = startOf(day);
  from.setHours(hours, minute);
  return { starts_at: instant(from), ends_at: instant(new Date(from.getTime() + minutes * 60_000)) };
}

export type Cells = ReadonlyMap<string, readonly Shift[]>;

/** By agent and day of its start, the earliest first. */
export function cellsOf(shifts: readonly Shift[]): Cells {
  const cells = new Map<string, Shift[]>();
  const sorted = [...shifts].sort((one, other) => (one.starts_at < other.starts_at ? -1 : 1));
  for (const shift of sorted) {
    const key = cellKey(shift.agent_id, dayOf(new Date(shift.starts_at)));
    cells.set(key, [...(cells.get(key) ?? []), shift]);
  }
  return cells;
}

export function cellKey(agent_id: string, day: string): string {
  return `${agent_id} ${day}`;
}

/** How many agents have a shift that starts on each day. */
export function staffOn(days: readonly string[], agents: readonly string[], cells: Cells): number[] {
  return days.map((day) => agents.filter((id) => cells.has(cellKey(id, day))).length);
}

export function weekRange(days: readonly string[]): { from: string; to: string } {
  const first = startOf(days[0] ?? dayOf(new Date()));
  return { from: instant(first), to: instant(new Date(startOf(days.at(-1) ?? "").getTime() + DAY_MS)) };
}
