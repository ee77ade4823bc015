/** What the focus looks for: where words are written, where a topic is chosen, where it says that the talk is over. */
export const FIELD = "field";
export const CHOOSE = "choose";
export const ENDED = "ended";
