import { adopt } from "../../../ui/adopt.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { t } from "../../words.ts";
import { FormFields } from "./form-fields.tsx";
import { CardFields, LinkFields } from "./link-and-card.tsx";
import type { Made, MadeKind } from "./made.ts";
import sheet from "./maker.lazy.css";

adopt(sheet);

export interface MakerProps {
  kind: MadeKind;
  onMade(made: Made): void;
  onClose(): void;
}

/** The dialog in which a link, a card or a form is made and sent. */
export function Maker({ kind, onMade, onClose }: MakerProps) {
  const made = (what: Made) => {
    onMade(what);
    onClose();
  };
  const Fields = { link: LinkFields, card: CardFields, form: FormFields }[kind];
  return (
    <Dialog title={t(`make_${kind}`)} class="maker" onClose={onClose}>
      <h2 class="dialog-title">{t(`make_${kind}`)}</h2>
      <Fields onMade={made}>
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" submit>
            {t("send")}
          </Button>
        </div>
      </Fields>
    </Dialog>
  );
}
