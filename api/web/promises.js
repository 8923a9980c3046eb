// The promises of every account the reader may see: exact totals, filters, what became of each, and the words they stand on.

import { html, useEffect, useState } from "./vendor/ui.js";
import { SIDES, address, announce, at, call, day, go, rich, t } from "./core.js";
import { Choice, Chip, Claim, Menu, Notice, Search, Sheet, Skeleton, know, show, tell } from "./parts.js";

/** @import { PromisePage, PromiseRow, RecalledPage, RecalledShape as Recalled, AccountPage, AccountShape as Account, Me } from "shapes" */

/** @typedef {Record<string, string>} Words what the page calls each value of a field */

/** @type {Words} */
export const STRENGTHS = { firm: t("Firm"), conditional: t("Conditional"), best_effort: t("Best effort"), roadmap_statement: t("Roadmap"), hypothetical: t("Hypothetical"), declined: t("Declined"), retracted: t("Retracted") };
/** @type {Words} */
export const CONTRACT = { covered: t("In the contract"), contradicted: t("Contract says otherwise"), silent: t("Not in the contract"), excluded: t("Excluded by the contract"), no_contract: t("No contract held") };
/** @type {Words} */
const STATUS = { open: t("Open"), at_risk: t("At risk"), kept: t("Kept"), broken: t("Broken"), waived: t("Waived") };
/** @type {Words} */
const TONES = { open: "mute", at_risk: "warn", kept: "ok", broken: "bad", waived: "mute" };
/** @type {Words} */
const CONTRACT_TONES = { covered: "ok", contradicted: "bad", silent: "warn", excluded: "bad", no_contract: "mute" };
const FILTERS = ["q", "account", "contract", "strength", "status"];

/** @param {string} all @param {Words} names */
const choices = (all, names) => [["", all], ...Object.entries(names)];

