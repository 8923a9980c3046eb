// Baton inside somebody else's page: ask one account, open the exact words under the claim that stands on them, read the brief.
// It is let in by a token of the host's server or by the reader signing in, and speaks to the pages that the server named, to no other.

import { h } from "./frame.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));
const given = new URLSearchParams(location.search);
const wanted = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const ORIGINS = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=baton-origins]")).content.split(" ").filter(Boolean);
/** @type {Record<string, string>} */
const KINDS = { call: "Call", email: "E-mail", crm_note: "CRM note", crm_field: "CRM record", doc: "Document", chat: "Chat", meeting: "Meeting", ae_note: "AE note" };
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
/** @type {Record<string, string>} */
const WHY_NOT = { out_of_scope: "Baton answers questions about the deal’s history; it does not act.", ambiguous: "It is not clear what this asks about; name the matter.", false_premise: "The question takes something for granted that nothing in the history speaks of." };

const theme = given.get("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
const language = given.get("lang") ?? "";
if (/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language)) document.documentElement.lang = language;

let bearer = /** @type {string | null} */ (null);
let account = /** @type {any} */ (null);
let thread = /** @type {string | null} */ (null);
let view = given.get("view") === "brief" ? "brief" : "ask";
let arrived = /** @type {((token: string | null) => void) | null} */ (null);
let asked = /** @type {string | null} */ (null);

// --- the page around us

/** @param {{ type: string, id?: string, status?: string, code?: string }} message ids only, never words */
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
  if (event.key === "Escape") tell({ type: "baton:close" });
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

async function call(path, body, again = true, key = "") {
  const headers = { Accept: "application/json", ...(bearer && { Authorization: `Bearer ${bearer}` }), ...(body && { "Content-Type": "application/json" }), ...(key && { "Idempotency-Key": key }) };
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), credentials: "omit" });
  } catch {
    throw Object.assign(new Failed("Baton is not responding."), { code: "offline" });
  }
  const value = await response.json().catch(() => ({}));
  if (response.status === 401 && bearer && again) {
    bearer = null;
    if (await admitted()) return call(path, body, false, key);
  }
  if (!response.ok) throw Object.assign(new Failed(value.detail ?? "The answer could not be read."), { code: value.code ?? "failed", status: response.status });
  return value;
}

/** Whether the host's server lets us in. */
async function admitted() {
  const signed = await token();
  if (!signed) return false;
  const visit = await call("/widget/visits", { token: signed }, false);
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
  tell({ type: "baton:hello" });
  wait("Opening the deal history …");
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
      h("h1", {}, "Deal history"),
      h("p", {}, "Sign in to ask what was said and promised before the signature."),
      h("button", { class: "btn primary", type: "button", onclick: () => open(`/embed-sign-in?account=${encodeURIComponent(wanted)}`, "baton-sign-in", "popup,width=480,height=420") }, "Sign in")),
  );
}

function start() {
  if (view === "brief") return brief();
  const box = h("textarea", { rows: 1, maxlength: 4000, placeholder: "What did we promise about …?", "aria-label": "Your question", onkeydown: (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) (event.preventDefault(), form.requestSubmit());
  } });
  const form = h("form", { class: "ask", onsubmit: (event) => {
    event.preventDefault();
    if (box.value.trim()) ask(box.value.trim());
    box.value = "";
  } }, box, h("button", { class: "btn primary", type: "submit" }, "Ask"));
  done(head(), h("div", { class: "talk", id: "talk" }, suggestions(["What did sales promise?", "Why did they buy?", "What worries them?", "Who decides?"])), form);
  if (asked) ask(asked);
  asked = null;
}

function head() {
  const tab = (name, label) => h("button", { type: "button", class: "tab", "aria-pressed": String(view === name), onclick: () => ((view = name), start()) }, label);
  return h("header", { class: "head" }, h("h1", {}, account.name), h("nav", { "aria-label": "View" }, tab("ask", "Ask"), tab("brief", "Brief")));
}

