// What every part of the page stands on: where it is, calls to the server, dates and names as people write them.

import { createParser, signal } from "./vendor/ui.js";
import { t } from "./words.js";

export { clock, day, listed, moment, money, month, rich, t } from "./words.js";

/** @import { AccountShape as Account } from "shapes" */

const BASE = "/api/v1";

/**
 * @typedef {object} Place Where the reader is: everything worth sending to a colleague.
 * @property {string} page "" the accounts, "a" one account, else `promises`, `imports`, `jobs`, `quality`, `settings`
 * @property {string} account its slug, id or reference; "" outside one
 * @property {string} view of an account: "" asking, `t` a thread, `brief`, `sources`, `people`
 * @property {string} sub what stands behind the view: a thread's id
 * @property {string} [c] the citation that is open
 * @property {string} [s] the source that is open
 * @property {string} [q] a question to ask, or words to filter by
 * @property {string} [kind] of the sources that are listed
 * @property {string} [tab] of a page that has several
 * @property {string} [as_of] the day whose knowledge the brief is of
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

const OFFLINE = { status: 0, code: "offline", detail: t("Baton is not responding. Is the server still running?") };

/** A JSON body, or null where there is none. Raises `Failed`, and `AbortError` where it was stopped.
 * @param {string} path @param {Sending} [options] @returns {Promise<any>} */
export async function call(path, options = {}) {
  const response = await sent(path, "application/json", options);
  if (response.status === 204) return null;
  return response.json().catch(() => {
    throw new Failed({ status: response.status, code: "failed", detail: t("The answer could not be read.") });
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
  const failed = new Failed(problem ?? { status: response.status, code: "failed", detail: t("The answer could not be read.") });
  failed.retryAfter ||= Number(response.headers.get("Retry-After")) || 0;
  if (failed.status === 401 && failed.code === "unauthenticated") window.dispatchEvent(new Event("baton:signed-out"));
  throw failed;
}

/** @type {Record<string, { icon: string, tone: string, one: string, many: string, title: string, counted: (n: number) => string }>} */
export const KINDS = {
  call: { icon: "phone", tone: "k-call", one: t("call"), many: t("calls"), title: t("Call"), counted: (n) => t("{n} call|{n} calls", { n }) },
  email: { icon: "mail", tone: "k-email", one: t("e-mail"), many: t("e-mails"), title: t("E-mail"), counted: (n) => t("{n} e-mail|{n} e-mails", { n }) },
  crm_note: { icon: "note", tone: "k-crm", one: t("CRM note"), many: t("CRM notes"), title: t("CRM note"), counted: (n) => t("{n} CRM note|{n} CRM notes", { n }) },
  crm_field: { icon: "list", tone: "k-crm", one: t("CRM record"), many: t("CRM records"), title: t("CRM record"), counted: (n) => t("{n} CRM record|{n} CRM records", { n }) },
  doc: { icon: "doc", tone: "k-doc", one: t("document"), many: t("documents"), title: t("Document"), counted: (n) => t("{n} document|{n} documents", { n }) },
  chat: { icon: "chat", tone: "k-call", one: t("chat"), many: t("chats"), title: t("Chat"), counted: (n) => t("{n} chat|{n} chats", { n }) },
  meeting: { icon: "clock", tone: "k-call", one: t("meeting"), many: t("meetings"), title: t("Meeting"), counted: (n) => t("{n} meeting|{n} meetings", { n }) },
  ae_note: { icon: "user", tone: "k-crm", one: t("AE note"), many: t("AE notes"), title: t("AE note"), counted: (n) => t("{n} AE note|{n} AE notes", { n }) },
};

/** @type {Record<string, string>} */
export const SIDES = { seller: t("our side"), buyer: t("customer"), partner: t("partner"), unknown: "" };

/** @param {number} number @param {string} kind of source */
export function counted(number, kind) {
  return KINDS[kind].counted(number);
}

/** @param {Record<string, number>} sources how many of each kind */
export function countsOf(sources) {
  return Object.entries(sources).filter(([, number]) => number).map(([kind, number]) => counted(number, kind));
}

/** @param {Record<string, number>} sources how many of each kind */
export function total(sources) {
  return Object.values(sources).reduce((sum, number) => sum + number, 0);
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
