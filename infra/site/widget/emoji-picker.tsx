import { useState } from "preact/hooks";
import { EmojiGrid } from "../ui/emoji-grid.tsx";
import { Popup } from "./popup.tsx";
import type { Speech } from "./wording.ts";

/** The pictures themselves come when it is first opened. */
export function EmojiPicker({ speech, onPick }: { speech: Speech; onPick(emoji: string): void }) {
  const [emoji, setEmoji] = useState<readonly string[]>([]);
  const load = () => {
    import("../ui/emoji.ts").then(
      ({ EMOJI }) => setEmoji(EMOJI.split(" ")),
      // Without a connection the keyboard's own pictures remain.
      () => undefined,
    );
  };
  return (
    <Popup label={speech.t("emoji")} icon="smile" side="above" onOpen={load}>
      {(close) => (
        <EmojiGrid
          emoji={emoji}
          takesFocus
          label={speech.t("emoji")}
          onPick={(one) => {
            close();
            onPick(one);
          }}
        />
      )}
    </Popup>
  );
}
