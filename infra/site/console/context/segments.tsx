import { stopwatch } from "../../core/i18n.ts";
import type { Segment, Session } from "../../proto/types.gen.ts";
import { useDesk } from "../desk/context.ts";
import { i18n, t } from "../words.ts";

const ENDINGS = ["assigned", "ended_by_agent", "ended_by_customer", "ended_by_system"] as const;

/** Who had it, from when to when, and how it went on. */
export function Segments({ session }: { session: Session }) {
  if (session.segments.length === 0) return null;
  return (
    <section class="context-part" aria-label={t("segments")}>
      <h3>{t("segments")}</h3>
      <ol class="segments">
        {session.segments.map((segment) => (
          <Period key={segment.started_at + (segment.agent?.id ?? "")} segment={segment} />
        ))}
      </ol>
    </section>
  );
}

function Period({ segment }: { segment: Segment }) {
  const desk = useDesk();
  const { agent, queue_id, started_at, ended_at, ended_how } = segment;
  const ending = ENDINGS.find((one) => one === ended_how);
  const lasted = ended_at ? stopwatch((Date.parse(ended_at) - Date.parse(started_at)) / 1000) : null;
  return (
    <li>
      <b>{agent?.name ?? t("segment_queue", { queue: desk.names.queue(queue_id) })}</b>
      <span class="db-number">
        {i18n.value.clock(started_at)}
        {ended_at ? ` – ${i18n.value.clock(ended_at)}` : ""}
        {lasted ? ` · ${lasted}` : ""}
      </span>
      {ending ? <small>{t(`segment_${ending}`)}</small> : null}
    </li>
  );
}
