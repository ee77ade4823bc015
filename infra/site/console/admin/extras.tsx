import { useEffect, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { t, whyNot } from "../words.ts";
import { tt } from "./admin-words.ts";
import type { References, Thing } from "./references.ts";
import type { Schemas } from "./schema.ts";

export interface ExtrasProps {
  of: string;
  schemas: Schemas;
  references: References;
  thing: Thing;
  onChanged(): Promise<void>;
}

/** What belongs to one and is no field of it: a queue's members, a source's keys, an agent's way in and out. */
export function Extras(props: ExtrasProps) {
  switch (props.of) {
    case "queues":
      return <Members {...props} />;
    case "sources":
      return <Keys {...props} />;
    case "agents":
      return <WayInAndOut {...props} />;
    default:
      return null;
  }
}

function useMay(schemas: Schemas): (method: string, path: string) => boolean {
  const desk = useDesk();
  return (method, path) => {
    const allowed = schemas.permission(method, path);
    return allowed !== null && desk.can(allowed);
  };
}

function told(failure: unknown): void {
  toast({
    text: failure instanceof Error && "detail" in failure ? String(failure.detail) : whyNot(failure),
    kind: "error",
  });
}

interface Member {
  agent_id: string;
  priority: number;
}

function Members({ schemas, references, thing }: ExtrasProps) {
  const may = useMay(schemas);
  const one = `${schemas.one("/v1/queues")}/members`;
  const path = `/v1/queues/${encodeURIComponent(thing.id)}/members`;
  const [members, setMembers] = useState<readonly Member[] | null>(null);
  const [chosen, setChosen] = useState("");
  const read = async () => {
    const { items } = await rest.get<{ items: Member[] }>(path, { query: { limit: 100 } });
    setMembers(items);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each queue
  useEffect(() => {
    if (may("get", one)) read().catch(() => undefined);
  }, [thing.id]);
  if (!members) return null;
  const mayChange = may("put", `${one}/{agent_id}`);
  const change = async (does: () => Promise<unknown>) => {
    try {
      await does();
      await read();
    } catch (failure) {
      told(failure);
    }
  };
  const put = (agent_id: string, priority: number) =>
    change(() => rest.put(`${path}/${encodeURIComponent(agent_id)}`, { priority }));
  const others = references
    .options("agents")
    .filter(([id]) => members.every(({ agent_id }) => agent_id !== id));
  return (
    <fieldset class="field-box admin-extra">
      <legend>{tt("members")}</legend>
      <ul class="admin-members">
        {members.map(({ agent_id, priority }) => {
          const name = references.title("agents", agent_id);
          return (
            <li key={agent_id}>
              <span dir="auto">{name}</span>
              <input
                class="db-input"
                type="number"
                min={-100}
                max={100}
                aria-label={`${tt("field_priority")}: ${name}`}
                title={tt("field_priority")}
                disabled={!mayChange}
                value={String(priority)}
                onChange={(event) => put(agent_id, Number(event.currentTarget.value))}
              />
              {mayChange ? (
                <Button
                  kind="quiet"
                  icon="close"
                  label={`${t("make_remove")}: ${name}`}
                  onClick={() => change(() => rest.delete(`${path}/${encodeURIComponent(agent_id)}`))}
                />
              ) : null}
            </li>
          );
        })}
      </ul>
      {mayChange && others.length > 0 ? (
        <div class="admin-more-row">
          <select
            class="db-input"
            aria-label={tt("member_add")}
            value={chosen}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            <option value="">{t("form_choose")}</option>
            {others.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <Button
            disabled={!chosen}
            onClick={() => {
              void put(chosen, 0);
              setChosen("");
            }}
          >
            {tt("member_add")}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

/** The key stands in the embed line; an older one is good until it is dropped. */
function Keys({ schemas, thing, onChanged }: ExtrasProps) {
  const may = useMay(schemas);
  const one = `${schemas.one("/v1/sources")}/keys`;
  const path = `/v1/sources/${encodeURIComponent(thing.id)}/keys`;
  const older = (Array.isArray(thing["older_keys"]) ? thing["older_keys"] : []) as readonly string[];
  const change = async (does: () => Promise<unknown>) => {
    try {
      await does();
      await onChanged();
    } catch (failure) {
      told(failure);
    }
  };
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      toast({ text: tt("copied_key") });
    } catch {
      toast({ text: t("not_copied"), kind: "warning" });
    }
  };
  return (
    <fieldset class="field-box admin-extra">
      <legend>{tt("keys")}</legend>
      <ul class="admin-members">
        {[String(thing["key"] ?? ""), ...older].map((key, place) => (
          <li key={key}>
            <code>{key}</code>
            <small>{place === 0 ? "" : tt("key_older")}</small>
            <Button kind="quiet" icon="copy" label={`${tt("key_copy")}: ${key}`} onClick={() => copy(key)} />
            {place > 0 && may("delete", `${one}/{key}`) ? (
              <Button
                kind="quiet"
                icon="close"
                label={`${t("make_remove")}: ${key}`}
                onClick={() => change(() => rest.delete(`${path}/${encodeURIComponent(key)}`))}
              />
            ) : null}
          </li>
        ))}
      </ul>
      {may("post", one) ? (
        <Button kind="quiet" icon="plus" onClick={() => change(() => rest.post(path, {}))}>
          {tt("key_new")}
        </Button>
      ) : null}
    </fieldset>
  );
}

function WayInAndOut({ schemas, references, thing, onChanged }: ExtrasProps) {
  const may = useMay(schemas);
  const one = schemas.one("/v1/agents");
  const path = `/v1/agents/${encodeURIComponent(thing.id)}`;
  const [link, setLink] = useState<string | null>(null);
  const [asks, setAsks] = useState(false);
  const invite = async () => {
    try {
      const made = await rest.post<{ link: string }>(`${path}/invite`, {});
      setLink(made.link);
    } catch (failure) {
      told(failure);
    }
  };
  const isOn = thing["enabled"] !== false;
  return (
    <div class="admin-more admin-extra">
      {isOn && may("post", `${one}/invite`) ? <Button onClick={invite}>{tt("invite")}</Button> : null}
      {isOn && may("post", `${one}/disable`) ? (
        <Button onClick={() => setAsks(true)}>{tt("disable")}</Button>
      ) : null}
      {link ? (
        <label class="db-field admin-link">
          <span>{tt("invite_link")}</span>
          <input class="db-input" readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
        </label>
      ) : null}
      {asks ? (
        <Disable
          path={path}
          colleagues={references.options("agents").filter(([id]) => id !== thing.id)}
          onClose={() => setAsks(false)}
          onChanged={onChanged}
        />
      ) : null}
    </div>
  );
}

interface DisableProps {
  path: string;
  colleagues: readonly (readonly [string, string])[];
  onClose(): void;
  onChanged(): Promise<void>;
}

/** It is asked what becomes of what lies on the desk. */
function Disable({ path, colleagues, onClose, onChanged }: DisableProps) {
  const [to, setTo] = useState("");
  const [wrong, setWrong] = useState<unknown>(null);
  const send = async (event: Event) => {
    event.preventDefault();
    try {
      await rest.post(`${path}/disable`, to ? { sessions: "hand_to", to } : { sessions: "requeue" });
      onClose();
      await onChanged();
    } catch (failure) {
      setWrong(failure);
    }
  };
  return (
    <Dialog title={tt("disable")} onClose={onClose}>
      <h2 class="dialog-title">{tt("disable")}</h2>
      <form class="ask-form" onSubmit={send}>
        <label class="db-field">
          <span>{tt("disable_sessions")}</span>
          <select class="db-input" value={to} onChange={(event) => setTo(event.currentTarget.value)}>
            <option value="">{tt("disable_requeue")}</option>
            {colleagues.map(([id, name]) => (
              <option key={id} value={id}>
                {tt("disable_hand_to", { who: name })}
              </option>
            ))}
          </select>
        </label>
        {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="danger" submit>
            {tt("disable")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
