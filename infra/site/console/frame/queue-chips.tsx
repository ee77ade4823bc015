import { stopwatch } from "../../core/i18n.ts";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { levelOf, shareOf } from "../desk/waits.ts";
import { go } from "../router.ts";
import { t } from "../words.ts";

/** Each queue with how many wait, and how long the first of them. */
export function QueueChips() {
  const desk = useDesk();
  const queues = [...desk.names.queues.value.values()];
  const waiting = desk.waiting.value;
  if (desk.lists.queue.value === null) return null;
  return (
    <ul class="chips" aria-label={t("queues")}>
      {queues.map(({ id, name }) => (
        <Chip key={id} name={name} waiting={waiting.filter(({ session }) => session.queue_id === id)} />
      ))}
    </ul>
  );
}

function Chip({ name, waiting }: { name: string; waiting: readonly Held[] }) {
  const desk = useDesk();
  const now = desk.now.value;
  const waits = waiting.map((talk) => desk.waitOf(talk)).filter((wait) => wait !== null);
  const longest = Math.max(0, ...waits.map((wait) => now - wait.since));
  const level = levelOf(Math.max(0, ...waits.map((wait) => shareOf(wait, now))));
  const time = stopwatch(longest / 1000);
  const first = waiting[0];
  const said = first
    ? t("queue_waiting", { queue: name, n: waiting.length, time })
    : t("queue_empty", { queue: name });
  return (
    <li>
      <button
        type="button"
        class="chip db-number"
        data-level={first ? level : "none"}
        title={said}
        disabled={!first}
        onClick={() => first && go("inbox", first.session_id)}
      >
        <span>{name}</span>
        <b>{waiting.length}</b>
        {first ? <span>{level === "late" ? `${time}!` : time}</span> : null}
      </button>
    </li>
  );
}
