// The shell: address to page, account choice, shortcuts, light and dark, signing in.

import { html, render, signal, useEffect, useRef, useState } from "./vendor/ui.js";
import { Failed, address, announce, arrive, at, call, countsOf, day, dealOf, fixture, go, initials, money, route, t, total } from "./core.js";
import { AskPage, recent } from "./ask.js";
import { Icon, Notice, Sheet, Skeleton, Toast, Contents, contents, show, stepBy, tell, useModule, watchChips } from "./parts.js";

/** @import { AccountShape as Account, AccountPage, Me } from "shapes" */

/** The account the reader is in; it stays while they look elsewhere, so that the way back is there. */
const account = signal(/** @type {Account | null} */ (null));
/** null while nobody has asked who this is; false where nobody is signed in. */
const me = signal(/** @type {Me | false | null} */ (null));
const spent = signal(/** @type {Error | null} */ (null));
/** A sign-in link was opened: nothing is asked for before it has been exchanged. */
const entering = signal(location.pathname === "/sign-in" && location.hash.length > 1);
const keys = signal(false);
/** The source panel, which comes when the page stands, or with it where the address opens a source. */
const beside = signal(/** @type {(() => any) | null} */ (null));
const bring = () => import("./evidence.js").then((found) => (beside.value = found.Evidence), () => tell(t("A part of the page could not be loaded.")));

/** @typedef {{ title: string, icon: string, file?: string, admin?: boolean }} Room */

/** @type {Record<string, Room & { file: string }>} */
const PAGES = {
  promises: { file: "./promises.js", title: t("Promises"), icon: "handshake" },
  imports: { file: "./imports.js", title: t("Imports"), icon: "inbox", admin: true },
  jobs: { file: "./jobs.js", title: t("Jobs"), icon: "clock", admin: true },
  quality: { file: "./quality.js", title: t("Quality"), icon: "gauge", admin: true },
  settings: { file: "./settings.js", title: t("Settings"), icon: "gear" },
};
/** @type {Record<string, Room & { count: (of: Account) => string }>} */
const VIEWS = {
  "": { title: t("Ask"), icon: "chat", count: () => "" },
  brief: { file: "./brief.js", title: t("Handoff brief"), icon: "doc", count: (of) => (of.brief ? t("{n} gap|{n} gaps", { n: of.brief.gaps }) : "") },
  sources: { file: "./history.js", title: t("Deal history"), icon: "layers", count: (of) => String(total(of.sources)) },
  people: { file: "./people.js", title: t("People"), icon: "user", count: () => "" },
};

function App() {
  const { page, account: reference, view } = at.value;
  const known = account.value && [account.value.id, account.value.slug, ...account.value.external_refs].includes(reference) ? account.value : null;
  useEffect(() => {
    const title = page === "a" ? [VIEWS[view]?.title ?? t("Ask"), known?.name] : [PAGES[page]?.title ?? t("Accounts")];
    document.title = [...title, "Baton"].filter(Boolean).join(" · ");
  }, [page, view, known?.name]);
  if (entering.value) return html`<main id="main" class="alone"><section class="gate"><h1>${t("Signing in")}</h1></section></main>`;
  if (me.value === false) return html`<main id="main" class="alone" tabindex="-1"><${Later} file="./sign-in.js" spent=${spent.value} /></main>`;
  return html`<${Rail} account=${page === "a" ? known : account.value} />
    <main id="main" tabindex="-1"><${Page} known=${known} /></main>
    ${beside.value ? html`<${beside.value} />` : null}<${Picker} /><${Shortcuts} /><${Toast} />`;
}

