import { useState } from "preact/hooks";
import type { Session } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { Menu } from "../../ui/popover.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { t, whyNot } from "../words.ts";

/** What is done with a talk now and then. */
export function MoreMenu({ talk }: { talk: Held }) {
  const desk = useDesk();
  const [asks, setAsks] = useState(false);
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
              <button type="button" role="menuitem" class="db-item" onClick={then(() => setAsks(true))}>
                <Icon name="queue" size={16} /> {t("requeue")}
              </button>
            </>
          );
        }}
      </Menu>
      {asks ? <AskRequeue talk={talk} onClose={() => setAsks(false)} /> : null}
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
