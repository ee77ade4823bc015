import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AnswerSaid, CannedAnswer, Page } from "../../proto/types.gen.ts";
import { isComposing } from "../../ui/composer.tsx";
import { toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { lang } from "../settings.ts";
import { whyNot } from "../words.ts";
import { type AskedFor, askedAt, filledIn } from "./asked.ts";

const PAUSE_MS = 120;
const MOST = 8;

interface Writing {
  session_id: string;
  queue_id: string;
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  write(text: string): void;
}

function same(one: AskedFor | null, other: AskedFor | null): boolean {
  return one?.from === other?.from && one?.words === other?.words;
}

export interface Answers {
  found: readonly CannedAnswer[];
  at: number;
  choose(answer: CannedAnswer): void;
  /** True where the key was for the list. */
  press(event: KeyboardEvent): boolean;
  /** The caret moved, or words were written. */
  look(): void;
}

/** What agents say again and again, found by `/` and a few letters: of its code, its title, or its pinyin initials. */
export function useAnswers({ session_id, queue_id, field, text, write }: Writing): Answers {
  const desk = useDesk();
  const may = desk.can("canned_answer.read");
  const [asked, setAsked] = useState<AskedFor | null>(null);
  const [found, setFound] = useState<readonly CannedAnswer[]>([]);
  const [at, setAt] = useState(0);
  const words = asked?.words ?? null;
  const look = () => {
    const caret = field.current?.selectionStart ?? 0;
    const found = may ? askedAt(field.current?.value ?? "", caret) : null;
    setAsked((before) => (same(before, found) ? before : found));
  };
  const stop = () => {
    setAsked(null);
    setFound([]);
  };
  useEffect(() => {
    if (words === null) {
      setFound([]);
      return;
    }
    const gone = new AbortController();
    const timer = setTimeout(() => {
      const query = { ...(words ? { q: words } : {}), queue_id, limit: MOST };
      rest.get<Page<CannedAnswer>>("/v1/canned-answers", { query, signal: gone.signal }).then(
        ({ items }) => {
          setFound(items);
          setAt(0);
        },
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [words, queue_id]);
  const choose = async (answer: CannedAnswer) => {
    if (!asked) return;
    const caret = asked.from + 1 + asked.words.length;
    stop();
    try {
      const path = `/v1/canned-answers/${encodeURIComponent(answer.id)}/use`;
      const said = await rest.post<AnswerSaid>(path, { session_id, lang: lang.peek() });
      const [filled, end] = filledIn(text, asked, caret, said.text);
      write(filled);
      requestAnimationFrame(() => {
        field.current?.focus();
        field.current?.setSelectionRange(end, end);
      });
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  const press = (event: KeyboardEvent) => {
    if (found.length === 0 || isComposing(event)) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = found[at];
    if (step !== undefined) setAt((at + step + found.length) % found.length);
    else if (event.key === "Escape") stop();
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) void choose(chosen);
    else return false;
    event.preventDefault();
    return true;
  };
  return { found, at, choose, press, look };
}
