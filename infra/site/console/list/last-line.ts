import type { Filing, Message } from "../../proto/types.gen.ts";
import { said, systemWords, t } from "../words.ts";

/** A message in one line, from the reader's side. */
export function lastLine(message: Message | null, me: string, filing: Filing | null): string {
  if (!message) return t("nothing_said");
  if (message.kind === "system") return systemWords(message, filing);
  const text = said(message).replace(/\s+/g, " ");
  if (message.kind === "note") return t("line_note", { text });
  if (message.by.role !== "agent") return text;
  return message.by.id === me
    ? t("line_you", { text })
    : t("line_agent", { who: message.by.name ?? "", text });
}
