import sheet from "uplot/dist/uPlot.min.css";
import { adopt } from "../../ui/adopt.ts";
import type { Quarter } from "./quarter.ts";

adopt(sheet);

export interface Chart {
  set(quarters: readonly Quarter[]): void;
  end(): void;
}

const HEIGHT = 180;
/** Two hours, so that a day that has just begun is no wall. */
const LEAST_S = 7_200;

/** A line per word over the day, in the page's own colours. Fetched with the library when somebody looks. */
export async function drawn(
  box: HTMLElement,
  words: readonly [string, string],
  clock: (at: number) => string,
): Promise<Chart> {
  const { default: UPlot } = await import("uplot");
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    box.append(probe);
    const made = getComputedStyle(probe).color;
    probe.remove();
    return made;
  };
  const font = `12px ${style.getPropertyValue("--family")}`;
  const axis = {
    stroke: colour("text-3"),
    font,
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
  };
  const line = (label: string, name: string) => ({
    label,
    stroke: colour(name),
    width: 2,
    points: { show: true, size: 5 },
  });
  const plot = new UPlot(
    {
      width: Math.max(240, box.clientWidth),
      height: HEIGHT,
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: (_, first, last) => [first, Math.max(last, first + LEAST_S)] },
        y: { range: (_, __, most) => [0, Math.max(4, most)] },
      },
      axes: [
        { ...axis, values: (_, marks) => marks.map((at) => clock(at * 1000)) },
        { ...axis, size: 36 },
      ],
      series: [
        { label: "", value: (_, at) => (at === null ? "" : clock(at * 1000)) },
        { ...line(words[0], "jade"), fill: colour("jade-wash") },
        line(words[1], "vermilion"),
      ],
    },
    [[], [], []],
    box,
  );
  const sizes = new ResizeObserver(() =>
    plot.setSize({ width: Math.max(240, box.clientWidth), height: HEIGHT }),
  );
  sizes.observe(box);
  return {
    set(quarters) {
      // One point alone would stand on an axis of a thousand days, which the library gives it without asking for a range.
      const alone = quarters.length === 1 ? quarters[0] : undefined;
      const beyond = alone ? [alone.at / 1000 + LEAST_S] : [];
      const nothing = alone ? [null] : [];
      plot.setData([
        [...quarters.map(({ at }) => at / 1000), ...beyond],
        [...quarters.map(({ queued }) => queued), ...nothing],
        [...quarters.map(({ abandoned }) => abandoned), ...nothing],
      ]);
    },
    end() {
      sizes.disconnect();
      plot.destroy();
    },
  };
}
