import { useEffect, useRef, useState } from "preact/hooks";
import type { Agent, Session, Stored } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Composer } from "../../ui/composer.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { Popover } from "../../ui/popover.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { Lazy } from "../lazy.tsx";
import { t, whyNot } from "../words.ts";

const loadAssign = () => import("./assign.tsx").then(({ Assign }) => Assign);

/** In place of where one writes, beside a colleague's talk: it is watched as it goes on, and helped along where one may. */
export function WatchBar({ talk }: { talk: Held }) {
  const desk = useDesk();
  const { session, session_id } = talk;
  const [assigns, setAssigns] = useState(false);
  const path = `/v1/sessions/${encodeURIComponent(session_id)}`;
  useWatched(session_id);
  const act = async (does: () => Promise<Session>) => {
    try {
      desk.client.learn(await does());
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  const assign = async ({ id }: Agent, over_capacity: boolean) => {
    desk.client.learn(await rest.post<Session>(`${path}/assign`, { agent_id: id, over_capacity }));
  };
  return (
    <section class="watch" aria-label={t("watching")}>
      <div class="watch-line">
        <p>
          <Icon name="eye" size={16} /> {t("thread_with", { who: session.agent?.name ?? "" })}
        </p>
        {desk.can("session.assign", "others") ? (
          <Button onClick={() => setAssigns(true)}>{t("assign")}</Button>
        ) : null}
        {desk.can("session.take_over", "others") ? (
          <Button onClick={() => act(() => rest.post<Session>(`${path}/take-over`))}>{t("take_over")}</Button>
        ) : null}
        {desk.can("session.end", "others") ? (
          <ForceEnd onEnd={() => act(() => rest.post<Session>(`${path}/end`))} />
        ) : null}
      </div>
      {desk.can("session.whisper", "others") ? (
        <Whisper session_id={session_id} who={session.agent?.name ?? ""} />
      ) : null}
      {assigns ? (
        <Lazy load={loadAssign} given={{ count: 1, assign, onClose: () => setAssigns(false) }} />
      ) : null}
    </section>
  );
}

/** All that is said comes here too, as long as one looks. What was said before the watch is caught up with. */
function useWatched(session_id: string): void {
  const desk = useDesk();
  const isOnline = desk.link.value === "online";
  useEffect(() => {
    if (!isOnline) return;
    const asked = { what: "session", session_id } as const;
    desk.command({ type: "watch", ...asked }).then(
      () => desk.lists.readOne(session_id),
      () => undefined,
    );
    return () => {
      desk.command({ type: "unwatch", ...asked }).catch(() => undefined);
    };
  }, [desk, session_id, isOnline]);
}

function Whisper({ session_id, who }: { session_id: string; who: string }) {
  const desk = useDesk();
  const field = useRef<HTMLTextAreaElement>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  const [id, setId] = useState(() => desk.client.newId());
  const text = desk.drafts.get(session_id, "note");
  const send = async () => {
    const told = text.trim();
    if (!told) return;
    setWrong(null);
    try {
      const path = `/v1/sessions/${encodeURIComponent(session_id)}/whisper`;
      await rest.post<Stored>(path, { client_id: id, text: told });
      desk.drafts.set(session_id, "note", "");
      setId(desk.client.newId());
    } catch (failure) {
      setWrong(failure);
    }
    field.current?.focus();
  };
  return (
    <div class="reply whisper" data-mode="note">
      {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
      <Composer
        field={field}
        value={text}
        label={t("whisper_to", { who })}
        onInput={(words) => desk.drafts.set(session_id, "note", words)}
        onSend={send}
      />
      <Button kind="primary" disabled={text.trim() === ""} onClick={send}>
        {t("whisper")}
      </Button>
    </div>
  );
}

function ForceEnd({ onEnd }: { onEnd(): Promise<void> }) {
  return (
    <Popover title={t("end_title")} label={t("end")} face={t("end")}>
      {(close) => (
        <div class="ask">
          <p>{t("end_force_ask")}</p>
          <div class="ask-acts">
            <Button onClick={close}>{t("cancel")}</Button>
            <Button kind="danger" data-first onClick={() => onEnd().then(close)}>
              {t("end_now")}
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}
