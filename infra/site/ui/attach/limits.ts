import type { FileKind } from "../../proto/types.gen.ts";

const MB = 1024 * 1024;

/** The server's own limits, in bytes: said before anything is sent. */
export const LARGEST: Readonly<Record<FileKind, number>> = {
  image: 20 * MB,
  file: 20 * MB,
  video: 50 * MB,
  voice: 8 * MB,
};

export const LONGEST_VOICE_S = 120;

/** What a file goes as. What is shown in its place is shown; all else, and any drawing that could run, is only ever saved. */
export function kindOf({ type }: { type: string }): FileKind {
  if (/^image\/(jpeg|png|gif|webp|avif|heic|heif|bmp)$/.test(type)) return "image";
  return /^video\/(mp4|webm|quicktime|ogg)$/.test(type) ? "video" : "file";
}

/** As large as it may be sent, with its shape kept. */
export function fitted(width: number, height: number, longest: number): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** So many bars, 0 to 100, of however many loudnesses from 0 to 1; the loudest is 100. */
export function waveformOf(levels: readonly number[], count: number): number[] {
  const loudest = Math.max(0.05, ...levels);
  const bars = Math.min(count, levels.length);
  return Array.from({ length: bars }, (_, place) => {
    const from = Math.floor((place * levels.length) / bars);
    const to = Math.max(from + 1, Math.floor(((place + 1) * levels.length) / bars));
    return Math.round((Math.max(...levels.slice(from, to)) / loudest) * 100);
  });
}
