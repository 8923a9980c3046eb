// Pieces that several views share: icons, the citation chip with its quote card, claims, skeletons, notices, menus.

import { html, render, signal, useEffect, useRef, useState } from "./vendor/ui.js";
import { Failed, KINDS, address, announce, at, clock, day, fixture, go, t } from "./core.js";

/** @import { CitationShape as Citation, ChangeShape } from "shapes" */

/** @typedef {{ text: string, citations: string[], setting?: any }} Cited a sentence and what it stands on */

/** The citations now on the page, by id, so that a chip, the card and the source panel speak of the same ones.
 * @type {Map<string, Citation>} */
const known = new Map();
/** The ids in the order in which J and K step through them. */
export const order = signal(/** @type {string[]} */ ([]));
/** What a claim took from its quote, by the citation's id: the words to mark most in the source.
 * @type {Map<string, string>} */
const taken = new Map();

/** Makes these the citations of the page.
 * @param {Citation[]} citations */
export function show(citations) {
  know(citations);
  const ids = citations.map((citation) => citation.id);
  if (ids.join() !== order.peek().join()) order.value = ids;
}

/** @param {Citation[]} citations */
export function know(citations) {
  for (const citation of citations) known.set(citation.id, citation);
}

/** @param {string} id */
export const citationOf = (id) => known.get(id);
/** @param {string} id */
export const takenFrom = (id) => taken.get(id) ?? "";
/** @param {string | undefined} id */
export const neighbours = (id) => ({ at: id ? order.value.indexOf(id) : -1, all: order.value });

/** To the next or previous citation of what is on the page.
 * @param {number} by */
export function stepBy(by) {
  const { at: here, all } = neighbours(at.peek().c);
  if (here >= 0) go({ ...at.peek(), c: all[(here + by + all.length) % all.length] }, { replace: true });
}

/** @param {Citation} citation */
export function when(citation) {
  const starts = citation.locator.start_ms;
  return [day(citation.source.occurred_on), starts === null || starts === undefined ? null : clock(starts), citation.locator.page ? t("page {page}", { page: String(citation.locator.page) }) : null].filter(Boolean).join(", ");
}

/** @param {Citation} citation */
export function who(citation) {
  return citation.speaker?.name || citation.source.title;
}

/** @param {{ name: string }} props */
export function Icon({ name }) {
  return html`<svg class="i" aria-hidden="true"><use href=${`#i-${name}`} /></svg>`;
}

/** A link that opens its source beside the page, or in a tab of its own, because it is a link. `pending`: its claim is not checked yet.
 * @param {{ id: string, number?: number, pending?: boolean }} props */
export function Chip({ id, number, pending = false }) {
  const citation = known.get(id);
  if (!citation) return null;
  const kind = KINDS[citation.kind];
  return html`<a class=${`cite ${kind.tone} ${pending ? "pending" : ""}`} href=${address({ ...at.value, c: id, s: "" })} data-cite=${id} aria-current=${at.value.c === id ? "true" : null}><${Icon} name=${kind.icon} />${String(number ?? citation.number)}<span class="sr">${`, ${kind.one}, ${who(citation)}, ${day(citation.source.occurred_on)}`}</span></a>`;
}

/** Text with its chips glued to the last word, so that no chip begins a line.
 * @param {Cited & { pending?: boolean, numbers?: Map<string, number> }} props */
function WithChips({ text, citations, pending, numbers }) {
  const chips = citations.filter((id) => known.has(id)).map((id) => html`<${Chip} key=${id} id=${id} number=${numbers?.get(id)} pending=${pending} />`);
  if (!chips.length) return text;
  const last = /\S*\s*$/u.exec(text.trimEnd())?.[0] ?? "";
  // A very long last word (a link) must still be able to break.
  if (last.length > 24) return [text, ...chips];
  const cut = text.trimEnd().length - last.length;
  return [text.slice(0, cut), html`<span class="nw">${last}${chips}</span>`];
}

/** `numbers` are those of the answer it stands in, where the same words may go by another number than elsewhere on the page.
 * @param {{ item: Cited, pending?: boolean, numbers?: Map<string, number> }} props */
export function Claim({ item, pending = false, numbers }) {
  const open = at.value.c ? item.citations.includes(at.value.c) : false;
  return html`<span class=${open ? "claim on" : "claim"} data-cites=${item.citations.join(" ")} dir="auto"><${WithChips} text=${item.text} citations=${item.citations} pending=${pending} numbers=${numbers} /></span>${item.setting ? html`<${Setting} ...${item.setting} />` : null}`;
}

