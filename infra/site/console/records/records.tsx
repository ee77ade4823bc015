import { useEffect, useMemo, useState } from "preact/hooks";
import type { Message, Session } from "../../proto/types.gen.ts";
import { adopt } from "../../ui/adopt.ts";
import { Button } from "../../ui/button.tsx";
import { useGrowing } from "../../ui/hooks.ts";
import { Icon } from "../../ui/icon.tsx";
import { Notice } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { Answers, Facts, Filed } from "../context/facts.tsx";
import { Rated } from "../context/rated.tsx";
import { Segments } from "../context/segments.tsx";
import { Timeline } from "../context/timeline.tsx";
import { useDesk } from "../desk/context.ts";
import { addressOf, place } from "../router.ts";
import { Lines } from "../thread/messages.tsx";
import { wholeLog } from "../thread/past.ts";
import { Copyable } from "../thread/thread-head.tsx";
import { i18n, t, whyNot } from "../words.ts";
import sheet from "./records.lazy.css";
import { SaveMenu } from "./save-menu.tsx";
import { Search } from "./search.tsx";

adopt(sheet);

const SHOWN_AT_ONCE = 100;

/** Finding what was said once, and reading it whole. */
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
  const shown = useGrowing(messages.length, SHOWN_AT_ONCE);
  const drawn = useMemo(() => messages.slice(0, shown), [messages, shown]);
  return (
    <article class="record" aria-label={t("record_of", { number: session.number })}>
      <header class="record-head">
        <a
          class="db-button square record-back"
          href={addressOf("records", null, place.value.asked)}
          aria-label={t("back")}
        >
          <Icon name="back" />
        </a>
        <div class="thread-who">
          <h2>
            <a
              class="customer-link"
              href={addressOf("customers", session.customer.id)}
              title={t("customer_page")}
              dir="auto"
            >
              {session.customer.name}
            </a>
            <span class="tag">{t(`state_${session.state}`)}</span>
          </h2>
          <p>
            <Copyable number={session.number} /> ·{" "}
            {i18n.value.date(session.created_at, { dateStyle: "long" })}
          </p>
        </div>
        <SaveMenu session={session} />
      </header>
      <div class="record-body">
        <ol class="log-list">
          <Lines messages={drawn} session={session} mark={session.marks.customer} today={desk.today.value} />
        </ol>
        <aside class="record-facts" aria-label={t("facts")}>
          {session.disposition ? <Filed filing={session.disposition} /> : null}
          {session.rating ? <Rated rating={session.rating} /> : null}
          <Facts session={session} />
          <Answers session={session} />
          <Segments session={session} />
          <Timeline session={session} />
        </aside>
      </div>
    </article>
  );
}
