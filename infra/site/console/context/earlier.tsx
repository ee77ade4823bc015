import { useEffect, useState } from "preact/hooks";
import type { Message, Session } from "../../proto/types.gen.ts";
import { Icon } from "../../ui/icon.tsx";
import { useDesk } from "../desk/context.ts";
import { addressOf } from "../router.ts";
import { Lines } from "../thread/messages.tsx";
import { type PastTalks, wholeLog } from "../thread/past.ts";
import { i18n, t, whyNot, worded } from "../words.ts";

/** The customer's talks before this one; each opens where it stands. */
export function Earlier({ past }: { past: PastTalks }) {
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    past.list().catch(() => undefined);
  }, [past]);
  const sessions = past.sessions.value;
  if (!sessions) return null;
  return (
    <section class="context-part" aria-label={t("earlier_talks")}>
      <h3>
        {t("earlier_talks")} <span class="db-number">{sessions.length}</span>
      </h3>
      {sessions.length === 0 ? <p class="context-none">{t("earlier_none")}</p> : null}
      <ul class="earlier">
        {sessions.map((one) => (
          <li key={one.session_id}>
            <button
              type="button"
              aria-expanded={open === one.session_id}
              onClick={() => setOpen(open === one.session_id ? null : one.session_id)}
            >
              <span class="db-number">{i18n.value.date(one.created_at)}</span>
              <span>{one.disposition ? worded(one.disposition.label) : t(`state_${one.state}`)}</span>
              <small>{one.agent?.name}</small>
              <Icon name={open === one.session_id ? "up" : "down"} size={12} />
            </button>
            {open === one.session_id ? <Opened session={one} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Opened({ session }: { session: Session }) {
  const desk = useDesk();
  const [messages, setMessages] = useState<readonly Message[] | null>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  const { session_id, number } = session;
  useEffect(() => {
    let left = false;
    wholeLog(session_id).then(
      (found) => left || setMessages(found),
      (failure) => left || setWrong(failure),
    );
    return () => {
      left = true;
    };
  }, [session_id]);
  const label = t("earlier_talk", { number });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="earlier-log" aria-label={label} tabIndex={0}>
      <a href={addressOf("records", session_id)}>{label}</a>
      {wrong === null ? null : <p>{whyNot(wrong)}</p>}
      {messages === null && wrong === null ? <p>{t("loading")}</p> : null}
      <ol class="log-list">
        <Lines messages={messages ?? []} session={session} mark={null} today={desk.today.value} />
      </ol>
    </section>
  );
}
