import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { whyNot } from "../words.ts";
import { actWords } from "./admin-words.ts";
import type { References, Thing } from "./references.ts";
import type { Schemas } from "./schema.ts";

export interface ActsProps {
  of: string;
  schemas: Schemas;
  references: References;
  thing: Thing;
  onChanged(): Promise<void>;
}

/** What is done to one besides changing it; offered where the server has it, the reader may, and it makes sense now. */
const ACTS: Readonly<Record<string, readonly { act: string; fits(thing: Thing): boolean }[]>> = {
  schemes: [
    {
      act: "publish",
      fits: ({ status, draft_version: next }) => status === "draft" || typeof next === "number",
    },
    { act: "retire", fits: ({ status }) => status === "published" },
  ],
  agents: [{ act: "enable", fits: ({ enabled }) => enabled === false }],
};

export function Acts({ of, schemas, thing, onChanged }: ActsProps) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const one = schemas.one(`/v1/${of}`);
  const offered = (ACTS[of] ?? []).filter(({ act, fits }) => {
    const allowed = schemas.permission("post", `${one}/${act}`);
    return allowed !== null && desk.can(allowed) && fits(thing);
  });
  if (offered.length === 0) return null;
  const run = async (act: string) => {
    setBusy(true);
    try {
      await rest.post(`/v1/${of}/${encodeURIComponent(thing.id)}/${act}`, {});
      await onChanged();
    } catch (failure) {
      toast({ text: whyNot(failure), kind: "error" });
    }
    setBusy(false);
  };
  return (
    <div class="admin-more">
      {offered.map(({ act }) => (
        <Button key={act} disabled={busy} onClick={() => run(act)}>
          {actWords(act)}
        </Button>
      ))}
    </div>
  );
}
