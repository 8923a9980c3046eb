// The handoff brief: what was composed, section by section, each claim with its chips; gaps last.

import { SIDES, announce, call, countsOf, day, go, h, icon, money, plural } from "./core.js";
import { changed, chip, claim, firstOf, notice, point, quoted, saidBy, show, skeleton } from "./parts.js";

const STATES = { composing: "Composing", draft: "Draft", reviewed: "Reviewed", accepted: "Accepted", accepted_with_gaps: "Accepted with gaps", returned: "Returned", superseded: "Superseded" };
const STRENGTHS = { firm: "Firm", conditional: "Conditional", best_effort: "Best effort", roadmap_statement: "Roadmap", hypothetical: "Hypothetical", declined: "Declined", retracted: "Retracted" };
const CONTRACT = { covered: "In the contract", contradicted: "Contract says otherwise", silent: "Not in the contract", excluded: "Excluded by the contract", no_contract: "No contract held" };
/** The promises as they matter on the first day: what has to be settled first stands first. */
const GROUPS = ["The contract says otherwise", "Promised, not in the contract", "Aims and roadmap, no commitment", "Promised and in the contract", "Refused or taken back", "Replaced by a later one"];
const ASKS = { ae: "For the account executive", customer: "Ask at the kick-off", internal: "Settle among ourselves" };
/** How far a field is known, and how that looks. */
const KNOWN = { evidenced: ["Found", "ok"], attested: ["Told by the AE", "ok"], inferred: ["Inferred", "warn"], partly: ["Partly found", "warn"], conflicting: ["Sources disagree", "warn"], not_found: ["Not in the history", "mute"], not_applicable: ["Does not apply", "mute"], restricted: ["On record, not for you", "mute"] };

const FILES = [["pdf", "PDF"], ["docx", "Word"], ["md", "Markdown"]];

export async function briefView(main, account, at) {
  const sheet = h("div", { class: "sheet" });
  main.replaceChildren(h("div", { class: "log" }, sheet));
  const deal = at.deal ? `?deal=${encodeURIComponent(at.deal)}` : "";
  const open = async () => {
    sheet.replaceChildren(...head(account), skeleton(6));
    try {
      draw(sheet, account, at, await call(`/accounts/${account.id}/briefs/current${deal}`), compose);
      point(at.c);
    } catch (error) {
      if (error.code === "no_brief") sheet.replaceChildren(...head(account), empty(compose));
      else sheet.replaceChildren(...head(account), notice(error, open));
      if (error.status === 401) window.dispatchEvent(new Event("baton:signed-out"));
    }
  };
  const compose = async () => {
    sheet.replaceChildren(...head(account), h("p", { class: "how" }, "Composing the brief from the deal history"), skeleton(8));
    announce("Composing the brief");
    try {
      await call(`/accounts/${account.id}/briefs`, { body: at.deal ? { deal_id: at.deal } : {} });
      await open();
      announce("Brief ready");
    } catch (error) {
      sheet.replaceChildren(...head(account), notice(error, compose));
    }
  };
  await open();
}

function head(account) {
  return [h("p", { class: "kick" }, "Handoff brief"), h("h1", {}, account.name)];
}

function empty(compose) {
  return h("section", { class: "welcome" }, h("p", {}, "No brief has been composed for this deal yet. It takes a few seconds and cites every claim."), h("button", { class: "btn primary", type: "button", onclick: compose }, "Compose the brief"));
}

