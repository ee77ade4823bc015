import { useId, useRef, useState } from "preact/hooks";
import { isComposing } from "../../ui/composer.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { useDesk } from "../desk/context.ts";
import type { Held } from "../desk/desk.ts";
import { edit } from "../desk/edit.ts";
import { t, whyNot } from "../words.ts";

const LONGEST = 60;

/** Words that a talk is found by. One that others use is offered while one types. */
export function Tags({ talk, editable }: { talk: Held; editable: boolean }) {
  const desk = useDesk();
  const id = useId();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const { session, session_id } = talk;
  const change = async (to: (tags: readonly string[]) => string[]) => {
    try {
      await edit(desk, session_id, ({ tags }) => ({ tags: to(tags) }));
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  const add = () => {
    const tag = text.trim();
    setText("");
    if (tag && !session.tags.includes(tag)) void change((tags) => [...new Set([...tags, tag])]);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || isComposing(event)) return;
    event.preventDefault();
    add();
  };
  if (!editable && session.tags.length === 0) return null;
  return (
    <section class="context-part" aria-label={t("tags")}>
      <h3>{t("tags")}</h3>
      <ul class="tags">
        {session.tags.map((tag) => (
          <li key={tag} class="tag">
            <span dir="auto">{tag}</span>
            {editable ? (
              <button
                type="button"
                aria-label={t("tag_remove", { tag })}
                title={t("tag_remove", { tag })}
                onClick={() => {
                  field.current?.focus();
                  void change((tags) => tags.filter((one) => one !== tag));
                }}
              >
                <Icon name="close" size={11} />
              </button>
            ) : null}
          </li>
        ))}
        {editable ? (
          <li>
            <input
              ref={field}
              class="tag-new"
              dir="auto"
              aria-label={t("tag_add")}
              placeholder={t("tag_add")}
              maxLength={LONGEST}
              list={id}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
              onKeyDown={press}
              onBlur={add}
            />
            <datalist id={id}>
              {desk.knownTags.value.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </li>
        ) : null}
      </ul>
    </section>
  );
}