const suggestions = (items) => h("ul", { class: "next" }, items.map((text) => h("li", {}, h("button", { type: "button", onclick: () => ask(text) }, text))));

/** A question that is tried again goes under its first key, so that it is asked once.
 * @param {string} question @param {string} [key] */
async function ask(question, key = [...crypto.getRandomValues(new Uint32Array(4))].join("-")) {
  if (!document.getElementById("talk")) start();
  const talk = /** @type {HTMLElement} */ (document.getElementById("talk"));
  const turn = h("section", { class: "turn", "aria-busy": "true" }, h("h2", {}, question), h("p", { class: "soft" }, "Looking through the history …"));
  talk.querySelectorAll(".next").forEach((list) => list.remove());
  talk.append(turn);
  turn.scrollIntoView({ block: "start" });
  try {
    const answer = await call(`/accounts/${account.id}/answers`, { question, ...(thread && { thread_id: thread }) }, true, key);
    thread = answer.thread_id;
    turn.replaceChildren(...[h("h2", {}, question), meant(answer), answered(answer), answer.follow_ups.length ? suggestions(answer.follow_ups) : []].flat(Infinity).filter(Boolean));
    said.textContent = answer.status === "declined" ? "Not in the deal history." : "Answered.";
    tell({ type: "baton:answer", id: answer.id, status: answer.status });
  } catch (error) {
    turn.replaceChildren(h("h2", {}, question), trouble(error, () => (turn.remove(), ask(question, error.code === "offline" ? key : undefined))));
  }
  turn.setAttribute("aria-busy", "false");
}

/** A follow-up as it was understood, where that is not how it was put. */
function meant(answer) {
  const alone = answer.standalone_question;
  return alone !== answer.question.split(/\s+/).filter(Boolean).join(" ") ? h("p", { class: "soft" }, `Understood as: ${alone}`) : "";
}

function answered(answer) {
  const of = new Map(answer.citations.map((citation) => [citation.id, citation]));
  const parts = answer.blocks.map((block) => [
    block.heading && h("h3", {}, block.heading),
    h(block.kind === "list" ? "ul" : "div", { class: "claims" }, block.claims.map((claim) => said_(claim, of, block.kind === "list" ? "li" : "p"))),
  ]);
  const unsaid = (answer.unsaid ?? []).map((part) => h("p", { class: "soft" }, `The deal history does not say: ${part}?`));
  const changes = answer.changes.map((change) => h("div", { class: "changed" }, h("h3", {}, `Changed: ${change.topic}`),
    h("ol", {}, change.items.map((step) => h("li", { class: step.superseded ? "past" : "" }, h("time", { datetime: step.on }, day(step.on)), " ", said_(step, of, "span"))))));
  if (answer.blocks.length) return [...parts, ...unsaid, ...changes];
  const { from, to } = answer.receipt;
  const near = answer.receipt.nearest.map((id) => of.get(id)).filter(Boolean);
  return [
    h("p", { class: "declined" }, h("strong", {}, "Not in the deal history. "), WHY_NOT[answer.reason] ?? "", ` Searched ${Object.entries(answer.receipt.searched).map(counted).join(", ")}${from ? `, ${day(from)} to ${day(to)}` : ""}.`),
    near.length ? h("h3", {}, "Closest, but no answer") : "",
    h("ul", { class: "claims" }, near.map((citation) => said_({ text: shortened(citation.quote.exact), citations: [citation.id] }, of, "li"))),
    ...changes,
  ];
}

/** A claim with the chips it stands on; a chip opens the exact words right under it. */
function said_(claim, of, tag) {
  const cards = h("div", { class: "cards" });
  const chips = claim.citations.map((id) => of.get(id)).filter(Boolean).map((citation) => {
    const chip = h("button", { type: "button", class: `chip k-${citation.kind}`, "aria-expanded": "false", "aria-label": `Source ${citation.number}: ${place(citation)}`, onclick: () => {
      const open = chip.getAttribute("aria-expanded") === "true";
      cards.replaceChildren(...(open ? [] : [card(citation)]));
      chip.parentElement?.querySelectorAll(".chip").forEach((other) => other.setAttribute("aria-expanded", String(other === chip && !open)));
      if (!open) tell({ type: "baton:citation", id: citation.id });
    } }, `${KINDS[citation.kind] ?? "Source"} ${citation.number}`);
    return chip;
  });
  return h(tag, {}, claim.text, " ", chips, cards);
}

