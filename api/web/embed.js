// Baton inside somebody else's page: ask one account, open the exact words under the claim that stands on them, read the brief.
// It is let in by a token of the host's server or by the reader signing in, and speaks to the pages that the server named, to no other.

import { KINDS, SIDES, countsOf } from "./core.js";
import { h } from "./frame.js";
import { createParser } from "./vendor/ui.js";
import { clock, day, listed, t } from "./words.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));
const given = new URLSearchParams(location.search);
const wanted = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const ORIGINS = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=baton-origins]")).content.split(" ").filter(Boolean);
/** @type {Record<string, string>} */
const STRENGTHS = { firm: t("firm"), conditional: t("conditional"), best_effort: t("best effort"), roadmap_statement: t("roadmap"), hypothetical: t("hypothetical"), declined: t("refused"), retracted: t("taken back") };
/** @type {Record<string, string>} */
const CONTRACT = { covered: t("in the contract"), contradicted: t("the contract says otherwise"), silent: t("not in the contract"), excluded: t("excluded by the contract"), no_contract: t("no contract held") };
/** @type {Record<string, string>} */
const WHY_NOT = { out_of_scope: t("Baton answers questions about the deal’s history; it does not act."), ambiguous: t("It is not clear what this asks about; name the matter."), false_premise: t("The question takes something for granted that nothing in the history speaks of."), which_person: t("More than one person is called that; say which."), which_talk: t("More than one talk fits; say which.") };

document.title = t("Deal history");
const theme = given.get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

let bearer = /** @type {string | null} */ (null);
let account = /** @type {any} */ (null);
let thread = /** @type {string | null} */ (null);
let view = given.get("view") === "brief" ? "brief" : "ask";
let arrived = /** @type {((token: string | null) => void) | null} */ (null);
let asked = /** @type {string | null} */ (null);
let running = /** @type {AbortController | null} */ (null);

// --- the page around us

/** @param {{ type: string, id?: string, status?: string, code?: string, label?: string }} message ids and words of ours only, never what somebody said */
function tell(message) {
  if (parent === window) return;
  for (const origin of ORIGINS) parent.postMessage(message, origin);
}

addEventListener("message", ({ source, origin, data }) => {
  if (typeof data?.type !== "string") return;
  if (data.type === "baton:bearer" && origin === location.origin) return enter(data);
  if (source !== parent || !ORIGINS.includes(origin)) return;
  if (data.type === "baton:token") arrived?.(typeof data.token === "string" ? data.token : null);
  if (data.type === "baton:ask" && typeof data.text === "string") {
    view = "ask";
    if (account) ask(data.text.slice(0, 4000));
    else asked = data.text.slice(0, 4000);
  }
});

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (running) running.abort();
  else tell({ type: "baton:close" });
});

/** The host's token, or null when it has none or does not answer in time. */
function token() {
  if (parent === window || !ORIGINS.length) return Promise.resolve(null);
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(null), 8000);
    arrived = (value) => (clearTimeout(late), resolve(value));
    tell({ type: "baton:token?" });
  });
}

// --- the server

class Failed extends Error {}

/** @typedef {{ again?: boolean, key?: string, stop?: AbortSignal, told?: (event: any) => void }} How
 * `again`: sign in anew where the visit has ended; `key`: under which it is asked once; `told`: hears each event of a stream. */

/** @param {string} path @param {object | null} [body] @param {How} [how] @returns {Promise<any>} */
async function call(path, body, how = {}) {
  const { again = true, key = "", stop, told } = how;
  const headers = { Accept: told ? "text/event-stream" : "application/json", ...(bearer && { Authorization: `Bearer ${bearer}` }), ...(body && { "Content-Type": "application/json" }), ...(key && { "Idempotency-Key": key }) };
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), credentials: "omit", signal: stop });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw Object.assign(new Failed(t("Baton is not responding.")), { code: "offline" });
  }
  if (response.ok && told) return heard(response, told);
  const value = await response.json().catch(() => ({}));
  if (response.status === 401 && bearer && again) {
    bearer = null;
    if (await admitted()) return call(path, body, { ...how, again: false });
  }
  if (!response.ok) throw Object.assign(new Failed(value.detail ?? t("The answer could not be read.")), { code: value.code ?? "failed", status: response.status });
  return value;
}

