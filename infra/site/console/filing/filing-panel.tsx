import { useEffect, useRef, useState } from "preact/hooks";
import { stopwatch } from "../../core/i18n.ts";
import { ApiError } from "../../core/rest.ts";
import type { SchemeForSession, Session } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { isComposing } from "../../ui/composer.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { type Held, isLive } from "../desk/desk.ts";
import { refusedBy, t, whyNot, worded } from "../words.ts";
import { ChoiceList } from "./choice-list.tsx";
import { type Choice, choicesOf, grouped, matching } from "./choices.ts";
import { ExtraFields } from "./extra-fields.tsx";
import { isMissing } from "./fields.ts";
import { besides, favourites, file, keepSheet, type Resolved, type Sheet, sheetOf } from "./filing.ts";

const RESOLVED: readonly Resolved[] = ["yes", "partly", "no"];

/** What the talk was about: after it has ended, or while it still goes on. */
export function FilingPanel({ talk, onFiled }: { talk: Held; onFiled(): void }) {
  const desk = useDesk();
  const { session, session_id } = talk;
  const scheme = useScheme(session_id);
  const [asked, setAsked] = useState("");
  const [often] = useState(() => favourites(desk));
  const [wrong, setWrong] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const sheet = sheetOf(desk, session);
  const choices = choicesOf(scheme.value?.options ?? [], worded);
  const groups = grouped(matching(choices, asked), firstOf(scheme.value, often));
  const visible = groups.flatMap((group) => group.choices);
  const chosen = choices.find(({ option }) => option.option_id === sheet.option_id)?.option ?? null;
  const filed = [sheet.option_id, ...sheet.others].flatMap(
    (id) => choices.find(({ option }) => option.option_id === id) ?? [],
  );
  const askedBy = (id: string) => choices.find(({ option }) => option.option_id === id)?.option.fields ?? [];
  const noteMissing = filed.some(({ option }) => option.requires_note) && sheet.note.trim() === "";
  const isIncomplete = !chosen || noteMissing || filed.some(lacksFields(sheet));
  const change = (part: Partial<Sheet>) => {
    setWrong(null);
    keepSheet(desk, session_id, { ...sheet, ...part });
  };
  const submit = async (thenEnd: boolean) => {
    if (busy) return;
    if (!chosen) {
      setWrong("choose");
      return;
    }
    setBusy(true);
    try {
      await file(desk, session_id, sheet, { asked: askedBy, end: thenEnd });
      onFiled();
    } catch (failure) {
      setWrong(failure);
    }
    setBusy(false);
  };
  const press = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void submit(isLive(session));
      return;
    }
    const number = numberPressed(event, search.current, asked);
    const picked = number === null ? undefined : visible[number - 1];
    if (!picked) return;
    event.preventDefault();
    change({ option_id: picked.option.option_id });
  };
  useEffect(() => {
    if (matchMedia("(min-width: 721px)").matches) search.current?.focus();
  }, []);
  return (
    <section class="filing" aria-label={t("filing")} onKeyDown={press}>
      <div class="filing-head">
        <h3>
          {isLive(session) ? t("filing_live") : t("filing")} <TimeLeft session={session} />
          <MoreTime talk={talk} />
        </h3>
        <input
          ref={search}
          class="db-input"
          type="search"
          aria-label={t("filing_search")}
          placeholder={t("filing_search")}
          value={asked}
          onInput={(event) => setAsked(event.currentTarget.value)}
        />
      </div>
      {scheme.failure ? <Notice kind="warning">{scheme.failure}</Notice> : null}
      <ChoiceList
        groups={groups}
        chosen={sheet.option_id}
        others={sheet.others}
        onChoose={(option_id) =>
          change({ option_id, others: sheet.others.filter((one) => one !== option_id) })
        }
        onBesides={(option_id) => change(besides(sheet, option_id))}
      />
      {scheme.value && visible.length === 0 ? <p class="filing-none">{t("filing_none")}</p> : null}
      <Besides {...{ session_id, sheet, filed, noteMissing, change }} isTried={wrong !== null} />
      <div class="filing-acts">
        {wrong !== null ? (
          <Notice kind="error">{wrong === "choose" ? t("filing_choose") : whyNot(wrong)}</Notice>
        ) : null}
        <span class="db-key">{t(isLive(session) ? "filing_keys_live" : "filing_keys")}</span>
        {isLive(session) ? (
          <Button disabled={busy || isIncomplete} onClick={() => submit(true)}>
            {t("file_and_end")}
          </Button>
        ) : null}
        <Button kind="primary" disabled={busy || isIncomplete} onClick={() => submit(false)}>
          {t("file")}
        </Button>
      </div>
    </section>
  );
}