/** @param {{ me: Me }} props */
export default function Promises({ me }) {
  const place = /** @type {Record<string, string | undefined>} */ (/** @type {object} */ (at.value));
  const of = Object.fromEntries(FILTERS.map((name) => [name, place[name === "account" ? "of" : name] ?? ""]));
  const set = (change) => go({ ...at.peek(), ...change }, { replace: true });
  const [list, setList] = useState(/** @type {PromisePage | null} */ (null));
  const [told, setTold] = useState(/** @type {Recalled[]} */ ([]));
  const [error, setError] = useState(/** @type {Error | null} */ (null));
  const [turn, setTurn] = useState(0);
  const [busy, setBusy] = useState(false);
  const [accounts, setAccounts] = useState(/** @type {Account[]} */ ([]));
  const query = (/** @type {string | null} */ cursor) => new URLSearchParams(Object.entries({ ...of, limit: "50", cursor: cursor ?? "" }).filter(([, value]) => value));
  useEffect(() => {
    call("/accounts?limit=200").then((/** @type {AccountPage} */ page) => setAccounts(page.items), () => {});
  }, []);
  useEffect(() => {
    const stop = new AbortController();
    setBusy(true);
    const recalled = of.account ? call(`/accounts/${of.account}/recalled`, { signal: stop.signal }) : { items: [], citations: [] };
    Promise.all([call(`/promises?${query("")}`, { signal: stop.signal }), recalled]).then((/** @type {[PromisePage, RecalledPage]} */ [page, said]) => {
      const own = new Set(page.citations.map((one) => one.id));
      const more = said.citations.filter((one) => !own.has(one.id)).map((one, index) => ({ ...one, number: page.citations.length + index + 1 }));
      know([...page.citations, ...more]);
      setList({ ...page, citations: [...page.citations, ...more] });
      setTold(said.items);
      setError(null);
      setBusy(false);
      announce(t("{n} promise|{n} promises", { n: page.total }));
    }, (failed) => {
      if (failed.name === "AbortError") return;
      setError(failed);
      setBusy(false);
    });
    return () => stop.abort();
  }, [...Object.values(of), turn]);
  useEffect(() => show(list?.citations ?? []), [list]);
  const more = async () => {
    if (!list) return;
    /** @type {PromisePage} */
    const page = await call(`/promises?${query(list.next_cursor)}`);
    const numbered = page.citations.map((citation, index) => ({ ...citation, number: list.citations.length + index + 1 }));
    know(numbered);
    setList({ ...page, items: [...list.items, ...page.items], citations: [...list.citations, ...numbered] });
  };
  const changed = (/** @type {PromiseRow} */ row) => list && setList({ ...list, items: list.items.map((one) => (one.id === row.id ? row : one)) });
  const filtered = FILTERS.some((name) => of[name]);
  return html`<${Sheet} title=${t("Promises")} lede=${t("What was promised to every customer you may see, held against what they signed.")} wide>
    <div class="filters" role="search"><${Search} label=${t("Search promises")} placeholder=${t("Words, such as SSO or go-live")} value=${of.q} onSearch=${(words) => set({ q: words })} />
      <${Choice} label=${t("Account")} value=${of.account} choices=${[["", t("All accounts")], ...accounts.map((one) => [one.slug, one.name])]} onChange=${(value) => set({ of: value })} />
      <${Choice} label=${t("Contract")} value=${of.contract} choices=${choices(t("Any contract standing"), CONTRACT)} onChange=${(value) => set({ contract: value })} />
      <${Choice} label=${t("Strength")} value=${of.strength} choices=${choices(t("Any strength"), STRENGTHS)} onChange=${(value) => set({ strength: value })} />
      <${Choice} label=${t("Status")} value=${of.status} choices=${choices(t("Any status"), STATUS)} onChange=${(value) => set({ status: value })} /></div>
    ${error ? html`<${Notice} error=${error} again=${() => setTurn(turn + 1)} />` : !list ? html`<${Skeleton} lines=${6} />` : html`
      <p class="totals" aria-busy=${busy ? "true" : "false"}>${rich("{promises} in {accounts}", { promises: html`<b>${t("{n} promise|{n} promises", { n: list.total })}</b>`, accounts: t("{n} account|{n} accounts", { n: list.accounts }) })}${filtered ? html` <button class="btn ghost" type="button" onClick=${() => set({ q: "", of: "", contract: "", strength: "", status: "" })}>${t("Show all")}</button>` : null}</p>
      ${told.length ? html`<section><h2>${t("What they say they were told")}<small>${t("since the signature")}</small></h2><ul class="points">${told.map((one) => html`<${Told} key=${one.citation} one=${one} />`)}</ul></section>` : null}
      ${list.items.length ? html`<div class="tw"><table class="ledger"><thead><tr>${[t("Promise"), t("Account"), t("Made by"), t("Due"), t("Contract"), t("Status")].map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
        <tbody>${list.items.map((row) => html`<${Row} key=${row.id} row=${row} changed=${changed} mayMark=${me?.permissions?.includes("brief:write")} />`)}</tbody></table></div>`
        : html`<div class="empty"><p>${filtered ? t("No promise fits.") : t("No promise was found in what is held.")}</p></div>`}
      ${list.next_cursor ? html`<p class="acts"><button class="btn" type="button" onClick=${more}>${t("Show more of {n}", { n: list.total })}</button></p>` : null}`}<//>`;
}

/** What a customer recalls, beside the words of ours that it goes back to.
 * @param {{ one: Recalled }} props */
function Told({ one }) {
  return html`<li><${Claim} item=${{ text: one.text, citations: [one.citation] }} /><span class="who">${[one.said_by.name, one.said_on && day(one.said_on)].filter(Boolean).join(", ")}</span>
    ${one.promises.length ? one.promises.map((promise) => html`<div class="versus" key=${promise.id}><${Claim} item=${{ text: promise.text, citations: promise.citations.slice(0, 1) }} /><span class="who">${[promise.made_by.name, promise.made_on && day(promise.made_on), CONTRACT[promise.contract]].filter(Boolean).join(", ")}</span></div>`) : html`<p class="fine">${t("Nothing that we said is like it.")}</p>`}</li>`;
}

