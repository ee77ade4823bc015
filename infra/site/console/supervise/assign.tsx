import { useState } from "preact/hooks";
import type { Agent } from "../../proto/types.gen.ts";
import { adopt } from "../../ui/adopt.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { t, whyNot } from "../words.ts";
import { useAgents } from "./agents.ts";
import sheet from "./supervise.lazy.css";

adopt(sheet);

export interface AssignProps {
  /** How many are given. */
  count: number;
  assign(agent: Agent, overCapacity: boolean): Promise<void>;
  onClose(): void;
}

/** Gives work to one agent, asked or not; over a full desk only where one says so. */
export function Assign({ count, assign, onClose }: AssignProps) {
  const { agents, wrong: unread } = useAgents();
  const [chosen, setChosen] = useState<Agent | null>(null);
  const [over, setOver] = useState(false);
  const [wrong, setWrong] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (!chosen) return;
    setBusy(true);
    setWrong(null);
    try {
      await assign(chosen, over);
      onClose();
    } catch (failure) {
      setWrong(failure);
    }
    setBusy(false);
  };
  const title = t("assign_title", { n: count });
  return (
    <Dialog title={title} class="assign" onClose={onClose}>
      <h2 class="dialog-title">{title}</h2>
      <form onSubmit={send}>
        {unread === null ? null : <Notice kind="error">{whyNot(unread)}</Notice>}
        <fieldset class="assign-agents">
          <legend class="db-hidden">{t("assign_to")}</legend>
          {agents === null && unread === null ? <p>{t("loading")}</p> : null}
          {(agents ?? []).map((agent) => (
            <label key={agent.id} class="target">
              <input
                type="radio"
                name="agent"
                checked={chosen?.id === agent.id}
                onChange={() => setChosen(agent)}
              />
              <Avatar name={agent.alias} size={28} />
              <span class="target-name" dir="auto">
                {agent.alias}
              </span>
              <small>
                {agent.connected ? t(`status_${agent.routing_status}`) : t("agent_not_here")} ·{" "}
                {t("load", { used: Math.ceil(agent.load), all: agent.capacity })}
              </small>
            </label>
          ))}
        </fieldset>
        <label class="assign-over">
          <input type="checkbox" checked={over} onChange={(event) => setOver(event.currentTarget.checked)} />
          {t("assign_over")}
        </label>
        {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" submit disabled={busy || !chosen}>
            {t("assign")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
