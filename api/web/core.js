// What every part of the page stands on: where it is, calls to the server, dates and names as people write them.

import { createParser, signal } from "./vendor/ui.js";

/** @import { AccountShape as Account } from "shapes" */

const BASE = "/api/v1";

/**
 * @typedef {object} Place Where the reader is: everything worth sending to a colleague.
 * @property {string} page "" the accounts, "a" one account, else `promises`, `imports`, `quality`, `settings`
 * @property {string} account its slug, id or reference; "" outside one
 * @property {string} view of an account: "" asking, `t` a thread, `brief`, `sources`, `people`
 * @property {string} sub what stands behind the view: a thread's id
 * @property {string} [c] the citation that is open
 * @property {string} [s] the source that is open
 * @property {string} [q] a question to ask, or words to filter by
 * @property {string} [kind] of the sources that are listed
 * @property {string} [tab] of a page that has several
 * @property {string} [deal] whose brief is shown, where it is not the account's own choice
 *
 * @typedef {object} Sending How a call is made.
 * @property {object} [body] sent as JSON
 * @property {AbortSignal} [signal] stops it
 * @property {string} [method] GET without a body, POST with one, unless said
 * @property {Record<string, string>} [headers]
 *
 * @typedef {{ status: number, code: string, detail: string, request_id?: string, suggestions?: string[], retry_after?: number }} Problem
 */

/** A failure the server explained (RFC 9457) or the network's own. */
export class Failed extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.request_id;
    this.suggestions = problem.suggestions ?? [];
    this.retryAfter = problem.retry_after ?? 0;
    /** What else the server told, such as the words of a conflict. */
    this.problem = problem;
  }
}

const OFFLINE = { status: 0, code: "offline", detail: "Baton is not responding. Is `baton serve` still running?" };

/** A JSON body, or null where there is none. Raises `Failed`, and `AbortError` where it was stopped.
 * @param {string} path @param {Sending} [options] @returns {Promise<any>} */
export async function call(path, options = {}) {
  const response = await sent(path, "application/json", options);
  if (response.status === 204) return null;
  return response.json().catch(() => {
    throw new Failed({ status: response.status, code: "failed", detail: "The answer could not be read." });
  });
}

/** Calls `told` with the data of each server-sent event until the stream ends. Raises as `call` does.
 * @param {string} path @param {Sending & { told: (event: any) => void }} how */
export async function stream(path, { told, ...options }) {
  const response = await sent(path, "text/event-stream", options);
  const parser = createParser({ onEvent: (event) => told(JSON.parse(event.data)) });
  if (!response.body) throw new Failed(OFFLINE);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(value);
    }
  } catch (error) {
    throw error.name === "AbortError" ? error : new Failed(OFFLINE);
  }
}

/** @param {string} path @param {string} accept @param {Sending} sending */
async function sent(path, accept, { body, signal: stop, method, headers = {} }) {
  /** @type {RequestInit & { headers: Record<string, string> }} */
  const request = { method: method ?? (body ? "POST" : "GET"), headers: { Accept: accept, ...headers }, signal: stop, credentials: "same-origin" };
  if (body) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(BASE + path, request);
  } catch (error) {
    throw error.name === "AbortError" ? error : new Failed(OFFLINE);
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => null);
  const failed = new Failed(problem ?? { status: response.status, code: "failed", detail: "The answer could not be read." });
  failed.retryAfter ||= Number(response.headers.get("Retry-After")) || 0;
  if (failed.status === 401 && failed.code === "unauthenticated") window.dispatchEvent(new Event("baton:signed-out"));
  throw failed;
}

/** @type {Record<string, { icon: string, tone: string, one: string, many: string, title: string }>} */
export const KINDS = {
  call: { icon: "phone", tone: "k-call", one: "call", many: "calls", title: "Call" },
  email: { icon: "mail", tone: "k-email", one: "e-mail", many: "e-mails", title: "E-mail" },
  crm_note: { icon: "note", tone: "k-crm", one: "CRM note", many: "CRM notes", title: "CRM note" },
  crm_field: { icon: "list", tone: "k-crm", one: "CRM record", many: "CRM records", title: "CRM record" },
  doc: { icon: "doc", tone: "k-doc", one: "document", many: "documents", title: "Document" },
  chat: { icon: "chat", tone: "k-call", one: "chat", many: "chats", title: "Chat" },
  meeting: { icon: "clock", tone: "k-call", one: "meeting", many: "meetings", title: "Meeting" },
  ae_note: { icon: "user", tone: "k-crm", one: "AE note", many: "AE notes", title: "AE note" },
};

