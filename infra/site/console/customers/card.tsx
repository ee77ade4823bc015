import { useState } from "preact/hooks";
import type { Customer } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { i18n, t, whyNot } from "../words.ts";

interface CardProps {
  customer: Customer;
  onChanged(customer: Customer): void;
}

/** Who they are, and what colleagues should know of them. */
export function CustomerCard({ customer, onChanged }: CardProps) {
  const desk = useDesk();
  const [edits, setEdits] = useState(false);
  if (edits)
    return (
      <section class="context-part" aria-label={t("customer_edit")}>
        <CardForm
          customer={customer}
          onDone={(changed) => {
            setEdits(false);
            if (changed) onChanged(changed);
          }}
        />
      </section>
    );
  const facts: readonly [string, string | null][] = [
    [t("customer_level"), customer.level],
    [t("customer_source"), desk.names.source(customer.source_id)],
    [t("customer_since"), i18n.value.date(customer.created_at, { dateStyle: "medium" })],
    ...Object.entries(customer.attributes),
  ];
  return (
    <section class="context-part" aria-label={t("facts")}>
      <h3>
        <span>
          {customer.verified ? <Icon name="check" size={12} /> : null}{" "}
          {customer.verified ? t("verified") : t("not_verified")}
        </span>
        {desk.can("customer.edit") ? (
          <Button kind="quiet" icon="note" label={t("customer_edit")} onClick={() => setEdits(true)} />
        ) : null}
      </h3>
      <dl class="facts">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {customer.remark ? (
        <p class="filed-note" dir="auto">
          {customer.remark}
        </p>
      ) : null}
    </section>
  );
}

function CardForm({ customer, onDone }: { customer: Customer; onDone(changed: Customer | null): void }) {
  const [name, setName] = useState(customer.name);
  const [level, setLevel] = useState(customer.level ?? "");
  const [remark, setRemark] = useState(customer.remark);
  const [wrong, setWrong] = useState<unknown>(null);
  const save = async (event: Event) => {
    event.preventDefault();
    setWrong(null);
    try {
      const told = { name: name.trim(), level: level.trim(), remark: remark.trim() };
      const path = `/v1/customers/${encodeURIComponent(customer.id)}`;
      onDone(await rest.patch<Customer>(path, told, customer.version));
      toast({ text: t("customer_saved") });
    } catch (failure) {
      setWrong(failure);
    }
  };
  return (
    <form class="customer-form" onSubmit={save}>
      <label class="db-field">
        <span>{t("customer_name")}</span>
        <input
          class="db-input"
          dir="auto"
          required
          maxLength={120}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label class="db-field">
        <span>{t("customer_level")}</span>
        <input
          class="db-input"
          dir="auto"
          maxLength={40}
          value={level}
          onInput={(event) => setLevel(event.currentTarget.value)}
        />
      </label>
      <label class="db-field">
        <span>{t("customer_remark")}</span>
        <textarea
          class="db-input"
          dir="auto"
          rows={4}
          maxLength={2000}
          value={remark}
          onInput={(event) => setRemark(event.currentTarget.value)}
        />
      </label>
      {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
      <div class="ask-acts">
        <Button onClick={() => onDone(null)}>{t("cancel")}</Button>
        <Button kind="primary" submit>
          {t("save")}
        </Button>
      </div>
    </form>
  );
}
