// The deal history: every source of the account by month, filtered by kind and words, each opening beside the list.

import { KINDS, call, counted, day, go, h, icon, plural, route } from "./core.js";
import { notice, show, skeleton } from "./parts.js";

const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

export function historyView(main, account) {
  const list = h("div", { class: "sources" }, skeleton(6));
  const query = h("input", { type: "search", placeholder: "Search titles, people and words", autocomplete: "off" });
  const kinds = h("select", { "aria-label": "Kind of source" }, h("option", { value: "" }, "All kinds"),
    Object.entries(account.sources).filter(([, number]) => number).map(([kind, number]) => h("option", { value: kind }, counted(number, kind))));
  let asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      list.replaceChildren(...sections(await everything(account, kinds.value, query.value.trim(), asking.signal)));
    } catch (error) {
      if (error.name === "AbortError") return;
      list.replaceChildren(notice(error, ask));
    }
  };
  query.addEventListener("input", ask);
  kinds.addEventListener("change", ask);
  show([]);
  main.replaceChildren(h("div", { class: "log" }, h("div", { class: "sheet" }, h("p", { class: "kick" }, account.name), h("h1", {}, "Deal history"),
    h("div", { class: "filters" }, h("label", { class: "field-search" }, icon("search"), h("span", { class: "sr" }, "Search the deal history"), query), kinds), list)));
  ask();
}

async function everything(account, kind, q, signal) {
  const found = [];
  let cursor = "";
  do {
    const query = new URLSearchParams({ limit: "200", ...(kind && { kind }), ...(q && { q }), ...(cursor && { cursor }) });
    const page = await call(`/accounts/${account.id}/sources?${query}`, { signal });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

function sections(found) {
  if (!found.length) return [h("p", { class: "fine" }, "No source matches.")];
  const months = Map.groupBy ? Map.groupBy(found, month) : grouped(found);
  return [...months].map(([name, sources]) => h("section", {}, h("h2", {}, name, h("small", {}, plural(sources.length, "source"))),
    h("ul", { class: "rows" }, sources.map((source) => h("li", {}, row(source))))));
}

function grouped(found) {
  const months = new Map();
  for (const source of found) months.set(month(source), [...(months.get(month(source)) ?? []), source]);
  return months;
}

const month = (source) => (source.occurred_on ? MONTH.format(new Date(source.occurred_on)) : "No date");

function row(source) {
  const kind = KINDS[source.kind];
  const people = source.participants.map((person) => person.name || person.email);
  const named = people.length > 4 ? `${people.slice(0, 4).join(", ")} and ${people.length - 4} more` : people.join(", ");
  return h("button", { class: `row ${kind.tone}`, type: "button", onclick: () => go({ ...route(), s: source.id, c: "" }) },
    h("span", { class: "badge", title: kind.title }, icon(kind.icon), h("span", { class: "sr" }, kind.title)),
    h("span", { class: "names" }, h("b", { dir: "auto" }, source.title || kind.title), h("span", {}, named || kind.title)),
    source.internal ? h("span", { class: "pill warn" }, "Internal") : "",
    h("time", {}, source.occurred_on ? day(source.occurred_on) : ""));
}
