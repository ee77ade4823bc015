import { useRef, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { acceptInvitation } from "../account.ts";
import { LangSwitch, ThemeSwitch } from "../frame/switches.tsx";
import { go } from "../router.ts";
import { t, whyNot } from "../words.ts";

/** Coming in for the first time, by the link of an invitation. */
export function AcceptInvitation({ token }: { token: string }) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<unknown>(null);
  const password = useRef<HTMLInputElement>(null);
  const begin = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await acceptInvitation(token, password.current?.value ?? "");
      go("inbox");
    } catch (failure) {
      setWrong(failure);
    }
    setBusy(false);
  };
  return (
    <main class="door">
      <form class="door-card" onSubmit={begin}>
        <div class="door-head">
          <img src="../icon.svg" alt="" width="36" height="36" />
          <h1>{t("invitation_title")}</h1>
        </div>
        {wrong !== null ? <Notice kind="error">{whyNot(wrong)}</Notice> : null}
        <p>{t("invitation_intro")}</p>
        <label class="db-field">
          <span>{t("password_new")}</span>
          <input
            ref={password}
            class="db-input"
            type="password"
            name="password"
            autocomplete="new-password"
            minLength={8}
            maxLength={256}
            required
            autofocus
          />
        </label>
        <Button kind="primary" submit disabled={busy}>
          {t("invitation_begin")}
        </Button>
      </form>
      <div class="door-foot">
        <LangSwitch />
        <ThemeSwitch />
      </div>
    </main>
  );
}
