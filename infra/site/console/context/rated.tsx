import type { Rating } from "../../proto/types.gen.ts";
import { Icon } from "../../ui/icon.tsx";
import { i18n, t, tagWords } from "../words.ts";

/** What the customer thought of it. */
export function Rated({ rating }: { rating: Rating }) {
  const { score, solved, tags, comment, credited_to, rated_at } = rating;
  return (
    <section class="context-part" aria-label={t("rating")}>
      <h3>{t("rating")}</h3>
      <p class="rated" data-low={score <= 2}>
        <span class="stars" aria-hidden="true">
          {[1, 2, 3, 4, 5].map((place) => (
            <span key={place} data-on={place <= score}>
              <Icon name="star" size={16} />
            </span>
          ))}
        </span>
        {t("rating_of", { score })}
      </p>
      {solved === null ? null : (
        <p>
          {t("resolved")} {solved ? t("resolved_yes") : t("resolved_no")}
        </p>
      )}
      {tags.length > 0 ? (
        <p class="rated-tags">
          {tags.map((tag) => (
            <span class="tag" key={tag}>
              {tagWords(tag)}
            </span>
          ))}
        </p>
      ) : null}
      {comment ? (
        <p class="rated-comment" dir="auto">
          {comment}
        </p>
      ) : null}
      <small>
        {credited_to ? `${t("rating_credited", { who: credited_to.name })} · ` : ""}
        {i18n.value.date(rated_at, { dateStyle: "medium", timeStyle: "short" })}
      </small>
    </section>
  );
}
