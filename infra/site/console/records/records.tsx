import { useEffect, useState } from "preact/hooks";
import type { Message, Page, Session } from "../../proto/types.gen.ts";
import { adopt } from "../../ui/adopt.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { Answers, Facts, Filed } from "../context/context-pane.tsx";
import { useDesk } from "../desk/context.ts";
import { addressOf } from "../router.ts";
import { Lines } from "../thread/messages.tsx";
import { wholeLog } from "../thread/past.ts";
import { Copyable } from "../thread/thread-head.tsx";
import { i18n, t, whyNot, worded } from "../words.ts";
import sheet from "./records.lazy.css";
import { Segments } from "./segments.tsx";

adopt(sheet);

const SHORTEST = 3;
const PAUSE_MS = 250;

/** Finding what was said once, by its service number, and reading it whole. */
export function Records({ session_id }: { session_id: string | null }) {
  return (
    <main class="records" data-open={session_id !== null}>
      <h1 class="db-hidden">{t("records")}</h1>
      <Search here={session_id} />
      {session_id === null ? (
        <section class="record record-none">
          <Icon name="search" size={28} />
          <p>{t("records_hint")}</p>
        </section>
      ) : (
        <Record key={session_id} session_id={session_id} />
      )}
    </main>
  );
}

function Search({ here }: { here: string | null }) {
  const [number, setNumber] = useState("");
  const [found, setFound] = useState<readonly Session[] | null>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  const letters = number.replace(/[^\p{L}\p{N}]/gu, "");
  useEffect(() => {
    if (letters.length < SHORTEST) {
      setFound(null);
      setWrong(null);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const query = { number: letters, limit: 50 };
        const { items } = await rest.get<Page<Session>>("/v1/sessions", { query, signal: stop.signal });
        setFound(items);
        setWrong(null);
      } catch (failure) {
        if (!stop.signal.aborted) setWrong(failure);
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [letters]);
  return (
    <search class="records-find">
      <h2>{t("records")}</h2>
      <label class="db-field">
        <span>{t("service_number")}</span>
        <input
          class="db-input records-number"
          type="search"
          placeholder="K7Q2-9F3M"
          autocomplete="off"
          spellcheck={false}
          maxLength={20}
          autofocus={here === null}
          value={number}
          onInput={(event) => setNumber(event.currentTarget.value)}
        />
      </label>
      {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
      <p class="records-count" role="status">
        {found === null ? t("records_rule") : t("records_found", { n: found.length })}
      </p>
      <ul class="rows">
        {(found ?? []).map((session) => (
          <Found key={session.session_id} session={session} here={here === session.session_id} />
        ))}
      </ul>
    </search>
  );
}

function Found({ session, here }: { session: Session; here: boolean }) {
  const { customer, session_id, number, created_at, disposition, state } = session;
  return (
    <li>
      <a
        class="row"
        href={addressOf("records", session_id)}
        {...(here ? { "aria-current": "true" as const } : {})}
      >
        <Avatar name={customer.name} />
        <span class="row-head">
          <b class="row-name" dir="auto">
            {customer.name}
          </b>
        </span>
        <span class="wait-time db-number">{i18n.value.date(created_at)}</span>
        <span class="row-text">
          <code>{number}</code> · {disposition ? worded(disposition.label) : t(`state_${state}`)}
        </span>
      </a>
    </li>
  );
}

interface Whole {
  session: Session;
  messages: readonly Message[];
}

function Record({ session_id }: { session_id: string }) {
  const [whole, setWhole] = useState<Whole | null>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: trying again is what `tries` is for
  useEffect(() => {
    let left = false;
    const read = async () => {
      try {
        const [session, messages] = await Promise.all([
          rest.get<Session>(`/v1/sessions/${encodeURIComponent(session_id)}`),
          wholeLog(session_id),
        ]);
        if (!left) setWhole({ session, messages });
      } catch (failure) {
        if (!left) setWrong(failure);
      }
    };
    setWrong(null);
    void read();
    return () => {
      left = true;
    };
  }, [session_id, tries]);
  if (wrong !== null)
    return (
      <section class="record record-none">
        <Notice kind="error">{whyNot(wrong)}</Notice>
        <Button onClick={() => setTries(tries + 1)}>{t("retry")}</Button>
      </section>
    );
  if (!whole) return <section class="record record-none">{t("loading")}</section>;
  return <WholeRecord {...whole} />;
}

function WholeRecord({ session, messages }: Whole) {
  const desk = useDesk();
  return (
    <article class="record" aria-label={t("record_of", { number: session.number })}>
      <header class="record-head">
        <a class="db-button square record-back" href={addressOf("records")} aria-label={t("back")}>
          <Icon name="back" />
        </a>
        <div class="thread-who">
          <h2>
            <span dir="auto">{session.customer.name}</span>
            <span class="tag">{t(`state_${session.state}`)}</span>
          </h2>
          <p>
            <Copyable number={session.number} /> ·{" "}
            {i18n.value.date(session.created_at, { dateStyle: "long" })}
          </p>
        </div>
        <span class="no-print">
          <Button icon="print" onClick={() => print()}>
            {t("print")}
          </Button>
        </span>
      </header>
      <div class="record-body">
        <ol class="log-list">
          <Lines messages={messages} session={session} mark={session.marks.customer} now={desk.now.value} />
        </ol>
        <aside class="record-facts" aria-label={t("facts")}>
          {session.disposition ? <Filed filing={session.disposition} /> : null}
          <Facts session={session} />
          <Answers session={session} />
          <Segments session={session} />
        </aside>
      </div>
    </article>
  );
}
