import { useEffect, useRef, useState } from "preact/hooks";
import { stopwatch } from "../../core/i18n.ts";
import { Button } from "../button.tsx";
import type { ContentTools } from "../contents/tools.ts";
import { LONGEST_VOICE_S, waveformOf } from "./limits.ts";
import type { Recorded, Recording } from "./recording.ts";
import type { Uploads } from "./uploads.ts";

const BARS = 64;
const SHOWN = 40;

interface RecordBarProps {
  tools: ContentTools;
  uploads: Uploads;
  onClose(): void;
  onRefused(): void;
}

/** While one speaks: how loud, how long; then it is sent, or was never there. */
export function RecordBar({ tools, uploads, onClose, onRefused }: RecordBarProps) {
  const recording = useRef<Recording | null>(null);
  const [levels, setLevels] = useState<readonly number[]>([]);
  const [seconds, setSeconds] = useState(0);
  const [kept, setKept] = useState<Recorded | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins once, when the bar is shown
  useEffect(() => {
    let left = false;
    bar.current?.querySelector<HTMLElement>("[data-kind=primary]")?.focus();
    const heard = (level: number, ms: number) => {
      setLevels((before) => [...before.slice(1 - SHOWN), level]);
      setSeconds(ms / 1000);
    };
    import("./recording.ts")
      .then(({ record }) => record(heard))
      .then(
        (begun) => {
          if (left) begun.cancel();
          else recording.current = begun;
        },
        () => {
          onRefused();
          onClose();
        },
      );
    return () => {
      left = true;
      recording.current?.cancel();
      recording.current = null;
    };
  }, []);
  const stop = async () => {
    const done = recording.current;
    recording.current = null;
    return (await done?.stop()) ?? null;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the time is over
  useEffect(() => {
    if (seconds >= LONGEST_VOICE_S - 0.5 && recording.current) void stop().then(setKept);
  }, [seconds]);
  const send = async () => {
    const made = kept ?? (await stop());
    if (made) {
      const duration_ms = Math.min(made.duration_ms, LONGEST_VOICE_S * 1000);
      uploads.addVoice(made.file, { duration_ms, waveform: waveformOf(made.levels, BARS) });
    }
    onClose();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of buttons is no form's fieldset
    <div
      class="db-recording"
      role="group"
      aria-label={tools.say("voice_recording")}
      ref={bar}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
    >
      <Button kind="quiet" icon="close" label={tools.say("voice_cancel")} onClick={onClose} />
      <span class="db-levels" aria-hidden="true">
        {levels.map((level, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
          <i key={place} style={{ blockSize: `${4 + Math.round(level * 24)}px` }} />
        ))}
      </span>
      <span class="db-number" role="timer">
        {stopwatch(seconds)}
      </span>
      <Button kind="primary" icon="send" label={tools.say("voice_send")} onClick={send} />
    </div>
  );
}
