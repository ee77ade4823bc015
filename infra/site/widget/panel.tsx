import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import { Toasts, toast } from "../ui/notice.tsx";
import { Head } from "./head.tsx";
import { useLasting, useVisit } from "./hooks.ts";
import { CHOOSE, ENDED, FIELD } from "./places.ts";
import { Scroll } from "./scroll.tsx";
import type { Phase, Visit } from "./visit.ts";
import { why } from "./wording.ts";

const SCROLL = ".scroll";
const PATIENCE_MS = 3_000;

export function Panel({ visit }: { visit: Visit }) {
  useVisit(visit);
  const [asksEnd, setAsksEnd] = useState(false);
  const { speech, isOpen, phase, conversation, screens } = visit;
  const late = useLasting(!visit.settled, PATIENCE_MS);
  const ready = visit.door.config !== null && (visit.settled || late);
  useEffect(() => {
    document.documentElement.lang = speech.lang;
    document.title = speech.t("title");
  }, [speech]);
  const next = ready && isOpen ? `${phase} ${screens !== null}` : null;
  useFocus(next, phase);

  const given = ready && conversation && { visit, conversation };
  const end = async () => {
    setAsksEnd(false);
    const refusal = await conversation?.end();
    if (!refusal) return;
    toast({ kind: "error", text: speech.t("not_done", { why: why(speech, refusal) }) });
  };
  const ask = () => setAsksEnd(true);
  return (
    <>
      <Head visit={visit} onEnd={ask} />
      {screens && given && <screens.Banner {...given} />}
      <main>{ready ? <Scroll visit={visit} /> : <Waiting visit={visit} />}</main>
      {screens && given && (
        <>
          <screens.Queue {...given} onLeave={ask} />
          {visit.door.config?.mode !== "hidden" && <screens.Footer key={visit.draft} {...given} />}
          {asksEnd && <screens.AskEnd {...given} onYes={end} onNo={() => setAsksEnd(false)} />}
          <screens.Announcer {...given} />
        </>
      )}
      <Toasts close={speech.t("close")} />
    </>
  );
}

/** There is nothing to show yet, or never will be. */
function Waiting({ visit }: { visit: Visit }) {
  const { speech, door, source } = visit;
  if (door.trouble === "unknown_source") {
    return (
      <div class="trouble" role="alert">
        <h2>{speech.t("source_unknown")}</h2>
        <p>{speech.t("source_unknown_detail", { source })}</p>
      </div>
    );
  }
  if (door.trouble === "unreachable") {
    return (
      <div class="trouble" role="alert">
        <h2>{speech.t("unreachable")}</h2>
        <p>{speech.t("unreachable_detail")}</p>
        <Button icon="retry" onClick={() => door.again()}>
          {speech.t("retry")}
        </Button>
      </div>
    );
  }
  return (
    <div class="skeleton" aria-busy="true">
      <span class="db-hidden">{speech.t("link_connecting")}</span>
    </div>
  );
}

/** When the panel opens and when a step is done, the focus is where the next one is. */
function useFocus(next: string | null, phase: Phase): void {
  const before = useRef<Phase | null>(null);
  useEffect(() => {
    const from = before.current;
    before.current = next === null ? null : phase;
    if (next === null) return;
    // A phone's keyboard comes only when it is asked for.
    const asked = from === "choosing" && phase === "writing";
    if (!asked && matchMedia("(pointer: coarse)").matches) return;
    // The scroll is where it waits for a field that is still being fetched.
    const active = document.activeElement;
    if (from === phase && active && active !== document.body && !active.matches(SCROLL)) return;
    const places = [`.${FIELD} textarea`, ".asked :is(input, select)", `#${CHOOSE}`, `#${ENDED}`, SCROLL];
    const found = places.map((place) => document.querySelector<HTMLElement>(place));
    found.find((element) => element !== null)?.focus();
  }, [next, phase]);
}
