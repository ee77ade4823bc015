import { useRef, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { frozen } from "../desk/waits.ts";
import { place } from "../router.ts";
import { t, whyNot } from "../words.ts";
import { Row } from "./row.tsx";

export function ListPane() {
  const desk = useDesk();
  const [pointed, setPointed] = useState(false);
  return (
    <nav class="list" aria-label={t("inbox")}>
      <div class="list-head">
        <h2>{t("inbox")}</h2>
      </div>
      <div
        class="list-rows"
        onPointerEnter={(event) => event.pointerType === "mouse" && setPointed(true)}
        onPointerLeave={() => setPointed(false)}
      >
        <Section name={t("tab_mine")} talks={desk.mine.value} still={pointed} empty={<NothingMine />} />
        {desk.onHold.value.length > 0 ? (
          <Section name={t("state_on_hold")} talks={desk.onHold.value} still={pointed} />
        ) : null}
        {desk.wrapUps.value.length > 0 ? (
          <Section name={t("tab_wrap_up")} talks={desk.wrapUps.value} still={pointed} />
        ) : null}
        <Section
          name={t("tab_queue")}
          talks={desk.waiting.value}
          still={pointed}
          empty={<p class="list-empty">{t("queue_nobody")}</p>}
        />
        <Closed />
      </div>
    </nav>
  );
}

function NothingMine() {
  const { status } = useDesk();
  return <p class="list-empty">{status.value === "accepting" ? t("mine_empty") : t("mine_empty_away")}</p>;
}

interface SectionProps {
  name: string;
  talks: readonly Held[];
  /** Somebody points at the rows: they stay where they are. */
  still: boolean;
  empty?: preact.ComponentChildren;
}

function Section({ name, talks, still, empty }: SectionProps) {
  const shown = useRef<readonly string[]>([]);
  const wanted = talks.map(({ session_id }) => session_id);
  const order = still ? frozen(shown.current, wanted) : wanted;
  shown.current = order;
  const byId = new Map(talks.map((talk) => [talk.session_id, talk]));
  return (
    <section aria-label={name}>
      <h3 class="list-section">
        <span>{name}</span>
        <span class="db-number">{talks.length}</span>
      </h3>
      {talks.length === 0 ? empty : <Rows talks={order.flatMap((id) => byId.get(id) ?? [])} />}
    </section>
  );
}

function Rows({ talks }: { talks: readonly Held[] }) {
  const desk = useDesk();
  const here = place.value.session_id;
  const fresh = desk.fresh.value;
  const now = desk.now.value;
  return (
    <ul class="rows">
      {talks.map((talk) => (
        <Row
          key={talk.session_id}
          talk={talk}
          here={here === talk.session_id}
          fresh={fresh.has(talk.session_id)}
          second={talk.typing.length > 0 ? now : 0}
        />
      ))}
    </ul>
  );
}

/** What this agent has filed, read when asked for. */
function Closed() {
  const desk = useDesk();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const read = async (from: "start" | "next") => {
    setBusy(true);
    try {
      await desk.lists.readClosed(from);
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
    setBusy(false);
  };
  const ids = desk.lists.closed.value;
  const talks = (ids ?? []).flatMap((id) => desk.talk(id) ?? []);
  return (
    <section aria-label={t("tab_closed")}>
      <h3 class="list-section">
        <button
          type="button"
          class="list-fold"
          aria-expanded={open}
          onClick={() => {
            if (!open) void read("start");
            setOpen(!open);
          }}
        >
          <Icon name={open ? "down" : "forward"} size={14} />
          {t("tab_closed")}
        </button>
      </h3>
      {open ? (
        <>
          <Rows talks={talks} />
          {ids !== null && talks.length === 0 ? <p class="list-empty">{t("closed_empty")}</p> : null}
          {desk.lists.moreClosed.value ? (
            <Button kind="quiet" disabled={busy} onClick={() => read("next")}>
              {t("more")}
            </Button>
          ) : null}
        </>
      ) : null}
    </section>
  );
}
