import { useEffect, useMemo, useState } from "preact/hooks";
import { adopt } from "../../ui/adopt.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { addressOf, place } from "../router.ts";
import { t, whyNot } from "../words.ts";
import sheet from "./admin.lazy.css";
import { resourceWords, tt } from "./admin-words.ts";
import { Editor } from "./editor.tsx";
import { everyThing, References, type Thing, titleOf } from "./references.ts";
import { RESOURCES } from "./resources.ts";
import { type Api, Schemas } from "./schema.ts";

adopt(sheet);

/** What admins keep: drawn from the server's own description of it. */
export function Admin() {
  const [schemas, setSchemas] = useState<Schemas | null>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: trying again is what `tries` is for
  useEffect(() => {
    rest.get<Api>("/v1/openapi.json").then((api) => setSchemas(new Schemas(api)), setWrong);
  }, [tries]);
  const again = () => {
    setWrong(null);
    setTries(tries + 1);
  };
  return (
    <main class="admin" data-open={place.value.part !== null}>
      <h1 class="db-hidden">{tt("title")}</h1>
      {schemas ? <Rooms schemas={schemas} /> : null}
      {wrong === null ? null : (
        <Notice kind="error">
          {whyNot(wrong)} <Button onClick={again}>{t("retry")}</Button>
        </Notice>
      )}
      {schemas || wrong !== null ? null : <p class="lazy">{t("loading")}</p>}
    </main>
  );
}

function Rooms({ schemas }: { schemas: Schemas }) {
  const desk = useDesk();
  const references = useMemo(() => new References(schemas), [schemas]);
  const there = RESOURCES.filter(({ key }) => {
    const allowed = schemas.permission("get", `/v1/${key}`);
    return allowed !== null && desk.can(allowed);
  });
  const here = there.find(({ key }) => key === place.value.session_id)?.key ?? there[0]?.key;
  if (!here) return <p class="lazy">{tt("empty")}</p>;
  return (
    <>
      <nav class="admin-rooms" aria-label={tt("title")}>
        <h2>{tt("title")}</h2>
        {there.map(({ key, icon }) => (
          <a
            key={key}
            class="db-item"
            href={addressOf("settings", key)}
            {...(key === here ? { "aria-current": "page" as const } : {})}
          >
            <Icon name={icon} size={16} />
            <span>{resourceWords(key)}</span>
          </a>
        ))}
      </nav>
      <Room key={here} of={here} schemas={schemas} references={references} />
    </>
  );
}

interface RoomProps {
  of: string;
  schemas: Schemas;
  references: References;
}

function Room({ of, schemas, references }: RoomProps) {
  const desk = useDesk();
  const path = `/v1/${of}`;
  const [things, setThings] = useState<readonly Thing[] | null>(null);
  const [wrong, setWrong] = useState<unknown>(null);
  const { part } = place.value;
  const read = async () => {
    try {
      const found = (await everyThing(path)).filter(({ removed }) => removed !== true);
      setThings(found);
    } catch (failure) {
      setWrong(failure);
    }
    void references.read(of);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each kind
  useEffect(() => void read(), [of]);
  const allowed = schemas.permission("post", path);
  const mayMake = allowed !== null && desk.can(allowed);
  const sorted = [...(things ?? [])].sort(byTitle(things ?? []));
  const chosen = part === "new" ? null : (things?.find(({ id }) => id === part) ?? null);
  return (
    <>
      <section class="admin-list" aria-label={resourceWords(of)}>
        <header>
          <h2>{resourceWords(of)}</h2>
          {mayMake ? (
            <a class="db-button admin-new" href={addressOf("settings", of, "", "new")}>
              <Icon name="plus" size={16} /> {tt("new_one")}
            </a>
          ) : null}
        </header>
        {wrong === null ? null : <Notice kind="error">{whyNot(wrong)}</Notice>}
        {things?.length === 0 ? <p class="admin-none">{tt("empty")}</p> : null}
        <ul>
          {sorted.map((thing) => (
            <li key={thing.id}>
              <a
                class="db-item"
                href={addressOf("settings", of, "", thing.id)}
                {...(thing.id === part ? { "aria-current": "true" as const } : {})}
              >
                <span dir="auto">{titleOf(thing, things ?? [])}</span>
                <small>{about(thing)}</small>
              </a>
            </li>
          ))}
        </ul>
      </section>
      {part === null || (part !== "new" && !chosen) ? (
        <section class="admin-form admin-none">
          {part !== null && things !== null ? t("refused_not_found") : tt("nothing_chosen")}
        </section>
      ) : (
        <Editor
          key={`${of} ${part} ${chosen?.version ?? ""}`}
          {...{ of, schemas, references }}
          thing={chosen}
          onChanged={read}
        />
      )}
    </>
  );
}

function byTitle(things: readonly Thing[]): (one: Thing, other: Thing) => number {
  const order = (thing: Thing) =>
    typeof thing["order"] === "number" && !thing["parent_id"] ? thing["order"] : 0;
  return (one, other) =>
    order(one) - order(other) || titleOf(one, things).localeCompare(titleOf(other, things));
}

/** What else tells it from the others. */
function about(thing: Thing): string {
  const { status, enabled, email, mode, kind, starts } = thing;
  if (enabled === false) return tt("disabled");
  if (status === "draft" || status === "retired") return tt(status);
  return [email, mode, kind, starts].find((one): one is string => typeof one === "string") ?? "";
}
