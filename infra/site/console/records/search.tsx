import { useEffect, useRef, useState } from "preact/hooks";
import type { Page, Session } from "../../proto/types.gen.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { addressOf, ask, place } from "../router.ts";
import { i18n, t, whyNot, worded } from "../words.ts";
import { FilterForm } from "./filter-form.tsx";
import { asAddress, type Filters, filtersIn, queryOf } from "./filters.ts";

const PAUSE_MS = 250;
const PAGE = 25;

/** Finds records by what is in the address, so that a search can be kept, sent and gone back to. */
export function Search({ here }: { here: string | null }) {
  const { asked } = place.value;
  const [filters, setFilters] = useState<Filters>(() => filtersIn(asked));
  const mine = useRef(asked);
  useEffect(() => {
    // The address became another one without us: "back", or a link.
    if (asked !== mine.current) setFilters(filtersIn(asked));
    mine.current = asked;
  }, [asked]);
  const change = (part: Partial<Filters>) => {
    const next = { ...filters, ...part };
    setFilters(next);
    mine.current = asAddress(next);
    ask(mine.current);
  };
  const found = useFound(filters);
  return (
    <search class="records-find">
      <h2>{t("records")}</h2>
      <FilterForm filters={filters} takesFocus={here === null} onChange={change} />
      {found.wrong === null ? null : <Notice kind="error">{whyNot(found.wrong)}</Notice>}
      <p class="records-count" role="status">
        {found.sessions === null
          ? t("records_rule")
          : t(found.next ? "records_found_more" : "records_found", { n: found.sessions.length })}
      </p>
      <ul class="rows">
        {(found.sessions ?? []).map((session) => (
          <Found key={session.session_id} session={session} here={here === session.session_id} />
        ))}
      </ul>
      {found.next ? (
        <p class="records-more">
          <Button disabled={found.busy} onClick={found.more}>
            {t("more")}
          </Button>
        </p>
      ) : null}
    </search>
  );
}

interface Finding {
  sessions: readonly Session[] | null;
  next: string | null;
}

const NONE: Finding = { sessions: null, next: null };

/** A page at once, the next ones when asked for. */
function useFound(filters: Filters) {
  const query = queryOf(filters);
  const key = JSON.stringify(query);
  const [found, setFound] = useState<Finding>(NONE);
  const [wrong, setWrong] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const current = useRef(key);
  current.current = key;
  const read = (cursor: string | null, signal?: AbortSignal) =>
    rest.get<Page<Session>>("/v1/sessions", {
      query: { ...query, cursor, limit: PAGE },
      ...(signal ? { signal } : {}),
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is all that is asked
  useEffect(() => {
    setWrong(null);
    if (query === null) {
      setFound(NONE);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      read(null, stop.signal).then(
        ({ items, next_cursor }) => setFound({ sessions: items, next: next_cursor }),
        (failure) => stop.signal.aborted || setWrong(failure),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key]);
  const more = async () => {
    setBusy(true);
    try {
      const { items, next_cursor } = await read(found.next);
      // Meanwhile something else may be asked.
      if (current.current === key)
        setFound({ sessions: [...(found.sessions ?? []), ...items], next: next_cursor });
    } catch (failure) {
      setWrong(failure);
    }
    setBusy(false);
  };
  return { ...found, wrong, busy, more };
}

function Found({ session, here }: { session: Session; here: boolean }) {
  const { customer, session_id, number, created_at, disposition, rating, state } = session;
  return (
    <li>
      <a
        class="row"
        href={addressOf("records", session_id, place.value.asked)}
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
        {rating ? (
          <span class="row-score db-number" role="img" aria-label={t("rating_of", { score: rating.score })}>
            {rating.score} <Icon name="star" size={12} />
          </span>
        ) : null}
      </a>
    </li>
  );
}
