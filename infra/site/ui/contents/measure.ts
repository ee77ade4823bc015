import type { Attachment } from "../../proto/types.gen.ts";

const WIDEST = 260;
const HIGHEST = 300;
const SMALLEST = 64;
const USUAL = { width: 4, height: 3 };

/** How large a picture is drawn, in CSS pixels, known before a byte of it has come: nothing jumps. */
export function boxOf({ width, height }: Pick<Attachment, "width" | "height">): {
  width: number;
  height: number;
} {
  const real = width && height ? { width, height } : { width: USUAL.width * 60, height: USUAL.height * 60 };
  const scale = Math.min(1, WIDEST / real.width, HIGHEST / real.height);
  return {
    width: Math.max(SMALLEST, Math.round(real.width * scale)),
    height: Math.max(SMALLEST, Math.round(real.height * scale)),
  };
}

const MEGABYTE = 1024 * 1024;

/** `57 kB`, `1.4 MB`: as far as a person cares. */
export function sizeWords(
  bytes: number,
  number: (value: number, options: Intl.NumberFormatOptions) => string,
): string {
  const isLarge = bytes >= MEGABYTE;
  return number(isLarge ? bytes / MEGABYTE : Math.max(1, Math.round(bytes / 1024)), {
    style: "unit",
    unit: isLarge ? "megabyte" : "kilobyte",
    maximumFractionDigits: 1,
  });
}

/** The tiny picture that travels in the message, for an `<img>`. */
export function thumbnailOf({ thumbnail }: Pick<Attachment, "thumbnail">): string | null {
  if (!thumbnail) return null;
  return `data:image/${thumbnail.startsWith("UklGR") ? "webp" : "jpeg"};base64,${thumbnail}`;
}

/** So many bars of loudness, 0 to 1, of however many were recorded; a sound without any is drawn flat. */
export function barsOf(waveform: readonly number[] | null, count: number): number[] {
  const told = waveform?.length ? waveform : [8];
  return Array.from({ length: count }, (_, place) => {
    const from = Math.floor((place * told.length) / count);
    const to = Math.max(from + 1, Math.floor(((place + 1) * told.length) / count));
    return Math.max(0.06, Math.max(...told.slice(from, to)) / 100);
  });
}
