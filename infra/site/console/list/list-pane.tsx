import { useRef, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { frozen } from "../desk/waits.ts";
import { DueReminders } from "../reminders/due.tsx";
import { place } from "../router.ts";
import { endSelecting, select, selected, selecting } from "../supervise/bulk.ts";
import { ManyBar } from "../supervise/many-bar.tsx";
import { t, whyNot } from "../words.ts";
import { Offers } from "./offers.tsx";
import { Row } from "./row.tsx";

export function ListPane() {
  const desk = useDesk();
  const [pointed, setPointed] = useState(false);
  return (
    <nav class="list" aria-label={t("inbox")}>
      <div class="list-head">
        <h2>{t("inbox")}</h2>
        {desk.can("session.assign", "others") ? (
          <Button
            kind="quiet"
            icon="check"
            label={t("choose_many")}
            aria-pressed={selecting.value}
            onClick={() => {
              if (selecting.value) endSelecting();
              else selecting.value = true;
            }}
          />
        ) : null}
      </div>
      <div
        class="list-rows"
        onPointerEnter={(event) => event.pointerType === "mouse" && setPointed(true)}
        onPointerLeave={() => setPointed(false)}
      >
        <Offers />
        <DueReminders />
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
        {desk.left.value.length > 0 ? (
          <Section name={t("tab_left")} talks={desk.left.value} still={pointed} />
        ) : null}
        {desk.can("session.read", "others") ? <Team still={pointed} /> : null}
        <Closed />
      </div>
      <ManyBar />
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
  return (
    <section aria-label={name}>
      <h3 class="list-section">
        <span>{name}</span>
        <span class="db-number">{talks.length}</span>
      </h3>
      {talks.length === 0 ? empty : <Ordered talks={talks} still={still} />}
    </section>
  );
}

/** Rows don't jump under a pointer. */
function Ordered({ talks, still }: Pick<SectionProps, "talks" | "still">) {
  const shown = useRef<readonly string[]>([]);
  const wanted = talks.map(({ session_id }) => session_id);
  const order = still ? frozen(shown.current, wanted) : wanted;
  shown.current = order;
  const byId = new Map(talks.map((talk) => [talk.session_id, talk]));
  return <Rows talks={order.flatMap((id) => byId.get(id) ?? [])} />;
}

function Rows({ talks }: { talks: readonly Held[] }) {
  const desk = useDesk();
  const here = place.value.session_id;
  const mayChoose = desk.can("session.assign", "others");
  const fresh = desk.fresh.value;
  const now = desk.now.value;
  const chosen = selecting.value ? selected.value : null;
  const order = talks.map(({ session_id }) => session_id);
  return (
    <ul class="rows">
      {talks.map((talk) => (
        <Row
          key={talk.session_id}
          talk={talk}
          chosen={chosen === null ? null : chosen.includes(talk.session_id)}
          onSelect={mayChoose ? (through) => select(talk.session_id, order, through) : undefined}
          here={here === talk.session_id}
          fresh={fresh.has(talk.session_id)}
          second={talk.typing.length > 0 ? now : 0}
        />
      ))}
    </ul>
  );
}

/** What colleagues have, read as long as it is looked at. */
function Team({ still }: { still: boolean }) {
  const desk = useDesk();
  const isOpen = desk.lists.team.value !== null;
  const toggle = () => {
    if (isOpen) desk.lists.team.value = null;
    else void desk.lists.read("team");
  };
  const talks = desk.team.value;
  return (
    <section aria-label={t("tab_team")}>
      <h3 class="list-section">
        <button type="button" class="list-fold" aria-expanded={isOpen} onClick={toggle}>
          <Icon name={isOpen ? "down" : "forward"} size={14} />
          {t("tab_team")}
        </button>
        {isOpen ? <span class="db-number">{talks.length}</span> : null}
      </h3>
      {isOpen && talks.length === 0 ? <p class="list-empty">{t("team_nobody")}</p> : null}
      {isOpen ? <Ordered talks={talks} still={still} /> : null}
    </section>
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
