import { useState } from "preact/hooks";
import type { Session } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { Menu } from "../../ui/popover.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { Lazy } from "../lazy.tsx";
import { t, whyNot } from "../words.ts";

type Aside = "spam" | "test" | "block";
type Asking = Aside | "requeue" | "remind";
const loadRemind = () => import("../reminders/remind.tsx").then(({ Remind }) => Remind);
const ASIDE: readonly (readonly [Aside, IconName, permission: string])[] = [
  ["spam", "alert", "session.spam"],
  ["test", "gear", "session.spam"],
  ["block", "lock", "session.block"],
];

/** What is done with a talk now and then. */
export function MoreMenu({ talk }: { talk: Held }) {
  const desk = useDesk();
  const [asks, setAsks] = useState<Asking | null>(null);
  const { session, session_id, messages } = talk;
  const invited = messages.some(({ system }) => system?.code === "rating_asked") || session.rating !== null;
  const invite = async () => {
    try {
      const path = `/v1/sessions/${encodeURIComponent(session_id)}/ask-rating`;
      desk.client.learn(await rest.post<Session>(path));
      toast({ text: t("rating_invited") });
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  return (
    <>
      <Menu class="db-button square" label={t("more_acts")} face={<Icon name="more" />}>
        {(close) => {
          const then = (act: () => void) => () => {
            close();
            act();
          };
          return (
            <>
              <button type="button" role="menuitem" class="db-item" disabled={invited} onClick={then(invite)}>
                <Icon name="star" size={16} /> {invited ? t("rating_invited") : t("rating_invite")}
              </button>
              <button type="button" role="menuitem" class="db-item" onClick={then(() => setAsks("requeue"))}>
                <Icon name="queue" size={16} /> {t("requeue")}
              </button>
              {desk.can("session.remind") ? (
                <button type="button" role="menuitem" class="db-item" onClick={then(() => setAsks("remind"))}>
                  <Icon name="bell" size={16} /> {t("remind")}
                </button>
              ) : null}
              {ASIDE.filter(([, , permission]) => desk.can(permission)).map(([act, icon]) => (
                <button
                  key={act}
                  type="button"
                  role="menuitem"
                  class="db-item"
                  onClick={then(() => setAsks(act))}
                >
                  <Icon name={icon} size={16} /> {t(act === "test" ? "test_mark" : act)}
                </button>
              ))}
            </>
          );
        }}
      </Menu>
      {asks === "requeue" ? <AskRequeue talk={talk} onClose={() => setAsks(null)} /> : null}
      {asks === "remind" ? (
        <Lazy load={loadRemind} given={{ session_id, onClose: () => setAsks(null) }} />
      ) : null}
      {asks && asks !== "requeue" && asks !== "remind" ? (
        <AskAside talk={talk} act={asks} onClose={() => setAsks(null)} />
      ) : null}
    </>
  );
}

/** It leaves the desk, so it is asked once more. */
function AskRequeue({ talk, onClose }: { talk: Held; onClose(): void }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<unknown>(null);
  const requeue = async () => {
    setBusy(true);
    setWrong(null);
    try {
      await desk.command({ type: "requeue_session", session_id: talk.session_id });
      onClose();
    } catch (failure) {
      setWrong(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("requeue_title")} onClose={onClose}>
      <h2 class="dialog-title">{t("requeue_title")}</h2>
      <p>{t("requeue_ask", { queue: desk.names.queue(talk.session.queue_id) })}</p>
      {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
      <div class="dialog-acts">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button kind="primary" disabled={busy} onClick={requeue}>
          {t("requeue")}
        </Button>
      </div>
    </Dialog>
  );
}

/** It is no valid talk, or its customer may write no more: said what becomes of it before it is. */
function AskAside({ talk, act, onClose }: { talk: Held; act: Aside; onClose(): void }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState<unknown>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      const path = `/v1/sessions/${encodeURIComponent(talk.session_id)}/${act}`;
      const body = act === "block" && reason.trim() ? { reason: reason.trim() } : {};
      desk.client.learn(await rest.post<Session>(path, body));
      onClose();
    } catch (failure) {
      setWrong(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t(`${act}_title`)} onClose={onClose}>
      <h2 class="dialog-title">{t(`${act}_title`)}</h2>
      <form onSubmit={send}>
        <p>{t(`${act}_rule`)}</p>
        {act === "block" ? (
          <label class="db-field">
            <span>{t("block_reason")}</span>
            <input
              class="db-input"
              dir="auto"
              maxLength={200}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
        ) : null}
        {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="danger" submit disabled={busy}>
            {t(act === "test" ? "test_mark" : act)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
