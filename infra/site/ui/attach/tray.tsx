import { Button } from "../button.tsx";
import type { ContentTools } from "../contents/tools.ts";
import { Icon } from "../icon.tsx";
import type { Uploads } from "./uploads.ts";

interface TrayProps {
  uploads: Uploads;
  tools: ContentTools;
  /** Why a file was refused, in the reader's words. */
  why(code: string): string;
}

/** Files may be tried again after these; a file that is refused for what it is stays refused. */
const FOR_GOOD = new Set(["attachment_too_large", "content_not_allowed", "file_empty", "voice_too_long"]);

/** Files on their way: how far, and how to stop. */
export function Tray({ uploads, tools, why }: TrayProps) {
  if (uploads.list.length === 0) return null;
  return (
    <ul class="db-tray">
      {uploads.list.map(({ id, name, share, code }) => (
        <li key={id} data-failed={code !== null}>
          <Icon name={code === null ? "file" : "alert"} size={16} />
          <span class="db-tray-words">
            <b dir="auto">{name}</b>
            {code === null ? (
              <progress max={1} value={share} aria-label={`${tools.say("uploading")}: ${name}`} />
            ) : (
              <small role="alert">{why(code)}</small>
            )}
          </span>
          {code !== null && !FOR_GOOD.has(code) && (
            <Button
              kind="quiet"
              icon="retry"
              label={`${tools.say("retry")}: ${name}`}
              onClick={() => uploads.again(id)}
            />
          )}
          <Button
            kind="quiet"
            icon="close"
            label={`${tools.say(code === null ? "cancel" : "discard")}: ${name}`}
            onClick={() => uploads.cancel(id)}
          />
        </li>
      ))}
    </ul>
  );
}
