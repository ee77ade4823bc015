import { stopwatch } from "../../core/i18n.ts";
import { useNow } from "../../ui/hooks.ts";
import { t } from "../words.ts";
import { useDesk } from "./context.ts";
import { levelOf, shareOf, type Wait } from "./waits.ts";

/** The 4 px gauge that fills against the target. What it shows is said by the timer beside it. */
export function WaitBar({ wait }: { wait: Wait }) {
  const now = useNow(useDesk().client.clock);
  const share = wait.for === "us" ? shareOf(wait, now) : 0;
  return (
    <span class="wait-bar" data-level={levelOf(share)} aria-hidden="true">
      <i style={{ blockSize: `${Math.min(100, share * 100)}%` }} />
    </span>
  );
}

/** Time waited; late is heavier, has a mark, and is said. */
export function WaitTime({ wait }: { wait: Wait }) {
  const now = useNow(useDesk().client.clock);
  const level = wait.for === "us" ? levelOf(shareOf(wait, now)) : "calm";
  const time = stopwatch((now - wait.since) / 1000);
  const said = wait.for === "us" ? t("waits_for_us", { time }) : t("waits_for_customer", { time });
  return (
    <span class="wait-time db-number" data-level={level} data-for={wait.for}>
      <span class="db-hidden">{level === "late" ? `${said}, ${t("late")}` : said}</span>
      <span aria-hidden="true">{level === "late" ? `${time}!` : time}</span>
    </span>
  );
}
