import type { Event } from "../../proto/types.gen.ts";
import { toast } from "../../ui/notice.tsx";
import type { Desk } from "../desk/desk.ts";
import { i18n, t, whyNot } from "../words.ts";

const clock = (at: string) => i18n.peek().clock(at);

/** What the roster tells an agent as time goes on, in words; null where it is nothing of that. */
export function shiftWords(event: Event): string | null {
  switch (event.type) {
    case "shift.started":
      return t(event.accepting ? "shift_started_accepting" : "shift_started", { time: clock(event.ends_at) });
    case "shift.ending":
      return t("shift_ending", { time: clock(event.ends_at), last: clock(event.last_dispatch_at) });
    case "shift.ended":
      return t("shift_ended", { n: event.sessions.length });
    case "break.started":
      return event.ends_at === null ? t("break_due") : t("break_began", { time: clock(event.ends_at) });
    case "break.ended":
      return t("break_ended");
    case "roster.published":
      return t("roster_changed", { n: event.changes });
    default:
      return null;
  }
}

/** Said once; a shift that sets "accepting" by itself can be told "not yet" while that counts. */
export function tellOfShift(desk: Desk, event: Event): void {
  const text = shiftWords(event);
  if (text === null) return;
  const notYet = () =>
    desk.setStatus("busy").catch((failure) => toast({ text: whyNot(failure), kind: "error" }));
  const asks = event.type === "shift.started" && event.accepting && event.choose_until !== null;
  toast({
    text,
    kind: event.type === "shift.ending" || event.type === "shift.ended" ? "warning" : "plain",
    ...(asks ? { action: { label: t("shift_not_yet"), run: notYet } } : {}),
  });
}
