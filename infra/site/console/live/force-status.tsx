import type { LiveAgent, RoutingStatus } from "../../proto/types.gen.ts";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { Menu } from "../../ui/popover.tsx";
import { rest } from "../account.ts";
import { t, whyNot } from "../words.ts";

const STATUSES: readonly RoutingStatus[] = ["accepting", "busy", "break", "offline"];

/** A supervisor sets it for a colleague, who is told by whom. */
export function ForceStatus({ agent, onDone }: { agent: LiveAgent; onDone(): void }) {
  const { id, name } = agent.agent;
  const set = async (status: RoutingStatus) => {
    try {
      await rest.put(`/v1/agents/${encodeURIComponent(id)}/routing-status`, { status });
      onDone();
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  return (
    <Menu class="db-button square" label={t("live_force_of", { who: name })} face={<Icon name="more" />}>
      {(close) =>
        STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            role="menuitemradio"
            aria-checked={agent.routing_status === status}
            class="db-item"
            onClick={() => {
              close();
              void set(status);
            }}
          >
            <span class="status-dot" data-status={status} /> {t(`status_${status}`)}
          </button>
        ))
      }
    </Menu>
  );
}
