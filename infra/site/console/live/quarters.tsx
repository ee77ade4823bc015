import { useEffect, useRef } from "preact/hooks";
import type { LiveQueue } from "../../proto/types.gen.ts";
import { i18n, t } from "../words.ts";
import type { Chart } from "./chart.ts";
import { quartersOf } from "./quarter.ts";

/** Chats per quarter of an hour: drawn, and in figures for whoever doesn't see a drawing. */
export function Quarters({ queues }: { queues: readonly LiveQueue[] }) {
  const quarters = quartersOf(queues);
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const data = JSON.stringify(quarters);
  const words = [t("live_queued"), t("live_abandoned")] as const;
  const said = words.join("|");
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when its words are others
  useEffect(() => {
    let left = false;
    import("./chart.ts").then(
      async ({ drawn }) => {
        if (!box.current) return;
        const made = await drawn(box.current, words, (at) => i18n.peek().clock(at));
        if (left) {
          made.end();
          return;
        }
        chart.current = made;
        made.set(quarters);
      },
      () => undefined,
    );
    return () => {
      left = true;
      chart.current?.end();
      chart.current = null;
    };
  }, [said, quarters.length > 0]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is all that it holds
  useEffect(() => chart.current?.set(quarters), [data]);
  if (quarters.length === 0) return <p class="context-none">{t("live_nothing")}</p>;
  return (
    <>
      <div ref={box} class="live-chart" role="img" aria-label={t("live_quarters")} />
      <details class="live-figures-table">
        <summary>{t("live_table")}</summary>
        <table class="live-table">
          <thead>
            <tr>
              <th scope="col">{t("live_time")}</th>
              {words.map((word) => (
                <th scope="col" key={word}>
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {quarters.map(({ at, queued, abandoned }) => (
              <tr key={at}>
                <th scope="row" class="db-number">
                  {i18n.value.clock(at)}
                </th>
                <td class="db-number">{queued}</td>
                <td class="db-number">{abandoned}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
