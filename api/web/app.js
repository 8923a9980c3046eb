// The shell: address to view, account choice, shortcuts, light and dark.

import { announce, call, countsOf, day, dealOf, go, h, icon, initials, money, plural, route, total } from "./core.js";
import { askView, forget, recent } from "./ask.js";
import { closeEvidence, openEvidence, stepBy } from "./evidence.js";
import { notice, skeleton, watchChips } from "./parts.js";

const $ = (id) => document.getElementById(id);
const main = $("main");
let account = null;
let drawn = "";

async function render() {
  const at = route();
  if (!at.account) return home();
  if (!account || ![account.id, account.slug].includes(at.account)) {
    drawn = "";
    main.replaceChildren(h("div", { class: "log" }, skeleton()));
    try {
      account = await call(`/accounts/${encodeURIComponent(at.account)}`);
    } catch (error) {
      return failed(error);
    }
  }
  rail(at);
  const stays = view(at) === drawn;
  if (!stays) {
    drawn = view(at);
    await draw(at);
  }
  if (at.c || at.s) await openEvidence(at);
  else closeEvidence(stays);
}

/** What the reading column shows; opening and closing a source beside it leaves it as it is. */
const view = (at) => `${account.id}/${at.view}/${at.view === "brief" ? at.deal ?? "" : at.q ?? ""}`;

async function draw(at) {
  document.title = `${at.view === "brief" ? "Handoff brief" : at.view === "history" ? "Deal history" : at.q ?? "Ask"} · ${account.name} · Baton`;
  if (at.view === "brief") (await import("./brief.js")).briefView(main, account, at);
  else if (at.view === "history") (await import("./history.js")).historyView(main, account);
  else askView(main, account, at.q, () => rail(route()));
}

function failed(error) {
  account = null;
  bare();
  if (error.status === 401) return signedOut();
  const leads = [...error.suggestions.map((name) => h("button", { class: "btn", type: "button", onclick: () => go({ account: name }) }, name)), h("a", { class: "btn", href: "#/" }, "All accounts")];
  main.replaceChildren(h("div", { class: "log" }, h("div", { class: "turn" }, notice(error, render, leads))));
}

function bare() {
  closeEvidence();
  drawn = "";
  $("account-button").hidden = $("views").hidden = $("recent").hidden = true;
}

function signedOut() {
  bare();
  $("sign-out").hidden = true;
  document.title = "Sign in · Baton";
  main.replaceChildren(h("section", { class: "gate" }, h("h1", {}, "Sign in"), h("p", {}, "Open the link you were sent, or the one that ", h("code", {}, "baton serve"), " printed when it started on this machine. Each works once."),
    h("p", { class: "fine" }, "Programs send an API key instead; ", h("code", {}, "baton keys create"), " makes one.")));
  if (location.search === "?refused") main.firstChild.querySelector("h1").after(h("p", { role: "alert" }, "You were not signed in. Whoever runs Baton here has to invite you first, under the address your company knows you by."));
  call("/sign-in").then(({ single_sign_on: company }) => {
    if (company) main.firstChild.querySelector("h1").after(h("p", {}, h("a", { class: "btn primary", href: "/api/v1/sign-in/start" }, `Sign in at ${company.name}`)));
  }).catch(() => {});
}

/** Who is signed in stands beside the way out; a page that asked nobody who they are has none. */
async function knowMyself() {
  const me = await call("/me").catch(() => null);
  $("sign-out").hidden = !me?.session;
  if (me?.session) $("sign-out").title = `Signed in as ${me.name}`;
}

async function signOut() {
  await call("/session", { method: "DELETE" }).catch(() => {});
  location.assign("/sign-in");
}

/** Exchanges the code in the link's fragment for a session, after taking it out of the address. */
async function signIn() {
  const code = location.hash.slice(1);
  history.replaceState(null, "", "/");
  try {
    await call("/session", { body: { code } });
    knowMyself();
    render();
  } catch (error) {
    signedOut();
    main.firstChild.append(notice(error));
  }
}

function rail(at) {
  const button = $("account-button");
  button.hidden = false;
  button.replaceChildren(h("span", { class: "mono", "aria-hidden": "true" }, initials(account.name)), h("span", { class: "names" }, h("b", {}, account.name), h("span", {}, standing(account))), icon("updown"));
  const views = [["", "chat", "Ask", ""], ["brief", "doc", "Handoff brief", account.brief ? plural(account.brief.gaps, "gap") : ""], ["history", "layers", "Deal history", String(total(account.sources))]];
  $("views").hidden = false;
  $("views").replaceChildren(...views.map(([view, name, label, count]) =>
    h("a", { href: `#/${account.slug}${view && `/${view}`}`, "aria-current": at.view === view ? "page" : null }, icon(name), label, h("span", { class: "n" }, count))));
  const questions = [...new Set(recent(account))].reverse().slice(0, 12);
  $("recent").hidden = !questions.length;
  $("recent").replaceChildren(
    h("div", { class: "recent-top" }, h("h2", {}, "Recent questions"), h("button", { class: "btn ghost", type: "button", onclick: () => { forget(account); drawn = ""; go({ account: account.slug }, { replace: true }); render(); } }, "Clear")),
    ...questions.map((question) => h("a", { href: `#/${account.slug}?q=${encodeURIComponent(question)}`, "aria-current": !at.view && at.q === question ? "true" : null }, question)));
}