function draw(sheet, account, at, brief, compose) {
  show(brief.citations);
  const deal = account.deals?.find((one) => one.id === brief.deal_id);
  const sections = [
    section("Why they bought", "", claims(brief.why)),
    section("What success looks like", "", goals(brief.goals)),
    section("What we promised", brief.promises.length ? plural(brief.promises.length, "promise") : "", promises(brief.promises)),
    section("People", "", people(brief.people)),
    section("Technical landscape", "", claims(brief.requirements)),
    section("Risks", "", risks(brief.risks)),
    section("Commercials", "", commercials(brief.commercials)),
    section("How they decided", "", claims(brief.decision)),
    section("What changed", "", brief.changes.length ? brief.changes.map(changed) : null),
    section("How the deal went", "", timeline(brief.timeline)),
    brief.asked_already.length ? section("Already asked and answered", "", asked(brief.asked_already)) : null,
    brief.attested?.length ? section("Answered by the account executive", "", attested(brief.attested)) : null,
    brief.conflicts?.length ? section("What does not agree", "", conflicts(brief.conflicts)) : null,
    section("Gaps", "Not in the deal history", gaps(brief, (left) => draw(sheet, account, at, left, compose))),
    brief.field_states?.length ? section("How much is known", known(brief.field_states), fields(brief.field_states)) : null,
    brief.kickoff.length ? section("For the kick-off", "", kickoff(brief)) : null,
  ];
  sheet.replaceChildren(
    h("div", { class: "brief-top" }, h("p", { class: "kick" }, "Handoff brief"), h("span", { class: "sp" }), h("span", { class: `pill ${brief.preview ? "warn" : "mute"}` }, brief.preview ? "Preview, deal not closed" : STATES[brief.state]),
      FILES.map(([form, label]) => h("a", { class: "btn", href: `/api/v1/briefs/${brief.id}/export?format=${form}`, download: `${account.slug}-brief.${form}` }, icon("down"), label)),
      h("button", { class: "btn", type: "button", onclick: compose }, "Update")),
    h("h1", {}, account.name),
    h("p", { class: "stat" }, [
      `${Math.max(1, Math.round(brief.words / 230))}-minute read`, plural(brief.citations.length, "citation"), plural(brief.gaps.length, "gap"), `version ${brief.version}`, `composed ${day(brief.composed_at)}`,
    ].map((part) => h("span", {}, part))),
    brief.preview ? h("p", { class: "how stale", role: "status" }, `Preview: this deal is not closed${brief.deal?.stage ? ` (${brief.deal.stage})` : ""}. Nothing has been handed over, and what is promised may still change.`) : "",
    brief.stale?.length ? h("p", { class: "how stale", role: "status" }, `Out of date: ${plural(brief.stale.length, "source")} it quotes ${brief.stale.length === 1 ? "was" : "were"} edited or removed since (${brief.stale.slice(0, 3).map((one) => one.source.title).join(", ")}). Update composes it again.`) : "",
    deals(account, at, brief),
    deal ? facts(deal) : "",
    brief.story.length ? h("ul", { class: "quotes story" }, brief.story.map((one) => h("li", {}, lead(one), quoted(one) ?? claim(one)))) : "",
    ...sections.filter(Boolean));
}

/** Both sides of what cannot both hold. */
function conflicts(pairs) {
  return firstOf(pairs.map((pair) => h("li", {}, claim(pair.one), saidBy(pair.one), h("div", { class: "versus" }, h("b", {}, "against "), claim(pair.other), saidBy(pair.other)))), 4, points);
}

const known = (rows) => `${rows.filter((row) => row.state === "evidenced" || row.state === "attested").length} of ${rows.length} fields found`;

function fields(rows) {
  return h("dl", { class: "terms states" }, rows.map((row) => h("div", {}, h("dt", {}, row.name), h("dd", {}, h("span", { class: `pill ${KNOWN[row.state][1]}` }, KNOWN[row.state][0]), row.value ? h("span", { class: "who" }, row.value, chips(row.citations)) : ""))));
}

function deals(account, at, brief) {
  if ((account.deals?.length ?? 0) < 2) return "";
  const choice = h("select", { "aria-label": "Deal" }, account.deals.map((deal) => h("option", { value: deal.id, selected: deal.id === brief.deal_id }, deal.name)));
  choice.addEventListener("change", () => go({ account: account.slug, view: "brief", deal: choice.value }));
  return h("p", { class: "filters" }, choice);
}

