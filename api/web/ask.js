// Asking: the question becomes the heading, the answer arrives as checked claims with chips, "not in the deal history" is a result with a receipt.

import { html, signal, useEffect, useLayoutEffect, useRef, useState } from "./vendor/ui.js";
import { Failed, KINDS, address, announce, at, call, countsOf, day, dealOf, go, listed, rich, route, stream, t, total } from "./core.js";
import { Changed, CheckedLine, Claim, Copy, Icon, Menu, Notice, Quoted, Skeleton, citationOf, know, plain, point, quoteOf, show, tell, when, who } from "./parts.js";

/** @import { AccountShape as Account, AnswerShape as Answer, BlockShape, ThreadItem, ThreadShape, CitationShape as Citation } from "shapes" */

const STARTERS = [t("When do we have to be live?"), t("What could delay the go-live?"), t("Who has to sign?"), t("What is still open?")];
const TRIES = 3;
const REASONS = { wrong: t("Wrong"), not_in_source: t("The source does not say this"), missed: t("Missed something"), too_long: t("Too long") };

/**
 * @typedef {object} Turn One question and what has become of it.
 * @property {string} question
 * @property {{kinds: string[], as_of: string}} scope
 * @property {"asking" | "again" | "done" | "stopped" | "failed"} phase
 * @property {{id: string, block: number, text: string, citations: string[], checked: boolean}[]} claims those told so far
 * @property {number} read sources that were read; -1 until that is known
 * @property {Answer | null} answer
 * @property {Error | null} error
 * @property {string} key tells it from the others on the page
 * @property {string} [id] of the answer, once the server has named it
 *
 * @typedef {object} Desk What is on the table of one account.
 * @property {string | null} thread null: a new one
 * @property {Signal<Turn[]>} turns
 * @property {Signal<Error | null>} trouble
 * @property {Signal<{ kinds: string[], as_of: string }>} scope of the next question
 * @property {AbortController | null} stop
 */

/** @template T @typedef {import("./vendor/ui.js").Signal<T>} Signal */

/** By account. @type {Map<string, Desk>} */
const desks = new Map();
const threads = signal(/** @type {Map<string, ThreadItem[]>} */ (new Map()));

/** @param {Account} account @returns {Desk} */
function deskOf(account) {
  const known = desks.get(account.id);
  if (known) return known;
  const fresh = { thread: null, turns: signal([]), trouble: signal(null), scope: signal({ kinds: [], as_of: "" }), stop: null };
  desks.set(account.id, fresh);
  return fresh;
}

/** The reader's threads of an account, the latest first, as far as they were asked for.
 * @param {Account} account */
export const recent = (account) => threads.value.get(account.id) ?? [];

/** @param {Account} account */
async function listThreads(account) {
  const page = await call(`/accounts/${account.id}/threads?limit=30`).catch(() => ({ items: [] }));
  threads.value = new Map(threads.peek()).set(account.id, page.items);
}