function standing(of) {
  const deal = of.deals?.length ? [of.stage, of.closed_on ? day(of.closed_on) : ""].filter(Boolean).join(", ") : "";
  return deal || plural(total(of.sources), "source");
}

function home() {
  account = null;
  bare();
  document.title = "Accounts · Baton";
  const found = h("div", { class: "found" });
  main.replaceChildren(h("section", { class: "home" }, h("h1", {}, "Accounts"), h("p", { class: "lede" }, "Choose an account to ask about its deal, or to read its handoff brief."), found));
  search(found, (slug) => go({ account: slug }), "home-search");
}

/** An editable combobox with a list (ARIA pattern): the server searches, arrows move, Enter opens. */
function search(into, choose, id) {
  const input = h("input", { id, type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": `${id}-list`, "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Search name, domain, CRM id" });
  const list = h("ul", { id: `${id}-list`, role: "listbox", "aria-label": "Accounts" });
  const more = h("p", { class: "fine" });
  let active = 0;
  let asking;
  const mark = () => {
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === active)));
    const row = list.children[active];
    input.setAttribute("aria-activedescendant", row?.id ?? "");
    row?.scrollIntoView({ block: "nearest" });
  };
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const page = await call(`/accounts?limit=50&q=${encodeURIComponent(input.value.trim())}`, { signal: asking.signal });
      list.replaceChildren(...page.items.map((item, index) => row(item, `${id}-${index}`)));
      active = 0;
      mark();
      more.textContent = page.items.length ? (page.next_cursor ? "More accounts match. Type more of the name." : "") : input.value ? "No account matches." : "No accounts yet. Bring some in: baton ingest PATH";
      announce(plural(page.items.length, "account"));
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error.status === 401) return signedOut();
      list.replaceChildren(notice(error, ask));
    }
  };
  const row = (item, rowId) => h("li", { id: rowId, role: "option", "aria-selected": "false", "data-slug": item.slug, onclick: () => choose(item.slug) },
    h("span", { class: "mono", "aria-hidden": "true" }, initials(item.name)),
    h("span", { class: "names" }, h("b", {}, item.name), h("span", {}, countsOf(item.sources).join(" · ") || "nothing ingested")),
    h("span", { class: "right" }, dealOf(item) ? h("span", {}, [item.stage, money(dealOf(item).amount, dealOf(item).currency)].filter(Boolean).join(" · ")) : "", h("span", {}, item.closed_on ? `closed ${day(item.closed_on)}` : "")));
  input.addEventListener("input", ask);
  input.addEventListener("keydown", (event) => {
    const rows = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      active = rows ? (active + (event.key === "ArrowDown" ? 1 : rows - 1)) % rows : 0;
      mark();
    }
    if (event.key === "Enter" && list.children[active]?.dataset.slug) choose(list.children[active].dataset.slug);
  });
  into.replaceChildren(h("label", { class: "field-search" }, icon("search"), h("span", { class: "sr" }, "Search accounts"), input), list, more);
  ask();
  input.focus({ preventScroll: true });
}

function pick() {
  const dialog = $("picker");
  if (dialog.open) return;
  const found = h("div", { class: "found" });
  dialog.replaceChildren(found);
  dialog.showModal();
  search(found, (slug) => {
    dialog.close();
    go({ account: slug });
  }, "pick-search");
}

function shortcuts(event) {
  if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    return pick();
  }
  if (event.key === "Escape" && !$("picker").open && (route().c || route().s)) return go({ ...route(), c: "", s: "" });
  if (event.metaKey || event.ctrlKey || event.altKey || event.target.matches("input, textarea, select")) return undefined;
  if (event.key === "j") stepBy(1);
  if (event.key === "k") stepBy(-1);
  if (event.key === "/" && $("question")) {
    event.preventDefault();
    $("question").focus();
  }
  return undefined;
}

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem("baton-theme", root.dataset.theme);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
  }
}

$("account-button").addEventListener("click", pick);
$("theme").addEventListener("click", theme);
$("picker").addEventListener("click", (event) => event.target === $("picker") && $("picker").close());
$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  ($("question") ?? main).focus();
});
document.addEventListener("keydown", shortcuts);
window.addEventListener("popstate", render);
window.addEventListener("baton:route", render);
window.addEventListener("baton:signed-out", signedOut);
watchChips();
if (location.pathname === "/sign-in" && location.hash.length > 1) signIn();
else {
  knowMyself();
  render();
}
$("sign-out").addEventListener("click", signOut);
