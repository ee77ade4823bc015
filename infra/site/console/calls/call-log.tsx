import { useEffect, useState } from "preact/hooks";
import { stopwatch } from "../../core/i18n.ts";
import type { Call, Page } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { Lazy } from "../lazy.tsx";
import { i18n, t } from "../words.ts";

const loadCallOut = () => import("./call-out.tsx").then(({ CallOut }) => CallOut);

/** Calls to the customer about this talk, and one more. */
export function CallLog({ talk }: { talk: Held }) {
  const desk = useDesk();
  const { session, session_id, version } = talk;
  const [calls, setCalls] = useState<readonly Call[]>([]);
  const [dials, setDials] = useState(false);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version may have another call
  useEffect(() => {
    const stop = new AbortController();
    rest
      .get<Page<Call>>(`/v1/sessions/${encodeURIComponent(session_id)}/calls`, { signal: stop.signal })
      .then(
        ({ items }) => setCalls(items),
        () => undefined,
      );
    return () => stop.abort();
  }, [session_id, version, tries]);
  const may = desk.isMine(session) && desk.can("session.call");
  if (calls.length === 0 && !may) return null;
  return (
    <section class="context-part" aria-label={t("calls")}>
      <h3>
        {t("calls")}
        {may ? (
          <Button kind="quiet" icon="phone" label={t("call_out")} onClick={() => setDials(true)} />
        ) : null}
      </h3>
      <ul class="calls">
        {calls.map(({ id, number, started_at, outcome, status, duration_s, note }) => (
          <li key={id}>
            <b class="db-number">{number}</b>
            <span class="db-number">
              {i18n.value.clock(started_at)}
              {duration_s === null ? "" : ` · ${stopwatch(duration_s)}`}
            </span>
            <span>{t(`call_${outcome ?? status}`)}</span>
            {note ? <small dir="auto">{note}</small> : null}
          </li>
        ))}
      </ul>
      {dials ? (
        <Lazy
          load={loadCallOut}
          given={{ session_id, onClose: () => setDials(false), onChanged: () => setTries(tries + 1) }}
        />
      ) : null}
    </section>
  );
}
