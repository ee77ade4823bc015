/** What a file needs before it goes, and its way to the store. Fetched with the first file; it shares no code with the page. */
import type { FileKind, UploadForm } from "../../proto/types.gen.ts";

export interface Prepared {
  blob: Blob;
  name: string;
  kind: FileKind;
  facts: { width?: number; height?: number; duration_ms?: number; thumbnail?: string };
}

const LARGE_BYTES = 500 * 1024;
const LONGEST_SIDE = 2_048;
const TINY_SIDE = 32;
const MOST_THUMBNAIL = 4_096;
const QUALITY = 0.85;
const PATIENCE_MS = 4_000;

/** A large picture is made smaller, which loses where it was taken too; of films the size and length are found. */
export async function prepared(
  file: File,
  kind: FileKind,
  fit: (width: number, height: number, longest: number) => { width: number; height: number },
): Promise<Prepared> {
  const name = file.name || "file";
  try {
    if (kind === "image") return await picture(file, name, fit);
    if (kind === "video") return { blob: file, name, kind, facts: await filmFacts(file, fit) };
  } catch {
    // This browser can't read it. The server looks at it by itself: a picture it can't show goes as a file.
    return { blob: file, name, kind: kind === "image" ? "file" : kind, facts: {} };
  }
  return { blob: file, name, kind, facts: {} };
}

type Fit = Parameters<typeof prepared>[2];

async function picture(file: File, name: string, fit: Fit): Promise<Prepared> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  const thumbnail = await tiny(bitmap, fit(width, height, TINY_SIDE));
  const facts = { width, height, ...thumbnail };
  const whole: Prepared = { blob: file, name, kind: "image", facts };
  // An animated one would stand still.
  if (file.size <= LARGE_BYTES || file.type === "image/gif") return whole;
  const size = fit(width, height, LONGEST_SIDE);
  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/webp";
  const blob = await drawn(bitmap, size, type, QUALITY);
  if (blob.size >= file.size && size.width === width) return whole;
  const ending = blob.type.replace("image/", "").replace("jpeg", "jpg");
  return {
    blob,
    name: `${name.replace(/\.\w+$/, "")}.${ending}`,
    kind: "image",
    facts: { ...size, ...thumbnail },
  };
}

async function filmFacts(file: File, fit: Fit): Promise<Prepared["facts"]> {
  const film = document.createElement("video");
  const address = URL.createObjectURL(file);
  film.muted = true;
  film.preload = "auto";
  try {
    const shown = happens(film, "loadeddata");
    film.src = address;
    await shown;
    const { videoWidth: width, videoHeight: height, duration } = film;
    const length = Number.isFinite(duration) ? { duration_ms: Math.round(duration * 1000) } : {};
    return { width, height, ...length, ...(await tiny(film, fit(width, height, TINY_SIDE))) };
  } finally {
    URL.revokeObjectURL(address);
  }
}

function happens(film: HTMLVideoElement, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    film.addEventListener(name, () => resolve(), { once: true });
    film.addEventListener("error", reject, { once: true });
    setTimeout(reject, PATIENCE_MS);
  });
}

type Size = { width: number; height: number };

async function tiny(source: CanvasImageSource, size: Size): Promise<{ thumbnail?: string }> {
  const blob = await drawn(source, size, "image/jpeg", 0.5);
  const [, thumbnail = ""] = (await dataAddress(blob)).split(",");
  return thumbnail && thumbnail.length <= MOST_THUMBNAIL ? { thumbnail } : {};
}

function drawn(source: CanvasImageSource, size: Size, type: string, quality: number): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = size.width;
  canvas.height = size.height;
  canvas.getContext("2d")?.drawImage(source, 0, 0, size.width, size.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("not drawn"))), type, quality);
  });
}

function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = reject;
    reader.readAsDataURL(blob);
  });
}

/** Posts the form; `share` from 0 to 1. Rejects with the store's status, 0 where there was none. */
export function posted(
  { url, fields }: UploadForm,
  { blob, name }: Pick<Prepared, "blob" | "name">,
  share: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append("file", blob, name);
  // `fetch` can't tell how far an upload is.
  const asked = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => asked.abort());
    asked.upload.onprogress = ({ loaded, total }) => share(total > 0 ? loaded / total : 0);
    asked.onload = () => (asked.status < 300 ? resolve() : reject(asked.status));
    asked.onerror = () => reject(0);
    asked.onabort = () => reject(0);
    asked.open("POST", url);
    asked.send(form);
  });
}
