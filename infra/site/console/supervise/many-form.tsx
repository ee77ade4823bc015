import { useState } from "preact/hooks";
import type { BulkActs } from "../../proto/types.gen.ts";
import { adopt } from "../../ui/adopt.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useDesk } from "../desk/context.ts";
import { t } from "../words.ts";
import { type FormAct as Act, actOnMany } from "./bulk.ts";
import sheet from "./supervise.lazy.css";

adopt(sheet);

const GRAVE = new Set<Act>(["end", "spam", "block"]);

/** Asks for what the act needs, and once more whether it is meant. */
export function ManyForm({ act, count, onClose }: { act: Act; count: number; onClose(): void }) {
  const desk = useDesk();
  const [text, setText] = useState("");
  const [chinese, setChinese] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    await actOnMany(desk, told(act, text.trim(), chinese.trim()));
    onClose();
  };
  const title = t("many_title", { act: t(`many_${act}`), n: count });
  return (
    <Dialog title={title} class="many" onClose={onClose}>
      <h2 class="dialog-title">{title}</h2>
      <form onSubmit={send}>
        <Fields {...{ act, text, setText, chinese, setChinese }} />
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind={GRAVE.has(act) ? "danger" : "primary"} submit disabled={busy}>
            {t(`many_${act}`)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  act: Act;
  text: string;
  setText(text: string): void;
  chinese: string;
  setChinese(text: string): void;
}

function Fields({ act, text, setText, chinese, setChinese }: FieldsProps) {
  switch (act) {
    case "tag":
      return <Line label={t("many_tags")} value={text} set={setText} required />;
    case "priority":
      return (
        <label class="db-field">
          <span>{t("many_priority_to")}</span>
          <input
            class="db-input"
            type="number"
            required
            min={-5}
            max={5}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
      );
    case "end":
      return (
        <>
          <p class="ask-hint">{t("many_end_rule")}</p>
          <Line label={`${t("many_words")} (English)`} value={text} set={setText} />
          <Line label={`${t("many_words")} (中文)`} value={chinese} set={setChinese} />
        </>
      );
    case "block":
      return (
        <>
          <p class="ask-hint">{t("block_rule")}</p>
          <Line label={t("block_reason")} value={text} set={setText} />
        </>
      );
    case "spam":
      return <p>{t("spam_rule")}</p>;
    default:
      return <p>{t("many_requeue_rule")}</p>;
  }
}

function Line(props: { label: string; value: string; set(text: string): void; required?: boolean }) {
  return (
    <label class="db-field">
      <span>{props.label}</span>
      <input
        class="db-input"
        dir="auto"
        maxLength={500}
        required={props.required === true}
        value={props.value}
        onInput={(event) => props.set(event.currentTarget.value)}
      />
    </label>
  );
}

function told(act: Act, text: string, chinese: string): Omit<BulkActs, "ids"> {
  switch (act) {
    case "tag":
      return {
        act,
        tags: text
          .split(/[,，]/)
          .map((tag) => tag.trim())
          .filter(Boolean),
      };
    case "priority":
      return { act, priority: Number(text) };
    case "end": {
      const texts = { ...(text ? { en: text } : {}), ...(chinese ? { "zh-CN": chinese } : {}) };
      return { act, ...(text || chinese ? { texts } : {}) };
    }
    case "block":
      return { act, ...(text ? { reason: text.slice(0, 200) } : {}) };
    default:
      return { act };
  }
}
