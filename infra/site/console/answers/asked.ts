/** What is looked for: the word after a slash that stands at the caret, and where it begins. */
export interface AskedFor {
  from: number;
  words: string;
}

const SLASH = /(^|[\s\u3000])\/([^\s/]{0,40})$/u;

/** Null where no answer is asked for. A slash within a word, as in a date or an address, asks for none. */
export function askedAt(text: string, caret: number): AskedFor | null {
  const found = SLASH.exec(text.slice(0, caret));
  if (!found) return null;
  const words = found[2] ?? "";
  return { from: caret - words.length - 1, words };
}

/** The words put in place of what was asked for; and where the caret stands then. */
export function filledIn(text: string, asked: AskedFor, caret: number, words: string): [string, number] {
  return [text.slice(0, asked.from) + words + text.slice(caret), asked.from + words.length];
}
