import { useEffect, useRef } from "preact/hooks";
import { stopwatch } from "../../core/i18n.ts";
import type { Filing, Session } from "../../proto/types.gen.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { safeHref } from "../../ui/text.tsx";
import { useDesk } from "../desk/context.ts";
import { type Held, isLive } from "../desk/desk.ts";
import { FilingPanel } from "../filing/filing-panel.tsx";
import { addressOf } from "../router.ts";
import type { PastTalks } from "../thread/past.ts";
import { i18n, t, worded } from "../words.ts";
import { Rated } from "./rated.tsx";
import { Why } from "./why.tsx";

export interface ContextPaneProps {
  talk: Held;
  past: PastTalks;
  /** Where there is no room beside the talk, it is a drawer over it. */
  open: boolean;
  onClose(): void;
  filing: boolean;
  onFiling(on: boolean): void;
  onFiled(): void;
}

export function ContextPane(props: ContextPaneProps) {
  const { talk, past, open, onClose, filing, onFiling, onFiled } = props;
  const desk = useDesk();
  const pane = useRef<HTMLElement>(null);
  const { session } = talk;
  useEffect(() => {
    if (open) pane.current?.focus();
  }, [open]);
  return (
    <aside
      ref={pane}
      class="context"
      data-open={open}
      aria-label={t("context")}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" && open) onClose();
      }}
    >
      <div class="context-who">
        <Avatar name={session.customer.name} size={40} />
        <div>
          <h2 dir="auto">{session.customer.name}</h2>
          <small>{session.customer.verified ? t("verified") : t("not_verified")}</small>
        </div>
        <span class="context-close">
          <Button kind="quiet" icon="close" label={t("close")} onClick={onClose} />
        </span>
      </div>
      {desk.isMine(session) && isLive(session) ? (
        <section class="context-part">
          {filing ? (
            <>
              <FilingPanel talk={talk} onFiled={onFiled} />
              <Button kind="quiet" onClick={() => onFiling(false)}>
                {t("later")}
              </Button>
            </>
          ) : (
            <Button icon="tag" onClick={() => onFiling(true)}>
              {session.disposition ? t("file_again") : t("file_now")}
            </Button>
          )}
        </section>
      ) : null}
      {session.disposition ? <Filed filing={session.disposition} /> : null}
      {session.rating ? <Rated rating={session.rating} /> : null}
      <Facts session={session} />
      <Answers session={session} />
      <Why talk={talk} />
      <Earlier past={past} />
    </aside>
  );
}

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

export function Facts({ session }: { session: Session }) {
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
    [t("fact_category"), desk.names.category(session.category_id)],
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

function Earlier({ past }: { past: PastTalks }) {
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
            <a href={addressOf("records", one.session_id)}>
              <span class="db-number">{i18n.value.date(one.created_at)}</span>
              <span>{one.disposition ? worded(one.disposition.label) : t(`state_${one.state}`)}</span>
              <small>{one.agent?.name}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