function card(citation) {
  const read = h("a", { class: "read", href: `/a/${encodeURIComponent(account.slug)}?c=${encodeURIComponent(citation.id)}`, target: "_blank", rel: "noopener" }, "Read in context");
  return h("figure", { class: "card" }, h("blockquote", {}, citation.quote.prefix && h("span", { class: "soft" }, `…${citation.quote.prefix}`), h("mark", {}, citation.quote.exact), citation.quote.suffix && h("span", { class: "soft" }, `${citation.quote.suffix}…`)), h("figcaption", {}, place(citation), " ", read));
}

function place(citation) {
  const who = citation.speaker ? `${citation.speaker.name} (${citation.speaker.side})` : citation.source.title;
  const at = citation.locator.start_ms === null ? "" : ` ${clock(citation.locator.start_ms)}`;
  return `${KINDS[citation.kind] ?? "Source"}, ${day(citation.source.occurred_on ?? citation.source.occurred_at)}${at}, ${who}`;
}

async function brief() {
  wait("Opening the brief …");
  try {
    const body = await call(`/accounts/${account.id}/briefs/current`);
    const shown = [body.story, body.why, body.promises, body.risks].flat().flatMap((one) => one.citations);
    const order = [...new Set(shown)]; // numbered as they are met here: what this view leaves out has no number
    const of = new Map(body.citations.map((citation) => [citation.id, { ...citation, number: order.indexOf(citation.id) + 1 }]));
    const part = (title, claims) => claims.length ? [h("h2", {}, title), h("ul", { class: "claims" }, claims.map((claim) => said_(claim, of, "li")))] : [];
    const promises = body.promises.filter((one) => one.current);
    const detail = (one) => ({ text: `${one.text} (${[one.strength.replaceAll("_", " "), one.due?.date && `due ${day(one.due.date)}`, `contract: ${one.contract.replaceAll("_", " ")}`].filter(Boolean).join("; ")})`, citations: one.citations });
    done(head(), h("article", { class: "talk" },
      part("The story", body.story), part("Why they bought", body.why), part("What we promised", promises.slice(0, 12).map(detail)),
      promises.length > 12 ? h("p", { class: "soft" }, `${promises.length - 12} more in the whole brief.`) : "",
      part("Watch out for", body.risks.slice(0, 6)),
      body.gaps.length ? [h("h2", {}, "Still open"), h("ul", { class: "claims" }, body.gaps.slice(0, 6).map((gap) => h("li", {}, gap.question)))] : "",
      h("a", { class: "btn", href: `/a/${encodeURIComponent(account.slug)}/brief`, target: "_blank", rel: "noopener" }, "Open the whole brief")));
  } catch (error) {
    // The server says the same of both, so that nobody learns from it that there is one.
    if (error.code === "no_brief") return done(head(), h("p", { class: "soft talk" }, "No brief of this account is open to you: none has been composed yet, or it holds internal talk, which not everybody reads."));
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
  return h("div", { class: "trouble" }, h("p", {}, error.message), h("button", { class: "btn", type: "button", onclick: again }, "Try again"));
}

function failed(error, again) {
  done(account ? head() : "", h("div", { class: "alone" }, trouble(error, again)));
}

function day(value) {
  if (!value) return "no date";
  const [year, month, date] = value.slice(0, 10).split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

function counted([kind, count]) {
  const name = (KINDS[kind] ?? kind).replace(/^(?!CRM|AE)./, (first) => first.toLowerCase());
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function shortened(words) {
  const line = words.replace(/\s+/g, " ");
  return line.length > 140 ? `${line.slice(0, line.lastIndexOf(" ", 140))} …` : line;
}

function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

begin();
