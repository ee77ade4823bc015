import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { canBeRecalled } from "../../core/recall.ts";
import { heardUpTo, typingNow } from "../../core/store.ts";
import type { Message } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import type { MessageAct } from "../../ui/contents/message-menu.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { useScroll } from "../../ui/scroll.ts";
import { useDesk } from "../desk/context.ts";
import { type Desk, type Held, isLive } from "../desk/desk.ts";
import { t, whyNot } from "../words.ts";
import { Lines, Pending } from "./messages.tsx";
import type { PastTalks } from "./past.ts";
import { PastTalk } from "./past-talk.tsx";

const NEAR_TOP_PX = 240;

/** The talk, its newest at the bottom; upwards it goes on into the customer's earlier ones. */
export function Log({ talk, past }: { talk: Held; past: PastTalks }) {
  const desk = useDesk();
  const { session, session_id, messages } = talk;
  const pending = desk.pending(session_id);
  const mine = desk.isMine(session) && isLive(session);
  const unread = desk.unread(talk);
  const own = messages.findLast(({ by }) => by.id === desk.me.id);
  const top = `${past.shown.value[0]?.session.session_id} ${messages[0]?.message_id}`;
  const { box, atEnd, toEnd, onScroll } = useScroll(
    top,
    pending.at(-1)?.client_id ?? own?.client_id ?? own?.message_id,
  );
  const older = useOlder(talk, past, box);
  const acts = useCallback((message: Message) => actsOn(message, desk), [desk]);
  useReading(talk, mine && atEnd);

  const scrolled = () => {
    onScroll();
    if ((box.current?.scrollTop ?? NEAR_TOP_PX) < NEAR_TOP_PX) void older.load();
  };
  return (
    <div class="log-box">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <div class="log" ref={box} role="log" aria-label={t("log_label")} tabIndex={0} onScroll={scrolled}>
        <div class="log-top">
          {older.state === "loading" ? <span>{t("loading")}</span> : null}
          {older.state === "more" ? (
            <Button kind="quiet" icon="up" onClick={older.load}>
              {t("older")}
            </Button>
          ) : null}
          {older.state === "failed" ? (
            <Button kind="quiet" icon="retry" onClick={older.load}>
              {t("older_failed")}
            </Button>
          ) : null}
          {older.state === "all" ? <span>{t("log_begins")}</span> : null}
        </div>
        {past.shown.value.map((one) => (
          <PastTalk key={one.session.session_id} past={one} />
        ))}
        {past.shown.value.length > 0 ? (
          <p class="log-here">{t("this_talk", { number: session.number })}</p>
        ) : null}
        <ol class="log-list">
          <Lines
            messages={messages}
            session={session}
            mark={talk.marks.customer}
            today={desk.today.value}
            acts={mine ? acts : undefined}
          />
          {pending.map((entry) => (
            <Pending key={entry.client_id} entry={entry} writable={mine} />
          ))}
          <TypingLine talk={talk} />
        </ol>
      </div>
      {atEnd ? null : (
        <button type="button" class="log-new" onClick={toEnd}>
          {unread > 0 ? t("new_messages", { n: unread }) : t("new_below")} <Icon name="down" size={14} />
        </button>
      )}
    </div>
  );
}

function actsOn(message: Message, desk: Desk): MessageAct[] {
  const { session_id, by } = message;
  const quote: MessageAct = {
    icon: "reply",
    label: t("quote"),
    run: () => desk.quote(session_id, message),
  };
  if (by.id !== desk.me.id || !canBeRecalled(message, desk.client.clock.now())) return [quote];
  const recall = () =>
    desk.client
      .recall(message)
      .catch((failure) => toast({ text: t("not_recalled", { why: whyNot(failure) }), kind: "error" }));
  return [quote, { icon: "retry", label: t("recall"), run: recall }];
}

function TypingLine({ talk }: { talk: Held }) {
  const desk = useDesk();
  // Read so that it goes away by itself.
  desk.now.value;
  if (typingNow(talk, Date.now()).every(({ role }) => role !== "customer")) return null;
  return (
    <li class="said" data-side="theirs">
      <div class="bubble typing">
        <span class="db-hidden">{t("typing", { who: talk.session.customer.name })}</span>
        <i aria-hidden="true" />
        <i aria-hidden="true" />
        <i aria-hidden="true" />
      </div>
    </li>
  );
}

type OlderState = "more" | "loading" | "failed" | "all";

/** First this talk's own older pages, then the earlier talks, one at a time. */
function useOlder(talk: Held, past: PastTalks, box: { current: HTMLDivElement | null }) {
  const desk = useDesk();
  const [state, setState] = useState<OlderState>("more");
  const busy = useRef(false);
  const load = async () => {
    if (busy.current || state === "all") return;
    busy.current = true;
    setState("loading");
    try {
      const floor = desk.client.talk(talk.session_id)?.floor;
      if (floor !== null && floor !== undefined && floor > 0) await desk.client.older(talk.session_id);
      else if (!(await past.showNext())) {
        setState("all");
        busy.current = false;
        return;
      }
      setState("more");
    } catch {
      setState("failed");
    }
    busy.current = false;
  };
  const ready = talk.floor !== null && talk.gap === null && talk.messages.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a short log has nothing to scroll, so it asks by itself
  useEffect(() => {
    const log = box.current;
    if (ready && log && log.scrollHeight <= log.clientHeight) void load();
  }, [ready, past.shown.value.length, talk.floor]);
  return { state, load };
}

/** Read is what somebody had before their eyes: this page seen, in front, and at its end. */
function useReading(talk: Held, atEnd: boolean): void {
  const desk = useDesk();
  const { session_id } = talk;
  const read = heardUpTo(talk, "agent");
  useEffect(() => {
    if (!atEnd || read === 0) return;
    const look = () => {
      if (document.visibilityState === "visible" && document.hasFocus())
        desk.client.mark(session_id, { read });
    };
    look();
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [desk, session_id, read, atEnd]);
}
