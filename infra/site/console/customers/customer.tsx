import { useEffect, useRef, useState } from "preact/hooks";
import type { Customer } from "../../proto/types.gen.ts";
import { adopt } from "../../ui/adopt.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useScroll } from "../../ui/scroll.ts";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { PastTalks } from "../thread/past.ts";
import { PastTalk } from "../thread/past-talk.tsx";
import { i18n, t, whyNot } from "../words.ts";
import { CustomerCard } from "./card.tsx";
import sheet from "./customer.lazy.css";

adopt(sheet);

const NEAR_TOP_PX = 240;

/** All that was ever said with one customer, as one scroll with its newest at the bottom, and what is known of them. */
export function CustomerPage({ customer_id }: { customer_id: string | null }) {
  if (!customer_id) return <p class="lazy">{t("customer_none")}</p>;
  return <OneCustomer key={customer_id} customer_id={customer_id} />;
}

function OneCustomer({ customer_id }: { customer_id: string }) {
  const [past] = useState(() => new PastTalks(customer_id, null));
  const customer = useCustomer(customer_id);
  const sessions = past.sessions.value;
  const name = customer.value?.name ?? sessions?.[0]?.customer.name ?? "";
  return (
    <main class="customer">
      <h1 class="db-hidden">{t("customer_page")}</h1>
      <section class="customer-scroll">
        <header class="record-head">
          <Avatar name={name} />
          <div class="thread-who">
            <h2 dir="auto">{name}</h2>
            <p>{t("customer_page")}</p>
          </div>
        </header>
        <Scroll past={past} />
      </section>
      <aside class="customer-side" aria-label={t("facts")}>
        {customer.value ? <CustomerCard customer={customer.value} onChanged={customer.set} /> : null}
        <section class="context-part" aria-label={t("customer_talks")}>
          <h3>{t("customer_talks")}</h3>
          <ul class="customer-talks">
            {(sessions ?? []).map(({ session_id, number, created_at, state }) => (
              <li key={session_id}>
                <a href={`#/records/${encodeURIComponent(session_id)}`}>{number}</a>
                <span>{i18n.value.date(created_at, { dateStyle: "medium" })}</span>
                <small>{t(`state_${state}`)}</small>
              </li>
            ))}
          </ul>
          {past.more.value ? (
            <Button kind="quiet" onClick={() => past.listMore()}>
              {t("more")}
            </Button>
          ) : null}
        </section>
      </aside>
    </main>
  );
}

type OlderState = "more" | "loading" | "failed" | "all";

function Scroll({ past }: { past: PastTalks }) {
  const [state, setState] = useState<OlderState>("more");
  const [wrong, setWrong] = useState<unknown>(null);
  const busy = useRef(false);
  const shown = past.shown.value;
  const top = `${shown[0]?.session.session_id} ${shown[0]?.messages[0]?.message_id}`;
  const { box, onScroll } = useScroll(top, undefined);
  const load = async () => {
    if (busy.current || state === "all") return;
    busy.current = true;
    setState("loading");
    try {
      setState((await past.showNext()) ? "more" : "all");
    } catch (failure) {
      setWrong(failure);
      setState("failed");
    }
    busy.current = false;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown so far may not fill the box yet
  useEffect(() => {
    const log = box.current;
    if (log && log.scrollHeight <= log.clientHeight) void load();
  }, [shown]);
  const scrolled = () => {
    onScroll();
    if ((box.current?.scrollTop ?? NEAR_TOP_PX) < NEAR_TOP_PX) void load();
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div class="log" ref={box} tabIndex={0} role="log" aria-label={t("log_label")} onScroll={scrolled}>
      <div class="log-top">
        {state === "loading" ? t("loading") : null}
        {state === "more" && shown.length > 0 ? (
          <Button kind="quiet" icon="up" onClick={load}>
            {t("older")}
          </Button>
        ) : null}
        {state === "failed" ? (
          <Notice kind="error">
            {whyNot(wrong)} <Button onClick={load}>{t("retry")}</Button>
          </Notice>
        ) : null}
        {state === "all" ? (shown.length > 0 ? t("log_begins") : t("customer_none")) : null}
      </div>
      {shown.map((one) => (
        <PastTalk key={one.session.session_id} past={one} />
      ))}
    </div>
  );
}

/** What is kept of a customer; null for whoever may not read it. */
function useCustomer(customer_id: string): { value: Customer | null; set(customer: Customer): void } {
  const desk = useDesk();
  const [value, set] = useState<Customer | null>(null);
  const may = desk.can("customer.read");
  useEffect(() => {
    if (!may) return;
    const stop = new AbortController();
    rest
      .get<Customer>(`/v1/customers/${encodeURIComponent(customer_id)}`, { signal: stop.signal })
      .then(set, () => undefined);
    return () => stop.abort();
  }, [customer_id, may]);
  return { value, set };
}
