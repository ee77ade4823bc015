import { useState } from "preact/hooks";
import type { Fact } from "../../../proto/types.gen.ts";
import { Button } from "../../../ui/button.tsx";
import { safeHref } from "../../../ui/text.tsx";
import { t } from "../../words.ts";
import { type FieldsProps, Text } from "./parts.tsx";

/** `www.shop.example` is meant as a page; what could run is none. */
function pageAt(address: string): string | null {
  const told = address.trim();
  const href = safeHref(/^[a-z][\w+.-]*:/i.test(told) ? told : `https://${told}`);
  return href && /^https?:/.test(href) ? href : null;
}

export function LinkFields({ onMade, children }: FieldsProps) {
  const [address, setAddress] = useState("");
  const [title, setTitle] = useState("");
  const [wrong, setWrong] = useState(false);
  const send = (event: Event) => {
    event.preventDefault();
    const url = pageAt(address);
    setWrong(url === null);
    if (url) onMade({ kind: "link", link: { url, ...(title.trim() ? { title: title.trim() } : {}) } });
  };
  return (
    <form class="maker-fields" onSubmit={send}>
      <Text
        label={t("make_url")}
        value={address}
        set={setAddress}
        required
        first
        most={2000}
        wrong={wrong ? t("make_url_wrong") : null}
      />
      <Text label={t("make_title_optional")} value={title} set={setTitle} />
      {children}
    </form>
  );
}

const MOST_FACTS = 10;

/** An order, a product: what it is called, and what is known of it. */
export function CardFields({ onMade, children }: FieldsProps) {
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const [address, setAddress] = useState("");
  const [facts, setFacts] = useState<readonly Fact[]>([]);
  const [wrong, setWrong] = useState(false);
  const change = (place: number, part: Partial<Fact>) =>
    setFacts(facts.map((fact, at) => (at === place ? { ...fact, ...part } : fact)));
  const send = (event: Event) => {
    event.preventDefault();
    const url = address.trim() ? pageAt(address) : null;
    const isWrong = address.trim() !== "" && url === null;
    setWrong(isWrong);
    if (isWrong) return;
    const told = facts
      .map(({ label, value }) => ({ label: label.trim(), value: value.trim() }))
      .filter(({ label, value }) => label && value);
    onMade({
      kind: "card",
      card: {
        title: title.trim(),
        facts: told,
        ...(text.trim() ? { text: text.trim() } : {}),
        ...(url ? { url } : {}),
      },
    });
  };
  return (
    <form class="maker-fields" onSubmit={send}>
      <Text label={t("make_title")} value={title} set={setTitle} required first />
      <Text label={t("make_text")} value={text} set={setText} most={500} />
      <Text
        label={t("make_url_optional")}
        value={address}
        set={setAddress}
        most={2000}
        wrong={wrong ? t("make_url_wrong") : null}
      />
      <fieldset class="maker-rows">
        <legend>{t("make_facts")}</legend>
        {facts.map((fact, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <div key={place} class="maker-fact">
            <input
              class="db-input"
              dir="auto"
              maxLength={100}
              aria-label={t("attribute_name")}
              placeholder={t("attribute_name")}
              value={fact.label}
              onInput={(event) => change(place, { label: event.currentTarget.value })}
            />
            <input
              class="db-input"
              dir="auto"
              maxLength={200}
              aria-label={t("attribute_value")}
              placeholder={t("attribute_value")}
              value={fact.value}
              onInput={(event) => change(place, { value: event.currentTarget.value })}
            />
            <Button
              kind="quiet"
              icon="close"
              label={t("make_remove")}
              onClick={() => setFacts(facts.filter((_, at) => at !== place))}
            />
          </div>
        ))}
        {facts.length < MOST_FACTS ? (
          <Button kind="quiet" icon="plus" onClick={() => setFacts([...facts, { label: "", value: "" }])}>
            {t("make_fact_add")}
          </Button>
        ) : null}
      </fieldset>
      {children}
    </form>
  );
}
