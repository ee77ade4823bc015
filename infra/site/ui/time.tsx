import type { I18n, Words } from "../core/i18n.ts";

/** `10:37`, with the whole instant for whoever asks. */
export function Clock<English extends Words>({ at, i18n }: { at: string; i18n: I18n<English> }) {
  const whole = i18n.date(at, { dateStyle: "full", timeStyle: "medium" });
  return (
    <time class="db-number" dateTime={at} title={whole}>
      {i18n.clock(at)}
    </time>
  );
}
