/** All that a conversation needs and a greeting does not: fetched once the greeting stands. */
export { Announcer } from "./announcer.tsx";
export { Banner } from "./banner.tsx";
export { AskEnd } from "./confirm.tsx";
export { Conversation } from "./conversation.ts";
export { Footer } from "./footer.tsx";
export { endsOf, Log, Older, UnsentList } from "./log.tsx";
export { Queue } from "./queue.tsx";
export { RatingCard } from "./rating-card.tsx";