/** @param {Response} response @param {(event: any) => void} told */
async function heard(response, told) {
  const parser = createParser({ onEvent: (event) => told(JSON.parse(event.data)) });
  const reader = /** @type {ReadableStream} */ (response.body).pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) parser.feed(next.value);
  } catch (error) {
    throw error.name === "AbortError" ? error : Object.assign(new Failed(t("Baton is not responding.")), { code: "offline" });
  }
}

/** Whether the host's server lets us in. */
async function admitted() {
  const signed = await token();
  if (!signed) return false;
  const visit = await call("/widget/visits", { token: signed }, { again: false });
  bearer = visit.bearer;
  account = visit.account;
  return true;
}

async function enter(visit) {
  bearer = visit.bearer;
  account = visit.account;
  start();
}

// --- what is shown

async function begin() {
  tell({ type: "baton:hello", label: t("Ask the deal history") });
  wait(t("Opening the deal history …"));
  try {
    if (await admitted()) start();
    else signIn();
  } catch (error) {
    failed(error, begin);
  }
}

function signIn() {
  done(
    h("div", { class: "alone" },
      h("h1", {}, t("Deal history")),
      h("p", {}, t("Sign in to ask what was said and promised before the signature.")),
      h("button", { class: "btn primary", type: "button", onclick: () => open(`/embed-sign-in?account=${encodeURIComponent(wanted)}`, "baton-sign-in", "popup,width=480,height=420") }, t("Sign in"))),
  );
}

function start() {
  if (view === "brief") return brief();
  const box = h("textarea", { rows: 1, maxlength: 4000, placeholder: t("What did we promise about …?"), "aria-label": t("Your question"), onkeydown: (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) (event.preventDefault(), form.requestSubmit());
  } });
  const form = h("form", { class: "ask", onsubmit: (event) => {
    event.preventDefault();
    if (box.value.trim()) ask(box.value.trim());
    box.value = "";
  } }, box, h("button", { class: "btn primary", type: "submit" }, t("Ask")));
  done(head(), h("div", { class: "talk", id: "talk" }, suggestions([t("What did sales promise?"), t("Why did they buy?"), t("What worries them?"), t("Who decides?")])), form);
  if (asked) ask(asked);
  asked = null;
}

function head() {
  const tab = (name, label) => h("button", { type: "button", class: "tab", "aria-pressed": String(view === name), onclick: () => ((view = name), start()) }, label);
  return h("header", { class: "head" }, h("h1", {}, account.name), h("nav", { "aria-label": t("View") }, tab("ask", t("Ask")), tab("brief", t("Brief"))));
}

const suggestions = (items) => h("ul", { class: "next" }, items.map((text) => h("li", {}, h("button", { type: "button", onclick: () => ask(text) }, text))));

/** A question that is tried again goes under its first key, so that it is asked once.
 * @param {string} question @param {string} [key] */
async function ask(question, key = [...crypto.getRandomValues(new Uint32Array(4))].join("-")) {
  if (!document.getElementById("talk")) start();
  const talk = /** @type {HTMLElement} */ (document.getElementById("talk"));
  const stop = new AbortController();
  running?.abort();
  running = stop;
  const doing = h("span", { class: "soft" }, t("Looking through the history …"));
  const turn = h("section", { class: "turn", "aria-busy": "true" }, h("h2", {}, question), h("p", { class: "doing" }, doing, h("button", { class: "btn", type: "button", onclick: () => stop.abort() }, t("Stop"))));
  talk.querySelectorAll(".next").forEach((list) => list.remove());
  talk.append(turn);
  turn.scrollIntoView({ block: "start" });
  try {
    const answer = await answerTo(question, key, stop.signal, (read) => (doing.textContent = t("Read {n} source|Read {n} sources", { n: read })));
    thread = answer.thread_id;
    turn.replaceChildren(...[h("h2", {}, question), meant(answer), answered(answer), answer.follow_ups.length ? suggestions(answer.follow_ups) : []].flat(Infinity).filter(Boolean));
    said.textContent = answer.status === "declined" ? t("Not in the deal history") : t("Answered.");
    tell({ type: "baton:answer", id: answer.id, status: answer.status });
  } catch (error) {
    if (error.name === "AbortError") {
      turn.replaceChildren(h("h2", {}, question), h("p", { class: "doing" }, h("span", { class: "soft" }, t("Stopped.")), h("button", { class: "btn", type: "button", onclick: () => (turn.remove(), ask(question)) }, t("Ask again"))));
      said.textContent = t("Stopped");
    } else turn.replaceChildren(h("h2", {}, question), trouble(error, () => (turn.remove(), ask(question, error.code === "offline" ? key : undefined))));
  }
  if (running === stop) running = null;
  turn.setAttribute("aria-busy", "false");
}

