/** Recording one's voice. Fetched when it is first wanted; it shares no code with the page. */

export interface Recorded {
  file: File;
  duration_ms: number;
  /** Loudness over time, 0 to 1. */
  levels: number[];
}

export interface Recording {
  /** Null where nothing was heard. */
  stop(): Promise<Recorded | null>;
  cancel(): void;
}

/** Best first: what every phone plays, then what the browser has. */
const TYPES = [
  "audio/mp4;codecs=mp4a.40.2",
  "audio/mp4",
  "audio/webm;codecs=opus",
  "audio/webm",
  "audio/ogg;codecs=opus",
];
const EVERY_MS = 100;

/** Begins at once; `heard` is told the loudness and the milliseconds so far. Rejects where there is no microphone for us. */
export async function record(heard: (level: number, ms: number) => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const levels: number[] = [];
  const began = performance.now();
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const level = Math.min(1, Math.max(...samples.map(Math.abs)));
    levels.push(level);
    heard(level, performance.now() - began);
  }, EVERY_MS);
  recorder.start();
  const end = () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  return {
    cancel() {
      recorder.stop();
      end();
    },
    async stop() {
      const duration_ms = Math.round(performance.now() - began);
      const whole = new Promise((resolve) => {
        recorder.onstop = resolve;
      });
      recorder.stop();
      await whole;
      end();
      const [bare = ""] = (recorder.mimeType || "audio/webm").split(";");
      const ending = bare === "audio/mp4" ? "m4a" : bare.replace("audio/", "");
      const file = new File(parts, `voice.${ending}`, { type: bare });
      return file.size > 0 ? { file, duration_ms, levels } : null;
    },
  };
}
