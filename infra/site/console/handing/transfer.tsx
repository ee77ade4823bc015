import { useEffect, useState } from "preact/hooks";
import type { Page, TransferTarget } from "../../proto/types.gen.ts";
import { adopt } from "../../ui/adopt.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { minutesRange, refusedBy, t, whyNot } from "../words.ts";
import { takeBack } from "./take-back.ts";
import sheet from "./transfer.lazy.css";

adopt(sheet);

type Kind = TransferTarget["kind"];

/** Hands a talk to a colleague, who may decline, or to a queue. Those that can't take it say why. */
export function Transfer({ talk, onClose }: { talk: Held; onClose(): void }) {
  const desk = useDesk();
  const { session, session_id } = talk;
  const [kind, setKind] = useState<Kind>("agent");
  const [chosen, setChosen] = useState<TransferTarget | null>(null);
  const [comment, setComment] = useState("");
  const [wrong, setWrong] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const targets = useTargets(session_id, kind);
  const send = async (event: Event) => {
    event.preventDefault();
    if (!chosen) return;
    setBusy(true);
    setWrong(null);
    try {
      const to = chosen.kind === "agent" ? { to_agent_id: chosen.id } : { to_queue_id: chosen.id };
      await desk.command({ type: "transfer_session", session_id, ...to, comment: comment.trim() });
      await desk.lists.readOne(session_id);
      const words = t(chosen.kind === "agent" ? "transfer_offered" : "transfer_done", { to: chosen.name });
      toast({ text: words, action: { label: t("transfer_cancel"), run: () => takeBack(desk, session_id) } });
      onClose();
    } catch (failure) {
      setWrong(failure);
      targets.again();
    }
    setBusy(false);
  };
  return (
    <Dialog title={t("transfer_title")} class="transfer" onClose={onClose}>
      <h2 class="dialog-title">{t("transfer_title")}</h2>
      <form onSubmit={send}>
        <fieldset class="transfer-kinds">
          <legend class="db-hidden">{t("transfer_to")}</legend>
          {(["agent", "queue"] as const).map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="kind"
                checked={kind === one}
                onChange={() => {
                  setKind(one);
                  setChosen(null);
                }}
              />
              {t(one === "agent" ? "transfer_agent" : "transfer_queue")}
            </label>
          ))}
        </fieldset>
        {targets.wrong === null ? null : <Notice kind="error">{whyNot(targets.wrong)}</Notice>}
        <fieldset class="transfer-targets">
          <legend class="db-hidden">{t("transfer_to")}</legend>
          {targets.items === null && targets.wrong === null ? <p>{t("loading")}</p> : null}
          {targets.items?.length === 0 ? <p>{t("transfer_nobody")}</p> : null}
          {(targets.items ?? []).map((target) => (
            <Target key={target.id} {...{ target, chosen: chosen?.id === target.id }} onChoose={setChosen} />
          ))}
        </fieldset>
        <label class="db-field">
          <span>{t("transfer_comment")}</span>
          <textarea
            class="db-input"
            dir="auto"
            rows={2}
            maxLength={2000}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
        </label>
        <p class="ask-hint">{t(kind === "agent" ? "transfer_agent_rule" : "transfer_queue_rule")}</p>
        {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" submit disabled={busy || !chosen}>
            {chosen ? t("transfer_now", { to: chosen.name }) : t("transfer")}
          </Button>
        </div>
      </form>
      <p class="db-hidden">{session.number}</p>
    </Dialog>
  );
}

interface TargetProps {
  target: TransferTarget;
  chosen: boolean;
  onChoose(target: TransferTarget): void;
}

function Target({ target, chosen, onChoose }: TargetProps) {
  const { id, name, kind, why_not } = target;
  return (
    <label class="target" data-off={why_not !== null}>
      <input
        type="radio"
        name="target"
        value={id}
        checked={chosen}
        disabled={why_not !== null}
        onChange={() => onChoose(target)}
      />
      {kind === "agent" ? <Avatar name={name} size={28} /> : null}
      <span class="target-name" dir="auto">
        {name}
      </span>
      <small>{why_not === null ? stateOf(target) : refusedBy(why_not)}</small>
    </label>
  );
}

function stateOf(target: TransferTarget): string {
  if (target.kind === "agent")
    return t("transfer_free", { free: Math.floor(target.free ?? 0), all: Math.floor(target.capacity ?? 0) });
  const wait = minutesRange(target.wait_low_s, target.wait_high_s);
  return [t("transfer_waiting", { n: target.waiting ?? 0 }), wait].filter(Boolean).join(" · ");
}

function useTargets(session_id: string, kind: Kind) {
  const [items, setItems] = useState<readonly TransferTarget[] | null>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: trying again is what `tries` is for
  useEffect(() => {
    const stop = new AbortController();
    setItems(null);
    setWrong(null);
    const path = `/v1/sessions/${encodeURIComponent(session_id)}/transfer-targets`;
    rest.get<Page<TransferTarget>>(path, { query: { kind, limit: 100 }, signal: stop.signal }).then(
      (page) =>
        setItems(
          [...page.items].sort((one, other) => Number(one.why_not !== null) - Number(other.why_not !== null)),
        ),
      (failure) => stop.signal.aborted || setWrong(failure),
    );
    return () => stop.abort();
  }, [session_id, kind, tries]);
  return { items, wrong, again: () => setTries(tries + 1) };
}