/** Follows the answer as it is made; whoever stops it stops the server too, which would work on for a while.
 * @param {string} question @param {string} key @param {AbortSignal} stop @param {(read: number) => void} reading */
async function answerTo(question, key, stop, reading) {
  let answer = /** @type {any} */ (null);
  let failure = /** @type {any} */ (null);
  let id = "";
  try {
    await call(`/accounts/${account.id}/answers`, { question, ...(thread && { thread_id: thread }) }, { key, stop, told: (event) => {
      if (event.type === "answer.started") id = event.answer_id;
      if (event.type === "answer.search") reading(event.read);
      if (event.type === "answer.completed" || event.type === "answer.declined") answer = event.answer;
      if (event.type === "error") failure = event.problem;
    } });
  } catch (error) {
    if (error.name === "AbortError" && id) call(`/answers/${id}/cancel`, {}).catch(() => {});
    throw error;
  }
  if (failure) throw Object.assign(new Failed(failure.detail), { code: failure.code, status: failure.status });
  if (!answer) throw Object.assign(new Failed(t("The connection broke before the answer was whole.")), { code: "offline" });
  return answer;
}

/** A follow-up as it was understood, where that is not how it was put. */
function meant(answer) {
  const alone = answer.standalone_question;
  return alone !== answer.question.split(/\s+/).filter(Boolean).join(" ") ? h("p", { class: "soft" }, t("Understood as: {question}", { question: alone })) : "";
}

function answered(answer) {
  const of = new Map(answer.citations.map((citation) => [citation.id, citation]));
  const parts = answer.blocks.map((block) => [
    block.heading && h("h3", {}, block.heading),
    h(block.kind === "list" ? "ul" : "div", { class: "claims" }, block.claims.map((claim) => said_(claim, of, block.kind === "list" ? "li" : "p"))),
  ]);
  const unsaid = (answer.unsaid ?? []).map((part) => h("p", { class: "soft" }, t("The deal history does not say: {matter}?", { matter: part })));
  const changes = answer.changes.map((change) => h("div", { class: "changed" }, h("h3", {}, t("Changed: {matter}", { matter: change.topic })),
    h("ol", {}, change.items.map((step) => h("li", { class: step.superseded ? "past" : "" }, h("time", { datetime: step.on }, day(step.on)), " ", said_(step, of, "span"))))));
  const people = answer.people?.length ? [h("p", { class: "soft" }, t("From lists of participants and the CRM, not a quote:")), h("ul", {}, answer.people.map((one) => h("li", { dir: "auto" }, one.words)))] : [];
  if (answer.reason === "which_person" || answer.reason === "which_talk") return [h("p", { class: "declined" }, h("strong", {}, WHY_NOT[answer.reason])), ...people, h("ul", {}, answer.follow_ups.map((question) => h("li", {}, question)))];
  if (answer.blocks.length || people.length) return [...people, ...parts, ...unsaid, ...changes];
  const { from, to } = answer.receipt;
  const sources = listed(countsOf(answer.receipt.searched));
  const near = answer.receipt.nearest.map((id) => of.get(id)).filter(Boolean);
  return [
    h("p", { class: "declined" }, h("strong", {}, answer.unknown_person ? t("Nobody called {name} took part or is mentioned", { name: answer.unknown_person }) : t("Not in the deal history.")), " ", WHY_NOT[answer.reason] ?? "", " ", from ? t("Searched {sources} from {from} to {to}.", { sources, from: day(from), to: day(to) }) : t("Searched {sources}.", { sources })),
    near.length ? h("h3", {}, t("Closest, but no answer")) : "",
    h("ul", { class: "claims" }, near.map((citation) => said_({ text: shortened(citation.quote.exact), citations: [citation.id] }, of, "li"))),
    ...changes,
  ];
}

