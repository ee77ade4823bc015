import { useRef, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { lastEmail, signIn, thrownOut } from "../account.ts";
import { LangSwitch, ThemeSwitch } from "../frame/switches.tsx";
import { t, whyNot } from "../words.ts";

export function SignIn() {
  const [email, setEmail] = useState(lastEmail);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<unknown>(null);
  const password = useRef<HTMLInputElement>(null);
  const enter = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await signIn(email.trim(), password.current?.value ?? "");
    } catch (failure) {
      setWrong(failure);
      password.current?.select();
      password.current?.focus();
    }
    setBusy(false);
  };
  return (
    <main class="door">
      <form class="door-card" onSubmit={enter}>
        <div class="door-head">
          <img src="../icon.svg" alt="" width="36" height="36" />
          <h1>{t("sign_in_title")}</h1>
        </div>
        {wrong !== null ? <Notice kind="error">{whyNot(wrong)}</Notice> : null}
        {wrong === null && thrownOut.value ? <Notice kind="warning">{t("signed_out_kept")}</Notice> : null}
        <label class="db-field">
          <span>{t("email")}</span>
          <input
            class="db-input"
            type="email"
            name="email"
            autocomplete="username"
            required
            autofocus={email === ""}
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <label class="db-field">
          <span>{t("password")}</span>
          <input
            ref={password}
            class="db-input"
            type="password"
            name="password"
            autocomplete="current-password"
            required
            autofocus={email !== ""}
          />
        </label>
        <Button kind="primary" submit disabled={busy}>
          {busy ? t("signing_in") : t("sign_in")}
        </Button>
      </form>
      <div class="door-foot">
        <LangSwitch />
        <ThemeSwitch />
      </div>
    </main>
  );
}
