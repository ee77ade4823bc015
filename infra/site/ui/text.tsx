import type { ComponentChildren } from "preact";

/** A piece of somebody's text: words, or a link that is safe to follow. */
export interface Piece {
  start: number;
  text: string;
  href?: string;
}

const LINK =
  /(?:https?:\/\/|www\.|mailto:|tel:)[^\s<>"'`，。；！？、（）「」『』《》【】]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;
const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);
const CLOSING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Cuts text into words and links. Only http, https, mailto and tel become links; the rest stays what was typed. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const link = trimmed(match[0]);
    const href = safeHref(link);
    if (!href) continue;
    if (match.index > done) pieces.push({ start: done, text: text.slice(done, match.index) });
    pieces.push({ start: match.index, text: link, href });
    done = match.index + link.length;
  }
  if (done < text.length) pieces.push({ start: done, text: text.slice(done) });
  return pieces;
}

/** The address to follow, or null where following it could do anything else than open a page, a mail or a call. */
export function safeHref(link: string): string | null {
  let address = link;
  if (/^www\./i.test(link)) address = `https://${link}`;
  else if (/^[^\s:/]+@/.test(link)) address = `mailto:${link}`;
  try {
    const url = new URL(address);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A sentence's end is not the link's: `(see https://a.example/b).` */
function trimmed(link: string): string {
  let end = link.length;
  for (; end > 0; end -= 1) {
    const last = link.charAt(end - 1);
    const opening = CLOSING[last];
    const unbalanced = opening !== undefined && !link.slice(0, end - 1).includes(opening);
    if (!unbalanced && !/[.,;:!?…]/.test(last)) break;
  }
  return link.slice(0, end);
}

const TONE = String.raw`(?:\p{Emoji_Modifier}|\uFE0F)*`;
const ONE = String.raw`(?:\p{Emoji_Presentation}|\p{Extended_Pictographic})${TONE}`;
const PICTURE = String.raw`(?:\p{RI}\p{RI}|[\d#*]\uFE0F?\u20E3|${ONE}(?:\u200D${ONE})*)`;
const FEW_PICTURES = new RegExp(String.raw`^(?:${PICTURE}\s*){1,3}$`, "u");

/** One to three pictures and nothing else. */
export function isEmojiAlone(text: string): boolean {
  const bare = text.trim();
  return bare.length <= 60 && FEW_PICTURES.test(bare);
}

/** What somebody wrote, as elements: never as HTML. */
export function RichText({ text }: { text: string }) {
  const emoji = isEmojiAlone(text) ? { "data-emoji": "" } : {};
  const children: ComponentChildren[] = piecesOf(text).map((piece) =>
    piece.href ? (
      <a key={piece.start} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
  return (
    <div class="db-text" dir="auto" {...emoji}>
      {children}
    </div>
  );
}
