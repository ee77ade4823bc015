import { useEffect, useState } from "preact/hooks";
import { useScroll } from "../ui/scroll.ts";
import type { Visit } from "./visit.ts";
import { Welcome } from "./welcome.tsx";

/** The endless scroll: past sessions above, then this one, at the end the greeting or what is not sent yet. */
export function Scroll({ visit }: { visit: Visit }) {
  const { speech, phase, conversation, screens } = visit;
  const ends =
    screens && conversation ? screens.endsOf(conversation) : { first: undefined, mine: undefined, unread: 0 };
  const { box, atEnd, toEnd, onScroll } = useScroll(ends.first, ends.mine);
  const shown = useVisible();
  useEffect(() => {
    if (atEnd && shown) conversation?.seen();
  });
  const greets = phase === "choosing" || phase === "writing";
  const given = conversation && { visit, conversation };
  const unsent = screens && given && <screens.UnsentList {...given} />;
  return (
    <div class="talk">
      <section
        class="scroll"
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        aria-label={speech.t("conversation")}
      >
        {screens && given && <screens.Older {...given} box={box} />}
        {screens && given && <screens.Log {...given}>{!greets && unsent}</screens.Log>}
        {screens && given && <screens.RatingCard {...given} />}
        {greets && <Welcome visit={visit} />}
        {greets && unsent}
      </section>
      {!atEnd && (
        <button type="button" class="to-end" onClick={toEnd}>
          {ends.unread > 0 ? speech.t("new_messages", { n: ends.unread }) : speech.t("new_below")} ↓
        </button>
      )}
    </div>
  );
}

function useVisible(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState === "visible");
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return isVisible;
}
