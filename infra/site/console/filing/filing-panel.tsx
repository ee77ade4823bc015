import { useEffect, useRef, useState } from "preact/hooks";
import { stopwatch } from "../../core/i18n.ts";
import { ApiError } from "../../core/rest.ts";
import type { Scheme, Session } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { isComposing } from "../../ui/composer.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { type Held, isLive } from "../desk/desk.ts";
import { refusedBy, t, whyNot, worded } from "../words.ts";
import { ChoiceList } from "./choice-list.tsx";
import { choicesOf, grouped, matching } from "./choices.ts";
import { favourites, file, keepSheet, type Resolved, type Sheet, sheetOf } from "./filing.ts";

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
  const groups = grouped(matching(choices, asked), often);
  const visible = groups.flatMap((group) => group.choices);
  const chosen = choices.find(({ option }) => option.option_id === sheet.option_id)?.option ?? null;
  const noteMissing = chosen?.requires_note === true && sheet.note.trim() === "";
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
      await file(desk, session_id, sheet);
      if (thenEnd) await desk.command({ type: "end_session", session_id });
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
      void submit(false);
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
      <ChoiceList groups={groups} chosen={sheet.option_id} onChoose={(option_id) => change({ option_id })} />
      {scheme.value && visible.length === 0 ? <p class="filing-none">{t("filing_none")}</p> : null}
      <div class="filing-more">
        <label class="db-field">
          <span>{chosen?.requires_note ? t("filing_note_required") : t("filing_note")}</span>
          <textarea
            class="db-input"
            rows={2}
            dir="auto"
            maxLength={2000}
            value={sheet.note}
            aria-invalid={noteMissing && wrong !== null}
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
      <div class="filing-acts">
        {wrong !== null ? (
          <Notice kind="error">{wrong === "choose" ? t("filing_choose") : whyNot(wrong)}</Notice>
        ) : null}
        <span class="db-key">{t("filing_keys")}</span>
        {isLive(session) ? (
          <Button disabled={busy || !chosen || noteMissing} onClick={() => submit(true)}>
            {t("file_and_end")}
          </Button>
        ) : null}
        <Button kind="primary" disabled={busy || !chosen || noteMissing} onClick={() => submit(false)}>
          {t("file")}
        </Button>
      </div>
    </section>
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

function useScheme(session_id: string): { value: Scheme | null; failure: string | null } {
  const [value, setValue] = useState<Scheme | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    const stop = new AbortController();
    rest.get<Scheme>(`/v1/sessions/${encodeURIComponent(session_id)}/scheme`, { signal: stop.signal }).then(
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
