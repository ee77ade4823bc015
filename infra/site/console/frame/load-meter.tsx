import { useDesk } from "../desk/context.ts";
import { t } from "../words.ts";

/** Slots taken: what goes on and what is to be filed. */
export function LoadMeter() {
  const desk = useDesk();
  const used = desk.mine.value.length + desk.wrapUps.value.length;
  const all = desk.capacity.value;
  const words = t("load", { used, all });
  return (
    <span class="load db-number" role="img" aria-label={words} title={words}>
      <span class="load-slots" data-full={used >= all}>
        {Array.from({ length: all }, (_, slot) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: slots are their places
          <i key={slot} data-used={slot < used} />
        ))}
      </span>
      {used}/{all}
    </span>
  );
}
