import type { Ref } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Hold } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { ContextPane } from "../context/context-pane.tsx";
import { useDesk } from "../desk/context.ts";
import { type Held, isLive, isToFile } from "../desk/desk.ts";
import { FilingPanel } from "../filing/filing-panel.tsx";
import { OfferedBar } from "../handing/offered-bar.tsx";
import { AnswerBar } from "../left/answer-bar.tsx";
import { addressOf, go } from "../router.ts";
import { WatchBar } from "../supervise/watch-bar.tsx";
import { i18n, t, whyNot } from "../words.ts";
import { Log } from "./log.tsx";
import { PastTalks } from "./past.ts";
import { type Mode, ReplyBox } from "./reply-box.tsx";
import { TakeBar } from "./take-bar.tsx";
import { ThreadHead } from "./thread-head.tsx";

export interface ThreadProps {
  session_id: string;
  mode: Mode;
  onMode(mode: Mode): void;
  endButton: Ref<HTMLButtonElement>;
  holdButton: Ref<HTMLButtonElement>;
  transferButton: Ref<HTMLButtonElement>;
}

/** One session, once it has been read. */
export function Thread(props: ThreadProps) {
  const { session_id } = props;
  const talk = useDesk().talk(session_id);
  const { wrong, again } = useRead(session_id, talk !== null);
  if (talk) return <OpenThread key={session_id} talk={talk} {...props} />;
  return (
    <section class="thread thread-none">
      {wrong === null ? <p>{t("loading")}</p> : null}
      {wrong === "none" ? (
        <>
          <Notice kind="warning">{t("refused_not_found")}</Notice>
          <a class="db-button" href={addressOf("inbox")}>
            {t("back")}
          </a>
        </>
      ) : null}
      {wrong !== null && wrong !== "none" ? (
        <Notice kind="error">
          {whyNot(wrong)} <Button onClick={again}>{t("retry")}</Button>
        </Notice>
      ) : null}
    </section>
  );
}

/** Reads a session that is not on the desk, and holds its log. `wrong` is "none" where there is none for this reader. */
function useRead(session_id: string, there: boolean): { wrong: unknown; again(): void } {
  const desk = useDesk();
  const [wrong, setWrong] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: trying again is what `tries` is for
  useEffect(() => {
    let left = false;
    const read = async () => there || (await desk.lists.readOne(session_id)) !== null;
    read()
      .then((found) => {
        if (found && !left) desk.client.open(session_id);
        return found ? null : "none";
      })
      .catch((failure: unknown) => failure)
      .then((outcome) => left || setWrong(outcome));
    return () => {
      left = true;
    };
  }, [desk, session_id, there, tries]);
  return { wrong, again: () => setTries(tries + 1) };
}

function OpenThread({ talk, mode, onMode, ...buttons }: ThreadProps & { talk: Held }) {
  const desk = useDesk();
  const { session, session_id } = talk;
  const [past] = useState(() => new PastTalks(session.customer.id, session));
  const [drawer, setDrawer] = useState(false);
  const [filing, setFiling] = useState(false);
  const mine = desk.isMine(session);
  const fresh = desk.fresh.value.has(session_id);
  useEffect(() => {
    if (fresh) desk.looked(session_id);
  }, [desk, session_id, fresh]);
  const filed = () => {
    setFiling(false);
    toast({ text: t("filed_now", { number: session.number }) });
    if (isLive(session)) return;
    const next = desk.next(session_id);
    desk.drafts.forget(session_id);
    go("inbox", next);
  };
  return (
    <>
      <section class="thread" aria-label={session.customer.name}>
        <ThreadHead talk={talk} {...buttons} onContext={() => setDrawer(!drawer)} />
        {session.hold ? <HeldBar hold={session.hold} /> : null}
        {mine && session.offer ? <OfferedBar session_id={session_id} offer={session.offer} /> : null}
        <Log talk={talk} past={past} />
        {session.state === "queued" ? <TakeBar talk={talk} /> : null}
        {mine && isLive(session) ? <ReplyBox {...{ talk, mode, onMode }} /> : null}
        {session.state === "left_message" ? <AnswerBar key={session.contact?.email} talk={talk} /> : null}
        {mine && isToFile(session) ? <FilingPanel talk={talk} onFiled={filed} /> : null}
        {session.state === "closed" && !(mine && isToFile(session)) ? (
          <p class="thread-over">{t("thread_over")}</p>
        ) : null}
        {!mine && isLive(session) ? <Elsewhere talk={talk} /> : null}
      </section>
      <ContextPane
        talk={talk}
        past={past}
        open={drawer}
        onClose={() => setDrawer(false)}
        filing={filing}
        onFiling={setFiling}
        onFiled={filed}
      />
    </>
  );
}

/** A colleague's: only read, or watched by whoever may. */
function Elsewhere({ talk }: { talk: Held }) {
  const desk = useDesk();
  if (desk.can("session.whisper", "others") || desk.can("session.take_over", "others"))
    return <WatchBar talk={talk} />;
  return <p class="thread-over">{t("thread_with", { who: talk.session.agent?.name ?? "" })}</p>;
}

function HeldBar({ hold }: { hold: Hold }) {
  return (
    <p class="held" role="status">
      <Icon name="pause" size={14} />
      <b>{t("held_until", { time: i18n.value.clock(hold.until) })}</b>
      <span dir="auto">{hold.reason}</span>
    </p>
  );
}
