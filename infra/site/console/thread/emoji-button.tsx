import type { ComponentType, RefObject } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/notice.tsx";
import { Popover } from "../../ui/popover.tsx";
import { t, whyNot } from "../words.ts";

interface EmojiButtonProps {
  field: RefObject<HTMLTextAreaElement | null>;
  value: string;
  onInput(value: string): void;
}

type Picker = ComponentType<{ onPick(emoji: string): void; label: string; often: string }>;

/** The pictures themselves are loaded when somebody first wants one. */
export function EmojiButton({ field, value, onInput }: EmojiButtonProps) {
  const [Picker, setPicker] = useState<Picker | null>(null);
  const load = async () => {
    if (Picker) return;
    try {
      const { EmojiPicker } = await import("./emoji-picker.tsx");
      setPicker(() => EmojiPicker);
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
  };
  const put = (emoji: string) => {
    const at = field.current?.selectionStart ?? value.length;
    const to = field.current?.selectionEnd ?? at;
    onInput(value.slice(0, at) + emoji + value.slice(to));
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(at + emoji.length, at + emoji.length);
    });
  };
  return (
    <span onPointerEnter={load} onFocusCapture={load}>
      <Popover class="db-button square" label={t("emoji")} face={<Icon name="smile" />}>
        {(close) =>
          Picker ? (
            <Picker
              label={t("emoji")}
              often={t("emoji_often")}
              onPick={(emoji) => {
                close();
                put(emoji);
              }}
            />
          ) : (
            <p>{t("loading")}</p>
          )
        }
      </Popover>
    </span>
  );
}
