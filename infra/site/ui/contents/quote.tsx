import type { Message } from "../../proto/types.gen.ts";
import { summaryOf } from "./summary.ts";
import type { ContentTools } from "./tools.ts";

interface QuoteProps {
  /** Null where it is not held here. */
  of: Message | null;
  who: string;
  tools: ContentTools;
}

/** What a message answers; a press leads there. */
export function Quote({ of, who, tools }: QuoteProps) {
  if (!of) return <p class="db-quote">{tools.say("quoted_gone")}</p>;
  return (
    <button type="button" class="db-quote" onClick={() => show(of)}>
      <b dir="auto">{who}</b>
      <span dir="auto">{summaryOf(of, tools.say)}</span>
    </button>
  );
}

/** Where a message stands in this page. */
export function placeOf({ session_id, seq, staff_seq }: Message): string {
  return `said-${session_id}-${seq}-${staff_seq ?? 0}`;
}

function show(message: Message): void {
  const element = document.getElementById(placeOf(message));
  element?.scrollIntoView({ block: "center" });
  element?.animate?.({ opacity: [1, 0.3, 1] }, 600);
}