/** The words that a line which means little alone answers, or follows. */
const Setting = ({ how, text, citation }) => html`<span class="who" dir="auto">${how === "answers" ? t("to “{words}”", { words: text }) : t("after “{words}”", { words: text })}<${Chip} id=${citation} /></span>`;

/** @param {string} text */
export const plain = (text) => text.replace(/\s+/g, " ").trim();

/** The words of a claim that is nothing but what its source says, with or without "Name, day:" before it; else nothing.
 * @param {Cited} one */
export function quoteOf(one) {
  const citation = citationOf(one.citations[0]);
  if (!citation) return "";
  const text = plain(one.text);
  const lead = text.startsWith(who(citation)) ? /^(, \d{1,2} \p{L}{3} \d{4})?: /u.exec(text.slice(who(citation).length)) : null;
  const said = lead ? text.slice(who(citation).length + lead[0].length) : text;
  return plain(citation.quote.exact).includes(said) ? said : "";
}

/** A claim as a quotation with its speaker under it, if it is one; else as it is.
 * @param {{ item: Cited, pending?: boolean, numbers?: Map<string, number> }} props */
export function Quoted({ item, pending = false, numbers }) {
  const said = quoteOf(item);
  const citation = citationOf(item.citations[0]);
  if (!said || !citation) return html`<${Claim} item=${item} pending=${pending} numbers=${numbers} />`;
  taken.set(citation.id, said);
  return html`<blockquote><${Claim} item=${{ ...item, text: said }} pending=${pending} numbers=${numbers} /></blockquote>
    <p class="by"><b class=${`side-${citation.speaker?.side ?? "unknown"}`}>${who(citation)}</b>${citation.speaker?.title ? `, ${citation.speaker.title}` : ""}${` · ${KINDS[citation.kind].title}, ${when(citation)}`}</p>`;
}

/** What changed over time: earlier positions struck out, the current one last.
 * @param {{ change: ChangeShape, numbers?: Map<string, number> }} props */
export function Changed({ change, numbers }) {
  return html`<section class="shift">
    <h3><${Icon} name="history" />${t("Changed during the deal: {matter}", { matter: change.topic })}</h3>
    <ol class="steps">${change.items.map((step) => html`<li class=${step.superseded ? null : "now"}>
      <time>${step.on ? day(step.on) : ""}</time><span class="dot"></span>
      <span dir="auto">${step.superseded ? html`<s>${step.text}</s>` : step.text}${step.citations.map((id) => html`<${Chip} key=${id} id=${id} number=${numbers?.get(id)} />`)}</span></li>`)}</ol>
  </section>`;
}

/** @param {{ lines?: number }} props */
export function Skeleton({ lines = 3 }) {
  return html`<div class="skeleton" aria-hidden="true">${Array.from({ length: lines }, () => html`<i></i>`)}</div>`;
}

/** A failure in the reader's words, with what can be done: `again` repeats it, and children lead elsewhere.
 * @param {{ error: Error & Partial<Failed>, again?: () => void, children?: any }} props */
export function Notice({ error, again, children }) {
  const missing = error.status === 404 || error.status === 409 || error.status === 403;
  const [wait, setWait] = useState(error.retryAfter ?? 0);
  useEffect(() => {
    const ticking = wait > 0 ? setTimeout(() => setWait(wait - 1), 1000) : 0;
    return () => clearTimeout(ticking);
  }, [wait]);
  const title = error.status === 429 ? t("Too many questions at once") : error.status === 403 ? t("Not open to you") : missing ? t("Not found") : t("That did not work");
  return html`<section class=${missing ? "notice calm" : "notice"} role="alert">
    <${Icon} name=${missing ? "searchx" : "alert"} />
    <div><h2>${title}</h2><p>${error.message}</p>
      ${error.requestId && !missing ? html`<p class="fine">${error.requestId}</p>` : null}
      ${again && !missing ? html`<button class="btn" type="button" disabled=${wait > 0} onClick=${again}>${wait > 0 ? t("Try again in {n} s", { n: wait }) : t("Try again")}</button>` : null}${children}</div>
  </section>`;
}

/** @param {{ citations: number }} props */
export function CheckedLine({ citations }) {
  return html`<span class="checked"><${Icon} name="check" />${t("{n} quote checked against the source|{n} quotes checked against the source", { n: citations })}</span>`;
}

/** A button that says for a moment that it has copied. `what` gives the text, or the clipboard's items.
 * @param {{ what: () => string | Record<string, Blob>, children?: any, label?: string | null }} props */