/** @param {{ row: PromiseRow, changed: (row: PromiseRow) => void, mayMark: boolean }} props */
function Row({ row, changed, mayMark }) {
  return html`<tr class=${row.current ? null : "past"}>
    <td data-label=${t("Promise")}><${Claim} item=${row} /><span class="who">${[STRENGTHS[row.strength], row.conditions && t("if {condition}", { condition: row.conditions.replace(/^if /iu, "") })].filter(Boolean).join(" · ")}</span></td>
    <td data-label=${t("Account")}><a href=${address({ account: row.account.slug, view: "brief" })}>${row.account.name}</a></td>
    <td data-label=${t("Made by")}><span dir="auto">${row.made_by.name || SIDES[row.made_by.side]}</span><span class="who">${row.made_on ? day(row.made_on) : ""}</span></td>
    <td data-label=${t("Due")}>${row.due ? (row.due.date ? day(row.due.date) : row.due.as_said) : html`<span class="none">${t("no date")}</span>`}</td>
    <td data-label=${t("Contract")}><span class=${`pill ${CONTRACT_TONES[row.contract]}`}>${CONTRACT[row.contract]}</span>${row.contract_citation ? html`<${Chip} id=${row.contract_citation} />` : null}</td>
    <td data-label=${t("Status")}><${Status} row=${row} changed=${changed} mayMark=${mayMark} /></td></tr>`;
}

/** What became of a promise: shown to all, said by those who may, with the reason, and taken back at once where it was a slip.
 * @param {{ row: PromiseRow, changed: (row: PromiseRow) => void, mayMark: boolean }} props */
function Status({ row, changed, mayMark }) {
  const [status, setStatus] = useState(/** @type {string} */ (row.status === "open" ? "kept" : row.status));
  const [because, setBecause] = useState("");
  const [busy, setBusy] = useState(false);
  const pill = html`<span class=${`pill ${TONES[row.status]}`}>${STATUS[row.status]}</span>`;
  const why = row.status_because ? html`<span class="who" dir="auto">${[row.status_because, row.status_by].filter(Boolean).join(", ")}</span>` : null;
  const cited = row.status_citations.map((id) => html`<${Chip} key=${id} id=${id} />`);
  if (!mayMark) return [pill, cited, why];
  const undo = async () => changed((await call(`/promises/${row.id}/status`, { method: "DELETE" })).promise);
  const save = async (event) => {
    event.preventDefault();
    const menu = event.currentTarget.closest("details");
    setBusy(true);
    try {
      const said = await call(`/promises/${row.id}/status`, { body: { status, because: because.trim() } });
      menu.open = false;
      menu.firstElementChild.focus();
      setBecause("");
      know(said.citations);
      changed(said.promise);
      tell(`${STATUS[status]}: “${row.text.slice(0, 60)}${row.text.length > 60 ? "…" : ""}”`, undo);
    } catch (error) {
      tell(error.message);
    }
    setBusy(false);
  };
  return html`<div class="status-cell"><${Menu} icon="updown" name=${t("Status: {status}. Change", { status: STATUS[row.status] })} label=${pill} down>
      <form onSubmit=${save}><fieldset><legend>${t("What became of it?")}</legend>${Object.entries(STATUS).map(([name, label]) => html`<label key=${name}><input type="radio" name=${`status-${row.id}`} checked=${status === name} onChange=${() => setStatus(name)} />${label}</label>`)}</fieldset>
        <label class="stack">${t("Because")}<input class="field-text" required maxlength="1000" dir="auto" placeholder=${t("What shows it")} value=${because} onInput=${(event) => setBecause(event.currentTarget.value)} /></label>
        <div class="row-acts"><button class="btn primary" disabled=${busy || !because.trim()}>${t("Save")}</button>${row.status_because ? html`<button class="btn" type="button" onClick=${() => undo().then(() => tell(t("Taken back")), (error) => tell(error.message))}>${t("Take the last word back")}</button>` : null}</div></form><//>${cited}${why}</div>`;
}