function facts(deal) {
  const known = [["Stage", deal.stage], ["Closed", deal.closed_on && day(deal.closed_on)], ["Amount", money(deal.amount, deal.currency)], ["Term", deal.term_months && `${deal.term_months} months`], ["Seats", deal.seats], ["Owner", deal.owner_email]].filter(([, value]) => value);
  return h("dl", { class: "facts" }, known.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", { class: String(value).length > 20 ? "long" : null }, String(value)))));
}

function section(title, note, content) {
  return h("section", {}, h("h2", {}, title, note ? h("small", {}, note) : ""), content ?? h("p", { class: "fine" }, "Nothing in the deal history."));
}

const chips = (ids) => ids.map((id) => chip(id));

const points = (rows) => h("ul", { class: "points" }, rows);

function claims(items) {
  return items.length ? firstOf(items.map((one) => h("li", {}, claim(one), saidBy(one))), 4, points) : null;
}

function goals(items) {
  return items.length ? firstOf(items.map((goal) => h("li", {}, claim(goal),
    h("span", { class: "who" }, [goal.owner, goal.baseline && `from ${goal.baseline}`, goal.target && `aim ${goal.target}`, goal.due && `by ${due(goal.due)}`].filter(Boolean).join(" · ")))), 4, points) : null;
}

function group(promise) {
  if (["declined", "retracted"].includes(promise.strength)) return GROUPS[4];
  if (!promise.current) return GROUPS[5];
  if (promise.contract === "contradicted" || (promise.contract === "excluded" && promise.strength === "firm")) return GROUPS[0];
  if (["best_effort", "roadmap_statement", "hypothetical"].includes(promise.strength)) return GROUPS[2];
  return promise.contract === "covered" ? GROUPS[3] : GROUPS[1];
}

/** What has a date or a condition first, then what says most: "I'll frame it" is a promise too, but not the one to read first. */
const weight = (promise) => (promise.due || promise.conditions ? 1000 : 0) + Math.min(promise.text.length, 120);

function promises(items) {
  return items.length ? GROUPS.flatMap((name) => {
    const held = items.filter((promise) => group(promise) === name).toSorted((a, b) => weight(b) - weight(a));
    return held.length ? [h("h3", { class: "group" }, name, h("small", {}, String(held.length))), ...firstOf(held.map(promiseRow), 5, promiseTable)] : [];
  }) : null;
}

function promiseTable(rows) {
  return h("div", { class: "tw" }, h("table", {}, h("thead", {}, h("tr", {}, ["Promise", "Made by", "Due", "Standing"].map((label) => h("th", { scope: "col" }, label)))), h("tbody", {}, rows)));
}

function promiseRow(promise) {
  return h("tr", { class: promise.current ? null : "past" },
    h("td", { "data-label": "Promise" }, claim(promise), promise.conditions ? h("span", { class: "who" }, `Condition: ${promise.conditions}`) : ""),
    h("td", { "data-label": "Made by" }, promise.made_by.name, h("span", { class: "who" }, promise.made_on ? day(promise.made_on) : SIDES[promise.made_by.side])),
    h("td", { "data-label": "Due" }, promise.due ? due(promise.due) : "no date"),
    h("td", { "data-label": "Standing" }, h("span", { class: `pill ${promise.strength === "firm" ? "ok" : promise.strength === "conditional" ? "warn" : "mute"}` }, STRENGTHS[promise.strength]),
      h("span", { class: "who" }, CONTRACT[promise.contract], promise.contract_citation ? chip(promise.contract_citation) : "")));
}

const due = (said) => (said.date ? day(said.date) : said.as_said);

function people(items) {
  return items.length ? h("ul", { class: "ppl" }, items.map((person) => h("li", {}, h("h3", {}, person.name, h("span", { class: `pill ${person.stance === "advocate" ? "ok" : person.stance === "sceptic" ? "warn" : "mute"}` }, person.stance === "unknown" ? SIDES[person.side] || "side unknown" : person.stance)),
    h("p", { class: "r" }, [person.title, ...person.roles].filter(Boolean).join(" · ")),
    typeof person.cares_about === "string" ? h("p", {}, person.cares_about) : "",
    h("p", { class: "r" }, person.last_contact ? `Last contact ${day(person.last_contact)}` : "", chips(person.citations))))) : null;
}

function risks(items) {
  // A sentence of a few words means little to who was not there: it does not stand first.
  const latest = items.toSorted((a, b) => (a.text.length < 45) - (b.text.length < 45) || (b.last_seen ?? "").localeCompare(a.last_seen ?? ""));
  return items.length ? firstOf(latest.map((risk) => h("li", {}, claim(risk), h("span", { class: "who" }, [risk.kind, risk.last_seen && `last seen ${day(risk.last_seen)}`, risk.resolved && "resolved"].filter(Boolean).join(" · ")))), 5, points) : null;
}

function commercials(items) {
  return items.length ? h("dl", { class: "terms" }, items.map((item) => h("div", {}, h("dt", {}, item.label), h("dd", {}, item.value, item.claims.flatMap((one) => chips(one.citations)))))) : null;
}

function timeline(items) {
  return items.length ? h("ol", { class: "steps" }, items.map((item) => h("li", { class: "now" }, h("time", {}, day(item.date)), h("span", { class: "dot" }), claim(item)))) : null;
}

function asked(items) {
  return h("ul", { class: "points" }, items.map((item) => h("li", {}, h("b", {}, item.question), " ", claim(item.answer))));
}

/** What the line is here for, in our words: "What hurt." of "What hurt. Ingrid Solheim on 12 Jun 2026:"; the quote itself names who and when. */
function lead(one) {
  const end = one.lead?.indexOf(". ") ?? -1;
  return end > 0 ? h("p", { class: "kick" }, one.lead.slice(0, end)) : "";
}

function attested(items) {
  return h("ul", { class: "points" }, items.map((one) => h("li", {}, h("b", {}, one.question), " ", claim(one.answer), h("span", { class: "who" }, `AE note, ${one.by.split(" <")[0]}, ${day(one.at)}`))));
}

function kickoff(brief) {
  const agenda = brief.kickoff.filter((one) => one.topic);
  return [
    h("ul", { class: "points" }, agenda.map((one) => h("li", {}, h("b", {}, `${one.topic}: `), one.text, chips(one.citations)))),
    brief.first_message ? h("details", {}, h("summary", {}, "A first message for the account executive to send"), h("pre", { class: "message" }, brief.first_message)) : "",
  ];
}

/** The questions by who can answer them, each with what was searched; an answer given here is an AE's note from then on. */
function gaps(brief, redraw) {
  return brief.gaps.length ? Object.entries(ASKS).flatMap(([ask, title]) => {
    const held = brief.gaps.filter((gap) => gap.ask === ask);
    return held.length ? [h("h3", { class: "group" }, title, h("small", {}, String(held.length))), ...firstOf(held.map((gap) => gapRow(brief, gap, redraw)), 5, (rows) => h("ul", { class: "gaps" }, rows))] : [];
  }) : null;
}

function gapRow(brief, gap, redraw) {
  const searched = countsOf(gap.receipt.searched).join(", ");
  const days = gap.receipt.from ? ` from ${day(gap.receipt.from)} to ${day(gap.receipt.to)}` : "";
  const form = h("div", { class: "answer" });
  const open = h("button", { class: "btn", type: "button", "aria-expanded": "false" }, "Answer");
  open.addEventListener("click", () => {
    const shown = open.getAttribute("aria-expanded") === "true";
    open.setAttribute("aria-expanded", String(!shown));
    form.replaceChildren(...(shown ? [] : answerBox(brief, gap, redraw)));
    form.querySelector("textarea")?.focus();
  });
  return h("li", {}, h("span", {}, h("b", { dir: "auto" }, gap.question), h("span", {}, `${gap.why} `, chips(gap.receipt.nearest)), h("span", { class: "searched" }, searched ? `Searched ${searched}${days}.` : "There was nothing to search.")), open, form);
}

function answerBox(brief, gap, redraw) {
  const text = h("textarea", { rows: "2", "aria-label": `Answer to: ${gap.question}`, maxlength: "4000" });
  const said = h("p", { class: "fine", role: "alert" });
  const send = async (act) => {
    try {
      const left = await call(`/briefs/${brief.id}/gaps/${gap.id}`, { method: "PATCH", body: act === "answer" ? { act, text: text.value.trim() } : { act }, headers: { "If-Match": `"${brief.revision}"` } });
      announce(act === "answer" ? "Answer kept as an AE note" : "Question taken off the list");
      redraw(left);
    } catch (error) {
      said.textContent = error.status === 412 ? "Somebody changed this brief meanwhile. Open it again, then answer." : error.detail ?? error.message;
    }
  };
  const save = h("button", { class: "btn primary", type: "button", onclick: () => (text.value.trim() ? send("answer") : text.focus()) }, "Keep as AE note");
  return [text, h("p", { class: "acts" }, save, h("button", { class: "btn", type: "button", onclick: () => send("dismiss") }, "Not needed")), said];
}
