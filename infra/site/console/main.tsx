import "./app.css";
import { render } from "preact";
import { Toasts } from "../ui/notice.tsx";
import { agent } from "./account.ts";
import { invitation } from "./router.ts";
import { AcceptInvitation } from "./signin/invitation.tsx";
import { SignIn } from "./signin/sign-in.tsx";
import { spoken, t } from "./words.ts";
import { Workplace } from "./workplace.tsx";

function Console() {
  if (!agent.value) document.title = t("title");
  return (
    <>
      {invitation.value ? (
        <AcceptInvitation token={invitation.value} />
      ) : agent.value ? (
        <Workplace />
      ) : (
        <SignIn />
      )}
      <Toasts close={t("close")} />
    </>
  );
}

const root = document.getElementById("root");
const begin = () => root && render(<Console />, root);
// In English rather than not at all.
spoken().then(begin, begin);
