// The deal history: every source of the account by month, filtered by kind, person and words, each opening beside the list.

import { html, useEffect } from "./vendor/ui.js";
import { KINDS, address, at, call, counted, countsOf, day, go, month, t } from "./core.js";
import { Choice, Icon, Notice, Search, Sheet, Skeleton, show, useCall } from "./parts.js";

/** @import { AccountShape as Account, SourceShape } from "shapes" */

/** @param {{ account: Account }} props */
export default function History({ account }) {
  const { q = "", kind = "", s } = at.value;
  const set = (/** @type {Partial<import("./core.js").Place>} */ change) => go({ ...at.peek(), ...change }, { replace: true });
  useEffect(() => show([]), []);
  const { value: found, error, again } = useCall((stop) => everything(account, kind, q, stop), [account.id, kind, q]);
  const kinds = [["", t("All kinds")], ...Object.entries(account.sources).filter(([, number]) => number).map(([each, number]) => [each, counted(number, each)])];
  const silent = found?.filter((source) => !source.segments) ?? [];
  return html`<${Sheet} kick=${account.name} title=${t("Deal history")}>
    <p class="stat">${countsOf(account.sources).map((words) => html`<span>${words}</span>`)}</p>
    <div class="filters"><${Search} label=${t("Search the deal history")} placeholder=${t("Search titles, people and words")} value=${q} onSearch=${(words) => set({ q: words })} /><${Choice} label=${t("Kind of source")} value=${kind} choices=${kinds} onChange=${(value) => set({ kind: value })} /></div>
    ${silent.length ? html`<p class="how stale">${t("{n} source has no words: {titles}.|{n} sources have no words: {titles}.", { n: silent.length, titles: silent.slice(0, 3).map((one) => one.title || KINDS[one.kind].title).join(", ") })}</p>` : null}
    <div class="sources" aria-busy=${found ? "false" : "true"}>${error ? html`<${Notice} error=${error} again=${again} />` : !found ? html`<${Skeleton} lines=${6} />` : html`<${Months} found=${found} open=${s} filtered=${Boolean(q || kind)} clear=${() => set({ q: "", kind: "" })} />`}</div><//>`;
}

/** @param {Account} account @param {string} kind @param {string} q @param {AbortSignal} stop @returns {Promise<SourceShape[]>} */
async function everything(account, kind, q, stop) {
  const found = [];
  let cursor = "";
  do {
    const query = new URLSearchParams({ limit: "200", ...(kind && { kind }), ...(q && { q }), ...(cursor && { cursor }) });
    const page = await call(`/accounts/${account.id}/sources?${query}`, { signal: stop });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

/** @param {{ found: SourceShape[], open: string | undefined, filtered: boolean, clear: () => void }} props */
function Months({ found, open, filtered, clear }) {
  if (!found.length) return html`<div class="empty"><p>${filtered ? t("No source matches.") : t("Nothing was ingested for this account yet.")}</p>${filtered ? html`<button class="btn" type="button" onClick=${clear}>${t("Show all")}</button>` : html`<pre>baton ingest PATH</pre>`}</div>`;
  const months = new Map();
  for (const source of found) {
    const name = source.occurred_on ? month(source.occurred_on) : t("No date");
    months.set(name, [...(months.get(name) ?? []), source]);
  }
  return [...months].map(([name, sources]) => html`<section key=${name}><h2>${name}<small>${t("{n} source|{n} sources", { n: sources.length })}</small></h2>
    <ul class="rows">${sources.map((source) => html`<li key=${source.id}><${Row} source=${source} open=${open === source.id} /></li>`)}</ul></section>`);
}

/** @param {{ source: SourceShape, open: boolean }} props */
function Row({ source, open }) {
  const kind = KINDS[source.kind];
  const people = source.participants.map((person) => person.name || person.email);
  const named = people.length > 4 ? t("{names} and {n} more", { names: people.slice(0, 4).join(", "), n: people.length - 4 }) : people.join(", ");
  return html`<a class=${`row ${kind.tone}`} href=${address({ ...at.value, s: source.id, c: "" })} aria-current=${open ? "true" : null}>
    <span class="badge" title=${kind.title}><${Icon} name=${kind.icon} /><span class="sr">${kind.title}</span></span>
    <span class="names"><b dir="auto">${source.title || kind.title}</b><span dir="auto">${named || kind.title}</span></span>
    ${source.internal ? html`<span class="pill warn">${t("Internal")}</span>` : null}<time>${source.occurred_on ? day(source.occurred_on) : ""}</time></a>`;
}
