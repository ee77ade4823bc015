import { stopwatch } from "../../core/i18n.ts";
import type { Filing, Session } from "../../proto/types.gen.ts";
import { Icon } from "../../ui/icon.tsx";
import { safeHref } from "../../ui/text.tsx";
import { useDesk } from "../desk/context.ts";
import { i18n, t, worded } from "../words.ts";

export function Filed({ filing }: { filing: Filing }) {
  return (
    <section class="context-part" aria-label={t("filed_as")}>
      <h3>{t("filed_as")}</h3>
      <p class="filed">
        <Icon name="tag" size={14} /> {[...filing.path, filing.label].map(worded).join(" › ")}
      </p>
      {filing.resolved ? (
        <p>
          {t("resolved")} {t(`resolved_${filing.resolved}`)}
        </p>
      ) : null}
      {filing.note ? (
        <p class="filed-note" dir="auto">
          {filing.note}
        </p>
      ) : null}
      <small>
        {filing.filed_by?.name} ·{" "}
        {i18n.value.date(filing.filed_at, { dateStyle: "medium", timeStyle: "short" })}
      </small>
    </section>
  );
}

/** `but`: what stands elsewhere. */
export function Facts({ session, but = "" }: { session: Session; but?: "category" | "" }) {
  const desk = useDesk();
  const at = (moment: string | null) =>
    moment
      ? i18n.value.date(moment, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" })
      : null;
  const queued = session.queued_at;
  const waited =
    queued && session.assigned_at
      ? stopwatch((Date.parse(session.assigned_at) - Date.parse(queued)) / 1000)
      : null;
  const facts: readonly [string, string | null][] = [
    [t("fact_category"), but === "category" ? null : desk.names.category(session.category_id)],
    [t("fact_source"), desk.names.source(session.source_id)],
    [t("fact_queue"), desk.names.queue(session.queue_id)],
    [t("fact_page"), session.page],
    [t("fact_level"), session.customer.level],
    [t("fact_began"), at(session.created_at)],
    [t("fact_waited"), waited],
    [t("fact_first_reply"), at(session.first_reply_at)],
    [t("fact_ended"), at(session.ended_at)],
  ];
  return (
    <section class="context-part" aria-label={t("facts")}>
      <h3>{t("facts")}</h3>
      <dl class="facts">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{linked(value)}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </section>
  );
}

function linked(value: string) {
  const href = /^https?:/.test(value) ? safeHref(value) : null;
  if (!href) return value;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {value.replace(/^https?:\/\//, "")}
    </a>
  );
}

export function Answers({ session }: { session: Session }) {
  const answers = Object.entries(session.answers);
  if (answers.length === 0) return null;
  return (
    <section class="context-part" aria-label={t("answers")}>
      <h3>{t("answers")}</h3>
      <dl class="facts">
        {answers.map(([question, answer]) => (
          <div key={question}>
            <dt>{question}</dt>
            <dd dir="auto">{answer}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
