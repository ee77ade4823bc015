import { Avatar } from "../../ui/avatar.tsx";
import { useDesk } from "../desk/context.ts";
import { addressOf } from "../router.ts";
import { i18n, t, worded } from "../words.ts";
import { Lines } from "./messages.tsx";
import type { Past } from "./past.ts";

/** An earlier session in a scroll, under its own header. */
export function PastTalk({ past }: { past: Past }) {
  const desk = useDesk();
  const { session, messages } = past;
  const about = [desk.names.category(session.category_id), session.agent?.name]
    .concat(session.disposition ? worded(session.disposition.label) : [])
    .filter(Boolean);
  return (
    <section class="log-past" aria-label={t("earlier_talk", { number: session.number })}>
      <h3>
        <Avatar name={session.customer.name} size={20} />
        <a href={addressOf("records", session.session_id)}>{session.number}</a>
        <span>{i18n.value.date(session.created_at, { dateStyle: "medium" })}</span>
        {about.map((part) => (
          <span key={part}>· {part}</span>
        ))}
      </h3>
      <ol class="log-list">
        <Lines messages={messages} session={session} mark={null} today={desk.today.value} />
      </ol>
    </section>
  );
}
