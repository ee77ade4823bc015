// Written by `python -m infra.scripts.types` from chalicelib/protocol. Not for editing: change the models.

export type FileKind = "image" | "video" | "voice" | "file";

export type FieldKind = "text" | "number" | "date" | "email" | "phone" | "select" | "checkbox";

export type State =
  | "queued"
  | "offered"
  | "active"
  | "on_hold"
  | "wrap_up"
  | "closed"
  | "left_message"
  | "answered";

export type MessageKind =
  | "text"
  | "image"
  | "video"
  | "voice"
  | "file"
  | "link"
  | "card"
  | "form"
  | "form_answer"
  | "note"
  | "system"
  | "recall";

export type RoutingStatus = "accepting" | "busy" | "break" | "offline";

export type Duty = "on_shift" | "on_break" | "off_shift" | "overtime";

export type Role = "customer" | "agent" | "system";

export type HowGot = "auto" | "ring" | "transfer" | "taken" | "pulled_back" | "assigned" | "taken_over";

export type Watched = "list" | "queue" | "live" | "session";

export type BulkAct = "requeue" | "assign" | "end" | "tag" | "priority" | "dispose" | "block" | "spam";

export type CallProvider = "tel" | "amazon_connect" | "http";

export type CallStatus = "started" | "ringing" | "answered" | "ended" | "failed";

export type CallOutcome =
  | "answered"
  | "no_answer"
  | "busy"
  | "voicemail"
  | "wrong_number"
  | "cancelled"
  | "failed";

export type Language = "en" | "zh-CN";

export type AnswerScope = "personal" | "queue" | "global";

export type QueueMode = "auto" | "ring" | "manual";

export type Rule =
  | "disabled"
  | "not_connected"
  | "not_accepting"
  | "off_duty"
  | "leaving"
  | "full"
  | "lacks_skill"
  | "let_it_go"
  | "refused_at_claim"
  | "kept_for_another";

export type Outcome = "accepted" | "declined" | "expired" | "withdrawn" | "missed";

export type Strategy = "least_loaded" | "longest_idle" | "round_robin" | "skill_best";

export type Masked = "phone" | "email";

export type SchemeStatus = "draft" | "published" | "retired";

export type Resolved = "yes" | "no" | "partly";

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

export type LeaveKind = "annual" | "sick" | "personal" | "comp_off" | "training" | "other";

export type LeaveState = "requested" | "approved" | "declined" | "cancelled";

export type SwapState = "open" | "taken" | "approved" | "declined" | "withdrawn";

export type OverrideKind = "add" | "remove" | "replace";

export type SourceKind = "web" | "h5" | "app_webview" | "mini_program_webview" | "api";

export type Identity = "anonymous" | "optional" | "required";

/**
 * A file as stored. Size in bytes and type are of its bytes; so are a picture's width and height, as it is shown.
 *
 * Of films and sounds the sender's browser says how large and how long they are. `waveform`: loudness over time, 0 to 100.
 * `thumbnail`: a tiny JPEG or WebP in base64, to be shown until the picture has come. `gone`: it is too old to be kept.
 */
export interface Attachment {
  attachment_id: string;
  kind: FileKind;
  name: string;
  size: number;
  content_type: string;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
  waveform: number[] | null;
  thumbnail: string | null;
  gone: boolean;
}

export interface Link {
  url: string;
  title?: string | null;
}

export interface Fact {
  label: string;
  value: string;
}

/** Something of the shop's: an order, a product. */
export interface Card {
  title: string;
  text?: string | null;
  image_url?: string | null;
  url?: string | null;
  facts?: Fact[];
}

/** One question. `options` are a select's, which has some, and nobody else's. */
export interface FormField {
  name: string;
  label: string;
  kind?: FieldKind;
  required?: boolean;
  options?: string[];
}

export interface Form {
  title?: string | null;
  fields: FormField[];
}

/** By the names of the form's fields; what was left empty may be left out. */
export interface FormAnswer {
  values: Record<string, unknown>;
}

/** Who said or did it. `id` is null for the system. */
export interface By {
  role: Role;
  id: string | null;
  name: string | null;
}

/** A line of the house's own; the reader's screen words it in the reader's language. `about` are the names in it. */
export interface SystemLine {
  code: "assigned" | "ended_by_agent" | "ended_by_customer" | "abandoned" | "filed" | "requeued" | "held" | "resumed" | "reopened" | "idle_warned" | "still_here" | "ended_idle" | "queue_timeout" | "edited" | "rated" | "rating_asked" | "wrap_up_extended" | "wrap_up_passed" | "left_message" | "left_taken" | "answered_by_email" | "answered_by_call" | "answered_by_next_visit" | "mail_refused" | "ended_merged" | "customer_became" | "set_aside" | "ended_with_words" | "call_started" | "call_ended" | "revealed" | "offered" | "offer_declined" | "offer_expired" | "reply_missed" | "transfer_offered" | "transfer_declined" | "transfer_expired" | "transfer_cancelled" | "transferred" | "transferred_to_queue" | "pulled_back" | "overflowed" | "queue_full";
  about: Record<string, string>;
}

/**
 * One entry of a session's log.
 *
 * `seq` counts from 1 without holes in what a customer may see; a note stands after a message at `[seq, staff_seq]`.
 * `text` of a system line is its English wording, for readers that know no `system` code. A `recall` takes back the message
 * that its `reply_to` names; that one keeps its place and its kind, with `recalled_at` and nothing of what it said.
 * `answer_seq` of a form: where its one answer stands.
 */
export interface Message {
  session_id: string;
  seq: number;
  staff_seq: number | null;
  message_id: string;
  client_id: string | null;
  kind: MessageKind;
  by: By;
  text: string | null;
  system: SystemLine | null;
  attachment: Attachment | null;
  link: Link | null;
  card: Card | null;
  form: Form | null;
  form_answer: FormAnswer | null;
  answer_seq: number | null;
  recalled_at: string | null;
  reply_to: number | null;
  sent_at: string;
}

export interface AgentBrief {
  id: string;
  name: string;
}

export interface CustomerBrief {
  id: string;
  name: string;
  verified: boolean;
  level: string | null;
}

/** Who was merged into a customer, when and by whom. It can be undone for thirty days. */
export interface Merge {
  customer_id: string;
  at: string;
  by: By;
  undone_at: string | null;
}

/** A customer as staff reads one; `email` and `phone` are masked. One who was merged into another has no history of their own. */
export interface Customer {
  id: string;
  name: string;
  verified: boolean;
  level: string | null;
  version: number;
  source_id: string;
  email: string | null;
  phone: string | null;
  language: string | null;
  merged_into: string | null;
  merges: Merge[];
  remark: string;
  attributes: Record<string, string>;
  created_at: string;
}

export interface Mark {
  delivered: number;
  read: number;
}

/** The two numbers per side, never past the head and never backwards. */
export interface Marks {
  customer: Mark;
  agent: Mark;
}

/** A further option that was filed, in the words it had then. */
export interface FiledOption {
  option_id: string;
  label: string | Record<string, string>;
  path: (string | Record<string, string>)[];
  fields: Record<string, string | number | boolean>;
}

/**
 * A disposition as filed: the scheme's version it was chosen from, and the words it had there.
 *
 * What was filed by itself has no `filed_by` and no scheme.
 */
export interface Filing {
  scheme_id: string;
  scheme_version: number;
  option_id: string;
  label: string | Record<string, string>;
  path: (string | Record<string, string>)[];
  note: string;
  fields: Record<string, string | number | boolean>;
  resolved: Resolved | null;
  others: FiledOption[];
  filed_at: string;
  filed_by: AgentBrief | null;
}

/** What a customer thought of it, once; it is credited to the agent of the last period in which one replied. */
export interface Rating {
  score: number;
  solved: boolean | null;
  tags: string[];
  comment: string;
  rated_at: string;
  credited_to: AgentBrief | null;
}

/**
 * One period of one owner: a queue, or an agent, and how they got it. Where it went on from there, and with what comment.
 *
 * Of one that was offered: when it was, and when it was accepted.
 */
export interface Segment {
  queue_id: string;
  agent: AgentBrief | null;
  started_at: string;
  how: HowGot | "reopened" | null;
  offer_id: string | null;
  offered_at: string | null;
  accepted_at: string | null;
  first_reply_at: string | null;
  ended_at: string | null;
  ended_how: string | null;
  to_agent: AgentBrief | null;
  to_queue_id: string | null;
  comment: string;
}

/** A session put to one agent: theirs if they accept it before `deadline`. `by`: who transfers it; null where the house offers it. */
export interface Offer {
  offer_id: string;
  agent: AgentBrief;
  how: "ring" | "transfer";
  made_at: string;
  deadline: string;
  by: AgentBrief | null;
  comment: string;
}

