import { useEffect, useState } from "preact/hooks";
import type { Message, Page, Session } from "../../proto/types.gen.ts";
import { Clock } from "../../ui/time.tsx";
import { rest } from "../account.ts";
import { i18n, systemWords, t } from "../words.ts";

/** What became of it, step by step. */
export function Timeline({ session }: { session: Session }) {
  const [steps, setSteps] = useState<readonly Message[]>([]);
  const { session_id, version } = session;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version has another step
  useEffect(() => {
    const stop = new AbortController();
    const path = `/v1/sessions/${encodeURIComponent(session_id)}/timeline`;
    rest.get<Page<Message>>(path, { signal: stop.signal }).then(
      ({ items }) => setSteps(items),
      // The log beside it says the same.
      () => undefined,
    );
    return () => stop.abort();
  }, [session_id, version]);
  if (steps.length === 0) return null;
  return (
    <section class="context-part" aria-label={t("timeline")}>
      <h3>{t("timeline")}</h3>
      <ol class="timeline">
        {steps.map((step) => (
          <li key={step.message_id}>
            <Clock at={step.sent_at} i18n={i18n.value} />
            <span>{systemWords(step, session.disposition)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