/** @param {{ known: Account | null }} props */
function Page({ known }) {
  const { page, account: reference, view } = at.value;
  if (page === "a" && reference) {
    if (!known) return html`<${Arriving} key=${reference} reference=${reference} />`;
    if (view === "" || view === "t") return html`<${AskPage} key=${known.id} account=${known} changed=${refresh} />`;
    if (VIEWS[view]) return html`<${Later} key=${`${known.id}/${view}`} file=${VIEWS[view].file} account=${known} me=${me.value} changed=${refresh} />`;
  } else if (PAGES[page]) {
    return html`<${Later} key=${page} file=${PAGES[page].file} me=${me.value} changed=${refresh} />`;
  } else if (!page || page === "sign-in") {
    return html`<${Home} />`;
  }
  return html`<${Sheet} title=${t("Nothing is at this address")}><p class="lede">${t("It may have been cut off when it was copied.")}</p><p class="acts"><a class="btn" href="/">${t("All accounts")}</a></p><//>`;
}

/** The account of the address, asked for; what has gone wrong otherwise.
 * @param {{ reference: string }} props */
function Arriving({ reference }) {
  const [error, setError] = useState(/** @type {Failed | null} */ (null));
  const ask = () => {
    setError(null);
    call(`/accounts/${encodeURIComponent(reference)}`).then((/** @type {Account} */ found) => {
      account.value = found;
      if (![found.id, found.slug, ...found.external_refs].includes(reference)) go({ ...at.peek(), account: found.slug }, { replace: true });
    }, setError);
  };
  useEffect(ask, []);
  if (!error) return html`<div class="log"><div class="turn"><${Skeleton} /></div></div>`;
  return html`<div class="log"><div class="turn"><${Notice} error=${error} again=${ask}>
    ${error.suggestions.map((name) => html`<button class="btn" type="button" onClick=${() => go({ account: name })}>${name}</button>`)}
    <a class="btn" href="/">${t("All accounts")}</a><//></div></div>`;
}

/** Counts in the rail follow what was just done. */
async function refresh() {
  const of = account.peek();
  if (of) account.value = await call(`/accounts/${of.id}`);
}

/** A page whose module comes when it is first opened.
 * @param {{ file: string, [given: string]: any }} props */
function Later({ file, ...rest }) {
  const { module, failed } = useModule(file);
  if (failed) return html`<div class="log"><${Notice} error=${failed} again=${() => location.reload()} /></div>`;
  if (!module) return html`<div class="log"><div class="sheet"><${Skeleton} lines=${6} /></div></div>`;
  return html`<${module.default} ...${rest} />`;
}

/** @param {{ account: Account | null }} props */
function Rail({ account: of }) {
  const { page, view, sub } = at.value;
  const who = me.value || null;
  const admin = who?.permissions.includes("admin") ?? false;
  useEffect(() => document.querySelector(".nav-strip .views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" }), [page, view, admin]);
  const parts = view === "brief" ? contents.value.items : [];
  const threads = of && !parts.length ? recent(of) : [];
  return html`<nav class="rail" aria-label=${t("Account and views")}>
    <a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true"><rect class="brand-tile" width="24" height="24" rx="6.5" /><path class="brand-stick" d="M6.5 15.5 13 9" /><path class="brand-stick faint" d="M11 15.5 17.5 9" /></svg><span>${t("Baton")}</span></a>
    ${of ? html`<button class="acct" type="button" aria-haspopup="dialog" aria-label=${t("Account: {account}. Change account", { account: of.name })} onClick=${pick}>
      <span class="mono" aria-hidden="true">${initials(of.name)}</span><span class="names"><b>${of.name}</b><span>${standing(of)}</span></span><${Icon} name="updown" /></button>` : null}
    <div class="nav-strip">
      ${of ? html`<div class="views">${Object.entries(VIEWS).map(([name, one]) => html`<a key=${name} href=${address({ account: of.slug, view: name })} aria-current=${page === "a" && (view === name || (view === "t" && !name)) ? "page" : null}><${Icon} name=${one.icon} />${one.title}<span class="n">${one.count(of)}</span></a>`)}</div>` : null}
      ${parts.length ? html`<nav class="contents" aria-labelledby="contents-title"><h2 id="contents-title">${t("In this brief")}</h2><${Contents} /></nav>` : null}
      ${threads.length ? html`<div class="recent"><h2 id="recent-title">${t("Your questions")}</h2><ul aria-labelledby="recent-title">${threads.map((thread) => html`<li key=${thread.id}><a href=${address({ account: of?.slug, view: "t", sub: thread.id })} title=${thread.question} aria-current=${view === "t" && sub === thread.id ? "true" : null}>${thread.question}</a></li>`)}</ul></div>` : null}
      <div class=${of || page === "a" ? "views lower" : "views"}>${of ? null : html`<a href="/" aria-current=${page ? null : "page"}><${Icon} name="layers" />${t("Accounts")}</a>`}
        ${Object.entries(PAGES).filter(([, one]) => !one.admin || admin).map(([name, one]) => html`<a key=${name} href=${`/${name}`} aria-current=${page === name ? "page" : null}><${Icon} name=${one.icon} />${one.title}</a>`)}</div></div>
    <div class="foot"><span class="me">${who?.name ?? ""}</span>${who?.session ? html`<button class="btn ghost icon" type="button" aria-label=${t("Sign out")} title=${t("Signed in as {name}. Sign out", { name: who.name })} onClick=${signOut}><${Icon} name="exit" /></button>` : null}<button class="btn ghost icon" type="button" aria-label=${t("Keys")} title=${t("Keys (?)")} onClick=${() => (keys.value = true)}><${Icon} name="keys" /></button><button class="btn ghost icon" type="button" aria-label=${t("Switch between light and dark")} onClick=${theme}><${Icon} name="moon" /></button></div>
  </nav>`;
}

