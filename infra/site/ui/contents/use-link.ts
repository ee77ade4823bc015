import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../../core/rest.ts";
import type { Attachment } from "../../proto/types.gen.ts";
import type { ContentTools } from "./tools.ts";

const NEAR = "400px";
const TRIES = 3;

/** The address of a file once it is near the window, or was asked for; a dead one is asked for anew. */
export function useLink({ attachment_id }: Attachment, { links }: ContentTools) {
  const box = useRef<HTMLElement>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [gone, setGone] = useState(false);
  const tries = useRef(0);
  const ask = async () => {
    try {
      setUrl(await links.of(attachment_id));
    } catch (failure) {
      setGone(failure instanceof ApiError && failure.status < 500);
    }
  };
  const broken = () => {
    links.forget(attachment_id);
    tries.current += 1;
    if (tries.current < TRIES) void ask();
    else setGone(true);
  };
  return { box, url, gone, ask, broken };
}

/** Calls once it is near the window. */
export function useNear(box: { readonly current: HTMLElement | null }, near: () => void): void {
  const latest = useRef(near);
  latest.current = near;
  useEffect(() => {
    if (!box.current) return;
    const look = new IntersectionObserver(
      ([seen]) => {
        if (!seen?.isIntersecting) return;
        look.disconnect();
        latest.current();
      },
      { rootMargin: NEAR },
    );
    look.observe(box.current);
    return () => look.disconnect();
  }, [box]);
}

/** Saves a file, or shows it in a window of its own where browsers show its kind. */
export async function save({ attachment_id, content_type }: Attachment, tools: ContentTools): Promise<void> {
  const link = document.createElement("a");
  link.href = await tools.links.of(attachment_id);
  link.rel = "noopener noreferrer";
  if (/^(image|video|audio)\//.test(content_type)) link.target = "_blank";
  link.click();
}
