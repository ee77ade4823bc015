import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError } from "../../core/rest.ts";
import type { FieldError } from "../../proto/types.gen.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Notice, toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import { useDesk } from "../desk/context.ts";
import { Lazy } from "../lazy.tsx";
import { addressOf, go } from "../router.ts";
import { t, whyNot } from "../words.ts";
import { Acts } from "./acts.tsx";
import { resourceWords, tt } from "./admin-words.ts";
import { SchemaFields } from "./fields.tsx";
import { nameOf, type References, type Thing } from "./references.ts";
import type { Schema, Schemas } from "./schema.ts";
import { beginning, changed, filled, present, type Values } from "./values.ts";

const loadExtras = () => import("./extras.tsx").then(({ Extras }) => Extras);

interface EditorProps {
  of: string;
  schemas: Schemas;
  references: References;
  /** Null: a new one. */
  thing: Thing | null;
  onChanged(): Promise<void>;
}

/** One of them, or a new one. */
export function Editor(props: EditorProps) {
  const { of, schemas, thing, onChanged } = props;
  const one = schemas.one(`/v1/${of}`) ?? "";
  const title = thing ? nameOf(thing) : `${resourceWords(of)}: ${tt("new_one")}`;
  return (
    <section class="admin-form" aria-label={title}>
      <header>
        <a
          class="db-button square admin-back"
          href={addressOf("settings", of)}
          aria-label={tt("back_to_list")}
        >
          <Icon name="back" />
        </a>
        <h2 dir="auto">{title}</h2>
        {thing ? <Remove {...{ of, schemas, thing, onChanged, one }} /> : null}
      </header>
      {thing ? <Acts {...props} thing={thing} /> : null}
      {thing ? <Lazy key={thing.id} load={loadExtras} given={{ ...props, thing }} /> : null}
      <ThingForm {...props} path={thing ? one : `/v1/${of}`} />
    </section>
  );
}

/** What the server says of a field stands at the field. */
function ThingForm({ of, schemas, references, thing, onChanged, path }: EditorProps & { path: string }) {
  const desk = useDesk();
  const method = thing ? "patch" : "post";
  const schema = useMemo(() => schemas.body(method, path), [schemas, method, path]);
  const before = useMemo(() => begins(schemas, schema, thing), [schemas, schema, thing]);
  const [values, setValues] = useState<Values>(before);
  const { failure, busy, save, overwrite } = useSaving({ of, thing, before, values, onChanged });
  const form = useRef<HTMLFormElement>(null);
  const allowed = schemas.permission(method, path);
  const isMine = allowed !== null && desk.can(allowed);
  const errors = failure instanceof ApiError ? failure.errors : NO_ERRORS;
  useEffect(() => {
    if (errors.length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);
  if (!schema) return <p class="admin-none">{tt("not_editable")}</p>;
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {isMine ? null : <p class="admin-none">{tt("not_editable")}</p>}
      <fieldset class="admin-fields" disabled={!isMine || busy}>
        <SchemaFields
          context={{ schemas, references, self: of, id: thing?.id ?? null, errors }}
          schema={schema}
          values={values}
          set={setValues}
        />
      </fieldset>
      <Trouble failure={failure} onTheirs={onChanged} onMine={overwrite} />
      {isMine ? (
        <div class="admin-acts">
          <Button kind="primary" submit disabled={busy}>
            {t("save")}
          </Button>
        </div>
      ) : null}
    </form>
  );
}

const NO_ERRORS: readonly FieldError[] = [];

function begins(schemas: Schemas, schema: Schema | null, thing: Thing | null): Values {
  if (!schema) return {};
  return thing ? present(schema, thing) : beginning(schemas, schema);
}

interface Saving extends Pick<EditorProps, "of" | "thing" | "onChanged"> {
  before: Values;
  values: Values;
}

function useSaving({ of, thing, before, values, onChanged }: Saving) {
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const list = `/v1/${of}`;
  const change = async ({ id, version = 0 }: Thing) => {
    const told = changed(before, values);
    if (Object.keys(told).length > 0) await rest.patch(`${list}/${encodeURIComponent(id)}`, told, version);
    toast({ text: tt("change_kept") });
    await onChanged();
  };
  const make = async () => {
    const made = await rest.post<Thing>(list, filled(values));
    toast({ text: tt("created") });
    await onChanged();
    go("settings", of, made.id);
  };
  const trying = async (does: () => Promise<void>) => {
    setBusy(true);
    setFailure(null);
    await does().catch(setFailure);
    setBusy(false);
  };
  return {
    failure,
    busy,
    save: () => trying(() => (thing ? change(thing) : make())),
    /** What was changed here, on top of what somebody else changed. */
    overwrite: () =>
      trying(async () => {
        if (thing) await change(await rest.get<Thing>(`${list}/${encodeURIComponent(thing.id)}`));
      }),
  };
}

interface TroubleProps {
  failure: unknown;
  onTheirs(): void;
  onMine(): void;
}

function Trouble({ failure, onTheirs, onMine }: TroubleProps) {
  if (failure === null) return null;
  if (failure instanceof ApiError && failure.code === "stale_version")
    return (
      <Notice kind="warning">
        <span class="link-words">{tt("conflict")}</span>
        <Button onClick={onTheirs}>{tt("conflict_theirs")}</Button>
        <Button onClick={onMine}>{tt("conflict_mine")}</Button>
      </Notice>
    );
  return <Notice kind="error">{inWords(failure)}</Notice>;
}

/** What the fields don't say already. The server's own sentence where this page has no word for it. */
function inWords(failure: unknown): string {
  if (!(failure instanceof ApiError)) return whyNot(failure);
  return failure.errors.length > 0 ? tt("some_wrong") : failure.detail;
}

type RemoveProps = Omit<EditorProps, "references" | "thing"> & { thing: Thing; one: string };

function Remove({ of, schemas, thing, one, onChanged }: RemoveProps) {
  const desk = useDesk();
  const [asks, setAsks] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const allowed = schemas.permission("delete", one);
  if (allowed === null || !desk.can(allowed)) return null;
  const remove = async () => {
    try {
      await rest.delete(`/v1/${of}/${encodeURIComponent(thing.id)}`);
      setAsks(false);
      toast({ text: tt("deleted") });
      go("settings", of);
      await onChanged();
    } catch (refused) {
      setFailure(refused);
    }
  };
  const question = tt("delete_ask", { name: nameOf(thing) });
  return (
    <>
      <Button kind="quiet" onClick={() => setAsks(true)}>
        {tt("delete")}
      </Button>
      {asks ? (
        <Dialog title={question} onClose={() => setAsks(false)}>
          <h2 class="dialog-title">{question}</h2>
          {failure === null ? null : <Notice kind="error">{inWords(failure)}</Notice>}
          <div class="dialog-acts">
            <Button onClick={() => setAsks(false)}>{t("cancel")}</Button>
            <Button kind="danger" onClick={remove}>
              {tt("delete")}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