/** @type {Record<string, string>} */
export const SIDES = { seller: "our side", buyer: "customer", partner: "partner", unknown: "" };

// The month's short name is taken from American English: British English writes "Sept".
const MONTH = new Intl.DateTimeFormat("en-US", { month: "short", timeZone: "UTC" });
const MONTH_HERE = new Intl.DateTimeFormat("en-US", { month: "short" });
const LIST = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/** `24 Sep 2026` of a date; the day of a moment in the reader's own time zone; the words themselves where they are no date.
 * @param {string | null | undefined} value */
export function day(value) {
  if (!value) return "no date";
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  // A date alone is read as midnight UTC and must stay that day everywhere.
  return whole ? `${at.getUTCDate()} ${MONTH.format(at)} ${at.getUTCFullYear()}` : `${at.getDate()} ${MONTH_HERE.format(at)} ${at.getFullYear()}`;
}

/** A day with the time, both the reader's.
 * @param {string | null | undefined} value */
export function moment(value) {
  if (!value) return "no date";
  const at = new Date(value);
  return `${day(value)}, ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `32:01`, past the hour `1:02:03`.
 * @param {number} milliseconds */
export function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const hours = Math.floor(seconds / 3600);
  return hours ? `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}` : `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

/** @param {number} number @param {string} kind of source */
export function counted(number, kind) {
  return `${number} ${number === 1 ? KINDS[kind].one : KINDS[kind].many}`;
}

/** @param {Record<string, number>} sources how many of each kind */
export function countsOf(sources) {
  return Object.entries(sources).filter(([, number]) => number).map(([kind, number]) => counted(number, kind));
}

/** @param {Record<string, number>} sources how many of each kind */
export function total(sources) {
  return Object.values(sources).reduce((sum, number) => sum + number, 0);
}

/** @param {string[]} words */
export function listed(words) {
  return LIST.format(words);
}

/** @param {number} number @param {string} one @param {string} [many] */
export function plural(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** @param {number | null | undefined} amount @param {string | null | undefined} currency */
export function money(amount, currency) {
  if (amount === null || amount === undefined) return "";
  const whole = { maximumFractionDigits: 0 };
  try {
    return new Intl.NumberFormat("en", currency ? { style: "currency", currency, ...whole } : whole).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}

/** The deal an account stands for: the last won, else the newest.
 * @param {Account} account */
export function dealOf(account) {
  return account.deals?.find((deal) => deal.id === account.deal_id);
}

/** @param {string} name */
export function initials(name) {
  return name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => Array.from(word)[0]).join("").toUpperCase();
}

/** An element that index.html always has.
 * @param {string} id @returns {HTMLElement} */
export function fixture(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** Says one sentence to screen readers.
 * @param {string} sentence */
export function announce(sentence) {
  fixture("status").textContent = sentence;
}

const WITHIN = ["account", "view", "sub", "page"];

/** The address of a state worth sending to a colleague: `/a/halden-freight-group/brief?c=cit_…`.
 * @param {Partial<Place>} place */
export function address({ page, account, view = "", sub = "", ...rest }) {
  const query = new URLSearchParams(Object.entries(rest).filter(([name, value]) => value && !WITHIN.includes(name)));
  const path = account ? ["a", account, view, ...sub.split("/")] : [page ?? ""];
  return `/${path.filter(Boolean).map(encodeURIComponent).join("/")}${query.size ? `?${query}` : ""}`;
}

/** @param {{ pathname: string, search: string }} [from] @returns {Place} */
export function route(from = location) {
  const [page = "", account = "", view = "", ...sub] = from.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const query = Object.fromEntries(new URLSearchParams(from.search));
  return { ...query, page, account: page === "a" ? account : "", view: page === "a" ? view : "", sub: page === "a" ? sub.join("/") : "" };
}

/** Where the reader is now; it changes with the address. */
export const at = signal(/** @type {Place} */ ({ page: "", account: "", view: "", sub: "" }));

/** @param {Partial<Place>} state @param {{ replace?: boolean }} [how] */
export function go(state, { replace = false } = {}) {
  const to = address(state);
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  arrive();
}

/** Reads the address anew; what was shared while addresses still stood behind a `#` leads to the same place. */
export function arrive() {
  if (location.hash.startsWith("#/")) {
    const [path, ...query] = location.hash.slice(2).split("?");
    const [account = "", view = ""] = path.split("/").map(decodeURIComponent);
    history.replaceState(null, "", address({ account, view: view === "history" ? "sources" : view, ...Object.fromEntries(new URLSearchParams(query.join("?"))) }));
  }
  at.value = route();
}
