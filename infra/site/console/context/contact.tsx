import { useState } from "preact/hooks";
import type { Revealed, Session } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { t, whyNot } from "../words.ts";

type Masked = Revealed["field"];

/** How a customer is reached: masked, until somebody who may asks for it; that is noted. */
export function Contact({ session }: { session: Session }) {
  const desk = useDesk();
  const [shown, setShown] = useState<Partial<Record<Masked, string>>>({});
  const { contact, customer } = session;
  const facts = (["email", "phone"] as const).filter((field) => contact?.[field]);
  if (facts.length === 0) return null;
  const reveal = async (field: Masked) => {
    try {
      const path = `/v1/customers/${encodeURIComponent(customer.id)}/reveal`;
      const { value } = await rest.post<Revealed>(path, { field });
      setShown((before) => ({ ...before, [field]: value }));
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  return (
    <section class="context-part" aria-label={t("contact")}>
      <h3>{t("contact")}</h3>
      <dl class="facts">
        {facts.map((field) => (
          <div key={field}>
            <dt>{t(`leave_${field}`)}</dt>
            <dd>
              <bdi>{shown[field] ?? contact?.[field]}</bdi>{" "}
              {shown[field] === undefined && desk.can("customer.phone.view") ? (
                <Button kind="quiet" icon="eye" label={t("reveal")} onClick={() => reveal(field)} />
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
