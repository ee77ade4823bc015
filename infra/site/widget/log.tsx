import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { typingNow, unread } from "../core/store.ts";
import { Button } from "../ui/button.tsx";
import type { Conversation } from "./conversation.ts";
import { SectionView } from "./section.tsx";
import { Unsent } from "./unsent.tsx";
import type { Ends, Given } from "./visit.ts";

export function endsOf(conversation: Conversation): Ends {
  const { sections, unsent, talk } = conversation;
  const [top] = sections;
  const own = sections.at(-1)?.messages.findLast((message) => message.by.role === "customer");
  return {
    first: top && `${top.session_id} ${top.messages[0]?.seq}`,
    mine: unsent.at(-1)?.client_id ?? own?.client_id ?? own?.message_id,
    unread: talk ? unread(talk, "customer") : 0,
  };
}

/** New words are announced once, by the announcer: a live log would read out the past that comes in above. */
export function Log({ visit, conversation, children }: Given & { children?: ComponentChildren }) {
  return (
    <div class="log" role="log" aria-live="off" aria-label={visit.speech.t("conversation")}>
      {conversation.sections.map((section) => (
        <SectionView key={section.session_id} section={section} visit={visit} conversation={conversation} />
      ))}
      {children}
      <Typing visit={visit} conversation={conversation} />
    </div>
  );
}

export function UnsentList({ visit, conversation }: Given) {
  if (conversation.unsent.length === 0) return null;
  return (
    <ol class="rows">
      {conversation.unsent.map((entry) => (
        <Unsent key={entry.client_id} entry={entry} visit={visit} conversation={conversation} />
      ))}
    </ol>
  );
}

/** The top of what is held: when it comes into view, what stands before it is fetched. */
export function Older({
  visit,
  conversation,
  box,
}: Given & { box: { readonly current: HTMLElement | null } }) {
  const { speech, hasPast } = visit;
  const { past } = conversation;
  const mark = useRef<HTMLDivElement>(null);
  const { state, sections } = past;
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each piece it is looked again whether more is in view
  useEffect(() => {
    if (!hasPast || state !== "idle" || !mark.current) return;
    const look = new IntersectionObserver(([seen]) => seen?.isIntersecting && past.older(), {
      root: box.current,
      rootMargin: "80px",
    });
    look.observe(mark.current);
    return () => look.disconnect();
  }, [past, hasPast, state, sections, box]);
  if (!hasPast || state === "complete") return null;
  return (
    <div class="older" ref={mark}>
      {state === "failed" ? (
        <>
          <span>{speech.t("older_failed")}</span>{" "}
          <Button kind="quiet" onClick={() => past.older()}>
            {speech.t("retry")}
          </Button>
        </>
      ) : (
        <Button kind="quiet" disabled={state === "loading"} onClick={() => past.older()}>
          {speech.t("older")}
        </Button>
      )}
    </div>
  );
}

function Typing({ visit, conversation }: Given) {
  const { speech } = visit;
  const { live } = conversation;
  const [, draw] = useState(0);
  const until = Math.max(0, ...(live?.typing.map((typing) => typing.until) ?? []));
  useEffect(() => {
    const left = until - Date.now();
    if (left <= 0) return;
    const timer = setTimeout(() => draw((times) => times + 1), left + 50);
    return () => clearTimeout(timer);
  }, [until]);
  const [who] = live ? typingNow(live, Date.now()) : [];
  if (!who) return null;
  return (
    <div class="typing">
      <span class="db-hidden">{speech.t("typing", { who: who.name ?? speech.t("agent") })}</span>
      <i />
      <i />
      <i />
    </div>
  );
}
