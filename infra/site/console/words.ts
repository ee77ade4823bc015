import { computed, effect, signal } from "@preact/signals";
import { CommandRefused } from "../core/client.ts";
import { I18n, type Translated } from "../core/i18n.ts";
import { ApiError, NoAnswer } from "../core/rest.ts";
import { desk as en } from "../locales/en.ts";
import type { Filing, Message } from "../proto/types.gen.ts";
import { summaryOf } from "../ui/contents/summary.ts";
import { lang } from "./settings.ts";

export type DeskWords = typeof en;
type Speak = I18n<DeskWords>["t"];

const chinese = signal<Translated<DeskWords> | null>(null);

export const i18n = computed(
  () => new I18n<DeskWords>(lang.value, (lang.value === "en" ? null : chinese.value) ?? en),
);

/** Settles when the reader's language can be spoken; it comes by itself when another is chosen. */
export async function spoken(): Promise<void> {
  if (lang.peek() === "en" || chinese.peek()) return;
  const { desk } = await import("../locales/zh.ts");
  chinese.value = desk;
}

effect(() => {
  if (lang.value !== "en") spoken().catch(() => undefined);
});

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
    case "filed":
      return t("system_filed", { label: filedAs(about("label"), filing) });
    case "edited":
      return t("system_edited", { what: about("what").split(", ").map(partWords).join(", ") });
    case "call_ended":
      return t("system_call_ended", {
        number: about("number"),
        outcome: plainWord(`call_${about("outcome")}`) ?? about("outcome"),
      });
    case "ended_with_words":
      return about(lang.value) || (text ?? "");
    default:
      return filledWord(`system_${system.code}`, system.about) ?? text ?? "";
  }
}

/** What somebody said, in words. */
export function said(message: Message): string {
  return summaryOf(message, t);
}

/** A word without holes whose key is known only now. */
function plainWord(key: string): string | null {
  return key in en ? t(key as "system_requeued") : null;
}

/** A word whose key is known only now, its holes filled with what the line is about. */
function filledWord(key: string, about: Readonly<Record<string, string>>): string | null {
  const loose = i18n.value as unknown as { t(key: string, given: Readonly<Record<string, string>>): string };
  return key in en ? loose.t(key, about) : null;
}

/** A part of a session that was changed. */
function partWords(part: string): string {
  return plainWord(`part_${part}`) ?? part;
}

/** A tag that a customer chose; one that this page doesn't know stands as it is. */
export function tagWords(tag: string): string {
  return plainWord(`tag_${tag}`) ?? tag;
}

/** The line says it in one language; the filing, unless another one followed, in all. */
function filedAs(told: string, filing: Filing | null): string {
  const known = filing && typeof filing.label === "object" && Object.values(filing.label).includes(told);
  return known ? worded(filing.label) : told;
}

const REFUSALS = {
  attachment_gone: "why_attachment_gone",
  attachment_not_ready: "why_attachment_not_ready",
  attachment_sent: "why_attachment_sent",
  attachment_too_large: "why_attachment_too_large",
  content_not_allowed: "why_content_not_allowed",
  file_empty: "why_file_empty",
  no_connection: "why_no_connection",
  not_uploaded: "why_not_uploaded",
  upload_refused: "why_upload_refused",
  voice_too_long: "why_voice_too_long",
  client_id_reused: "why_client_id_reused",
  empty_message: "why_empty_message",
  desk_full: "refused_desk_full",
  forbidden: "refused_forbidden",
  no_scheme: "refused_no_scheme",
  not_active: "refused_not_active",
  not_found: "refused_not_found",
  not_in_wrap_up: "refused_not_in_wrap_up",
  not_queued: "refused_not_queued",
  not_ratable: "refused_not_ratable",
  note_required: "refused_note_required",
  nothing_asked: "refused_nothing_asked",
  recall_too_late: "why_recall_too_late",
  rate_limited: "why_rate_limited",
  session_ended: "why_session_over",
  text_too_long: "why_text_too_long",
  too_many_on_break: "refused_too_many_on_break",
  too_many_on_hold: "refused_too_many_on_hold",
  stale_version: "refused_stale_version",
  transfer_to_oneself: "refused_transfer_to_oneself",
  agent_disabled: "refused_agent_disabled",
  agent_not_serving: "refused_agent_not_serving",
  agent_declined: "refused_agent_declined",
  agent_not_connected: "refused_agent_not_connected",
  agent_on_break: "refused_agent_on_break",
  agent_off_duty: "refused_agent_off_duty",
  agent_full: "refused_agent_full",
  no_route: "refused_no_route",
  queue_closed: "refused_queue_closed",
  too_many_transfers: "refused_too_many_transfers",
  offer_expired: "refused_offer_expired",
  offer_gone: "refused_offer_gone",
  offer_pending: "refused_offer_pending",
  not_handed_over: "refused_not_handed_over",
  unknown_target: "refused_unknown_target",
  agent_unavailable: "refused_agent_unavailable",
  unknown_agent: "refused_unknown_agent",
  nothing_said_yet: "refused_nothing_said_yet",
  not_left: "refused_not_left",
  no_email_left: "refused_no_email_left",
  no_phone_left: "refused_no_phone_left",
  mail_not_set_up: "refused_mail_not_set_up",
  fields_do_not_fit: "refused_fields_do_not_fit",
  call_not_placed: "refused_call_not_placed",
  call_over: "refused_call_over",
  not_a_phone_number: "refused_not_a_phone_number",
  number_hidden: "refused_number_hidden",
  number_unknown: "refused_number_unknown",
  provider_missing: "refused_provider_missing",
  too_many_calls: "refused_too_many_calls",
  too_many_reminders: "refused_too_many_reminders",
  nothing_to_reveal: "refused_nothing_to_reveal",
  unknown_option: "refused_unknown_option",
  invitation_invalid: "refused_invitation_invalid",
  wrong_credentials: "refused_wrong_credentials",
} as const satisfies Record<string, keyof DeskWords>;

export function refusedBy(code: string | null): string {
  const word = REFUSALS[code as keyof typeof REFUSALS];
  if (word) return t(word);
  return code ? t("why_other", { code }) : t("why_unknown");
}

/** `2–8 min`: a range of waiting, or nothing where none is known. */
export function minutesRange(lowS: number | null, highS: number | null): string {
  if (highS === null) return "";
  const [low, high] = [Math.floor((lowS ?? 0) / 60), Math.max(1, Math.ceil(highS / 60))];
  return low > 0 && low < high ? t("wait_minutes", { low, high }) : t("wait_minute", { n: high });
}

/** Why it didn't work, in the reader's language. */
export function whyNot(failure: unknown): string {
  if (failure instanceof ApiError && failure.status === 429) return t("refused_too_many");
  if (failure instanceof ApiError || failure instanceof CommandRefused) return refusedBy(failure.code);
  return failure instanceof NoAnswer || failure instanceof Error
    ? t("refused_no_connection")
    : t("why_unknown");
}
