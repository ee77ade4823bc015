import { useState } from "preact/hooks";
import { adopt } from "../../ui/adopt.ts";
import { EMOJI } from "../../ui/emoji.ts";
import { EmojiGrid } from "../../ui/emoji-grid.tsx";
import { kept } from "../settings.ts";
import sheet from "./emoji-picker.lazy.css";

const ALL = EMOJI.split(" ");
const KEY = "deskbell:emoji";
const MOST_OFTEN = 12;

adopt(sheet);

/** What was taken last comes first. */
export function EmojiPicker(props: { onPick(emoji: string): void; label: string; often: string }) {
  const [often] = useState(() => (kept.get(KEY) ?? "").split(" ").filter(Boolean));
  const pick = (emoji: string) => {
    kept.set(KEY, [emoji, ...often.filter((one) => one !== emoji)].slice(0, MOST_OFTEN).join(" "));
    props.onPick(emoji);
  };
  return (
    <div class="emoji">
      {often.length > 0 ? <EmojiGrid label={props.often} emoji={often} takesFocus onPick={pick} /> : null}
      <EmojiGrid label={props.label} emoji={ALL} takesFocus={often.length === 0} onPick={pick} />
    </div>
  );
}