/** @param {{ account: Account }} props */
export function AskPage({ account }) {
  const desk = deskOf(account);
  const { view, sub, q, c } = at.value;
  const log = useRef(null);
  useEffect(() => {
    listThreads(account);
  }, []);
  useEffect(() => {
    arriveAt(account, desk, view === "t" ? sub : "", q);
  }, [view, sub, q]);
  const turns = desk.turns.value;
  useEffect(() => {
    const holding = turns.findLast((turn) => turn.answer?.citations.some((citation) => citation.id === c)) ?? turns.at(-1);
    show(holding?.answer?.citations ?? []);
    point(c);
  }, [c, turns]);
  useLayoutEffect(() => {
    log.current?.querySelector(".turn:last-child")?.scrollIntoView({ block: "start" });
  }, [turns.length]);
  useEffect(() => {
    const stop = (/** @type {Event} */ event) => {
      if (!desk.stop) return;
      event.preventDefault();
      desk.stop.abort();
    };
    document.addEventListener("baton:stop", stop);
    return () => document.removeEventListener("baton:stop", stop);
  }, []);
  const trouble = desk.trouble.value;
  return html`<h1 class="sr">${t("Ask about {account}", { account: account.name })}</h1>
    <div class="log" id="log" ref=${log} role="log" aria-live="off" aria-label=${t("Questions and answers")} tabindex="0">
      ${trouble ? html`<div class="turn"><${Notice} error=${trouble} again=${() => arriveAt(account, desk, sub, q)}><a class="btn" href=${address({ account: account.slug })}>${t("Ask something new")}</a><//></div>`
        : turns.length ? turns.map((turn, index) => html`<${Asked} key=${turn.key} turn=${turn} account=${account} desk=${desk} last=${index === turns.length - 1} />`)
        : view === "t" ? html`<div class="turn"><${Skeleton} /></div>` : html`<${Welcome} account=${account} ask=${(question) => ask(account, desk, question)} />`}
    </div>
    <${Composer} account=${account} desk=${desk} />`;
}

/** Puts on the table what the address names: a thread as it was kept, a question to ask, or a clean sheet.
 * @param {Account} account @param {Desk} desk @param {string} thread @param {string | undefined} question */
async function arriveAt(account, desk, thread, question) {
  if (thread ? desk.thread === thread && !desk.trouble.peek() : question && !desk.thread && desk.turns.peek().at(-1)?.question === question) return;
  desk.stop?.abort();
  desk.trouble.value = null;
  desk.thread = thread || null;
  desk.turns.value = [];
  if (question && !thread) return ask(account, desk, question);
  if (!thread) return;
  try {
    /** @type {ThreadShape} */
    const kept = await call(`/threads/${encodeURIComponent(thread)}`);
    if (desk.thread !== thread) return;
    if (kept.account !== account.id) throw Object.assign(new Error(t("That thread belongs to another account.")), { status: 404 });
    for (const answer of kept.answers) know(answer.citations);
    desk.turns.value = kept.answers.map((answer) => ({ key: answer.id, question: answer.question, scope: { kinds: [], as_of: answer.as_of ?? "" }, phase: "done", claims: [], read: -1, answer, error: null }));
  } catch (error) {
    if (desk.thread === thread) desk.trouble.value = error;
  }
}

let asked = 0;

/** @param {Account} account @param {Desk} desk @param {string} question */
function ask(account, desk, question) {
  desk.stop?.abort();
  /** @type {Turn} */
  const turn = { key: `asked-${++asked}`, question, scope: desk.scope.peek(), phase: "asking", claims: [], read: -1, answer: null, error: null };
  desk.turns.value = [...desk.turns.peek(), turn];
  if (!desk.thread) go({ account: account.slug, q: question });
  return run(account, desk, turn);
}

/** Asks and follows the answer as it is made. A connection that breaks is tried again under the same key: the same answer is then told from its start, and nothing is asked twice.
 * @param {Account} account @param {Desk} desk @param {Turn} turn */
async function run(account, desk, turn) {
  const change = (/** @type {Partial<Turn>} */ change) => {
    desk.turns.value = desk.turns.peek().map((one) => (one.key === turn.key ? { ...one, ...change } : one));
  };
  const now = () => desk.turns.peek().find((one) => one.key === turn.key) ?? turn;
  const stop = new AbortController();
  desk.stop = stop;
  const key = [...crypto.getRandomValues(new Uint32Array(4))].join("-");
  announce(t("Searching {n} source|Searching {n} sources", { n: total(account.sources) }));
  for (let tried = 1; ; tried += 1) {
    change({ phase: tried > 1 ? "again" : "asking", id: "", claims: [], read: -1, error: null, answer: null });
    try {
      const answer = await told(account, desk.thread, turn, stop.signal, key, change, now);
      know(answer.citations);
      change({ phase: "done", answer });
      announce(spoken(answer));
      settle(account, desk, answer);
      break;
    } catch (error) {
      if (error.name === "AbortError") {
        change({ phase: "stopped" });
        const { id } = now();
        if (id) call(`/answers/${id}/cancel`, { method: "POST" }).catch(() => {}); // it would be worked on for a while yet
        announce(t("Stopped"));
        break;
      }
      if (error.code === "offline" && tried < TRIES && !stop.signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 400 * tried));
        continue;
      }
      change({ phase: "failed", error });
      break;
    }
  }
  if (desk.stop === stop) desk.stop = null;
  // So that what shows whether something runs looks again.
  desk.turns.value = [...desk.turns.peek()];
}

/** The answer as its events tell it; each is passed on as it comes.
 * @param {Account} account @param {string | null} thread_id @param {Turn} turn @param {AbortSignal} stop @param {string} key
 * @param {(change: Partial<Turn>) => void} change @param {() => Turn} now @returns {Promise<Answer>} */
async function told(account, thread_id, turn, stop, key, change, now) {
  let answer = /** @type {Answer | null} */ (null);
  let failure = /** @type {import("./core.js").Problem | null} */ (null);
  const body = { question: turn.question, thread_id, ...(turn.scope.kinds.length && { kinds: turn.scope.kinds }), ...(turn.scope.as_of && { as_of: turn.scope.as_of }) };
  const of = (/** @type {string} */ id, /** @type {(claim: Turn["claims"][0]) => Partial<Turn["claims"][0]>} */ patch) => change({ claims: now().claims.map((claim) => (claim.id === id ? { ...claim, ...patch(claim) } : claim)) });
  await stream(`/accounts/${account.id}/answers`, { body, signal: stop, headers: { "Idempotency-Key": key }, told: (event) => {
    if (event.type === "answer.started") change({ id: event.answer_id });
    if (event.type === "answer.search") change({ read: event.read });
    if (event.type === "answer.delta") change({ claims: [...now().claims, { id: event.claim, block: event.block, text: event.text, citations: [], checked: false }] });
    if (event.type === "answer.citation") {
      know([event.citation]);
      of(event.claim, (claim) => ({ citations: [...claim.citations, event.citation.id] }));
    }
    if (event.type === "answer.check") {
      if (event.check === "removed") change({ claims: now().claims.filter((claim) => claim.id !== event.claim) });
      else of(event.claim, () => ({ checked: true }));
    }
    if (event.type === "answer.completed" || event.type === "answer.declined") answer = event.answer;
    if (event.type === "error") failure = event.problem;
  } });
  if (failure) throw new Failed(failure);
  if (!answer) throw Object.assign(new Error(t("The connection broke before the answer was whole.")), { status: 0, code: "offline" });
  return answer;
}

/** The thread has an address of its own once something is kept in it. */
function settle(account, desk, answer) {
  const here = route();
  const fresh = !desk.thread;
  desk.thread = answer.thread_id;
  if (fresh && here.account && here.view === "") go({ account: account.slug, view: "t", sub: answer.thread_id, c: here.c, s: here.s }, { replace: true });
  listThreads(account);
}

function Asked({ turn, account, desk, last }) {
  const heading = `${turn.key}-question`;
  return html`<article class="turn" aria-labelledby=${heading}>
    <h2 id=${heading} dir="auto">${turn.question}</h2>
    ${turn.phase === "done" ? html`<${Answer} answer=${turn.answer} turn=${turn} account=${account} desk=${desk} last=${last} />` : html`<${Making} turn=${turn} account=${account} desk=${desk} />`}
  </article>`;
}

/** An answer while it is made, and what is left of one that was stopped or has failed. */
function Making({ turn, account, desk }) {
  const again = () => run(account, desk, turn);
  const blocks = Object.values(Object.groupBy ? Object.groupBy(turn.claims, (claim) => claim.block) : { 0: turn.claims });
  const running = turn.phase === "asking" || turn.phase === "again";
  const line = turn.phase === "again" ? t("The connection broke. Trying again.") : turn.read >= 0 ? t("Read {read} of {n} source|Read {read} of {n} sources", { read: turn.read, n: total(account.sources) }) : t("Searching {n} source|Searching {n} sources", { n: total(account.sources) });
  return html`${running ? html`<div class="how"><span class="working">${line}</span><${Within} scope=${turn.scope} /></div>` : null}
    <div class="ans" aria-busy=${running ? "true" : "false"}>${blocks.map((claims) => html`<${Block} block=${{ kind: "list", claims: claims.map((claim) => ({ ...claim, pending: !claim.checked })) }} />`)}</div>
    ${running && !turn.claims.length ? html`<${Skeleton} />` : null}
    ${turn.phase === "stopped" ? html`<p class="halted"><${Icon} name="alert" />${turn.claims.length ? t("Stopped. What stands above was checked; the rest was not written.") : t("Stopped.")} <button class="btn" type="button" onClick=${again}>${t("Ask again")}</button></p>` : null}
    ${turn.phase === "failed" ? html`<${Notice} error=${turn.error} again=${again} />` : null}`;
}

/** A narrowed question says so. */
function Within({ scope }) {
  const told = { kinds: listed(scope.kinds.map((kind) => KINDS[kind].many)), day: day(scope.as_of.slice(0, 10)) };
  const words = scope.as_of ? (told.kinds ? t("Only {kinds}, as of {day}", told) : t("As of {day}", told)) : told.kinds && t("Only {kinds}", told);
  return words ? html`<span class="pill mute">${words}</span>` : null;
}

function Answer({ answer, turn, account, desk, last }) {
  const declined = answer.status === "declined";
  const cited = citedIn(answer);
  const numbers = new Map(answer.citations.map((citation) => [citation.id, citation.number]));
  const also = (block) => block.heading === "Also in the history"; // what stands beside an answer, such as the contract, is never folded away
  return html`${meant(answer) ? html`<p class="meant" dir="auto"><span>${t("Understood as:")}</span> ${meant(answer)}</p>` : null}${!cited.size ? html`<${Within} scope=${turn.scope} />` : html`<div class="how"><${CheckedLine} citations=${cited.size} /><span>${t("From {cited} of {n} source|From {cited} of {n} sources", { cited: sourcesOf(answer, cited), n: total(answer.receipt.searched) })}</span><${Within} scope=${turn.scope} /><${Degraded} answer=${answer} /></div>`}
    ${answer.people?.length ? html`<section class="known"><p class="fine">${t("From lists of participants and the CRM, not a quote:")}</p><ul>${answer.people.map((one) => html`<li key=${one.id} dir="auto">${one.words}</li>`)}</ul></section>` : null}
    <div class="ans">${answer.blocks.filter((block) => !also(block)).map((block) => html`${block.heading ? html`<h3 class="beside">${block.heading}</h3>` : null}<${Block} block=${block} numbers=${numbers} />`)}
      ${answer.changes.map((change) => html`<${Changed} change=${change} numbers=${numbers} />`)}
      ${answer.blocks.filter(also).map((block) => html`<details class="more"><summary>${block.heading}<small>${t("{n} passage|{n} passages", { n: block.claims.length })}</small></summary><${Block} block=${block} numbers=${numbers} /></details>`)}</div>
    ${declined ? html`<${Declined} answer=${answer} account=${account} />` : null}
    ${!declined && answer.partial && answer.unsaid?.length ? html`<div class="unsaid"><p><b>${t("Not in the deal history:")}</b> ${answer.unsaid.join(" ")}</p><${AddGap} account=${account} question=${answer.unsaid.join(" ")} answer=${answer} /></div>` : null}
    ${answer.removed_claims ? html`<p class="fine">${t("{n} sentence was removed because the source did not support it.|{n} sentences were removed because the source did not support them.", { n: answer.removed_claims })}</p>` : null}
    <div class="acts" data-copy>${cited.size ? html`<${Copy} what=${() => copied(answer, cited)}>${t("Copy with sources")}<//>` : null}<${Copy} label=${t("Copy a link to this thread")} what=${() => `${location.origin}${address({ account: account.slug, view: "t", sub: answer.thread_id })}`}>${t("Copy link")}<//><span class="sp"></span><${Feedback} answer=${answer} /></div>
    ${last && answer.follow_ups.length ? html`<div class="next" role="group" aria-label=${t("Follow-up questions")}>${answer.follow_ups.map((question) => html`<button key=${question} type="button" onClick=${() => ask(account, desk, question)}><${Icon} name="corner" />${question}</button>`)}</div>` : null}`;
}

/** A follow-up as it was understood, where that is not how it was put.
 * @param {Answer} answer */
function meant(answer) {
  return answer.standalone_question === answer.question.split(/\s+/).filter(Boolean).join(" ") ? "" : answer.standalone_question;
}

/** @param {Answer} answer */
function citedIn(answer) {
  return new Set(answer.blocks.flatMap((block) => block.claims.flatMap((one) => one.citations)).concat(answer.changes.flatMap((change) => change.items.flatMap((step) => step.citations))));
}

/** @typedef {Omit<BlockShape, "claims"> & { claims: (BlockShape["claims"][0] & { pending?: boolean })[] }} Shown */

/** Words taken over are set as what they are, quotes with their speakers; sentences of a model's own as points or running text.
 * @param {{ block: Shown, numbers?: Map<string, number> }} props */
function Block({ block, numbers }) {
  const { claims } = block;
  if (block.kind === "list" || claims.every(quoteOf)) return html`<ul class="quotes">${claims.map((one) => html`<li key=${one.id} class=${quoteOf(one) ? null : "own"}><${Quoted} item=${one} pending=${one.pending} numbers=${numbers} /></li>`)}</ul>`;
  return html`<p>${claims.map((one, index) => [index ? " " : "", html`<${Claim} key=${one.id} item=${one} numbers=${numbers} />`])}</p>`;
}

/** @type {Record<string, string>} */
const TITLES = { false_premise: t("The deal history says otherwise"), out_of_scope: t("Outside this account's history"), ambiguous: t("The question can be read in more than one way"), not_permitted: t("Not open to you"), which_person: t("More than one person is called that"), which_talk: t("More than one talk fits") };
/** @param {Answer} answer */
const titled = (answer) => answer.unknown_person ? t("Nobody called {name} took part or is mentioned", { name: answer.unknown_person }) : TITLES[answer.reason ?? ""] ?? t("Not in the deal history");

/** @param {{ answer: Answer, account: Account }} props */
function Declined({ answer, account }) {
  const { receipt } = answer;
  const searched = countsOf(receipt.searched);
  const told = { sources: listed(searched), from: day(receipt.from), to: day(receipt.to) };
  const near = receipt.nearest.flatMap((id) => citationOf(id) ?? []).slice(0, 3);
  const owner = dealOf(account)?.owner_email;
  const heading = `${answer.id}-declined`;
  if (answer.reason === "which_person" || answer.reason === "which_talk") return html`<section class="abst" aria-labelledby=${heading}><header><${Icon} name="searchx" /><div><h3 id=${heading}>${titled(answer)}</h3><p>${t("Say which.")}</p></div></header></section>`;
  return html`<section class="abst" aria-labelledby=${heading}>
    <header><${Icon} name="searchx" /><div><h3 id=${heading}>${titled(answer)}</h3>
      <p>${searched.length ? `${receipt.from && receipt.to ? t("Searched {sources} from {from} to {to}.", told) : t("Searched {sources}.", told)} ${answer.blocks.length ? t("What the history does say stands above.") : t("None of it answers this.")}` : t("There is nothing of this account to search yet.")}</p>
      ${receipt.unreadable.length ? html`<p>${t("Could not be read: {what}.", { what: listed(receipt.unreadable) })}</p>` : null}${answer.blocks.length ? null : html`<${Degraded} answer=${answer} />`}</div></header>
    ${near.length ? html`<div class="bd"><h4>${t("Closest passages, which do not answer it")}</h4><ul class="near">${near.map((citation) => html`<li key=${citation.id}><span><q dir="auto">${citation.quote.exact}</q><small>${[who(citation), KINDS[citation.kind].one, when(citation)].join(", ")}</small></span>
      <a class="btn ghost" href=${address({ ...at.value, c: citation.id, s: "" })} data-cite=${citation.id} aria-current=${at.value.c === citation.id ? "true" : null} aria-label=${t("Open the {kind} of {day}", { kind: KINDS[citation.kind].one, day: day(citation.source.occurred_on) })}>${t("Open")}</a></li>`)}</ul></div>` : null}
    ${searched.length ? html`<div class="do">${owner ? html`<a class="btn primary" href=${mail(owner, account, answer)}><${Icon} name="mail" />${t("Ask the account executive")}</a>` : null}<${AddGap} account=${account} question=${answer.question} answer=${answer} /></div>` : null}
  </section>`;
}

/** @param {string} owner @param {Account} account @param {Answer} answer */
function mail(owner, account, answer) {
  const link = `${location.origin}${address({ account: account.slug, view: "t", sub: answer.thread_id })}`;
  const body = `${answer.question}\n\n${t("I could not find this in the deal history.")}\n${link}`;
  return `mailto:${encodeURIComponent(owner)}?subject=${encodeURIComponent(t("{account}: a question from customer success", { account: account.name }))}&body=${encodeURIComponent(body)}`;
}

/** Puts a question on the gap list of the account's current brief.
 * @param {{ account: Account, question: string, answer: Answer }} props */
function AddGap({ account, question, answer }) {
  const [state, setState] = useState("");
  const add = async () => {
    setState("adding");
    try {
      await call(`/accounts/${account.id}/gaps`, { body: { question, answer_id: answer.id } });
      setState("added");
      announce(t("Added to the brief's gap list"));
    } catch (error) {
      setState("");
      tell(error.message);
    }
  };
  if (state === "added") return html`<span class="checked"><${Icon} name="check" />${t("On the brief's gap list")}</span><a class="btn ghost" href=${address({ account: account.slug, view: "brief" })}>${t("Open the brief")}</a>`;
  return html`<button class="btn" type="button" disabled=${state === "adding"} onClick=${add}><${Icon} name="plus" />${state === "adding" ? t("Adding") : t("Add to the brief's gap list")}</button>`;
}

/** @param {{ answer: Answer }} props */
function Degraded({ answer }) {
  return answer.degraded.length ? html`<span class="weak"><${Icon} name="alert" />${t("Degraded: {what}", { what: listed(answer.degraded) })}</span>` : null;
}

/** @param {{ answer: Answer }} props */
function Feedback({ answer }) {
  const [rating, setRating] = useState("");
  const [open, setOpen] = useState(false);
  const [reasons, setReasons] = useState(/** @type {string[]} */ ([]));
  const [words, setWords] = useState("");
  const send = async (/** @type {{ rating: string, reasons?: string[], text?: string }} */ given) => {
    try {
      await call(`/answers/${answer.id}/feedback`, { body: given });
      setRating(given.rating);
      setOpen(false);
      tell(t("Thank you. It is kept with the answer."));
    } catch (error) {
      tell(error.message);
    }
  };
  const form = useRef(null);
  useEffect(() => open && form.current?.querySelector("input")?.focus(), [open]);
  const thumb = (value, label, press) => html`<button class="btn ghost icon" type="button" aria-label=${label} title=${label} aria-pressed=${rating === value ? "true" : "false"} onClick=${press}><${Icon} name=${`thumb-${value}`} /></button>`;
  return html`${thumb("up", t("Good answer"), () => send({ rating: "up" }))}${thumb("down", t("Something is wrong with it"), () => setOpen(!open))}
    ${open ? html`<form class="feedback" ref=${form} aria-label=${t("What is wrong with the answer")} onSubmit=${(event) => { event.preventDefault(); send({ rating: "down", reasons, text: words.trim() }); }}>
      <fieldset><legend>${t("What is wrong with it?")}</legend>${Object.entries(REASONS).map(([name, label]) => html`<label key=${name}><input type="checkbox" checked=${reasons.includes(name)} onChange=${(event) => setReasons(event.currentTarget.checked ? [...reasons, name] : reasons.filter((one) => one !== name))} />${label}</label>`)}</fieldset>
      <label class="sr" for=${`${answer.id}-words`}>${t("In your words")}</label><textarea id=${`${answer.id}-words`} rows="2" maxlength="2000" dir="auto" placeholder=${t("In your words, if you like")} value=${words} onInput=${(event) => setWords(event.currentTarget.value)}></textarea>
      <div class="row-acts"><button class="btn primary" disabled=${!reasons.length && !words.trim()}>${t("Send")}</button><button class="btn ghost" type="button" onClick=${() => setOpen(false)}>${t("Cancel")}</button></div></form>` : null}`;
}

/** @param {Answer} answer @param {Set<string>} cited */
function sourcesOf(answer, cited) {
  return new Set(answer.citations.filter((citation) => cited.has(citation.id)).map((citation) => citation.source.id)).size;
}

/** The answer with its numbered sources, once as text and once as a document for a mail.
 * @param {Answer} answer @param {Set<string>} cited */
function copied(answer, cited) {
  const marks = (ids) => ids.map((id) => `[${answer.citations.find((citation) => citation.id === id)?.number}]`).join("");
  const said = answer.blocks.flatMap((block) => [...(block.heading ? ["", `${block.heading}:`] : []), ...block.claims.map((one) => `${one.text} ${marks(one.citations)}`)]);
  const moved = answer.changes.flatMap((change) => [t("Changed: {matter}", { matter: change.topic }), ...change.items.map((step) => `${step.on} ${step.text} ${marks(step.citations)}`)]);
  const sources = answer.citations.filter((citation) => cited.has(citation.id)).map((citation) =>
    [`${citation.number}. ${who(citation)}, ${KINDS[citation.kind].one}, ${when(citation)}: “${plain(citation.quote.exact)}”`, citation.source.url ?? ""]);
  const text = [answer.question, "", ...said, ...moved, "", ...sources.map((parts) => parts.filter(Boolean).join(" "))].join("\n");
  const safe = (words) => words.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const page = [`<h3>${safe(answer.question)}</h3>`, ...[...said, ...moved].filter(Boolean).map((line) => `<p>${safe(line)}</p>`),
    ...sources.map(([line, url]) => `<p>${safe(line)}${url ? ` <a href="${safe(url)}">${safe(url)}</a>` : ""}</p>`)].join("");
  return { "text/plain": new Blob([text], { type: "text/plain" }), "text/html": new Blob([page], { type: "text/html" }) };
}

/** @param {Answer} answer */
function spoken(answer) {
  if (answer.status === "declined") return titled(answer);
  if (answer.people?.length && !answer.blocks.length) return t("Answer ready");
  const sentences = answer.blocks.reduce((sum, block) => sum + block.claims.length, 0);
  return t("Answer ready, {sentences}, {sources}", { sentences: t("{n} sentence|{n} sentences", { n: sentences }), sources: t("{n} source|{n} sources", { n: answer.citations.length }) });
}

/** @param {{ account: Account, ask: (question: string) => void }} props */
function Welcome({ account, ask: put }) {
  const counts = countsOf(account.sources);
  return html`<section class="welcome"><h2>${counts.length ? t("Ask about {account}", { account: account.name }) : t("No deal history yet")}</h2>
    <p>${counts.length ? t("{sources}. Every answer stands on their exact words.", { sources: listed(counts) }) : t("Bring in this account's calls, e-mails and CRM export:")}</p>
    ${counts.length ? html`<ul class="starters">${STARTERS.map((question) => html`<li key=${question}><button type="button" onClick=${() => put(question)}>${question}<${Icon} name="right" /></button></li>`)}</ul>` : html`<pre>baton ingest PATH</pre>`}
  </section>`;
}

/** @param {Account} account */
const draftOf = (account) => `baton-draft-${account.id}`;

/** @param {{ account: Account, desk: Desk }} props */
function Composer({ account, desk }) {
  const area = useRef(null);
  const [words, setWords] = useState(() => sessionStorage.getItem(draftOf(account)) ?? "");
  const running = desk.turns.value.some((turn) => turn.phase === "asking" || turn.phase === "again");
  useEffect(() => {
    sessionStorage.setItem(draftOf(account), words);
    area.current.style.height = "auto";
    area.current.style.height = `${Math.min(area.current.scrollHeight, 180)}px`;
  }, [words]);
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) area.current.focus({ preventScroll: true });
  }, [at.value.view, at.value.sub]);
  const send = () => {
    const question = words.trim();
    if (!question || running) return;
    setWords("");
    ask(account, desk, question);
  };
  const keyed = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
    if (event.key === "ArrowUp" && !words) {
      const last = desk.turns.peek().at(-1)?.question;
      if (last) setWords(last);
    }
  };
  return html`<div class="comp"><form class="box" onSubmit=${(event) => { event.preventDefault(); send(); }}>
      <label class="sr" for="question">${t("Ask about {account}", { account: account.name })}</label>
      <textarea id="question" ref=${area} rows="1" maxlength="4000" placeholder=${desk.turns.value.length ? t("Ask on, or about something else") : t("Ask about {account}", { account: account.name })} enterkeyhint="send" dir="auto" value=${words} onInput=${(event) => setWords(event.currentTarget.value)} onKeyDown=${keyed}></textarea>
      <div class="box-row"><${ScopeChoice} account=${account} scope=${desk.scope} /><span class="sp"></span>
        ${desk.turns.value.length ? html`<a class="btn ghost" href=${address({ account: account.slug })}><${Icon} name="plus" /><span>${t("New question")}</span></a>` : null}
        ${running ? html`<button class="send" type="button" aria-label=${t("Stop")} onClick=${() => desk.stop?.abort()}><${Icon} name="stop" /></button>` : html`<button class="send" aria-label=${t("Ask")}><${Icon} name="up" /></button>`}</div></form>
    <p class="hint"><span>${t("Answers come only from this account's deal history.")}</span><span class="keys">${rich("{enter} ask {j} {k} step through sources {more} keys", { enter: html`<kbd>Enter</kbd>`, j: html`<kbd>J</kbd>`, k: html`<kbd>K</kbd>`, more: html`<kbd>?</kbd>` })}</span></p></div>`;
}

/** What the next question reads: some kinds of source, or what was known up to a day.
 * @param {{ account: Account, scope: Desk["scope"] }} props */
function ScopeChoice({ account, scope }) {
  const { kinds, as_of } = scope.value;
  const held = Object.entries(account.sources).filter(([, number]) => number).map(([kind]) => kind);
  const turn = (kind, on) => (scope.value = { ...scope.value, kinds: on ? [...kinds, kind] : kinds.filter((one) => one !== kind) });
  return html`<${Menu} icon="layers" name=${kinds.length ? t("Sources: {kinds}", { kinds: listed(kinds.map((kind) => KINDS[kind].many)) }) : t("Sources: all")} label=${html`<span>${kinds.length ? kinds.map((kind) => KINDS[kind].many).join(", ") : t("All sources")}</span>`}>
      <fieldset><legend>${t("Read only")}</legend>${held.map((kind) => html`<label key=${kind}><input type="checkbox" checked=${kinds.includes(kind)} onChange=${(event) => turn(kind, event.currentTarget.checked)} />${KINDS[kind].many}</label>`)}</fieldset><//>
    <${Menu} icon="clock" name=${as_of ? t("As of {day}", { day: day(as_of) }) : t("As of any date")} label=${html`<span>${as_of ? t("As of {day}", { day: day(as_of) }) : t("Any date")}</span>`}>
      <label class="stack">${t("Nothing later than")}<input type="date" value=${as_of} onChange=${(event) => (scope.value = { ...scope.value, as_of: event.currentTarget.value })} /></label>
      ${as_of ? html`<button class="btn" type="button" onClick=${() => (scope.value = { ...scope.value, as_of: "" })}>${t("Any date")}</button>` : null}<//>`;
}