/** @param {Account} of */
function standing(of) {
  const deal = of.deals?.length ? [of.stage, of.closed_on ? day(of.closed_on) : ""].filter(Boolean).join(", ") : "";
  return deal || t("{n} source|{n} sources", { n: total(of.sources) });
}

function Home() {
  useEffect(() => show([]), []);
  return html`<section class="home"><h1>${t("Accounts")}</h1><p class="lede">${t("Choose an account to ask about its deal, or to read its handoff brief.")}</p>
    <${Accounts} id="home-search" choose=${(slug) => go({ account: slug })} /></section>`;
}

/** An editable combobox with a list (ARIA pattern): the server searches, arrows move, Enter opens.
 * @param {{ id: string, choose: (slug: string) => void }} props */
function Accounts({ id, choose }) {
  const [words, setWords] = useState("");
  const [page, setPage] = useState(/** @type {(AccountPage & { words: string }) | null} */ (null));
  const [error, setError] = useState(/** @type {Failed | null} */ (null));
  const [active, setActive] = useState(0);
  const [turn, setTurn] = useState(0);
  const input = useRef(null);
  /** Enter was pressed while the list was still on its way. */
  const entered = useRef(false);
  useEffect(() => {
    const stop = new AbortController();
    call(`/accounts?limit=50&q=${encodeURIComponent(words.trim())}`, { signal: stop.signal }).then((/** @type {AccountPage} */ found) => {
      if (entered.current && found.items.length) return choose(found.items[0].slug);
      setPage({ ...found, words });
      setError(null);
      setActive(0);
      announce(t("{n} account|{n} accounts", { n: found.items.length }));
    }, (failed) => failed.name !== "AbortError" && setError(failed));
    return () => stop.abort();
  }, [words, turn]);
  useEffect(() => input.current.focus({ preventScroll: true }), []);
  useEffect(() => document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" }), [active]);
  const items = page?.items ?? [];
  const typed = (event) => {
    entered.current = false;
    setWords(event.currentTarget.value);
  };
  const keyed = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (items.length) setActive((active + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length);
    }
    if (event.key === "Enter" && page?.words !== words) entered.current = true;
    else if (event.key === "Enter" && items[active]) choose(items[active].slug);
  };
  const more = !page ? "" : items.length ? (page.next_cursor ? t("More accounts match. Type more of the name.") : "") : words ? t("No account matches.") : t("No accounts yet. Bring some in: {command}", { command: "baton ingest PATH" });
  return html`<div class="found">
    <label class="field-search"><${Icon} name="search" /><span class="sr">${t("Search accounts")}</span><input ref=${input} id=${id} type="search" role="combobox" aria-expanded=${items.length ? "true" : "false"} aria-controls=${`${id}-list`} aria-autocomplete="list" aria-activedescendant=${items.length ? `${id}-${active}` : null} autocomplete="off" spellcheck="false" placeholder=${t("Search name, domain, CRM id")} value=${words} onInput=${typed} onKeyDown=${keyed} /></label>
    ${error ? html`<${Notice} error=${error} again=${() => setTurn(turn + 1)} />` : !page ? html`<${Skeleton} lines=${4} />` : html`<ul id=${`${id}-list`} role="listbox" aria-label=${t("Accounts")}>${items.map((item, index) => html`<li key=${item.id} id=${`${id}-${index}`} role="option" aria-selected=${index === active ? "true" : "false"} onClick=${() => choose(item.slug)}>
      <span class="mono" aria-hidden="true">${initials(item.name)}</span><span class="names"><b>${item.name}</b><span>${countsOf(item.sources).join(" · ") || t("nothing ingested")}</span></span>
      <span class="right">${dealOf(item) ? html`<span>${[item.stage, money(dealOf(item)?.amount, dealOf(item)?.currency)].filter(Boolean).join(" · ")}</span>` : null}<span>${[item.closed_on ? t("closed {day}", { day: day(item.closed_on) }) : "", item.brief ? t("{n} gap|{n} gaps", { n: item.brief.gaps }) : ""].filter(Boolean).join(" · ")}</span></span></li>`)}</ul>`}
    <p class="fine">${more}</p></div>`;
}