/** A session that waits for something else. It goes on at `until`, with a reminder to its agent. */
export interface Hold {
  reason: string;
  until: string;
}

/**
 * A session as its customer sees it. `idle_ends_at`: it ends then, unless they say something.
 *
 * `rating_open_until`: until when they may still rate it; null where there is nothing to rate, or it was rated.
 */
export interface CustomerSession {
  session_id: string;
  number: string;
  state: State;
  version: number;
  agent: AgentBrief | null;
  category_id: string | null;
  created_at: string;
  queued_at: string | null;
  assigned_at: string | null;
  ended_at: string | null;
  closed_at: string | null;
  close_reason: string | null;
  idle_ends_at: string | null;
  rating_open_until: string | null;
  head: number;
  marks: Marks;
  unread: number;
  last_message: Message | null;
}

/** How a customer can be reached, as far as anybody may see it: `c•••@example.com`, `•••42`. */
export interface MaskedContact {
  email: string | null;
  phone: string | null;
}

/** A session as its agents see it. `due_at`: by when a left message should be answered. */
export interface Session {
  session_id: string;
  number: string;
  state: State;
  version: number;
  agent: AgentBrief | null;
  category_id: string | null;
  created_at: string;
  queued_at: string | null;
  assigned_at: string | null;
  ended_at: string | null;
  closed_at: string | null;
  close_reason: string | null;
  idle_ends_at: string | null;
  rating_open_until: string | null;
  head: number;
  marks: Marks;
  unread: number;
  last_message: Message | null;
  customer: CustomerBrief;
  queue_id: string;
  source_id: string;
  chosen_category_id: string | null;
  priority: number;
  required_skills: SkillLevel[];
  first_reply_at: string | null;
  waits_for: "us" | "customer" | null;
  waits_since: string | null;
  hold: Hold | null;
  wrap_up_until: string | null;
  to_file: boolean;
  offer: Offer | null;
  disposition: Filing | null;
  rating: Rating | null;
  tags: string[];
  attributes: Record<string, string>;
  legal_hold: boolean;
  answers: Record<string, string | boolean | number>;
  page: string | null;
  due_at: string | null;
  contact: MaskedContact | null;
  segments: Segment[];
}

/**
 * An agent as colleagues and admins read it. `duty` is judged now; `load` in slots (hundredths are kept).
 *
 * `break_ends_at`: when a break of theirs should end, or should have. `next_status`: comes once the desk is empty.
 */
