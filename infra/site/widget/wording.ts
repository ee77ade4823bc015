import type { I18n } from "../core/i18n.ts";
import type { FileLinks } from "../core/links.ts";
import { widget as en } from "../locales/en.ts";
import type { Message, QueueMoved } from "../proto/types.gen.ts";
import type { ContentTools } from "../ui/contents/tools.ts";

export type Speech = I18n<typeof en>;
type Key = keyof typeof en;

/** A word whose key is known only now. */
function word(speech: Speech, key: string, given: Record<string, string> = {}): string | null {
  if (!(key in en)) return null;
  const loose = speech as unknown as { t(key: Key, given: Record<string, string>): string };
  return loose.t(key as Key, given);
}

/** What the parts that draw a message's content need of this app. */
export function toolsOf(speech: Speech, links: FileLinks): ContentTools {
  return { links, say: (key) => speech.t(key), number: (value, options) => speech.number(value, options) };
}

/** Why something was refused, in the reader's words. */
export function why(speech: Speech, code: string | null): string {
  return word(speech, `why_${code}`) ?? (code ? speech.t("why_other", { code }) : speech.t("why_unknown"));
}

/** The same, of a file. */
export function whyNotSent(speech: Speech, code: string): string {
  return speech.t("not_sent", { why: why(speech, code) });
}

/** A line of the house's own in the reader's language; its English wording where it is of a kind not known here. */
export function lineOf(speech: Speech, message: Message): string {
  const { system, text } = message;
  if (system?.code === "ended_with_words") return system.about[speech.lang] ?? text ?? "";
  return (system && word(speech, `system_${system.code}`, system.about)) ?? text ?? "";
}

/** "You are number 2 in the queue", "Usually 2 to 8 minutes": a range from experience, never a promise. */
export function placeOf(speech: Speech, queue: QueueMoved | null): { place: string; wait: string } {
  const place = queue?.position ?? null;
  const high = queue?.wait_high_s ?? null;
  return {
    place:
      place === null
        ? speech.t("queue_waiting")
        : place === 1
          ? speech.t("queue_next")
          : speech.t("queue_place", { n: place }),
    wait: high === null ? speech.t("queue_why") : waitOf(speech, queue?.wait_low_s ?? 0, high),
  };
}

function waitOf(speech: Speech, lowS: number, highS: number): string {
  const low = Math.floor(lowS / 60);
  const high = Math.max(1, Math.ceil(highS / 60));
  return low > 0 && low < high ? speech.t("wait_range", { low, high }) : speech.t("wait_under", { n: high });
}
