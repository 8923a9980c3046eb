// The promises of every account the reader may see: exact totals, filters, what became of each, and the words they stand on.

import { html, useEffect, useState } from "./vendor/ui.js";
import { SIDES, address, announce, at, call, day, go, plural } from "./core.js";
import { Choice, Chip, Claim, Menu, Notice, Search, Sheet, Skeleton, know, show, tell } from "./parts.js";

/** @import { PromisePage, PromiseRow, AccountPage, AccountShape as Account, Me } from "shapes" */

/** @typedef {Record<string, string>} Words what the page calls each value of a field */

/** @type {Words} */
export const STRENGTHS = { firm: "Firm", conditional: "Conditional", best_effort: "Best effort", roadmap_statement: "Roadmap", hypothetical: "Hypothetical", declined: "Declined", retracted: "Retracted" };
/** @type {Words} */
export const CONTRACT = { covered: "In the contract", contradicted: "Contract says otherwise", silent: "Not in the contract", excluded: "Excluded by the contract", no_contract: "No contract held" };
/** @type {Words} */
const STATUS = { open: "Open", at_risk: "At risk", kept: "Kept", broken: "Broken", waived: "Waived" };
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
    call(`/promises?${query("")}`, { signal: stop.signal }).then((/** @type {PromisePage} */ page) => {
      know(page.citations);
      setList(page);
      setError(null);
      setBusy(false);
      announce(plural(page.total, "promise"));
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
  return html`<${Sheet} title="Promises" lede="What was promised to every customer you may see, held against what they signed." wide>
    <div class="filters" role="search"><${Search} label="Search promises" placeholder="Words, such as SSO or go-live" value=${of.q} onSearch=${(words) => set({ q: words })} />
      <${Choice} label="Account" value=${of.account} choices=${[["", "All accounts"], ...accounts.map((one) => [one.slug, one.name])]} onChange=${(value) => set({ of: value })} />
      <${Choice} label="Contract" value=${of.contract} choices=${choices("Any contract standing", CONTRACT)} onChange=${(value) => set({ contract: value })} />
      <${Choice} label="Strength" value=${of.strength} choices=${choices("Any strength", STRENGTHS)} onChange=${(value) => set({ strength: value })} />
      <${Choice} label="Status" value=${of.status} choices=${choices("Any status", STATUS)} onChange=${(value) => set({ status: value })} /></div>
    ${error ? html`<${Notice} error=${error} again=${() => setTurn(turn + 1)} />` : !list ? html`<${Skeleton} lines=${6} />` : html`
      <p class="totals" aria-busy=${busy ? "true" : "false"}><b>${plural(list.total, "promise")}</b> in ${plural(list.accounts, "account")}${filtered ? html` <button class="btn ghost" type="button" onClick=${() => set({ q: "", of: "", contract: "", strength: "", status: "" })}>Show all</button>` : null}</p>
      ${list.items.length ? html`<div class="tw"><table class="ledger"><thead><tr>${["Promise", "Account", "Made by", "Due", "Contract", "Status"].map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
        <tbody>${list.items.map((row) => html`<${Row} key=${row.id} row=${row} changed=${changed} mayMark=${me?.permissions?.includes("brief:write")} />`)}</tbody></table></div>`
        : html`<div class="empty"><p>${filtered ? "No promise fits." : "No promise was found in what is held."}</p></div>`}
      ${list.next_cursor ? html`<p class="acts"><button class="btn" type="button" onClick=${more}>${`Show more of ${list.total}`}</button></p>` : null}`}<//>`;
}

/** @param {{ row: PromiseRow, changed: (row: PromiseRow) => void, mayMark: boolean }} props */
function Row({ row, changed, mayMark }) {
  return html`<tr class=${row.current ? null : "past"}>
    <td data-label="Promise"><${Claim} item=${row} /><span class="who">${[STRENGTHS[row.strength], row.conditions && `if ${row.conditions.replace(/^if /iu, "")}`].filter(Boolean).join(" · ")}</span></td>
    <td data-label="Account"><a href=${address({ account: row.account.slug, view: "brief" })}>${row.account.name}</a></td>
    <td data-label="Made by"><span dir="auto">${row.made_by.name || SIDES[row.made_by.side]}</span><span class="who">${row.made_on ? day(row.made_on) : ""}</span></td>
    <td data-label="Due">${row.due ? (row.due.date ? day(row.due.date) : row.due.as_said) : html`<span class="none">no date</span>`}</td>
    <td data-label="Contract"><span class=${`pill ${CONTRACT_TONES[row.contract]}`}>${CONTRACT[row.contract]}</span>${row.contract_citation ? html`<${Chip} id=${row.contract_citation} />` : null}</td>
    <td data-label="Status"><${Status} row=${row} changed=${changed} mayMark=${mayMark} /></td></tr>`;
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
  return html`<div class="status-cell"><${Menu} icon="updown" name=${`Status: ${STATUS[row.status]}. Change`} label=${pill} down>
      <form onSubmit=${save}><fieldset><legend>What became of it?</legend>${Object.entries(STATUS).map(([name, label]) => html`<label key=${name}><input type="radio" name=${`status-${row.id}`} checked=${status === name} onChange=${() => setStatus(name)} />${label}</label>`)}</fieldset>
        <label class="stack">Because<input class="field-text" required maxlength="1000" dir="auto" placeholder="What shows it" value=${because} onInput=${(event) => setBecause(event.currentTarget.value)} /></label>
        <div class="row-acts"><button class="btn primary" disabled=${busy || !because.trim()}>Save</button>${row.status_because ? html`<button class="btn" type="button" onClick=${() => undo().then(() => tell("Taken back"), (error) => tell(error.message))}>Take the last word back</button>` : null}</div></form><//>${cited}${why}</div>`;
}