const picking = signal(false);
const pick = () => (picking.value = true);

/** @param {import("./vendor/ui.js").Signal<boolean>} open */
function useDialog(open) {
  const dialog = useRef(null);
  useEffect(() => {
    if (open.value && !dialog.current.open) dialog.current.showModal();
    if (!open.value && dialog.current.open) dialog.current.close();
  }, [open.value]);
  return { ref: dialog, onClose: () => (open.value = false), onClick: (event) => event.target === dialog.current && dialog.current.close() };
}

function Picker() {
  const chosen = (slug) => {
    picking.value = false;
    go({ account: slug });
  };
  return html`<dialog class="picker" aria-label=${t("Choose an account")} ...${useDialog(picking)}>${picking.value ? html`<${Accounts} id="pick-search" choose=${chosen} />` : null}</dialog>`;
}

function Shortcuts() {
  return html`<dialog class="picker keys-list" aria-labelledby="keys-title" ...${useDialog(keys)}>${keys.value ? html`<${Later} file="./keys.js" singleKeys=${singleKeys} remember=${remember} />` : null}</dialog>`;
}

/** In this browser and for the reader. @param {string} name @param {string} value */
function remember(name, value) {
  keep(name, value);
  const body = name === "baton-theme" ? { theme: value } : { single_keys: value !== "off" };
  if (me.value && me.value.session) call("/me/preferences", { method: "PATCH", body }).catch(() => {});
}

/** @param {string} name @param {string} value */
function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
  }
}

