import type { Message } from "../proto/types.gen.ts";

/** The longest message, in characters. */
const LONGEST = 5_000;

/** How many more characters a message may have, counted as the server does: code points in NFC. Below 0, too many. */
export function charactersLeft(text: string): number {
  // Without a look at each letter where there is room whatever they are.
  if (text.length <= LONGEST / 2) return LONGEST - text.length;
  return LONGEST - [...text.normalize()].length;
}

/** What a message says in words; null where it is of a kind that has none. */
export function wordsOf({ text, link, card }: Pick<Message, "text" | "link" | "card">): string | null {
  if (link) return [link.title, link.url].filter(Boolean).join("\n");
  if (card) return [card.title, card.text, card.url].filter(Boolean).join("\n");
  return text;
}
