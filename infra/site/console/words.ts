import { computed } from "@preact/signals";
import { CommandRefused } from "../core/client.ts";
import { I18n } from "../core/i18n.ts";
import { ApiError, NoAnswer } from "../core/rest.ts";
import { wordsOf } from "../core/text.ts";
import { desk as en } from "../locales/en.ts";
import { desk as zh } from "../locales/zh.ts";
import type { Filing, Message } from "../proto/types.gen.ts";
import { lang } from "./settings.ts";

export type DeskWords = typeof en;
type Speak = I18n<DeskWords>["t"];

export const i18n = computed(() => new I18n<DeskWords>(lang.value, lang.value === "en" ? en : zh));

/** A word in the reader's language; what draws with it is drawn again when the language changes. */
export const t: Speak = ((...told: Parameters<Speak>) => i18n.value.t(...told)) as Speak;

/** A label that an admin wrote, once for all languages or in each. */
export function worded(label: string | Record<string, string>): string {
  if (typeof label === "string") return label;
  return label[lang.value] ?? label["en"] ?? Object.values(label)[0] ?? "";
}

/** A line of the house's own; a code that this page doesn't know yet is shown in the server's English. */
export function systemWords({ system, text }: Message, filing: Filing | null): string {
  const about = (name: string) => system?.about[name] ?? "";
  if (!system) return text ?? "";
  switch (system.code) {
    case "assigned":
    case "ended_by_agent":
      return t(`system_${system.code}`, { agent: about("agent") });
    case "filed":
      return t("system_filed", { label: filedAs(about("label"), filing) });
    default:
      return plainWord(`system_${system.code}`) ?? text ?? "";
  }
}

/** What somebody said, in words. */
export function said(message: Message): string {
  return message.recalled_at ? t("recalled") : (wordsOf(message) ?? t("unsupported"));
}

/** A word without holes whose key is known only now. */
function plainWord(key: string): string | null {
  return key in en ? t(key as "system_requeued") : null;
}

/** The line says it in one language; the filing, unless another one followed, in all. */
function filedAs(told: string, filing: Filing | null): string {
  const known = filing && typeof filing.label === "object" && Object.values(filing.label).includes(told);
  return known ? worded(filing.label) : told;
}

const REFUSALS = {
  client_id_reused: "why_client_id_reused",
  empty_message: "why_empty_message",
  desk_full: "refused_desk_full",
  forbidden: "refused_forbidden",
  no_scheme: "refused_no_scheme",
  not_found: "refused_not_found",
  not_in_wrap_up: "refused_not_in_wrap_up",
  not_queued: "refused_not_queued",
  note_required: "refused_note_required",
  nothing_asked: "refused_nothing_asked",
  rate_limited: "why_rate_limited",
  session_ended: "why_session_over",
  text_too_long: "why_text_too_long",
  unknown_option: "refused_unknown_option",
  wrong_credentials: "refused_wrong_credentials",
} as const satisfies Record<string, keyof DeskWords>;

export function refusedBy(code: string | null): string {
  const word = REFUSALS[code as keyof typeof REFUSALS];
  if (word) return t(word);
  return code ? t("why_other", { code }) : t("why_unknown");
}

/** Why it didn't work, in the reader's language. */
export function whyNot(failure: unknown): string {
  if (failure instanceof ApiError && failure.status === 429) return t("refused_too_many");
  if (failure instanceof ApiError || failure instanceof CommandRefused) return refusedBy(failure.code);
  return failure instanceof NoAnswer || failure instanceof Error
    ? t("refused_no_connection")
    : t("why_unknown");
}
