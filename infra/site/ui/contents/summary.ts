import { wordsOf } from "../../core/text.ts";
import type { Message } from "../../proto/types.gen.ts";
import type { ContentTools } from "./tools.ts";

/** A message in words alone: for a list, a quote, a screen reader. */
export function summaryOf(message: Message, say: ContentTools["say"]): string {
  const { attachment, form, form_answer, text } = message;
  if (message.recalled_at) return say("recalled");
  if (attachment) {
    const name = attachment.kind === "file" ? `: ${attachment.name}` : "";
    return `[${say(`kind_${attachment.kind}`)}${name}]${text ? ` ${text}` : ""}`;
  }
  if (form) return `[${say("kind_form")}] ${form.title ?? text ?? ""}`.trim();
  if (form_answer) return `[${say("form_answer")}]`;
  return wordsOf(message) ?? say("unsupported");
}