export function Copy({ what, children, label = null }) {
  const [done, setDone] = useState("");
  const copy = async () => {
    try {
      const given = what();
      if (typeof given === "string") await navigator.clipboard.writeText(given);
      else await navigator.clipboard.write([new ClipboardItem(given)]);
      setDone(t("Copied"));
    } catch {
      setDone(t("The browser did not allow it"));
    }
    announce(t("Copied"));
  };
  useEffect(() => {
    const ending = done ? setTimeout(() => setDone(""), 2500) : 0;
    return () => clearTimeout(ending);
  }, [done]);
  return html`<button class="btn ghost" type="button" aria-label=${label} onClick=${copy}><${Icon} name=${done ? "check" : label ? "link" : "copy"} />${done || children}</button>`;
}

/** @type {Map<string, any>} */
const loaded = new Map();

/** A module that comes when it is first needed: `{ module, failed }`; none for no name.
 * @param {string | undefined} file */
export function useModule(file) {
  const [module, setModule] = useState(file && loaded.get(file));
  const [failed, setFailed] = useState(/** @type {Error | null} */ (null));
  useEffect(() => {
    if (!file) return;
    import(file).then((found) => {
      loaded.set(file, found);
      setModule(found);
    }, () => setFailed(new Error(t("A part of the page could not be loaded."))));
  }, [file]);
  return { module: (file && loaded.get(file)) ?? module, failed };
}

/** The parts of the page that is read, for the rail: `{ items: [[id, title]], here }`. */
export const contents = signal({ items: /** @type {[string, string][]} */ ([]), here: "" });

/** The sections of what is read, the one before the reader's eyes marked. */
export function Contents() {
  const { items, here } = contents.value;
  return html`<ul>${items.map(([id, title]) => html`<li key=${id}><a href=${`#${id}`} aria-current=${id === here ? "true" : null}>${title}</a></li>`)}</ul>`;
}

/** What keys do on this page alone, for the list of keys. */
export const pageKeys = signal(/** @type {[string, string][]} */ ([]));

/** What is asked of the server once on show and again whenever `of` changes: `{ value, error, again }`. What was there stays until the new is.
 * @template T @param {(stop: AbortSignal) => Promise<T>} ask @param {readonly unknown[]} of */
export function useCall(ask, of) {
  const [state, setState] = useState(/** @type {{ value: T | undefined, error: Failed | null }} */ ({ value: undefined, error: null }));
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    ask(stop.signal).then((value) => setState({ value, error: null }), (error) => error.name !== "AbortError" && setState({ value: undefined, error }));
    return () => stop.abort();
  }, [...of, turn]);
  return { ...state, again: () => setTurn((before) => before + 1), set: (/** @type {T} */ value) => setState({ value, error: null }) };
}

/** A line that says what was done and can take it back, at the foot of the page for ten seconds. */
const done = signal(/** @type {{ sentence: string, undo: (() => Promise<unknown>) | null, at: number } | null} */ (null));

/** @param {string} sentence @param {(() => Promise<unknown>) | null} [undo] */
export function tell(sentence, undo = null) {
  done.value = { sentence, undo, at: Date.now() };
  announce(sentence);
}

export function Toast() {
  const told = done.value;
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    setBusy(false);
    const ending = told ? setTimeout(() => (done.value = null), 10_000) : 0;
    return () => clearTimeout(ending);
  }, [told]);
  if (!told) return null;
  const back = async () => {
    setBusy(true);
    try {
      await told.undo?.();
      tell(t("Undone"));
    } catch (error) {
      tell(error.message);
    }
  };
  return html`<div class="toast"><span>${told.sentence}</span>
    ${told.undo ? html`<button class="btn" type="button" disabled=${busy} onClick=${back}>${t("Undo")}</button>` : null}
    <button class="btn ghost icon" type="button" aria-label=${t("Dismiss")} onClick=${() => (done.value = null)}><${Icon} name="x" /></button></div>`;
}

/** Something opened by a button and closed by Escape or a look elsewhere.
 * @param {{ label: any, icon: string, children?: any, name: string, down?: boolean }} props */
export function Menu({ label, icon, children, name, down = false }) {
  const box = useRef(null);
  useEffect(() => {
    const away = (/** @type {PointerEvent} */ event) => box.current?.open && !box.current.contains(event.target) && (box.current.open = false);
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, []);
  const leave = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !box.current.open) return;
    event.stopPropagation();
    box.current.open = false;
    box.current.firstElementChild.focus();
  };
  return html`<details class=${down ? "menu down" : "menu"} ref=${box} onKeyDown=${leave}><summary class="btn ghost" aria-label=${name}><${Icon} name=${icon} />${label}</summary><div class="menu-body">${children}</div></details>`;
}