/** What a talk of this category was filed as last, then what this agent used last. */
function firstOf(scheme: SchemeForSession | null, often: readonly string[]): readonly string[] {
  const suggested = scheme?.suggested ?? null;
  return suggested === null ? often : [suggested, ...often.filter((one) => one !== suggested)];
}

function lacksFields({ fields }: Sheet): (choice: Choice) => boolean {
  return ({ option }) => isMissing(option.fields ?? [], fields[option.option_id] ?? {});
}

interface BesidesProps {
  session_id: string;
  sheet: Sheet;
  /** What is chosen, the first before the others. */
  filed: readonly Choice[];
  noteMissing: boolean;
  isTried: boolean;
  change(part: Partial<Sheet>): void;
}

/** What is said besides the choice: its own fields, a note, and whether it is resolved. */
function Besides({ session_id, sheet, filed, noteMissing, isTried, change }: BesidesProps) {
  return (
    <div class="filing-more">
      {filed.map(({ option, label }) =>
        option.fields?.length ? (
          <fieldset key={option.option_id} class="filing-fields">
            <legend>{label}</legend>
            <ExtraFields
              fields={option.fields}
              values={sheet.fields[option.option_id] ?? {}}
              set={(values) => change({ fields: { ...sheet.fields, [option.option_id]: values } })}
            />
          </fieldset>
        ) : null,
      )}
      <label class="db-field">
        <span>
          {filed.some(({ option }) => option.requires_note) ? t("filing_note_required") : t("filing_note")}
        </span>
        <textarea
          class="db-input"
          rows={2}
          dir="auto"
          maxLength={2000}
          value={sheet.note}
          aria-invalid={noteMissing && isTried}
          onInput={(event) => change({ note: event.currentTarget.value })}
        />
      </label>
      <fieldset class="resolved">
        <legend>{t("resolved")}</legend>
        {RESOLVED.map((value) => (
          <label key={value}>
            <input
              type="radio"
              name={`resolved-${session_id}`}
              checked={sheet.resolved === value}
              onChange={() => change({ resolved: value })}
            />
            <span>{t(`resolved_${value}`)}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function TimeLeft({ session }: { session: Session }) {
  const now = useDesk().now.value;
  const { state, wrap_up_until } = session;
  if (state === "closed") return <small>{t("filing_late")}</small>;
  if (state !== "wrap_up" || !wrap_up_until) return null;
  return (
    <small class="db-number">
      {t("filing_left", { time: stopwatch((Date.parse(wrap_up_until) - now) / 1000) })}
    </small>
  );
}

/** Once, while the time for it lasts. */
function MoreTime({ talk }: { talk: Held }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const { session, session_id, messages } = talk;
  const ended = messages.findLastIndex(({ system }) => system?.code.startsWith("ended_by"));
  const extended = messages.slice(ended + 1).some(({ system }) => system?.code === "wrap_up_extended");
  if (session.state !== "wrap_up" || !session.wrap_up_until || extended) return null;
  const extend = async () => {
    setBusy(true);
    try {
      const path = `/v1/sessions/${encodeURIComponent(session_id)}/extend-wrap-up`;
      desk.client.learn(await rest.post<Session>(path));
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
    setBusy(false);
  };
  return (
    <Button kind="quiet" icon="plus" label={t("filing_more_time")} disabled={busy} onClick={extend}>
      <span class="act-name">{t("filing_more_time")}</span>
    </Button>
  );
}

/** 1–9, unless somebody writes. */
function numberPressed(event: KeyboardEvent, search: HTMLElement | null, asked: string): number | null {
  if (event.altKey || event.ctrlKey || event.metaKey || !/^[1-9]$/.test(event.key)) return null;
  if (event.target instanceof HTMLTextAreaElement) return null;
  if (event.target === search && asked !== "") return null;
  return Number(event.key);
}

function useScheme(session_id: string): { value: SchemeForSession | null; failure: string | null } {
  const [value, setValue] = useState<SchemeForSession | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    const stop = new AbortController();
    rest
      .get<SchemeForSession>(`/v1/sessions/${encodeURIComponent(session_id)}/scheme`, { signal: stop.signal })
      .then(
        (scheme) => {
          setValue(scheme);
          setFailed(null);
        },
        (failure) => {
          if (!stop.signal.aborted) setFailed(failure);
        },
      );
    return () => stop.abort();
  }, [session_id]);
  const failure = failed instanceof ApiError ? refusedBy(failed.code) : failed ? whyNot(failed) : null;
  return { value, failure };
}
