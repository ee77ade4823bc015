import { memo } from "preact/compat";
import { typingNow } from "../../core/store.ts";
import type { Session } from "../../proto/types.gen.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Icon } from "../../ui/icon.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { WaitBar, WaitTime } from "../desk/wait.tsx";
import type { Wait } from "../desk/waits.ts";
import { Due } from "../left/answer-bar.tsx";
import { addressOf } from "../router.ts";
import { i18n, t, worded } from "../words.ts";
import { lastLine } from "./last-line.ts";

interface RowProps {
  talk: Held;
  here: boolean;
  /** Whether it is one of several chosen; null where rows are opened, not chosen. */
  chosen: boolean | null;
  onSelect: ((through: boolean) => void) | undefined;
  fresh: boolean;
  /** How many seconds' worth of drawing is needed: only a typing mark fades by itself. */
  second: number;
}

function RowLine({ talk, here, fresh, chosen, onSelect }: RowProps) {
  const desk = useDesk();
  const { session, session_id } = talk;
  const name = session.customer.name;
  const wait = desk.waitOf(talk);
  const unread = desk.unread(talk);
  const whose = session.agent && !desk.isMine(session) ? session.agent.name : null;
  const about = whose ?? desk.names.category(session.category_id);
  return (
    <li>
      <a
        class="row"
        href={addressOf("inbox", session_id)}
        data-fresh={fresh}
        data-unread={unread > 0}
        data-chosen={chosen === true}
        onClick={(event) => {
          const chooses = chosen !== null || event.shiftKey || event.ctrlKey || event.metaKey;
          if (!onSelect || !chooses) return;
          event.preventDefault();
          onSelect(event.shiftKey);
        }}
        {...(here ? { "aria-current": "true" as const } : {})}
      >
        {wait ? <WaitBar wait={wait} /> : null}
        {chosen === null ? <Avatar name={name} /> : <Chosen on={chosen} />}
        <span class="row-head">
          <b class="row-name" dir="auto">
            {name}
          </b>
          {session.customer.verified ? (
            <span class="row-verified" role="img" aria-label={t("verified")} title={t("verified")}>
              <Icon name="check" size={12} />
            </span>
          ) : null}
          {about ? <span class="row-category">{about}</span> : null}
        </span>
        <RowTime session={session} wait={wait} />
        <RowText talk={talk} />
        <span class="row-marks">
          {fresh ? <span class="row-new">{t("new")}</span> : null}
          {unread > 0 ? (
            <span class="row-unread db-number">
              <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
              <span class="db-hidden">{t("unread", { n: unread })}</span>
            </span>
          ) : null}
        </span>
      </a>
    </li>
  );
}

/** Drawn again when the talk is another, not each time the list is. */
export const Row = memo(
  RowLine,
  (before, now) =>
    before.talk === now.talk &&
    before.here === now.here &&
    before.chosen === now.chosen &&
    before.fresh === now.fresh &&
    before.second === now.second,
);

function RowTime({ session, wait }: { session: Session; wait: Wait | null }) {
  const { hold, due_at, state, ended_at } = session;
  return (
    <span class="row-time">
      {hold ? <HeldUntil at={hold.until} /> : null}
      {state === "left_message" && due_at ? <Due at={due_at} brief /> : null}
      {wait ? <WaitTime wait={wait} /> : <Ended at={ended_at} />}
    </span>
  );
}

function Chosen({ on }: { on: boolean }) {
  return (
    <span class="db-avatar row-chosen" data-on={on}>
      {on ? <Icon name="check" size={18} /> : null}
      {on ? <span class="db-hidden">{t("chosen")}</span> : null}
    </span>
  );
}

function RowText({ talk }: { talk: Held }) {
  const desk = useDesk();
  if (typingNow(talk, Date.now()).length > 0)
    return <span class="row-text row-typing">{t("is_typing")}</span>;
  const draft = desk.drafts.get(talk.session_id, "reply") || desk.drafts.get(talk.session_id, "note");
  if (draft.trim())
    return (
      <span class="row-text" dir="auto">
        <em class="row-draft">{t("draft")}</em> {draft}
      </span>
    );
  const { state, disposition, hold } = talk.session;
  if (hold?.reason)
    return (
      <span class="row-text" dir="auto">
        {hold.reason}
      </span>
    );
  if (state === "closed" && disposition)
    return (
      <span class="row-text" dir="auto">
        {worded(disposition.label)}
      </span>
    );
  return (
    <span class="row-text" dir="auto">
      {lastLine(desk.lastMessage(talk), desk.me.id, talk.session.disposition)}
    </span>
  );
}

function HeldUntil({ at }: { at: string }) {
  const time = i18n.value.clock(at);
  return (
    <span class="wait-time db-number">
      <span class="db-hidden">{t("held_until", { time })}</span>
      <span aria-hidden="true">
        <Icon name="pause" size={11} /> {time}
      </span>
    </span>
  );
}

function Ended({ at }: { at: string | null }) {
  if (!at) return null;
  const today = new Date(at).toDateString() === new Date().toDateString();
  return <span class="wait-time db-number">{today ? i18n.value.clock(at) : i18n.value.date(at)}</span>;
}
