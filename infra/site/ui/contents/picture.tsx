import { useRef, useState } from "preact/hooks";
import { stopwatch } from "../../core/i18n.ts";
import type { Attachment } from "../../proto/types.gen.ts";
import { Button } from "../button.tsx";
import { useModal } from "../dialog.tsx";
import { Icon } from "../icon.tsx";
import { boxOf, thumbnailOf } from "./measure.ts";
import type { ContentTools } from "./tools.ts";
import { save, useLink, useNear } from "./use-link.ts";

interface Shown {
  attachment: Attachment;
  tools: ContentTools;
}

/** A picture at its size from the first moment; a press shows it large. */
export function Picture({ attachment, tools }: Shown) {
  const { box, url, gone, ask, broken } = useLink(attachment, tools);
  const [large, setLarge] = useState(false);
  useNear(box, ask);
  return (
    <>
      <button
        type="button"
        class="db-picture"
        ref={box as { current: HTMLButtonElement | null }}
        style={styleOf(attachment)}
        aria-label={`${tools.say("kind_image")}: ${attachment.name}`}
        onClick={() => setLarge(true)}
      >
        <Thumbnail attachment={attachment} />
        {url && !gone && <img src={url} alt="" onError={broken} />}
        {gone && <span class="db-gone">{tools.say("file_gone")}</span>}
      </button>
      {large && url && !gone && (
        <Large attachment={attachment} tools={tools} url={url} onClose={() => setLarge(false)} />
      )}
    </>
  );
}

function Large({ attachment, tools, url, onClose }: Shown & { url: string; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useModal(dialog);
  return (
    <dialog
      ref={dialog}
      class="db-large"
      aria-label={attachment.name}
      onClose={onClose}
      onClick={onClose}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // What is around it closes by the same key, unless it was dealt with.
        event.preventDefault();
        onClose();
      }}
    >
      <img src={url} alt={attachment.name} />
      <div class="db-large-acts">
        <Button icon="download" label={tools.say("download")} onClick={() => save(attachment, tools)} />
        <Button icon="close" label={tools.say("close")} onClick={onClose} />
      </div>
    </dialog>
  );
}

/** A film: nothing of it is loaded before somebody wants to see it. */
export function Film({ attachment, tools }: Shown) {
  const { url, gone, ask, broken } = useLink(attachment, tools);
  const { duration_ms, name } = attachment;
  if (url && !gone)
    return (
      // biome-ignore lint/a11y/useMediaCaption: nobody wrote captions for what a customer films
      <video
        class="db-film"
        style={styleOf(attachment)}
        src={url}
        aria-label={name}
        controls
        autoPlay
        playsInline
        onError={broken}
      />
    );
  return (
    <button
      type="button"
      class="db-picture"
      style={styleOf(attachment)}
      aria-label={`${tools.say("play")}: ${name}`}
      onClick={ask}
    >
      <Thumbnail attachment={attachment} />
      {gone ? (
        <span class="db-gone">{tools.say("file_gone")}</span>
      ) : (
        <span class="db-film-face">
          <Icon name="play" size={24} />
          {duration_ms ? stopwatch(duration_ms / 1000) : null}
        </span>
      )}
    </button>
  );
}

function Thumbnail({ attachment }: Pick<Shown, "attachment">) {
  const tiny = thumbnailOf(attachment);
  return tiny && <img class="db-tiny" src={tiny} alt="" />;
}

function styleOf(attachment: Attachment): Record<string, string> {
  const { width, height } = boxOf(attachment);
  return { inlineSize: `${width}px`, aspectRatio: `${width} / ${height}` };
}
