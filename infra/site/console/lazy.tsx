import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { toast } from "../ui/notice.tsx";
import { t, whyNot } from "./words.ts";

/** A part that is fetched when it is first wanted. */
export function Lazy<Given extends object>(props: { load(): Promise<ComponentType<Given>>; given: Given }) {
  const { load, given } = props;
  const [Part, setPart] = useState<ComponentType<Given> | null>(null);
  useEffect(() => {
    let left = false;
    setPart(null);
    load().then(
      (part) => left || setPart(() => part),
      (failure) => toast({ text: whyNot(failure), kind: "error" }),
    );
    return () => {
      left = true;
    };
  }, [load]);
  return Part ? <Part {...given} /> : <p class="lazy">{t("loading")}</p>;
}