/** A claim with the chips it stands on; a chip opens the exact words right under it. */
function said_(claim, of, tag) {
  const cards = h("div", { class: "cards" });
  const chips = claim.citations.map((id) => of.get(id)).filter(Boolean).map((citation) => {
    const chip = h("button", { type: "button", class: `chip k-${citation.kind}`, "aria-expanded": "false", "aria-label": t("Source {number}: {place}", { number: citation.number, place: place(citation) }), onclick: () => {
      const open = chip.getAttribute("aria-expanded") === "true";
      cards.replaceChildren(...(open ? [] : [card(citation)]));
      chip.parentElement?.querySelectorAll(".chip").forEach((other) => other.setAttribute("aria-expanded", String(other === chip && !open)));
      if (!open) tell({ type: "baton:citation", id: citation.id });
    } }, `${KINDS[citation.kind].title} ${citation.number}`);
    return chip;
  });
  return h(tag, {}, claim.text, " ", chips, cards);
}

function card(citation) {
  const read = h("a", { class: "read", href: `/a/${encodeURIComponent(account.slug)}?c=${encodeURIComponent(citation.id)}`, target: "_blank", rel: "noopener" }, t("Read in context"));
  return h("figure", { class: "card" }, h("blockquote", {}, citation.quote.prefix && h("span", { class: "soft" }, `…${citation.quote.prefix}`), h("mark", {}, citation.quote.exact), citation.quote.suffix && h("span", { class: "soft" }, `${citation.quote.suffix}…`)), h("figcaption", {}, place(citation), " ", read));
}

function place(citation) {
  const who = citation.speaker ? [citation.speaker.name, SIDES[citation.speaker.side]].filter(Boolean).join(", ") : citation.source.title;
  const at = citation.locator.start_ms === null ? "" : ` ${clock(citation.locator.start_ms)}`;
  return `${KINDS[citation.kind].title}, ${day(citation.source.occurred_on ?? citation.source.occurred_at)}${at}, ${who}`;
}

async function brief() {
  wait(t("Opening the brief …"));
  try {
    const body = await call(`/accounts/${account.id}/briefs/current`);
    const shown = [body.story, body.why, body.promises, body.risks].flat().flatMap((one) => one.citations);
    const order = [...new Set(shown)]; // numbered as they are met here: what this view leaves out has no number
    const of = new Map(body.citations.map((citation) => [citation.id, { ...citation, number: order.indexOf(citation.id) + 1 }]));
    const part = (title, claims) => claims.length ? [h("h2", {}, title), h("ul", { class: "claims" }, claims.map((claim) => said_(claim, of, "li")))] : [];
    const promises = body.promises.filter((one) => one.current);
    const detail = (one) => ({ text: `${one.text} (${[STRENGTHS[one.strength] ?? one.strength, one.due?.date && t("due {day}", { day: day(one.due.date) }), CONTRACT[one.contract] ?? one.contract].filter(Boolean).join("; ")})`, citations: one.citations });
    done(head(), h("article", { class: "talk" },
      part(t("The story"), body.story), part(t("Why they bought"), body.why), part(t("What we promised"), promises.slice(0, 12).map(detail)),
      promises.length > 12 ? h("p", { class: "soft" }, t("{n} more in the whole brief.", { n: promises.length - 12 })) : "",
      part(t("Watch out for"), body.risks.slice(0, 6)),
      body.gaps.length ? [h("h2", {}, t("Still open")), h("ul", { class: "claims" }, body.gaps.slice(0, 6).map((gap) => h("li", {}, gap.question)))] : "",
      h("a", { class: "btn", href: `/a/${encodeURIComponent(account.slug)}/brief`, target: "_blank", rel: "noopener" }, t("Open the whole brief"))));
  } catch (error) {
    // The server says the same of both, so that nobody learns from it that there is one.
    if (error.code === "no_brief") return done(head(), h("p", { class: "soft talk" }, t("No brief of this account is open to you: none has been composed yet, or it holds internal talk, which not everybody reads.")));
    failed(error, brief);
  }
}

// --- small things

function wait(words) {
  main.setAttribute("aria-busy", "true");
  main.replaceChildren(h("p", { class: "alone soft" }, words));
}

function done(...parts) {
  main.setAttribute("aria-busy", "false");
  main.replaceChildren(...parts);
}

function trouble(error, again) {
  tell({ type: "baton:error", code: error.code ?? "failed" });
  said.textContent = error.message;
  return h("div", { class: "trouble" }, h("p", {}, error.message), h("button", { class: "btn", type: "button", onclick: again }, t("Try again")));
}

function failed(error, again) {
  done(account ? head() : "", h("div", { class: "alone" }, trouble(error, again)));
}

function shortened(words) {
  const line = words.replace(/\s+/g, " ");
  return line.length > 140 ? `${line.slice(0, line.lastIndexOf(" ", 140))} …` : line;
}

begin();
