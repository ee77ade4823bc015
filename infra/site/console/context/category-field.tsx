import { useState } from "preact/hooks";
import { toast } from "../../ui/notice.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { edit } from "../desk/edit.ts";
import { t, whyNot } from "../words.ts";

/** What it is about in truth: customers choose in a hurry. What they chose is kept beside it. */
export function CategoryField({ talk }: { talk: Held }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const { session, session_id } = talk;
  const { category_id, chosen_category_id } = session;
  const correct = async (to: string) => {
    setBusy(true);
    try {
      await edit(desk, session_id, () => ({ category_id: to }));
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
    setBusy(false);
  };
  return (
    <section class="context-part">
      <label class="db-field">
        <span>{t("fact_category")}</span>
        <select
          class="db-input"
          value={category_id ?? ""}
          disabled={busy}
          onChange={(event) => correct(event.currentTarget.value)}
        >
          {category_id === null ? <option value="">{t("category_none")}</option> : null}
          {desk.names.categoryIds.value.map((id) => (
            <option key={id} value={id}>
              {desk.names.category(id)}
            </option>
          ))}
        </select>
      </label>
      {chosen_category_id !== null && chosen_category_id !== category_id ? (
        <small>{t("category_chosen", { category: desk.names.category(chosen_category_id) })}</small>
      ) : null}
    </section>
  );
}