export interface Agent {
  id: string;
  version: number;
  email: string;
  alias: string;
  role_ids: string[];
  capacity: number;
  load: number;
  enabled: boolean;
  routing_status: RoutingStatus;
  break_reason: string | null;
  break_ends_at: string | null;
  next_status: RoutingStatus | null;
  status_since: string | null;
  connected: boolean;
  duty: Duty;
  unit_id: string | null;
  skills: SkillLevel[];
  queue_ids: string[];
  languages: string[];
  phone: string | null;
  employee_no: string | null;
  time_zone: string;
  created_at: string;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** Which part of a list. The cursor is the `next_cursor` of the page before. */
export interface PageQuery {
  limit: number;
  cursor: string | null;
}

/** RFC 9457, with a stable `code`, the offending `errors` by path, and the request's id. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors: FieldError[];
  request_id: string;
}

/** An empty object. */
export type Nothing = Record<string, never>;

export interface SignIn {
  email: string;
  password: string;
  otp?: string | null;
}

export interface Refresh {
  refresh_token: string;
}

export interface SignedIn {
  token: string;
  expires_at: string;
  refresh_token: string;
  agent: Agent;
}

export interface Granted {
  permission: string;
  scope: string;
}

export interface Me {
  agent: Agent;
  permissions: Granted[];
}

export interface SocketTicket {
  ticket: string;
  url: string;
  expires_at: string;
}

/**
 * An anonymous customer of a source, or, with a refresh token, the same one again, or whom the site's signature names. With both, what
 * this browser said before becomes theirs.
 */
export interface NewCustomer {
  source_key: string;
  identity_token?: string | null;
  refresh_token?: string | null;
}

export interface CustomerTokens {
  customer_id: string;
  token: string;
  refresh_token: string;
  expires_at: string;
}

export interface NewSession {
  client_id: string;
  category_id?: string | null;
  answers?: Record<string, string | boolean | number>;
  page?: string | null;
  text?: string | null;
}

/**
 * `after` is the highest contiguous seq known when this was first composed; the same on every resend.
 *
 * Which of the others it has, its kind says: text `text`; image, video, voice and file `attachment_id`, with words below it or
 * none; link `link`; card `card`; form `form`, from agents; form_answer `form_answer`, with the form's seq in `reply_to`.
 */
export interface NewMessage {
  client_id: string;
  after?: number | null;
  kind?: "text" | "image" | "video" | "voice" | "file" | "link" | "card" | "form" | "form_answer";
  text?: string | null;
  attachment_id?: string | null;
  link?: Link | null;
  card?: Card | null;
  form?: Form | null;
  form_answer?: FormAnswer | null;
  reply_to?: number | null;
}

/** Where a message stands. The same `client_id` again gives the same answer. */
export interface Stored {
  seq: number;
  message_id: string;
  sent_at: string;
  staff_seq: number | null;
}

/**
 * A file that is about to be uploaded. Size in bytes; what a browser knows of it besides may come along.
 *
 * Without a session it is its customer's until they say it: a left message is not one yet when its files are uploaded.
 */
export interface NewAttachment {
  session_id?: string | null;
  name: string;
  size: number;
  kind: FileKind;
  duration_ms?: number | null;
  width?: number | null;
  height?: number | null;
  waveform?: number[] | null;
  thumbnail?: string | null;
}

/** Where the file goes, by POST as multipart/form-data: `fields` first and as they are, then `file`. */
export interface UploadForm {
  url: string;
  fields: Record<string, string>;
}

/** `expires_at`: the form is taken until then. */
export interface AttachmentOpened {
  attachment_id: string;
  upload: UploadForm;
  expires_at: string;
}

/** An address that needs no token and dies soon. */
export interface AttachmentLink {
  url: string;
  expires_at: string;
}

export interface NewMarks {
  delivered?: number | null;
  read?: number | null;
}

/** What is named is changed; the rest stays. The category corrected is kept beside the one that was chosen. */
export interface SessionChange {
  category_id?: string | null;
  priority?: number | null;
  tags?: string[] | null;
  attributes?: Record<string, string> | null;
  legal_hold?: boolean | null;
}

/** 1 is the worst, 5 the best. */
export interface NewRating {
  score: number;
  solved?: boolean | null;
  tags?: string[];
  comment?: string;
}

/** What is named is changed; the rest stays. */
export interface CustomerChange {
  name?: string | null;
  level?: string | null;
  remark?: string | null;
  attributes?: Record<string, string> | null;
}

/** Which page of an export; none named is the first. */
export interface ExportPage {
  cursor?: string | null;
}

/** What was erased of a customer in this call. Not `done`: ask again; `held` is kept by a legal hold until that is lifted. */
export interface Erased {
  done: boolean;
  sessions: number;
  held: number;
}

/** Why, and until when at the latest; the queue's limit comes first. */
export interface NewHold {
  reason?: string;
  until?: string | null;
}

/** What a talk was about besides. */
export interface OtherFiling {
  option_id: string;
  fields?: Record<string, unknown>;
}

/** What a talk was about: one option, and at most two others. `end`: it ends with this, too. */
export interface NewFiling {
  option_id: string;
  fields?: Record<string, unknown>;
  note?: string;
  resolved?: Resolved | null;
  others?: OtherFiling[];
  end?: boolean;
}

/**
 * `next` comes once the desk is empty. `reason` is a break's, whichever of the two that is; one that an admin defined is named
 * by its name or id.
 */
export interface NewRoutingStatus {
  status: RoutingStatus;
  reason?: string | null;
  next?: RoutingStatus | null;
}

/**
 * A category as the widget offers it, in its order. `fields`: what is asked before the talk, the nearest above's where it says nothing.
 *
 * `open`: whether somebody could serve it now, by its hours and the roster; `opens_at`: when, if not, and null if that is not in sight.
 */
export interface CategoryChoice {
  id: string;
  label: string;
  parent_id: string | null;
  icon: string | null;
  greeting: string;
  fields: FormField[];
  open: boolean;
  opens_at: string | null;
}

/** `mode`: what a customer can do now; `opens_at`: when somebody is there, if nobody is. Texts and labels are in the language asked for. */
export interface WidgetConfig {
  mode: "open" | "queue" | "leave_message" | "hidden";
  opens_at: string | null;
  lang: Language;
  texts: Record<string, string>;
  theme: Record<string, string>;
  categories: CategoryChoice[];
}

export interface Health {
  status: "ok";
  version: string;
  now: string;
}

/**
 * Where a reader's knowledge of one session ends: the highest contiguous seq.
 *
 * To an agent the notes that stand on that very seq are told again too.
 */
export interface From {
  session_id: string;
  after: number;
}

export interface Hello {
  type: "hello";
  client_id?: string | null;
  client: string;
  version: string;
  catch_up?: From[];
}

export interface Ping {
  type: "ping";
  client_id?: string | null;
  visible?: boolean;
}

export interface SendMessage {
  client_id: string;
  after?: number | null;
  kind?: "text" | "image" | "video" | "voice" | "file" | "link" | "card" | "form" | "form_answer";
  text?: string | null;
  attachment_id?: string | null;
  link?: Link | null;
  card?: Card | null;
  form?: Form | null;
  form_answer?: FormAnswer | null;
  reply_to?: number | null;
  type: "send_message";
  session_id: string;
  visibility?: "all" | "staff";
}

/** Takes one's own message back, within two minutes. Taking it back twice is no error. */
export interface RecallMessage {
  type: "recall_message";
  client_id: string;
  session_id: string;
  seq: number;
}

/** What stands behind `after`; to an agent the notes that stand on it too. */
export interface CatchUp {
  type: "catch_up";
  client_id?: string | null;
  session_id: string;
  after: number;
  limit?: number;
}

export interface Typing {
  type: "typing";
  client_id?: string | null;
  session_id: string;
  on: boolean;
}

export interface MoveMark {
  delivered?: number | null;
  read?: number | null;
  type: "mark";
  client_id?: string | null;
  session_id: string;
}

export interface StartSession {
  client_id: string;
  category_id?: string | null;
  answers?: Record<string, string | boolean | number>;
  page?: string | null;
  text?: string | null;
  type: "start_session";
}

export interface EndSession {
  type: "end_session";
  client_id: string;
  session_id: string;
}

/** Leaving ends a session that still waits, or makes a left message of it. */
export interface LeaveQueue {
  type: "leave_queue";
  client_id: string;
  session_id: string;
  choice?: "leave" | "leave_message";
  contact?: Contact;
}

export interface StillHere {
  type: "still_here";
  client_id: string;
  session_id: string;
}

export interface HoldSession {
  reason?: string;
  until?: string | null;
  type: "hold_session";
  client_id: string;
  session_id: string;
}

export interface ResumeSession {
  type: "resume_session";
  client_id: string;
  session_id: string;
}

export interface RequeueSession {
  type: "requeue_session";
  client_id: string;
  session_id: string;
}

export interface RateSession {
  score: number;
  solved?: boolean | null;
  tags?: string[];
  comment?: string;
  type: "rate_session";
  client_id: string;
  session_id: string;
}

export interface TakeSession {
  type: "take_session";
  client_id: string;
  session_id: string;
}

/** Of the session that is offered to the one who asks. */
export interface AcceptOffer {
  type: "accept_offer";
  client_id: string;
  session_id: string;
}

export interface DeclineOffer {
  reason?: string;
  type: "decline_offer";
  client_id: string;
  session_id: string;
}

export interface TransferSession {
  to_agent_id?: string | null;
  to_queue_id?: string | null;
  comment?: string;
  type: "transfer_session";
  client_id: string;
  session_id: string;
}

export interface FileDisposition {
  option_id: string;
  fields?: Record<string, unknown>;
  note?: string;
  resolved?: Resolved | null;
  others?: OtherFiling[];
  end?: boolean;
  type: "file_disposition";
  client_id: string;
  session_id: string;
}

export interface SetRoutingStatus {
  status: RoutingStatus;
  reason?: string | null;
  next?: RoutingStatus | null;
  type: "set_routing_status";
  client_id: string;
}

/**
 * `list`: changes of the caller's lists; `queue`: who waits, in the queue named or all the caller's; `live`: the live board;
 * `session`: all that is said in the session named, for supervisors.
 */
export interface Watch {
  type: "watch";
  client_id?: string | null;
  what: Watched;
  queue_id?: string | null;
  session_id?: string | null;
}

export interface Unwatch {
  type: "unwatch";
  client_id?: string | null;
  what: Watched;
  queue_id?: string | null;
  session_id?: string | null;
}

/** A command was carried out. For a message: where it stands; a note stands at `[seq, staff_seq]`. */
export interface Accepted {
  type: "accepted";
  client_id: string;
  session_id: string | null;
  seq: number | null;
  staff_seq: number | null;
  message_id: string | null;
  sent_at: string | null;
  number: string | null;
  state: State | null;
  version: number | null;
  head: number | null;
  status: RoutingStatus | null;
}

export interface FieldError {
  path: string;
  problem: string;
}

/** A command that was not carried out; only its sender hears it. `client_id` is null where the frame named none. */
export interface Refused {
  type: "refused";
  client_id: string | null;
  code: string;
  detail: string;
  errors: FieldError[];
  retry_after_s: number | null;
  request_id: string | null;
}

/** What stands after `after`, oldest first. `head` is the newest seq there is; `more`: ask again from the last one. */
export interface CaughtUp {
  type: "caught_up";
  client_id: string | null;
  session_id: string;
  messages: Message[];
  head: number;
  more: boolean;
}

/** Answer to `hello`: the terms of this connection, the caller's live sessions, and what was asked in `catch_up`. */
export interface Welcome {
  type: "welcome";
  client_id: string | null;
  connection_id: string;
  now: string;
  protocol: number;
  ping_every_s: number;
  lease_s: number;
  renew_after_s: number;
  reconnect_window_s: number;
  sessions: (Session | CustomerSession)[];
  caught_up: CaughtUp[];
  routing_status: RoutingStatus | null;
}

/** `heads`: the newest `[seq, staff_seq]` of each live session; `lists`: a digest by tab that changes when the list does. */
export interface Pong {
  type: "pong";
  client_id: string | null;
  heads: Record<string, [number, number]>;
  lists: Record<string, string>;
}

export interface MessageSent {
  session_id: string;
  seq: number;
  staff_seq: number | null;
  message_id: string;
  client_id: string | null;
  kind: MessageKind;
  by: By;
  text: string | null;
  system: SystemLine | null;
  attachment: Attachment | null;
  link: Link | null;
  card: Card | null;
  form: Form | null;
  form_answer: FormAnswer | null;
  answer_seq: number | null;
  recalled_at: string | null;
  reply_to: number | null;
  sent_at: string;
  type: "message.sent";
}

/** An entry of its own, of the kind `recall`: the message at `reply_to` was taken back. */
export interface MessageRecalled {
  session_id: string;
  seq: number;
  staff_seq: number | null;
  message_id: string;
  client_id: string | null;
  kind: MessageKind;
  by: By;
  text: string | null;
  system: SystemLine | null;
  attachment: Attachment | null;
  link: Link | null;
  card: Card | null;
  form: Form | null;
  form_answer: FormAnswer | null;
  answer_seq: number | null;
  recalled_at: string | null;
  reply_to: number | null;
  sent_at: string;
  type: "message.recalled";
}

export interface TypingSeen {
  type: "typing";
  session_id: string;
  by: By;
  on: boolean;
}

export interface MarkMoved {
  type: "mark.moved";
  session_id: string;
  by: "customer" | "agent";
  mark: Mark;
}

/**
 * Sent to the session's people; `close_reason` once it is over. What else changed can be read over REST.
 *
 * `segment` counts the periods of its owners so far: 0 before the first words.
 */
export interface SessionChanged {
  type: "session.changed";
  session_id: string;
  number: string;
  state: State;
  version: number;
  agent: AgentBrief | null;
  queue_id: string | null;
  close_reason: string | null;
  segment: number;
}

/** Position in the queue: exact to 20, then null. The wait is a range and no promise. */
export interface QueueMoved {
  type: "queue.moved";
  session_id: string;
  position: number | null;
  wait_low_s: number | null;
  wait_high_s: number | null;
}

/** The customer has been silent since the agent's message; the session ends at `ends_at` unless they say something. */
export interface IdleWarned {
  type: "idle.warned";
  session_id: string;
  ends_at: string;
}

/** To the customer: how was it? Asked once, at the end or when the agent invites. */
export interface RatingAsked {
  type: "rating.asked";
  session_id: string;
  open_until: string | null;
}

export interface WrapUpStarted {
  type: "wrap_up.started";
  session_id: string;
  deadline: string;
  scheme: string | null;
}

/** The time for filing is over: the slot is free, and the session can still be filed. */
export interface WrapUpPassed {
  type: "wrap_up.passed";
  session_id: string;
  deadline: string;
  scheme: string | null;
}

/** A session is put to this agent, until `deadline`. `why`: it is their turn, or a colleague (`by`) hands it on, with a comment. */
export interface OfferMade {
  type: "offer.made";
  offer_id: string;
  session: Session;
  deadline: string;
  comment: string;
  by: AgentBrief | null;
  why: "ring" | "transfer";
}

export interface SessionBrief {
  session_id: string;
  number: string;
}

/** It is not offered to this agent any more: answered elsewhere, too late, taken back, or over. */
export interface OfferWithdrawn {
  type: "offer.withdrawn";
  offer_id: string;
  session_id: string;
  session: SessionBrief;
  deadline: string;
  why: "declined" | "expired" | "withdrawn" | "ended";
}

export interface AgentStatusChanged {
  type: "agent.status_changed";
  agent_id: string;
  connected: boolean;
  routing_status: RoutingStatus;
  break_reason: string | null;
  break_ends_at: string | null;
  duty: Duty;
  by: By;
  why: string;
}

/** What one may do has changed: ask for it anew, and open the socket anew. */
export interface PermissionsChanged {
  type: "permissions.changed";
}

/** To the agent: the customer has waited for a reply since then, longer than it should take. */
export interface ReplyPrompted {
  type: "reply.prompted";
  session_id: string;
  waits_since: string;
}

/** To supervisors who watch their lists: for twice as long as a reply should take nobody has said anything. */
export interface ReplyLate {
  type: "reply.late";
  session_id: string;
  queue_id: string;
  agent: AgentBrief | null;
  waits_since: string;
}

/** To the agent who asked to be reminded, when it is time. */
export interface ReminderDue {
  type: "reminder.due";
  reminder_id: string;
  session_id: string | null;
  customer_id: string;
  at: string;
  note: string;
}

/** Who waits in a queue that the caller watches changed, at this session. */
export interface QueueStatusChanged {
  type: "queue.status";
  queue_id: string;
  session_id: string;
  version: number;
}

/** Something on the live board changed, at this session. */
export interface LiveChanged {
  type: "live.changed";
  queue_id: string;
  session_id: string;
  version: number;
}

/** A list the caller watches changed at this session: its id and version only. */
export interface ListChanged {
  type: "list.changed";
  tab: string;
  session_id: string;
  version: number;
}

/** To whom. `over_capacity`: although their desk is full, which is marked. */
export interface NewAssignment {
  agent_id: string;
  over_capacity?: boolean;
}

/** A note to the session's agent. `client_id` makes a resend harmless; without it each is a new one. */
export interface NewWhisper {
  client_id?: string | null;
  after?: number | null;
  text: string;
}

/** Why, for staff, and until when; a week where nothing is said. */
export interface NewBlock {
  reason?: string;
  until?: string | null;
}

/** A customer who can't write to us until then. */
export interface Block {
  id: string;
  version: number;
  customer_id: string;
  name: string;
  reason: string;
  blocked_at: string;
  until: string;
  by: AgentBrief | null;
}

/**
 * One act on many sessions. What else it has, the act says: assign `agent_id` and `over_capacity`; end `texts`; tag `tags`, which are
 * added; priority `priority`; dispose what a filing has; block `reason` and `until`.
 */
export interface BulkActs {
  ids: string[];
  act: BulkAct;
  agent_id?: string | null;
  over_capacity?: boolean | null;
  texts?: Record<string, string> | null;
  tags?: string[] | null;
  priority?: number | null;
  option_id?: string | null;
  fields?: Record<string, string | number | boolean> | null;
  note?: string | null;
  resolved?: Resolved | null;
  reason?: string | null;
  until?: string | null;
}

/** What became of one of them: the session as it is now, or why not. */
export interface BulkResult {
  id: string;
  ok: boolean;
  code: string | null;
  detail: string | null;
  session: Session | null;
}

/** One for each id, in the order asked. */
export interface BulkResults {
  items: BulkResult[];
  next_cursor: null;
}

/** `alias` is the name that customers see. `capacity`: how many sessions at once. */
export interface AgentRules {
  alias: string;
  unit_id: string | null;
  capacity: number;
  time_zone: string;
  skills: SkillLevel[];
  languages: string[];
  phone: string | null;
  employee_no: string | null;
}

/** Somebody who shall work here. Without a password an invitation is due. */
export interface NewAgent {
  alias: string;
  unit_id?: string | null;
  capacity?: number;
  time_zone?: string;
  skills?: SkillLevel[];
  languages?: string[];
  phone?: string | null;
  employee_no?: string | null;
  email: string;
  password?: string | null;
  role_ids?: string[];
}

/** What is named is changed; the rest stays. */
export interface AgentChange {
  alias?: string;
  unit_id?: string | null;
  capacity?: number;
  time_zone?: string;
  skills?: SkillLevel[];
  languages?: string[];
  phone?: string | null;
  employee_no?: string | null;
  email?: string;
  role_ids?: string[];
}

/** What everybody may change of themselves. What is named is changed; the rest stays. */
export interface ProfileChange {
  alias?: string;
  time_zone?: string;
  languages?: string[];
  phone?: string | null;
}

/** All of an agent's skills: those that are not named are held no more. */
export interface SkillsHeld {
  skills: SkillLevel[];
}

/** What becomes of the sessions on the desk: back to their queues, or to the colleague `to`. An empty desk needs no word. */
export interface Disabling {
  sessions?: "requeue" | "hand_to" | null;
  to?: string | null;
}

/** `to`: `requeue`, or the id of the colleague who goes on. */
export interface Releasing {
  to: string;
}

/** Whoever opens the link sets a password and is signed in, once, until it expires. A later one takes its place. */
export interface Invitation {
  link: string;
  expires_at: string;
}

export interface AcceptInvitation {
  token: string;
  password: string;
}

/** A skill. Its name is what it is known by. */
export interface NewSkill {
  name: string;
}

export interface Skill {
  id: string;
  version: number;
  name: string;
}

/** What is named is changed; the rest stays: a default here is never read. */
export type Change = Record<string, never>;

/** To whom; none named is the customer's own number. Through whom; none named is what is set up. */
export interface NewCall {
  number?: string | null;
  provider?: CallProvider | null;
}

/** How it goes, from whoever dials or from the agent. A status only goes on; what is named is changed, the rest stays. */
export interface CallChange {
  status?: CallStatus | null;
  outcome?: CallOutcome | null;
  answered_at?: string | null;
  ended_at?: string | null;
  duration_s?: number | null;
  note?: string | null;
}

/** `number` is masked. `link`: what the agent's own phone dials, for whoever may know the number. `duration_s`: of talking. */
export interface Call {
  id: string;
  version: number;
  session_id: string;
  customer_id: string;
  agent: AgentBrief;
  provider: CallProvider;
  number: string;
  link: string | null;
  status: CallStatus;
  outcome: CallOutcome | null;
  started_at: string;
  answered_at: string | null;
  ended_at: string | null;
  duration_s: number | null;
  note: string;
}

/** What a canned answer is told. `code`: what is typed after a slash, once in its scope. */
export interface AnswerRules {
  code: string;
  title: string | Record<string, string>;
  text: string | Record<string, string>;
  group: string;
}

/** Of one's own, of a queue (`queue_id`), or of everybody. */
export interface NewCannedAnswer {
  code: string;
  title: string | Record<string, string>;
  text: string | Record<string, string>;
  group?: string;
  scope?: AnswerScope;
  queue_id?: string | null;
}

/** What is named is changed; the rest stays. */
export interface CannedAnswerChange {
  code?: string;
  title?: string | Record<string, string>;
  text?: string | Record<string, string>;
  group?: string;
}

/** `initials`: of its title, as a Chinese keyboard without Chinese types it. `uses`: how often it was used. */
export interface CannedAnswer {
  code: string;
  title: string | Record<string, string>;
  text: string | Record<string, string>;
  group: string;
  id: string;
  version: number;
  scope: AnswerScope;
  queue_id: string | null;
  owner_id: string | null;
  initials: string;
  uses: number;
}

/** In which session it is said, and in which language. */
export interface AnswerUse {
  session_id: string;
  lang?: Language;
}

/** The text with its variables filled in. */
export interface AnswerSaid {
  text: string;
}

/**
 * A sheet as CSV: a heading line with `code`, `title`, `text` and perhaps `title_zh`, `text_zh`, `group`.
 *
 * What has a code that is there already is changed, the rest is new. `dry_run` says what would happen.
 */
export interface AnswersImport {
  csv: string;
  scope?: AnswerScope;
  queue_id?: string | null;
  dry_run?: boolean;
}

/** The codes that were made, changed, and found as they are already. */
export interface AnswersImported {
  created: string[];
  updated: string[];
  unchanged: string[];
}

/** One thing that differs. `fields`: what of it, where it is there on both sides. */
export interface ConfigChange {
  kind: string;
  name: string;
  fields: string[];
}

/** What applying would do, or has done. What a text doesn't name the kind of is left alone. */
export interface ConfigDiff {
  create: ConfigChange[];
  update: ConfigChange[];
  delete: ConfigChange[];
}

/** How somebody can be reached who is not here. */
export interface Contact {
  email?: string | null;
  phone?: string | null;
}

/** `contact`: asked of whoever is not signed in on the site, or whose site does not tell it. */
export interface NewLeftMessage {
  category_id?: string | null;
  text: string;
  contact?: Contact;
  attachment_ids?: string[];
}

/** `leave` ends it; `leave_message` makes a left message of what was said, with how to reach them. */
export interface LeavingQueue {
  choice: "leave" | "leave_message";
  contact?: Contact;
}

/** `email` and `next_visit` carry the text to the customer; of a call it says what was spoken about, to staff. */
export interface NewAnswer {
  by: "email" | "call" | "next_visit";
  text?: string;
}

/**
 * `due_s`: how soon a left message should be answered, in business hours. `share`: the part of an agent's slots that left messages
 * take at most when they are handed out.
 */
export interface LeftRule {
  due_s?: number;
  share?: number;
}

/** How many, to 99; `more`: beyond that it is not counted. */
export interface Count {
  count: number;
  more: boolean;
}

/** By tab; `team` only for those who see it. */
export interface Counts {
  tabs: Record<string, Count>;
}

/** What happened since midnight in the time zone asked for. `service_level`: first answers in time, of all who were answered or gave up. */
export interface Today {
  queued: number;
  answered: number;
  in_time: number;
  abandoned: number;
  service_level: number | null;
}

/** A quarter of an hour of today in which something happened. */
export interface LiveQuarter {
  at: string;
  queued: number;
  answered: number;
  abandoned: number;
}

/** `free`: how many of its members would be given work now; `oldest_queued_at`: since when its longest waiter waits. */
export interface LiveQueue {
  queue_id: string;
  name: string;
  mode: string;
  answer_target_s: number;
  waiting: Count;
  oldest_queued_at: string | null;
  members: number;
  free: number;
  today: Today;
  quarters: LiveQuarter[];
}

/** An agent on the three axes, and what lies on their desk. */
export interface LiveAgent {
  agent: AgentBrief;
  connected: boolean;
  routing_status: RoutingStatus;
  break_reason: string | null;
  duty: Duty;
  load: number;
  capacity: number;
  sessions: number;
  queue_ids: string[];
}

/** One who waits, by rank. */
export interface LiveWaiting {
  session_id: string;
  number: string;
  queue_id: string;
  customer_name: string;
  priority: number;
  queued_at: string;
  version: number;
}

/** The live board. `agents` and `waiting` end at what a screen shows; the lists have the rest. */
export interface Live {
  now: string;
  queues: LiveQueue[];
  agents: LiveAgent[];
  waiting: LiveWaiting[];
}

/** Into whom: their history has all of it from then on. */
export interface NewMerge {
  into: string;
}

/** One candidate in an explanation. `shortfall`: how many levels of the skills asked for they lack in all. */
export interface Considered {
  agent_id: string;
  name: string | null;
  load: number;
  capacity: number;
  shortfall: number;
  excluded_by: Rule | null;
}

/**
 * Why this one. `strategy` is the queue's, or `returning`, `taken`, `transfer`, `pulled_back`, `assigned`.
 *
 * `by`: the agent who decided it; `over_capacity`: although the desk was full. `relaxed`: the skills were asked for no more, since it had waited for so long.
 */
export interface Explanation {
  strategy: string;
  by: string | null;
  over_capacity: boolean;
  chosen: string | null;
  runner_up: string | null;
  required_skills: SkillLevel[];
  relaxed: boolean;
  candidates: Considered[];
}

/**
 * One offer or assignment, with why. `outcome` of an offer: what became of it; null while it stands, and of what was assigned
 * and not let go by silence.
 */
export interface Offered {
  offer_id: string;
  session_id: string;
  agent_id: string;
  at: string;
  how: HowGot;
  deadline: string | null;
  outcome: Outcome | null;
  ended_at: string | null;
  reason: string;
  comment: string;
  explanation: Explanation;
}

export interface Declining {
  reason?: string;
}

/** To one agent, or to a queue. The comment is for whoever goes on. */
export interface Transferring {
  to_agent_id?: string | null;
  to_queue_id?: string | null;
  comment?: string;
}

/**
 * Who or what a session may be handed to. `why_not`: the code that a transfer there would be refused with; null: it can go.
 *
 * Of an agent: presence, until when they are on duty by the roster, and free slots. Of a queue: how many wait, to 100, and the range of waiting.
 */
export interface TransferTarget {
  kind: "agent" | "queue";
  id: string;
  name: string;
  why_not: string | null;
  connected: boolean | null;
  routing_status: RoutingStatus | null;
  duty: Duty | null;
  duty_until: string | null;
  load: number | null;
  capacity: number | null;
  free: number | null;
  mode: QueueMode | null;
  waiting: number | null;
  wait_low_s: number | null;
  wait_high_s: number | null;
}

/** A session that nobody begins: in a queue, or by the route of a source and a category. `skills` beside what those ask for. */
export interface Simulating {
  queue_id?: string | null;
  source_id?: string | null;
  category_id?: string | null;
  skills?: SkillLevel[];
  customer_id?: string | null;
}

/** Who would get it now, and why. `agent` null: it would wait. */
export interface Simulated {
  queue_id: string;
  mode: QueueMode;
  agent: AgentBrief | null;
  explanation: Explanation;
}

/** `dwell_s`: how long it was looked at, in seconds. */
export interface NewPage {
  url: string;
  title?: string;
  dwell_s?: number;
}

export interface PageSeen {
  url: string;
  title: string;
  dwell_s: number;
  at: string;
}

/** How long a customer may be silent after an agent's message: until they are asked, and until the talk ends. */
export interface IdleRule {
  warn_after_s?: number;
  end_after_s?: number;
}

/** `limit_s`: how long an agent may take to file; `extension_s` is given once. `weight`: the part of a slot that it takes. */
export interface WrapUpRule {
  policy?: "required" | "optional" | "automatic";
  limit_s?: number;
  extension_s?: number;
  weight?: number;
}

/** What has waited for so long may be served by another queue's agents too. */
export interface OverflowRule {
  queue_id: string;
  after_s?: number;
}

/**
 * What a queue is told. Durations are seconds.
 *
 * `max_waiting`: how many may wait; null counts the slots on duty. `max_wait_s`: waiting longer than this ends it.
 * `relax_after_s`: when required skills are asked for no more; null is never. `queue_grace_s`: how long a place is kept for
 * one whose sockets are gone. `reopen_window_s`: writing again within it goes on in the same session. `hold_weight`: the part of a
 * slot that a session on hold takes. `answer_target_s` and `reply_target_s`: how soon a first and a later answer should come.
 */
export interface QueueRules {
  name: string;
  unit_id: string | null;
  mode: QueueMode;
  strategy: Strategy;
  required_skills: SkillLevel[];
  priority: number;
  max_waiting: number | null;
  max_wait_s: number;
  offer_timeout_s: number;
  relax_after_s: number | null;
  overflow: OverflowRule | null;
  first_reply_limit_s: number;
  max_misses: number;
  ignore_duty: boolean;
  wrap_up: WrapUpRule;
  idle: IdleRule;
  scheme_id: string | null;
  business_hours_id: string | null;
  answer_target_s: number;
  reply_target_s: number;
  dispatch_on: "first_message" | "open";
  queue_grace_s: number;
  hold_limit_s: number;
  hold_weight: number;
  reopen_window_s: number;
  left_messages: LeftRule;
  greeting: string | Record<string, string>;
  closed_message: string | Record<string, string>;
}

/** A queue to be. */
export interface NewQueue {
  name: string;
  unit_id?: string | null;
  mode?: QueueMode;
  strategy?: Strategy;
  required_skills?: SkillLevel[];
  priority?: number;
  max_waiting?: number | null;
  max_wait_s?: number;
  offer_timeout_s?: number;
  relax_after_s?: number | null;
  overflow?: OverflowRule | null;
  first_reply_limit_s?: number;
  max_misses?: number;
  ignore_duty?: boolean;
  wrap_up?: WrapUpRule;
  idle?: IdleRule;
  scheme_id?: string | null;
  business_hours_id?: string | null;
  answer_target_s?: number;
  reply_target_s?: number;
  dispatch_on?: "first_message" | "open";
  queue_grace_s?: number;
  hold_limit_s?: number;
  hold_weight?: number;
  reopen_window_s?: number;
  left_messages?: LeftRule;
  greeting?: string | Record<string, string>;
  closed_message?: string | Record<string, string>;
}

/** What is named is changed; the rest stays. */
export interface QueueChange {
  name?: string;
  unit_id?: string | null;
  mode?: QueueMode;
  strategy?: Strategy;
  required_skills?: SkillLevel[];
  priority?: number;
  max_waiting?: number | null;
  max_wait_s?: number;
  offer_timeout_s?: number;
  relax_after_s?: number | null;
  overflow?: OverflowRule | null;
  first_reply_limit_s?: number;
  max_misses?: number;
  ignore_duty?: boolean;
  wrap_up?: WrapUpRule;
  idle?: IdleRule;
  scheme_id?: string | null;
  business_hours_id?: string | null;
  answer_target_s?: number;
  reply_target_s?: number;
  dispatch_on?: "first_message" | "open";
  queue_grace_s?: number;
  hold_limit_s?: number;
  hold_weight?: number;
  reopen_window_s?: number;
  left_messages?: LeftRule;
  greeting?: string | Record<string, string>;
  closed_message?: string | Record<string, string>;
}

/** A queue as it is read. */
export interface Queue {
  name: string;
  unit_id: string | null;
  mode: QueueMode;
  strategy: Strategy;
  required_skills: SkillLevel[];
  priority: number;
  max_waiting: number | null;
  max_wait_s: number;
  offer_timeout_s: number;
  relax_after_s: number | null;
  overflow: OverflowRule | null;
  first_reply_limit_s: number;
  max_misses: number;
  ignore_duty: boolean;
  wrap_up: WrapUpRule;
  idle: IdleRule;
  scheme_id: string | null;
  business_hours_id: string | null;
  answer_target_s: number;
  reply_target_s: number;
  dispatch_on: "first_message" | "open";
  queue_grace_s: number;
  hold_limit_s: number;
  hold_weight: number;
  reopen_window_s: number;
  left_messages: LeftRule;
  greeting: string | Record<string, string>;
  closed_message: string | Record<string, string>;
  id: string;
  version: number;
}

/** `priority`: the higher are asked first. `capacity`: how much they may hold of all queues while it is this one's turn. */
export interface NewMember {
  priority?: number;
  capacity?: number | null;
}

/** An agent's place in a queue as it is read. */
export interface QueueMember {
  agent_id: string;
  priority: number;
  capacity: number | null;
}

/** A member as they stand now, on the three axes; `free_slots` only where all of them say yes. */
export interface QueueAgent {
  agent_id: string;
  name: string;
  connected: boolean;
  routing_status: RoutingStatus;
  duty: Duty;
  load: number;
  capacity: number;
  free_slots: number;
}

/** `waiting` is counted to 100. `oldest_queued_at`: of the twenty at the front, who has waited longest. */
export interface QueueStatus {
  queue_id: string;
  waiting: number;
  oldest_queued_at: string | null;
  agents: QueueAgent[];
  free_slots: number;
}

/** When, and of what. */
export interface NewReminder {
  at: string;
  note?: string;
}

/** `due`: its time has come. It stands in its agent's list until it is done. */
export interface Reminder {
  id: string;
  version: number;
  agent_id: string;
  session_id: string | null;
  customer_id: string;
  at: string;
  note: string;
  due: boolean;
  created_at: string;
  done_at: string | null;
}

export interface NewReveal {
  field: Masked;
}

/** It is noted that it was looked at, and by whom, before it is shown. */
export interface Revealed {
  customer_id: string;
  field: Masked;
  value: string;
}

export interface RevealNoted {
  id: string;
  field: string;
  at: string;
  by: AgentBrief;
}

/** What somebody of this role may do. A built-in one has its name for an id, and stays as it is. */
export interface AgentRole {
  id: string;
  version: number;
  name: string;
  built_in: boolean;
  grants: Granted[];
}

/** Shown where another field of the same option was answered so. */
export interface ShownIf {
  field: string;
  equals: string | boolean | number;
}

/** What an option asks besides. `options` are a select's, which has some, and nobody else's. */
export interface SchemeField {
  name: string;
  label: string | Record<string, string>;
  kind?: "text" | "number" | "date" | "select" | "checkbox";
  required?: boolean;
  options?: string[];
  shown_if?: ShownIf | null;
}

/** One choice, or a branch of further ones. `tags` are put on whatever is filed under it; `resolved`: unless the agent says otherwise. */
export interface SchemeOption {
  option_id: string;
  label: string | Record<string, string>;
  parent_id?: string | null;
  requires_note?: boolean;
  fields?: SchemeField[];
  tags?: string[];
  resolved?: Resolved | null;
}

/** Options in the order they are shown in, each naming the one above it. */
export interface OptionTree {
  options: SchemeOption[];
}

/** A new one is a draft: it can be filed by once it is published. */
export interface NewScheme {
  options: SchemeOption[];
  name: string;
}

/** What the next version has. It is a draft beside the published one, which goes on until this one is published. */
export interface NewSchemeVersion {
  options: SchemeOption[];
}

/** What is named is changed; the rest stays. Options can be changed in a draft alone. */
export interface SchemeChange {
  name?: string;
  options?: SchemeOption[];
}

/**
 * A tree of dispositions. `version` counts changes of any kind, `scheme_version` what was published: filings name it.
 *
 * `draft_version`: the next version that is being written beside the published one; null where there is none.
 */
export interface Scheme {
  id: string;
  version: number;
  name: string;
  status: SchemeStatus;
  scheme_version: number;
  draft_version: number | null;
  options: SchemeOption[];
}

/** A version as it was published, or as it is being written. */
export interface SchemeVersion {
  scheme_version: number;
  name: string;
  options: SchemeOption[];
}

/** The scheme that a session is filed by. `suggested`: what a talk of its category was filed as last. */
export interface SchemeForSession {
  id: string;
  version: number;
  name: string;
  status: SchemeStatus;
  scheme_version: number;
  draft_version: number | null;
  options: SchemeOption[];
  suggested: string | null;
}

/**
 * What holds for the whole desk.
 *
 * `recall_within_s`: how long a message can be taken back; 0 is never. `wrap_ups_at_once`: how many talks an agent may have still to file
 * while the time for it runs; the oldest beyond that goes to the list of what is to be filed.
 */
export interface SettingRules {
  recall_within_s: number;
  wrap_ups_at_once: number;
}

/** What is named is changed; the rest stays. */
export interface SettingsChange {
  recall_within_s?: number;
  wrap_ups_at_once?: number;
}

/** Before anybody changed any, the version is 0. */
export interface Settings {
  recall_within_s: number;
  wrap_ups_at_once: number;
  version: number;
}

export interface NewTag {
  name: string;
}

/** A tag that is offered; sessions may have others, too. */
export interface Tag {
  id: string;
  version: number;
  name: string;
}

/**
 * `accepting`: the roster set the routing status for them; work comes from `choose_until` on, unless they say "not yet" by setting
 * another. Null: nothing was set, and work comes at once if they accept it.
 */
export interface ShiftStarted {
  type: "shift.started";
  shift_id: string | null;
  starts_at: string;
  ends_at: string;
  accepting: boolean;
  choose_until: string | null;
}

/** Nothing new comes from `last_dispatch_at` on. `sessions`: what lies on the desk, to be ended or handed over. */
export interface ShiftEnding {
  type: "shift.ending";
  shift_id: string | null;
  ends_at: string;
  last_dispatch_at: string;
  sessions: string[];
}

/** `sessions` are still theirs: from `hand_over_at` on they are handed to the next crew, if there is one. */
export interface ShiftEnded {
  type: "shift.ended";
  shift_id: string | null;
  ended_at: string;
  hand_over_at: string;
  sessions: string[];
}

/** `ends_at` null: it is due, and begins when the live sessions have ended; nothing new comes meanwhile. */
export interface BreakStarted {
  type: "break.started";
  kind: string;
  ends_at: string | null;
}

export interface BreakEnded {
  type: "break.ended";
  kind: string;
}

/** The agent's own shifts from `starts_at` on and before `ends_at` were published, or changed so many times. */
export interface RosterPublished {
  type: "roster.published";
  starts_at: string;
  ends_at: string;
  changes: number;
}

/** A break or activity of a shift, by its distance from the start in minutes of work. `routable`: new work may come meanwhile. */
export interface BreakRule {
  offset_min: number;
  duration_min: number;
  kind?: string;
  routable?: boolean;
}

/** Starts at a local time and lasts so many minutes, so that over night is natural. No zone: the rotation's. */
export interface NewShiftTemplate {
  name: string;
  starts: string;
  duration_min: number;
  time_zone?: string | null;
  code?: string | null;
  breaks?: BreakRule[];
  min_staff?: number;
  queue_ids?: string[];
  colour?: string | null;
}

export interface ShiftTemplate {
  name: string;
  starts: string;
  duration_min: number;
  time_zone?: string | null;
  code?: string | null;
  breaks?: BreakRule[];
  min_staff?: number;
  queue_ids?: string[];
  colour?: string | null;
  id: string;
  version?: number;
}

/** A cycle of templates and days off (null). `anchor` is a day on which crews of offset 0 stand at the cycle's first day. */
export interface NewRotation {
  name: string;
  anchor: string;
  days: (string | null)[];
  time_zone: string;
}

export interface Rotation {
  name: string;
  anchor: string;
  days: (string | null)[];
  time_zone: string;
  id: string;
  version?: number;
}

export interface _Dated {
  from: string;
  to: string | null;
}

/** Which rotation an agent goes by, `offset` days into the cycle, from a day on and before another. */
export interface NewRosterAssignment {
  from: string;
  to?: string | null;
  agent_id: string;
  rotation_id: string;
  offset?: number;
}

export interface RosterAssignment {
  from: string;
  to?: string | null;
  agent_id: string;
  rotation_id: string;
  offset?: number;
  id: string;
  version?: number;
}

/** What is named is changed. Of one that has started, another rotation or offset closes it today and opens another. */
export interface RosterAssignmentChange {
  rotation_id?: string | null;
  offset?: number | null;
  to?: string | null;
}

export interface _Timed {
  starts_at: string;
  ends_at: string;
}

/** One shift by hand. In the past too: what was worked may be entered later. */
export interface NewShift {
  starts_at: string;
  ends_at: string;
  agent_id: string;
  template_id?: string | null;
  published?: boolean;
}

export interface ShiftBreak {
  starts_at: string;
  ends_at: string;
  kind: string;
  routable: boolean;
}

/** A shift of one agent, as instants. `assignment_id` and `on`: of which assignment's local day it was made; null: by hand. */
export interface Shift {
  id: string;
  version: number;
  agent_id: string;
  starts_at: string;
  ends_at: string;
  template_id: string | null;
  code: string | null;
  published: boolean;
  breaks: ShiftBreak[];
  assignment_id: string | null;
  on: string | null;
}

/** What goes before all else. `replace`: `by_agent_id` serves in this one's place. */
export interface NewOverride {
  starts_at: string;
  ends_at: string;
  agent_id: string;
  kind: OverrideKind;
  by_agent_id?: string | null;
  reason?: string;
}

/** `overtime`: somebody stayed on. */
export interface Override {
  starts_at: string;
  ends_at: string;
  agent_id: string;
  kind: OverrideKind;
  by_agent_id?: string | null;
  reason?: string;
  id: string;
  version?: number;
  overtime?: boolean;
  created_at: string;
  created_by: string;
}

/** Staying on beyond the shift's end, or from now. */
export interface NewStay {
  minutes: 15 | 30 | 60;
}

export interface NewLeave {
  starts_at: string;
  ends_at: string;
  agent_id: string;
  kind: LeaveKind;
  reason?: string;
}

/** A stretch of published duty that nobody serves now. */
export interface CoverGap {
  shift_id: string;
  starts_at: string;
  ends_at: string;
}

/** `gaps`: the published shifts it leaves unserved. */
export interface Leave {
  starts_at: string;
  ends_at: string;
  agent_id: string;
  kind: LeaveKind;
  reason?: string;
  id: string;
  version?: number;
  state?: LeaveState;
  created_at: string;
  decided_by?: string | null;
  decided_at?: string | null;
  gaps?: CoverGap[];
}

/** A shift, or from `starts_at` to `ends_at` a part of it, that another shall serve; nobody named: whoever takes it. */
export interface NewSwap {
  agent_id: string;
  shift_id: string;
  starts_at?: string | null;
  ends_at?: string | null;
  with_agent_id?: string | null;
}

/** `taken_by` serves it once it is approved. `warnings`: what speaks against it, in words. */
export interface Swap {
  id: string;
  version: number;
  agent_id: string;
  shift_id: string;
  starts_at: string;
  ends_at: string;
  with_agent_id: string | null;
  state: SwapState;
  taken_by: string | null;
  breaks: ShiftBreak[];
  created_at: string;
  decided_by: string | null;
  decided_at: string | null;
  warnings: string[];
}

/** A holiday, or with `working` a make-up day, on which the hours of `as_day` apply. */
export interface CalendarDay {
  on: string;
  name?: string;
  working?: boolean;
  as_day?: Weekday;
}

export interface NewHolidayCalendar {
  name: string;
  days?: CalendarDay[];
}

export interface HolidayCalendar {
  name: string;
  days?: CalendarDay[];
  id: string;
  version?: number;
}

/** From a local time to another; not later than it: over night, to the next day's. Both 00:00: the whole day. */
export interface HoursWindow {
  starts: string;
  ends: string;
}

/** Several windows a day; a weekday that is not named is closed. On a holiday none, on a make-up day its `as_day`'s. */
export interface NewBusinessHours {
  name: string;
  time_zone: string;
  week: Record<string, HoursWindow[]>;
  holiday_calendar_id?: string | null;
}

export interface BusinessHours {
  name: string;
  time_zone: string;
  week: Record<string, HoursWindow[]>;
  holiday_calendar_id?: string | null;
  id: string;
  version?: number;
}

/** The range to make and publish: of these agents, of a unit's, or of all. `dry_run` tells what would change, and changes nothing. */
export interface NewPublication {
  from: string;
  to: string;
  unit_id?: string | null;
  agent_ids?: string[] | null;
  dry_run?: boolean;
}

/** One shift that a publication makes, publishes, moves or takes away. */
export interface RosterChange {
  agent_id: string;
  what: "added" | "published" | "moved" | "removed";
  shift_id: string;
  starts_at: string;
  ends_at: string;
  template_id: string | null;
}

/** What speaks against a roster as it is to be published; it is published all the same. */
export interface RosterWarning {
  code: "overlap" | "short_rest" | "days_in_a_row" | "leave" | "under_minimum";
  agent_id: string | null;
  shift_id: string | null;
  starts_at: string;
  ends_at: string;
  detail: string;
}

/** `published`: how many shifts of the range are published now. */
export interface Publication {
  published: number;
  changes: RosterChange[];
  warnings: RosterWarning[];
  dry_run: boolean;
}

/**
 * A sheet: as CSV in `csv`, or a file's bytes in `content_base64`, CSV in UTF-8 or GBK, or .xlsx.
 *
 * `time_zone`: whose days its dates are. `dry_run` tells what would change, and changes nothing.
 */
export interface NewRosterImport {
  csv?: string | null;
  content_base64?: string | null;
  time_zone?: string;
  published?: boolean;
  dry_run?: boolean;
}

/** What a sheet changes; `applied` false: nothing was changed yet. */
export interface RosterImport {
  applied: boolean;
  cells: number;
  changes: RosterChange[];
}

/**
 * Minutes of a kind of leave since the year began, in the agent's own zone. Comp time is earned by overtime, and `left_min` is what
 * is not spent of it; how much annual leave there is, nobody tells us, so only what was taken is counted.
 */
export interface LeaveAccount {
  kind: LeaveKind;
  taken_min: number;
  earned_min: number | null;
  left_min: number | null;
}

export interface LeaveBalance {
  agent_id: string;
  since: string;
  items: LeaveAccount[];
}

/** A calendar to subscribe to, below the address one asks. Whoever has the key reads it: it is worth a password. */
export interface CalendarLink {
  path: string;
  key: string;
}

/** `until`: when this ends; null: nothing in sight ends it. */
export interface DutyRead {
  agent_id: string;
  duty: Duty;
  until: string | null;
  shift_id: string | null;
  because: "no_roster" | "no_shift" | "shift" | "break" | "leave" | "swap" | "override";
}

/** How many serve through the whole of it, how many should, and who is missing. `always`: of them, who has no roster at all. */
export interface QuarterHour {
  starts_at: string;
  ends_at: string;
  staff: number;
  always: number;
  required: number;
  gap: number;
}

export interface Coverage {
  items: QuarterHour[];
  always: string[];
}

/** What is named is changed; the rest stays. */
export interface ShiftTemplateChange {
  name?: string;
  starts?: string;
  duration_min?: number;
  time_zone?: string | null;
  code?: string | null;
  breaks?: BreakRule[];
  min_staff?: number;
  queue_ids?: string[];
  colour?: string | null;
}

/** What is named is changed; the rest stays. */
export interface RotationChange {
  name?: string;
  anchor?: string;
  days?: (string | null)[];
  time_zone?: string;
}

/** What is named is changed; the rest stays. */
export interface HolidayCalendarChange {
  name?: string;
  days?: CalendarDay[];
}

/** What is named is changed; the rest stays. */
export interface BusinessHoursChange {
  name?: string;
  time_zone?: string;
  week?: Record<string, HoursWindow[]>;
  holiday_calendar_id?: string | null;
}

/** `level`: 1 is a little, 5 as well as anybody. An agent's says how well they hold it, a queue's how well at least. */
export interface SkillLevel {
  skill: string;
  level?: number;
}

/** How long it is kept, in days: what was said, files that were sent, and which pages somebody looked at. */
export interface Retention {
  messages_days?: number;
  files_days?: number;
  pages_days?: number;
}

/**
 * What a source is told.
 *
 * `allowed_origins`: the pages that may show the panel, exactly; none named: only the house's own. `identity`: whether customers come
 * unnamed, may say who they are, or must. `languages`: those the panel speaks, the first for everybody else. `consent`: what a customer agrees
 * to by writing.
 */
export interface SourceRules {
  name: string;
  kind: SourceKind;
  allowed_origins: string[];
  default_queue_id: string;
  identity: Identity;
  languages: Language[];
  theme: Record<string, string>;
  retention: Retention;
  greeting: string | Record<string, string>;
  consent: string | Record<string, string>;
  business_hours_id: string | null;
}

/** `key`: what stands in the embed line; none named, one is made. */
export interface NewSource {
  name: string;
  kind?: SourceKind;
  allowed_origins?: string[];
  default_queue_id: string;
  identity?: Identity;
  languages?: Language[];
  theme?: Record<string, string>;
  retention?: Retention;
  greeting?: string | Record<string, string>;
  consent?: string | Record<string, string>;
  business_hours_id?: string | null;
  key?: string | null;
}

/** What is named is changed; the rest stays. */
export interface SourceChange {
  name?: string;
  kind?: SourceKind;
  allowed_origins?: string[];
  default_queue_id?: string;
  identity?: Identity;
  languages?: Language[];
  theme?: Record<string, string>;
  retention?: Retention;
  greeting?: string | Record<string, string>;
  consent?: string | Record<string, string>;
  business_hours_id?: string | null;
}

/** The very door customers come through. Its keys are public: they stand in embed lines. `older_keys` are still good. */
export interface Source {
  name: string;
  kind: SourceKind;
  allowed_origins: string[];
  default_queue_id: string;
  identity: Identity;
  languages: Language[];
  theme: Record<string, string>;
  retention: Retention;
  greeting: string | Record<string, string>;
  consent: string | Record<string, string>;
  business_hours_id: string | null;
  id: string;
  version: number;
  key: string;
  older_keys: string[];
}

/** `source`: one for the embed line; `identity`: one that the site's own server signs with who its customers are. */
export interface NewSourceKey {
  kind?: "source" | "identity";
}

/**
 * A key of a source; the ones before it stay good until they are dropped. An identity key's `key` is told when it is made, and
 * never again; its `id` is the `kid` of tokens signed with it.
 */
export interface SourceKey {
  id: string;
  version: number;
  source_id: string;
  kind: "source" | "identity";
  key: string | null;
}

/**
 * What a category is told. Queue, skills, priority, scheme and fields that it doesn't say are those of the nearest above that does.
 *
 * `source_ids`: who offers it, with all below it; none named, every source. `fields`: what is asked before the talk. `business_hours_id`: when it
 * is open. `suggested_answer_ids`: canned answers that agents are likely to need.
 */
export interface CategoryRules {
  label: string | Record<string, string>;
  parent_id: string | null;
  icon: string | null;
  source_ids: string[];
  queue_id: string | null;
  required_skills: SkillLevel[] | null;
  priority: number | null;
  order: number;
  fields: FormField[] | null;
  greeting: string | Record<string, string>;
  scheme_id: string | null;
  business_hours_id: string | null;
  suggested_answer_ids: string[] | null;
}

export interface NewCategory {
  label: string | Record<string, string>;
  parent_id?: string | null;
  icon?: string | null;
  source_ids?: string[];
  queue_id?: string | null;
  required_skills?: SkillLevel[] | null;
  priority?: number | null;
  order?: number;
  fields?: FormField[] | null;
  greeting?: string | Record<string, string>;
  scheme_id?: string | null;
  business_hours_id?: string | null;
  suggested_answer_ids?: string[] | null;
}

/** What is named is changed; the rest stays. `parent_id` null moves it to the top, with all below it. */
export interface CategoryChange {
  label?: string | Record<string, string>;
  parent_id?: string | null;
  icon?: string | null;
  source_ids?: string[];
  queue_id?: string | null;
  required_skills?: SkillLevel[] | null;
  priority?: number | null;
  order?: number;
  fields?: FormField[] | null;
  greeting?: string | Record<string, string>;
  scheme_id?: string | null;
  business_hours_id?: string | null;
  suggested_answer_ids?: string[] | null;
}

/** `removed`: offered no more, and still the name of what was filed under it. */
export interface Category {
  label: string | Record<string, string>;
  parent_id: string | null;
  icon: string | null;
  source_ids: string[];
  queue_id: string | null;
  required_skills: SkillLevel[] | null;
  priority: number | null;
  order: number;
  fields: FormField[] | null;
  greeting: string | Record<string, string>;
  scheme_id: string | null;
  business_hours_id: string | null;
  suggested_answer_ids: string[] | null;
  id: string;
  version: number;
  removed: boolean;
}

/** `until` null: it lasts. `by`: who set it, and `why`. */
export interface StatusPeriod {
  status: RoutingStatus;
  reason: string | null;
  from: string;
  to: string | null;
  by: By;
  why: string;
}

/** `max_minutes`: longer is shown to supervisors. `max_at_once`: how many may be away for it; none is any number. */
export interface BreakRules {
  max_minutes: number | null;
  max_at_once: number | null;
}

/** A reason for a break. Its name is what it is known by. */
export interface NewBreakReason {
  max_minutes?: number | null;
  max_at_once?: number | null;
  name: string;
}

/** What is named is changed; the rest stays. */
export interface BreakReasonChange {
  max_minutes?: number | null;
  max_at_once?: number | null;
}

/** A reason for a break as it is read. */
export interface BreakReason {
  max_minutes: number | null;
  max_at_once: number | null;
  id: string;
  version: number;
  name: string;
}

/** Stands in for the unit's managers in `[from, to)`. */
export interface Deputy {
  agent_id: string;
  from: string;
  to: string;
}

/** Managers and, while they stand in, deputies reach what belongs to the unit as its own people do. No parent: a topmost one. */
export interface UnitRules {
  name: string;
  parent_id: string | null;
  manager_ids: string[];
  deputies: Deputy[];
}

/** A unit to be. */
export interface NewUnit {
  name: string;
  parent_id?: string | null;
  manager_ids?: string[];
  deputies?: Deputy[];
}

/** What is named is changed; the rest stays. Another parent moves it with all below it. */
export interface UnitChange {
  name?: string;
  parent_id?: string | null;
  manager_ids?: string[];
  deputies?: Deputy[];
}

/** A unit as it is read. */
export interface Unit {
  name: string;
  parent_id: string | null;
  manager_ids: string[];
  deputies: Deputy[];
  id: string;
  version: number;
}

/** What a client may ask over the socket. */
export type Command =
  | Hello
  | Ping
  | SendMessage
  | RecallMessage
  | CatchUp
  | Typing
  | MoveMark
  | StartSession
  | EndSession
  | LeaveQueue
  | StillHere
  | RateSession
  | TakeSession
  | AcceptOffer
  | DeclineOffer
  | TransferSession
  | HoldSession
  | ResumeSession
  | RequeueSession
  | FileDisposition
  | SetRoutingStatus
  | Watch
  | Unwatch;

/** What the server tells over the socket. */
export type Event =
  | Accepted
  | Refused
  | CaughtUp
  | Welcome
  | Pong
  | MessageSent
  | MessageRecalled
  | TypingSeen
  | MarkMoved
  | SessionChanged
  | QueueMoved
  | IdleWarned
  | RatingAsked
  | WrapUpStarted
  | WrapUpPassed
  | OfferMade
  | OfferWithdrawn
  | AgentStatusChanged
  | PermissionsChanged
  | ListChanged
  | ShiftStarted
  | ShiftEnding
  | ShiftEnded
  | BreakStarted
  | BreakEnded
  | RosterPublished
  | QueueStatusChanged
  | ReplyPrompted
  | ReplyLate
  | ReminderDue
  | LiveChanged;
