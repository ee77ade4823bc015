import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { toast } from "../../ui/notice.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { edit } from "../desk/edit.ts";
import { t, whyNot } from "../words.ts";

/** What is known of the talk besides its words: an order's number, a device. A value that is emptied is gone. */
export function Attributes({ talk, editable }: { talk: Held; editable: boolean }) {
  const [adds, setAdds] = useState(false);
  const pairs = Object.entries(talk.session.attributes);
  if (pairs.length === 0 && !editable) return null;
  return (
    <section class="context-part" aria-label={t("attributes")}>
      <h3>
        {t("attributes")}
        {editable ? (
          <Button
            kind="quiet"
            icon={adds ? "close" : "plus"}
            label={adds ? t("cancel") : t("attribute_add")}
            onClick={() => setAdds(!adds)}
          />
        ) : null}
      </h3>
      <dl class="facts">
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt dir="auto">{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
      {adds ? <NewAttribute talk={talk} onDone={() => setAdds(false)} /> : null}
    </section>
  );
}

function NewAttribute({ talk, onDone }: { talk: Held; onDone(): void }) {
  const desk = useDesk();
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const save = async (event: Event) => {
    event.preventDefault();
    const [key, told] = [name.trim(), value.trim()];
    try {
      await edit(desk, talk.session_id, ({ attributes }) => {
        const { [key]: _, ...others } = attributes;
        return { attributes: told ? { ...others, [key]: told } : others };
      });
      onDone();
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  return (
    <form class="attribute" onSubmit={save}>
      <input
        ref={first}
        class="db-input"
        dir="auto"
        required
        maxLength={60}
        aria-label={t("attribute_name")}
        placeholder={t("attribute_name")}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <input
        class="db-input"
        dir="auto"
        maxLength={500}
        aria-label={t("attribute_value")}
        placeholder={t("attribute_value")}
        value={value}
        onInput={(event) => setValue(event.currentTarget.value)}
      />
      <Button submit>{t("save")}</Button>
    </form>
  );
}
