/** The hue that a name has everywhere. */
export function hueOf(name: string): number {
  let hue = 0;
  for (const letter of name) hue = (hue * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return hue;
}

/** One letter of a CJK name (the family's), two initials of others; whole letters, whatever they are made of. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = (word: string) => {
    if (!("Segmenter" in Intl)) return [...word];
    return Array.from(
      new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word),
      (part) => part.segment,
    );
  };
  const [first = "?"] = letters(words[0] ?? "");
  if (!/^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u.test(first)) return first;
  const [second = ""] = letters(words.length > 1 ? (words.at(-1) ?? "") : "");
  return (first + second).toLocaleUpperCase();
}

/** Beside a name that is written out. */
export function Avatar({ name, size }: { name: string; size?: number }) {
  const style = { "--hue": String(hueOf(name)), ...(size ? { "--avatar": `${size}px` } : {}) };
  return (
    <span class="db-avatar" aria-hidden="true" style={style}>
      {initialsOf(name)}
    </span>
  );
}
