import { useEffect } from "preact/hooks";
import type { Page, Reminder } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import type { Desk } from "../desk/desk.ts";
import { addressOf } from "../router.ts";
import { i18n, t, whyNot } from "../words.ts";

/** What one wanted to be reminded of and whose time has come, until it is done. */
export function DueReminders() {
  const desk = useDesk();
  useEffect(() => {
    void readReminders(desk);
    return desk.client.onEvent((event) => {
      if (event.type === "reminder.due" || event.type === "welcome") void readReminders(desk);
    });
  }, [desk]);
  const due = desk.reminders.value.filter((one) => one.due && one.done_at === null);
  if (due.length === 0) return null;
  return (
    <section aria-label={t("reminders")}>
      <h3 class="list-section">
        <span>{t("reminders")}</span>
        <span class="db-number">{due.length}</span>
      </h3>
      <ul class="rows">
        {due.map((reminder) => (
          <OneReminder key={reminder.id} reminder={reminder} />
        ))}
      </ul>
    </section>
  );
}

function OneReminder({ reminder }: { reminder: Reminder }) {
  const desk = useDesk();
  const { id, session_id, customer_id, note, at } = reminder;
  const done = async () => {
    try {
      await rest.post<Reminder>(`/v1/reminders/${encodeURIComponent(id)}/done`);
      await readReminders(desk);
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  const address = session_id ? addressOf("inbox", session_id) : addressOf("customers", customer_id);
  return (
    <li class="reminder">
      <Icon name="bell" size={14} />
      <a href={address} dir="auto">
        {note || t("remind_open")}
      </a>
      <span class="wait-time db-number">{i18n.value.clock(at)}</span>
      <Button kind="quiet" icon="check" label={t("remind_done")} onClick={done} />
    </li>
  );
}

async function readReminders(desk: Desk): Promise<void> {
  const page = await rest.get<Page<Reminder>>("/v1/reminders", { query: { limit: 100 } }).catch(() => null);
  if (page) desk.reminders.value = page.items;
}
