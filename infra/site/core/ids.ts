import type { Platform } from "./platform.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RANDOM_LETTERS = 16;

/** A maker of ULIDs: 26 letters that sort by time, and by order of making within a millisecond or a clock set back. */
export function ulids(world: Pick<Platform, "now" | "random">): () => string {
  let last = -1;
  let tail: number[] = [];
  return () => {
    const now = Math.floor(world.now());
    if (now > last) {
      last = now;
      tail = Array.from({ length: RANDOM_LETTERS }, () => Math.floor(world.random() * 32) & 31);
    } else if (!increment(tail)) {
      last += 1;
    }
    return timeLetters(last) + tail.map((digit) => ALPHABET[digit]).join("");
  };
}

function timeLetters(ms: number): string {
  let letters = "";
  for (let left = ms, n = 0; n < 10; n += 1) {
    letters = ALPHABET.charAt(left % 32) + letters;
    left = Math.floor(left / 32);
  }
  return letters;
}

/** False when it ran over to all noughts. */
function increment(digits: number[]): boolean {
  for (let at = digits.length - 1; at >= 0; at -= 1) {
    const digit = digits[at] ?? 0;
    if (digit < 31) {
      digits[at] = digit + 1;
      return true;
    }
    digits[at] = 0;
  }
  return false;
}
