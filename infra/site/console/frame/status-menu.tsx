import type { Ref } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Page, RoutingStatus } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { Menu } from "../../ui/popover.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { t, whyNot } from "../words.ts";

const STATUSES = ["accepting", "busy", "break", "offline"] as const satisfies RoutingStatus[];
const REASONS = ["break_meal", "break_short", "break_meeting", "break_training"] as const;

/** Whether work comes, and, where the server can't be reached, that nobody can know. */
export function StatusMenu({ button }: { button: Ref<HTMLButtonElement> }) {
  const desk = useDesk();
  const [asking, setAsking] = useState(false);
  const status = desk.status.value;
  const online = desk.link.value === "online" || desk.link.value === "polling";
  const shown = online ? status : "unknown";
  const reason = shown === "break" ? desk.breakReason.value : null;
  const words = online ? t(`status_${status}`) : t("link_connecting");
  const set = async (next: RoutingStatus, why: string | null = null) => {
    try {
      await desk.setStatus(next, why);
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  return (
    <>
      <Menu
        class="db-button status"
        label={t("status_label", { status: reason ? `${words} · ${reason}` : words })}
        title={t("status")}
        button={button}
        face={
          <>
            <span class="status-dot" data-status={shown} />
            <span class="status-words">
              {words}
              {reason ? <small> · {reason}</small> : null}
            </span>
            <Icon name="down" size={14} />
          </>
        }
      >
        {(close) =>
          STATUSES.map((one) => (
            <button
              key={one}
              type="button"
              role="menuitemradio"
              aria-checked={status === one}
              class="db-item status-item"
              onClick={() => {
                close();
                if (one === "break") setAsking(true);
                else void set(one);
              }}
            >
              <span class="status-dot" data-status={one} />
              <span>
                <b>{t(`status_${one}`)}</b>
                <small>{t(`status_${one}_means`)}</small>
              </span>
              {status === one ? <Icon name="check" size={14} /> : null}
            </button>
          ))
        }
      </Menu>
      {asking ? (
        <BreakReasons
          onClose={() => setAsking(false)}
          set={(why) => {
            setAsking(false);
            void set("break", why);
          }}
        />
      ) : null}
    </>
  );
}

/** Kept as written: the words are for colleagues. */
function BreakReasons({ set, onClose }: { set(reason: string | null): void; onClose(): void }) {
  const [other, setOther] = useState("");
  const reasons = useReasons();
  return (
    <Dialog class="break" title={t("break_why")} onClose={onClose}>
      <h2 class="dialog-title">{t("break_why")}</h2>
      {reasons.map((reason) => (
        <button key={reason} type="button" class="db-item" onClick={() => set(reason)}>
          {reason}
        </button>
      ))}
      <form
        class="break-other"
        onSubmit={(event) => {
          event.preventDefault();
          set(other.trim() || null);
        }}
      >
        <input
          class="db-input"
          aria-label={t("break_other")}
          placeholder={t("break_other")}
          maxLength={80}
          value={other}
          onInput={(event) => setOther(event.currentTarget.value)}
        />
        <Button submit>{t("break_start")}</Button>
      </form>
    </Dialog>
  );
}

/** Those that admins keep; the usual ones where they keep none. */
function useReasons(): readonly string[] {
  const desk = useDesk();
  const [kept, setKept] = useState<readonly string[]>([]);
  const may = desk.can("break_reason.read");
  useEffect(() => {
    if (!may) return;
    const stop = new AbortController();
    const query = { limit: 100 };
    rest.get<Page<{ name: string }>>("/v1/break-reasons", { query, signal: stop.signal }).then(
      ({ items }) => setKept(items.map(({ name }) => name)),
      () => undefined,
    );
    return () => stop.abort();
  }, [may]);
  return kept.length > 0 ? kept : REASONS.map((word) => t(word));
}