/** A labelled search field that waits until somebody has stopped typing.
 * @param {{ label: string, value: string, onSearch: (words: string) => void, placeholder: string, id?: string | null }} props */
export function Search({ label, value, onSearch, placeholder, id = null }) {
  const waiting = useRef(0);
  const typed = (event) => {
    clearTimeout(waiting.current);
    const { value: words } = event.currentTarget;
    waiting.current = setTimeout(() => onSearch(words.trim()), 180);
  };
  return html`<label class="field-search"><${Icon} name="search" /><span class="sr">${label}</span><input id=${id} type="search" autocomplete="off" spellcheck="false" maxlength="200" dir="auto" placeholder=${placeholder} value=${value} onInput=${typed} /></label>`;
}

/** `choices` are pairs of a value and what it is called.
 * @param {{ label: string, value: string, choices: string[][], onChange: (value: string) => void }} props */
export function Choice({ label, value, choices, onChange }) {
  return html`<select aria-label=${label} value=${value} onChange=${(event) => onChange(event.currentTarget.value)}>${choices.map(([each, called]) => html`<option key=${each} value=${each} selected=${each === value}>${called}</option>`)}</select>`;
}

/** The head of a page that is no account's: title, a sentence, what follows.
 * @param {{ kick?: string, title: string, lede?: string, children?: any, wide?: boolean }} props */
export function Sheet({ kick = "", title, lede = "", children, wide = false }) {
  return html`<div class="log" id="log" tabindex="0"><div class=${wide ? "sheet wide" : "sheet"}>${kick ? html`<p class="kick">${kick}</p>` : null}<h1>${title}</h1>${lede ? html`<p class="lede">${lede}</p>` : null}${children}</div></div>`;
}

/** The card with a chip's exact words: it comes with the pointer or the focus, can be entered, and goes with Escape. */
export function watchChips() {
  const card = fixture("card");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const chipAt = (/** @type {Event} */ event) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.("[data-cite]"));
  const hide = () => card.matches(":popover-open") && card.hidePopover();
  const later = (/** @type {() => void} */ work) => {
    clearTimeout(waiting);
    waiting = setTimeout(work, 120);
  };
  const raise = (/** @type {HTMLElement} */ chip) => {
    const citation = known.get(chip.dataset.cite ?? "");
    if (!citation || !chip.isConnected) return;
    const kind = KINDS[citation.kind];
    card.className = `card ${kind.tone}`;
    render(html`<div class="kind"><${Icon} name=${kind.icon} />${kind.title}<span class="at">${when(citation)}</span></div>
      <q dir="auto">${citation.quote.exact}</q>
      <div class="by">${[citation.speaker?.name, citation.speaker?.title].filter(Boolean).join(", ") || citation.source.title}</div>`, card);
    card.showPopover();
    const place = chip.getBoundingClientRect();
    const height = card.offsetHeight;
    card.style.left = `${Math.max(12, Math.min(innerWidth - card.offsetWidth - 12, place.left - 20))}px`;
    card.style.top = `${place.bottom + 8 + height < innerHeight ? place.bottom + 8 : Math.max(8, place.top - height - 8)}px`;
  };
  document.addEventListener("mouseover", (event) => {
    const chip = chipAt(event);
    if (chip) later(() => raise(chip));
    else if (/** @type {Element} */ (event.target).closest?.("#card")) clearTimeout(waiting);
    else later(hide);
  });
  document.addEventListener("focusin", (event) => {
    const chip = chipAt(event);
    if (chip?.matches(":focus-visible")) raise(chip);
    else hide();
  });
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("click", (event) => {
    const chip = chipAt(event);
    if (!chip || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    clearTimeout(waiting);
    hide();
    // Who opens what is open already wants to go there.
    if (at.peek().c === chip.dataset.cite) /** @type {HTMLElement | null} */ (document.querySelector(".ev mark"))?.focus();
    else go({ ...at.peek(), c: chip.dataset.cite, s: "" });
  });
}

/** Opens what hides the claims that stand on a citation.
 * @param {string | undefined} id */
export function point(id) {
  if (!id) return;
  for (const span of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-cites]"))) {
    if (span.dataset.cites?.split(" ").includes(id)) span.closest("details.more")?.setAttribute("open", "");
  }
}
