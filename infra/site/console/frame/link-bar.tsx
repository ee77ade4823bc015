import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useDesk } from "../desk/context.ts";
import { t } from "../words.ts";

/** Says what is wrong with the way to the server, as long as it is. */
export function LinkBar() {
  const desk = useDesk();
  switch (desk.link.value) {
    case "waiting":
      return (
        <Notice kind="warning">
          <span class="link-words">{t("link_kept")}</span>
          <Button onClick={() => desk.client.retry()}>{t("retry")}</Button>
        </Notice>
      );
    case "polling":
      return (
        <Notice kind="warning">
          <span class="link-words">{t("link_slow_or_gone")}</span>
          <Button onClick={() => desk.client.retry()}>{t("retry")}</Button>
        </Notice>
      );
    case "reload":
      return (
        <Notice kind="error">
          <span class="link-words">{t("link_reload")}</span>
          <Button kind="primary" onClick={() => location.reload()}>
            {t("reload")}
          </Button>
        </Notice>
      );
    default:
      return null;
  }
}
