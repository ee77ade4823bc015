import { useEffect, useRef, useState } from "preact/hooks";
import { stopwatch } from "../../core/i18n.ts";
import type { Attachment } from "../../proto/types.gen.ts";
import { Button } from "../button.tsx";
import { barsOf } from "./measure.ts";
import type { ContentTools } from "./tools.ts";
import { useLink } from "./use-link.ts";

const BARS = 36;
const SPEEDS = [1, 1.5, 2] as const;

/** Said aloud: heard at once or faster, from any place. */
export function Voice({ attachment, tools }: { attachment: Attachment; tools: ContentTools }) {
  const { url, gone, ask, broken } = useLink(attachment, tools);
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [wanted, setWanted] = useState(false);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState(0);
  const [length, setLength] = useState((attachment.duration_ms ?? 0) / 1000);
  const rate = SPEEDS[speed] ?? 1;
  useEffect(() => {
    if (!audio.current) return;
    audio.current.playbackRate = rate;
    if (url && wanted) audio.current.play().catch(() => setPlaying(false));
  }, [url, wanted, rate]);
  const toggle = () => {
    if (playing) audio.current?.pause();
    else if (url) void audio.current?.play();
    setWanted(!playing);
    if (!url) void ask();
  };
  const seek = (second: number) => {
    setAt(second);
    if (audio.current && url) audio.current.currentTime = second;
  };
  const share = length > 0 ? Math.min(1, at / length) : 0;
  return (
    <div class="db-voice">
      <Button
        kind="quiet"
        icon={playing ? "pause" : "play"}
        label={tools.say(playing ? "pause" : "play")}
        onClick={toggle}
      />
      <span class="db-waves">
        <svg viewBox={`0 0 ${BARS * 4} 32`} preserveAspectRatio="none" aria-hidden="true">
          {barsOf(attachment.waveform, BARS).map((bar, place) => (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
              key={place}
              data-heard={place / BARS < share}
              x={place * 4}
              y={16 - bar * 15}
              width="2.4"
              height={bar * 30}
              rx="1.2"
            />
          ))}
        </svg>
        <input
          type="range"
          min={0}
          max={Math.max(1, length)}
          step={0.1}
          value={at}
          aria-label={tools.say("position")}
          aria-valuetext={stopwatch(at)}
          onInput={(event) => seek(Number(event.currentTarget.value))}
        />
      </span>
      <span class="db-number">{gone ? tools.say("file_gone") : stopwatch(playing || at ? at : length)}</span>
      <button
        type="button"
        class="db-speed"
        aria-label={`${tools.say("speed")}: ${rate}×`}
        onClick={() => setSpeed((speed + 1) % SPEEDS.length)}
      >
        {rate}×
      </button>
      <audio
        ref={audio}
        {...(url ? { src: url } : {})}
        preload="auto"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onEnded={() => {
          setWanted(false);
          setAt(0);
        }}
        onDurationChange={(event) => {
          const { duration } = event.currentTarget;
          if (Number.isFinite(duration)) setLength(duration);
        }}
        onError={() => url && broken()}
      />
    </div>
  );
}
