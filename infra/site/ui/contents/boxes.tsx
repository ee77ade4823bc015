import { useState } from "preact/hooks";
import type { Attachment, Card, Link } from "../../proto/types.gen.ts";
import { Icon } from "../icon.tsx";
import { safeHref } from "../text.tsx";
import { sizeWords } from "./measure.ts";
import type { ContentTools } from "./tools.ts";
import { save } from "./use-link.ts";

/** A file by its name and size; a press saves it. */
export function FileBox({ attachment, tools }: { attachment: Attachment; tools: ContentTools }) {
  const [gone, setGone] = useState(false);
  const { name, size } = attachment;
  const words = sizeWords(size, tools.number.bind(tools));
  return (
    <button type="button" class="db-box" onClick={() => save(attachment, tools).catch(() => setGone(true))}>
      <Icon name="file" size={24} />
      <span>
        <b dir="auto">{name}</b>
        <small>{gone ? tools.say("file_gone") : words}</small>
      </span>
      <Icon name="download" />
      <span class="db-hidden">{tools.say("download")}</span>
    </button>
  );
}

/** An address with what its sender calls it; where it leads is always seen. */
export function LinkBox({ link }: { link: Link }) {
  const href = safeHref(link.url);
  if (!href) return <p class="db-text">{link.url}</p>;
  return (
    <a class="db-box" href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
      <Icon name="link" size={20} />
      <span>
        {link.title && <b dir="auto">{link.title}</b>}
        <small dir="ltr">{link.url}</small>
      </span>
    </a>
  );
}

/** An order, a product. Its picture lies with another house, where the policy of these pages lets nothing be fetched from. */
export function CardBox({ card, tools }: { card: Card; tools: ContentTools }) {
  const href = card.url ? safeHref(card.url) : null;
  return (
    <div class="db-card">
      <b dir="auto">{card.title}</b>
      {card.text && <p dir="auto">{card.text}</p>}
      {card.facts && card.facts.length > 0 && (
        <dl>
          {card.facts.map(({ label, value }) => (
            <div key={label}>
              <dt dir="auto">{label}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {href && (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc" title={card.url ?? ""}>
          {tools.say("open")}
        </a>
      )}
    </div>
  );
}