function singleKeys() {
  try {
    return localStorage.getItem("baton-keys") !== "off";
  } catch {
    return true;
  }
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const key = event.key.toLowerCase();
  if (key === "k" && (event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    return pick();
  }
  const of = account.peek();
  if (key === "o" && event.shiftKey && (event.metaKey || event.ctrlKey) && of) {
    event.preventDefault();
    return go({ account: of.slug });
  }
  if (document.querySelector("dialog[open]")) return undefined;
  if (event.key === "Escape" && document.dispatchEvent(new CustomEvent("baton:stop", { cancelable: true })) && (at.peek().c || at.peek().s)) return go({ ...at.peek(), c: "", s: "" });
  if (event.metaKey || event.ctrlKey || event.altKey || /** @type {Element} */ (event.target).matches("input, textarea, select") || !singleKeys()) return undefined;
  if (!document.dispatchEvent(new CustomEvent("baton:key", { detail: key, cancelable: true }))) return event.preventDefault();
  if (key === "j") stepBy(1);
  if (key === "k") stepBy(-1);
  if (key === "o") /** @type {HTMLElement | null} */ (document.querySelector(".ev [data-original]"))?.click();
  if (key === "c") /** @type {HTMLElement | undefined} */ ([...document.querySelectorAll("[data-copy] button")].at(-1))?.click();
  if (event.key === "?") keys.value = true;
  if (event.key === "/" && document.getElementById("question")) {
    event.preventDefault();
    fixture("question").focus();
  }
  return undefined;
}

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  remember("baton-theme", root.dataset.theme);
}

/** What the reader chose in any browser holds in this one, and before its first paint from the next time on. */
function prefer() {
  const { theme: chosen, single_keys: single } = /** @type {Me} */ (me.value).preferences;
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else if (chosen) document.documentElement.dataset.theme = chosen;
  if (chosen) keep("baton-theme", chosen);
  if (single !== null) keep("baton-keys", single ? "" : "off");
}

async function signOut() {
  await call("/session", { method: "DELETE" }).catch(() => {});
  location.assign("/sign-in");
}

const BACK = "baton-back";

/** Exchanges the code in the link's fragment for a session, after taking it out of the address, and goes on where the reader was. */
async function signIn() {
  const code = location.hash.slice(1);
  history.replaceState(null, "", "/");
  try {
    await call("/session", { body: { code } });
    await begin();
  } catch (error) {
    spent.value = error;
    me.value = false;
  }
  entering.value = false;
}

async function begin() {
  arrive();
  try {
    me.value = await call("/me");
    prefer();
    const back = sessionStorage.getItem(BACK);
    sessionStorage.removeItem(BACK);
    if (location.pathname === "/" && back?.startsWith("/") && !back.startsWith("//")) {
      history.replaceState(null, "", back);
      arrive();
    }
  } catch (error) {
    if (error.status !== 401) me.value = { name: "", id: "", role: "viewer", internal: false, accounts: 0, permissions: [], session: null, preferences: { theme: null, single_keys: null } };
  }
}

/** Links to our own pages are followed without loading everything anew. */
/** @param {MouseEvent} event */
function followed(event) {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest?.("a[href^='/']"));
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const to = link.getAttribute("href") ?? "";
  if (link.target || link.hasAttribute("download") || to.startsWith("/api/")) return;
  event.preventDefault();
  const moved = link.pathname !== location.pathname;
  history.pushState(null, "", to);
  arrive();
  if (moved) document.getElementById("main")?.focus({ preventScroll: true });
}

fixture("skip").addEventListener("click", (event) => {
  event.preventDefault();
  (document.getElementById("question") ?? fixture("main")).focus();
});
document.addEventListener("keydown", pressed);
document.addEventListener("click", followed);
window.addEventListener("popstate", arrive);
window.addEventListener("baton:signed-out", () => {
  if (location.pathname !== "/sign-in") sessionStorage.setItem(BACK, location.pathname + location.search);
  me.value = false;
});
document.documentElement.style.setProperty("--offline", JSON.stringify(t("No connection. Reading still works for what is open.")));
window.addEventListener("offline", () => document.documentElement.setAttribute("data-offline", ""));
window.addEventListener("online", () => document.documentElement.removeAttribute("data-offline"));
watchChips();
if (route().c || route().s || document.readyState === "complete") bring();
else addEventListener("load", bring);
fixture("skip").textContent = t("Skip to the question");

if (entering.peek()) signIn();
else begin();
render(html`<${App} />`, fixture("app"));
