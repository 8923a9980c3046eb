// The handoff brief, read in five minutes: what was promised and what the paper says of it, who decides, what nobody knows yet.
// Every line stands on its words. Reviewing and comparing come as other modules.

import { html, signal, useEffect, useLayoutEffect, useRef, useState } from "./vendor/ui.js";
import { KINDS, SIDES, address, announce, at, call, countsOf, day, go, listed, money, month, rich, t } from "./core.js";
import { Changed, Chip, Choice, Claim, Contents, Copy, Icon, Menu, Notice, Quoted, Skeleton, citationOf, contents, know, pageKeys, point, quoteOf, show, tell, useCall, useModule, when, who } from "./parts.js";

/** @import { AccountShape as Account, BriefShape, Me } from "shapes" */

const STATES = { composing: [t("Composing"), "mute"], draft: [t("Draft"), "warn"], reviewed: [t("Reviewed"), "ok"], accepted: [t("Accepted"), "ok"], accepted_with_gaps: [t("Accepted with gaps"), "ok"], returned: [t("Returned"), "bad"], superseded: [t("Superseded"), "mute"] };
const STRENGTHS = { firm: t("Firm"), conditional: t("Conditional"), best_effort: t("Best effort"), roadmap_statement: t("Roadmap"), hypothetical: t("Hypothetical"), declined: t("Refused"), retracted: t("Taken back") };
const CONTRACT = { covered: [t("In the contract"), "ok"], contradicted: [t("Contract says otherwise"), "bad"], silent: [t("Not in the contract"), "warn"], excluded: [t("Excluded by the contract"), "bad"], no_contract: [t("No contract held"), "mute"] };
const STATUS = { at_risk: [t("At risk"), "warn"], kept: [t("Kept"), "ok"], broken: [t("Broken"), "bad"], waived: [t("Waived"), "mute"] };
/** What has to be settled first stands first; with how many rows of each are read of 26. */
const GROUPS = /** @type {[string, number][]} */ ([[t("The contract says otherwise"), 3], [t("Promised, not in the contract"), 6], [t("Promised, with no contract to check against"), 8], [t("Aims and roadmap, no commitment"), 3], [t("Promised and in the contract"), 3], [t("Refused or taken back"), 3], [t("Replaced by a later one"), 0]]);
const ASKS = { ae: [t("For the account executive"), 6], customer: [t("Ask at the kick-off"), 2], internal: [t("Settle among ourselves"), 2] };
/** How a brief names the tiers of evidence: whose words they are, or which paper. */
const TIERS = { contract: t("contract"), customer: t("customer's words"), ours: t("our words"), partner: t("partner's words"), crm_record: t("CRM record"), crm_note: t("CRM note"), attested: t("AE note"), document: t("document"), recap: t("machine summary"), unknown: t("speaker unknown") };
/** How far a field is known. */
const KNOWN = { evidenced: [t("Found"), "ok"], attested: [t("Told by the AE"), "ok"], inferred: [t("Inferred"), "warn"], partly: [t("Partly found"), "warn"], conflicting: [t("Sources disagree"), "warn"], not_found: [t("Not in the history"), "mute"], not_applicable: [t("Does not apply"), "mute"], restricted: [t("On record, not for you"), "mute"] };
/** @type {Record<string, string>} */
const STANCES = { advocate: t("advocate"), neutral: t("neutral"), sceptic: t("sceptic") };
/** @type {Record<string, string>} */
const RISKS = { budget: t("budget"), political: t("political"), technical: t("technical"), timeline: t("timeline"), adoption: t("adoption"), legal: t("legal"), competitive: t("competitive"), expectation: t("expectation"), true: t("perhaps") };
/** @type {Record<string, string>} */
const ROLES = { "economic buyer": t("economic buyer"), "exec sponsor": t("exec sponsor"), champion: t("champion"), security: t("security"), legal: t("legal"), procurement: t("procurement"), "technical evaluator": t("technical evaluator"), "day-to-day lead": t("day-to-day lead"), "user lead": t("user lead") };
const FILES = { pdf: "PDF", docx: "Word", html: t("Web page"), md: t("Markdown"), csv: t("Promises as CSV"), json: "JSON" };
/** Words read in a minute, and those of a brief at most where its layout names no number. */
const PACE = 230;
const MOST_WORDS = 900;

/** What stands beside each line while the brief is reviewed: a component that takes `item` and `section`. */
export const hand = signal(/** @type {((props: { item: any, section: string }) => any) | null} */ (null));

/** @param {{ account: Account, me: Me, changed: () => Promise<void> }} props */
export default function BriefPage({ account, me, changed }) {
  const { sub, deal = "", c, as_of = "" } = at.value;
  const [where, number = ""] = sub.split("/");
  const wanted = where === "v" ? number : where === "preview" ? "preview" : "";
  const { value: read, error, again, set } = useCall((stop) => load(account, wanted, deal, where ? "" : as_of, stop), [account.id, wanted, deal, where ? "" : as_of]);
  const [composing, setComposing] = useState(false);
  const [failed, setFailed] = useState(null);
  const { module, failed: broken } = useModule({ review: "./review.js", diff: "./versions.js" }[where]);
  useEffect(() => () => {
    contents.value = { items: [], here: "" };
  }, []);
  const compose = async () => {
    setComposing(true);
    setFailed(null);
    announce(t("Composing the brief"));
    try {
      const made = await call(`/accounts/${account.id}/briefs`, { body: deal ? { deal_id: deal } : {} });
      const before = read?.brief.version;
      set(await load(account, "", deal, ""));
      if (wanted) go({ account: account.slug, view: "brief", deal });
      changed();
      tell(made.version === before ? t("Nothing is different: this is still the newest version.") : t("Version {version} is composed.", { version: String(made.version) }));
    } catch (problem) {
      setFailed(problem);
    }
    setComposing(false);
  };
  /** What an act on the brief gave back stands in its place; the counts in the rail follow. */
  const take = (brief) => {
    set({ versions: [], ...read, brief });
    changed();
  };
  const may = me?.permissions?.includes("brief:write") ?? false;
  const rest = { account, me, may, read, brief: read?.brief, take, again, compose };
  if (composing) return html`<${Room} account=${account}><p class="how"><span class="working">${t("Composing the brief from {n} source|Composing the brief from {n} sources", { n: total(account.sources) })}</span></p><${Skeleton} lines=${8} /><//>`;
  if (error?.code === "no_brief") return html`<${Room} account=${account}><${NoBrief} ...${rest} deal=${deal} />${failed ? html`<${Notice} error=${failed} again=${compose} />` : null}<//>`;
  if (error || broken) return html`<${Room} account=${account}><${Notice} error=${error ?? broken} again=${again}><a class="btn" href=${address({ account: account.slug, view: "brief" })}>${t("The current brief")}</a><//><//>`;
  if (!read || (!module && (where === "review" || where === "diff"))) return html`<${Room} account=${account}><${Skeleton} lines=${8} /><//>`;
  if (where === "diff") return html`<${module.default} ...${rest} />`;
  if (where === "review") return html`<${module.default} ...${rest} failed=${failed} />`;
  return html`<${Room} account=${account} bar=${html`<${Bar} ...${rest} />`}><${Sheet} ...${rest} failed=${failed} c=${c} /><//>`;
}

async function load(account, wanted, deal, as_of, signal = /** @type {AbortSignal | undefined} */ (undefined)) {
  const of = deal ? `?deal=${encodeURIComponent(deal)}` : "";
  const current_of = new URLSearchParams({ ...(deal && { deal }), ...(as_of && { as_of }) });
  if (wanted === "preview") return { brief: await call(`/accounts/${account.id}/briefs/preview${of}`, { signal }), versions: [] };
  const [current, { items: versions }] = await Promise.all([wanted ? null : call(`/accounts/${account.id}/briefs/current?${current_of}`, { signal }), call(`/accounts/${account.id}/briefs${of}`, { signal })]);
  const kept = versions.find((one) => String(one.version) === wanted);
  if (wanted && !kept) throw Object.assign(new Error(t("There is no version {version} of this brief.", { version: wanted })), { status: 404 });
  return { brief: current ?? (await call(`/briefs/${kept.id}`, { signal })), versions };
}

/** The page's frame: what can be done with the brief above, its words below. */
export function Room({ account, bar = null, children }) {
  return html`<div class="room">${bar}<div class="log" id="log" tabindex="0"><div class="sheet brief"><p class="kick">${t("Handoff brief")}</p><h1>${account.name}</h1>${children}</div></div></div>`;
}

function NoBrief({ account, may, compose, deal }) {
  const going = account.deals?.find((one) => (deal ? one.id === deal : true) && !one.closed);
  return html`<section class="welcome"><p>${may ? t("No brief has been composed for this deal yet. It takes a few seconds and cites every claim.") : t("No brief has been composed for this deal yet. Somebody who may write briefs has to compose it.")}</p>
    <p class="row-acts">${may ? html`<button class="btn primary" type="button" onClick=${compose}>${t("Compose the brief")}</button>` : null}${going ? html`<a class="btn" href=${address({ account: account.slug, view: "brief", sub: "preview", deal: going.id })}>${t("Preview, before it closes")}</a>` : null}</p></section>`;
}

export function Pill({ of: [label, tone] }) {
  return html`<span class=${`pill ${tone}`}>${label}</span>`;
}

const PREVIEW = [t("Preview, deal not closed"), "warn"];
export const placeOf = (account, brief, sub, more = {}) => address({ account: account.slug, view: "brief", sub, deal: at.value.deal, ...more });
const newest = (read) => read.brief.version === (read.versions[0]?.version ?? 0);

function Bar({ account, read, brief, may, take }) {
  const { decided } = brief;
  const open = ["draft", "returned"].includes(brief.state) && !brief.preview && brief.version;
  const { module } = useModule(may && ["reviewed", "accepted", "accepted_with_gaps"].includes(brief.state) ? "./review.js" : undefined);
  const said = [decided ? `${decided.by.split(" <")[0]}, ${day(decided.at)}` : "", brief.revision === undefined || !brief.version ? "" : t("version {version}", { version: String(brief.version) })].filter(Boolean).join(" · ");
  return html`<div class="bar"><${Pill} of=${brief.as_of ? [t("As of {day}", { day: day(brief.as_of.slice(0, 10)) }), "warn"] : brief.preview ? PREVIEW : STATES[brief.state]} /><span class="said-by">${said}</span><span class="sp"></span>
    <div class="only-narrow"><${Menu} icon="list" name=${t("Sections")} label=${t("Sections")} down><${Contents} /><//></div>
    ${read.versions.length ? html`<${AsOf} account=${account} brief=${brief} />` : null}
    ${read.versions.length > 1 ? html`<${Versions} account=${account} read=${read} brief=${brief} />` : null}
    <button class="btn ghost" type="button" onClick=${() => window.print()}><${Icon} name="print" /><span class="label">${t("Print")}</span></button>
    ${brief.version ? html`<${Menu} icon="down" name=${t("Export")} label=${html`<span class="label">${t("Export")}</span>`} down><ul class="menu-list">${Object.entries(FILES).map(([form, label]) => html`<li><a href=${`/api/v1/briefs/${brief.id}/export?format=${form}`} download=${`${account.slug}-brief-${brief.version}.${form}`}>${label}</a></li>`)}</ul><//>` : null}
    ${may && open ? html`<a class="btn primary" href=${placeOf(account, brief, "review")}>${t("Review")}</a>` : null}
    ${module ? html`<${module.Decide} brief=${brief} take=${take} />` : null}</div>`;
}

/** What the brief would have said on an earlier day, from what was known then.
 * @param {{ account: Account, brief: any }} props */
function AsOf({ account, brief }) {
  const chosen = brief.as_of?.slice(0, 10) ?? "";
  const to = (as_of) => go({ account: account.slug, view: "brief", deal: at.peek().deal, as_of });
  return html`<${Menu} icon="clock" name=${chosen ? t("As of {day}", { day: day(chosen) }) : t("As of an earlier day")} label=${html`<span class="label">${t("As of")}</span>`} down>
    <label class="stack">${t("What was known on")}<input type="date" value=${chosen} onChange=${(event) => event.currentTarget.value && to(event.currentTarget.value)} /></label>
    ${chosen ? html`<button class="btn" type="button" onClick=${() => to("")}>${t("Today's brief")}</button>` : null}<//>`;
}

function Versions({ account, read, brief }) {
  return html`<${Menu} icon="history" name=${t("Version {version} of {n}", { version: String(brief.version), n: read.versions.length })} label=${html`<span class="label">${t("Versions")}</span>`} down><ul class="menu-list">${read.versions.map((one, index) => html`<li key=${one.id}><a href=${placeOf(account, brief, index ? `v/${one.version}` : "")} aria-current=${one.version === brief.version ? "page" : null}><b>${t("Version {version}", { version: String(one.version) })}</b><small>${`${day(one.composed_at)} · ${STATES[one.state][0]} · ${t("{n} gap|{n} gaps", { n: one.gaps })}`}</small></a></li>`)}</ul>
    <a class="btn" href=${placeOf(account, brief, "diff", brief.version === read.versions[0].version ? {} : { of: read.versions[0].version, against: brief.version })}>${t("What changed")}</a><//>`;
}

/** Rows that fit into the words a person reads in five minutes: fewer everywhere rather than a section dropped. */
function useShare(brief, sheet, all) {
  const [share, setShare] = useState(1);
  useEffect(() => setShare(1), [brief.id]);
  useLayoutEffect(() => {
    if (!all && share > 0.15 && wordsOf(sheet.current) > (brief.layout?.words ?? MOST_WORDS)) setShare(share - 0.05);
  });
  return all ? 99 : share;
}

/** The words a reader meets in the sections: what was said and asked. Who said it, what was searched and what is folded away is looked up. */
export function wordsOf(sheet) {
  let count = 0;
  for (const section of sheet.querySelectorAll("[data-read]")) {
    const walk = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const said = /** @type {Text} */ (walk.currentNode);
      if (!said.parentElement?.closest("details:not([open]) > :not(summary), .cite, .who, .by, .r, .why, .searched, .acting, .btn")) count += said.data.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;
    }
  }
  return count;
}

export function Sheet({ account, read, brief, may, take, compose, failed, c, all = false }) {
  know(brief.citations);
  const sheet = useRef(null);
  const share = useShare(brief, sheet, all);
  const limit = (rows, least = 1) => Math.max(least, Math.round(rows * share));
  useEffect(() => show(brief.citations), [brief.citations]);
  useEffect(() => point(c), [c, brief.id]);
  const folds = limit(20) < 20;
  const parts = sections(brief, limit, { may, take, account });
  useFollowing(sheet, parts.map(([name, title]) => [name, title]));
  useFooter([t("{account}, handoff brief", { account: account.name }), brief.version && t("version {version}", { version: String(brief.version) }), day(brief.composed_at)].filter(Boolean).join(", "));
  const found = new Set(brief.citations.map((citation) => citation.source.id));
  const owner = brief.team?.find((one) => one.owner);
  const csm = brief.team?.find((one) => /customer success/i.test(one.title ?? ""));
  return html`<div ref=${sheet}>
    <p class="stat">${[t("{n}-minute read", { n: Math.max(1, Math.round(brief.words / PACE)) }), t("{citations} from {sources}", { citations: t("{n} citation|{n} citations", { n: brief.citations.length }), sources: t("{n} source|{n} sources", { n: found.size }) }), t("{n} gap|{n} gaps", { n: brief.gaps.length }), owner && t("AE {name}", { name: owner.name }), csm && t("CSM {name}", { name: csm.name }), brief.as_of ? t("as of {day}", { day: day(brief.as_of.slice(0, 10)) }) : brief.receipt.to && t("as of {day}", { day: day(brief.receipt.to) }), t("composed {day}", { day: day(brief.composed_at) })].filter(Boolean).map((part) => html`<span>${part}</span>`)}</p>
    ${failed ? html`<${Notice} error=${failed} again=${compose} />` : null}
    <${Warnings} account=${account} read=${read} brief=${brief} may=${may} compose=${compose} />
    <${Deals} account=${account} brief=${brief} />
    <${Facts} brief=${brief} />
    ${brief.story.length ? html`<ul class="quotes story" data-read>${brief.story.map((one) => html`<li key=${one.id}><${Lead} one=${one} /><${quoteOf(one) ? Quoted : Claim} item=${one} /></li>`)}</ul>` : html`<p class="fine">${t("Nothing in the deal history tells why they bought.")}</p>`}
    ${parts.map(([name, title, note, content]) => html`<section key=${name} id=${name} aria-labelledby=${`${name}-title`} data-read=${name === "coverage" || name === "known" ? null : ""} class=${FOLDED.has(name) && folds ? "folded" : null}><h2 id=${`${name}-title`}>${title}${note ? html`<small>${note}</small>` : null}</h2>${content ?? html`<p class="fine">${t("Nothing in the deal history.")}</p>`}</section>`)}
    <${Endnotes} sheet=${sheet} brief=${brief} share=${share} /></div>`;
}

/** The layout's sections in its order under its titles, and between them what no layout names. */
function sections(brief, limit, rest) {
  const named = brief.layout?.sections.map((one) => ({ ...one, title: t(one.title) })) ?? Object.entries(OWN).map(([name, title]) => ({ name, title, rows: 5 }));
  const titles = new Map(named.map((one) => [one.name, one]));
  const order = [...titles.keys()].filter((name) => name !== "story");
  const beside = (name, after, title) => {
    if (titles.has(name)) return;
    order.splice(order.indexOf(after) + 1, 0, name);
    titles.set(name, { name, title, rows: 3 });
  };
  beside("why", "", t("Why they bought"));
  beside("conflicts", "promises", t("What does not agree"));
  return [...order.flatMap((name) => {
    const { title, rows: most } = /** @type {{ title: string, rows: number }} */ (titles.get(name));
    const rows = name === "promises" ? most : Math.min(most, 6);
    const [content, note = ""] = PARTS[name]?.(brief, FOLDED.has(name) && limit(20) < 20 ? 0 : limit(rows), { ...rest, rows, limit }) ?? [null];
    return content || NEVER_EMPTY.has(name) ? [[name, title, note, content]] : [];
  }), ...known(brief), ["coverage", t("What was read"), "", html`<${Coverage} brief=${brief} />`]];
}

const OWN = { goals: t("What success means"), promises: t("What we promised"), risks: t("Watch out for"), people: t("People"), gaps: t("Still open"), attested: t("Answered by the account executive"), timeline: t("Dates"), commercials: t("Scope and terms"), requirements: t("Technical and security needs"), decision: t("How they decided"), changes: t("What changed"), asked: t("Already asked and answered"), kickoff: t("For the kick-off") };
/** What may stand behind its title alone where there is much to read. */
const FOLDED = new Set(["conflicts", "changes", "asked", "kickoff"]);
const NEVER_EMPTY = new Set(["why", "goals", "promises", "risks", "people", "gaps", "commercials", "requirements"]);

/** The section before the reader's eyes is marked in the list beside the page; an address may name one. */
function useFollowing(sheet, items) {
  const names = items.map(([name]) => name).join();
  useEffect(() => {
    const log = sheet.current.closest(".log");
    const follow = () => {
      const top = log.getBoundingClientRect().top + 120;
      const passed = items.filter(([name]) => (document.getElementById(name)?.getBoundingClientRect().top ?? Infinity) <= top);
      const ended = log.scrollTop + log.clientHeight >= log.scrollHeight - 2;
      const here = (ended && log.scrollTop ? items : passed).at(-1)?.[0] ?? items[0][0];
      if (contents.peek().here !== here || contents.peek().items.length !== items.length) contents.value = { items, here };
    };
    contents.value = { items, here: "" };
    follow();
    const to = location.hash.slice(1);
    if (items.some(([name]) => name === to)) document.getElementById(to)?.scrollIntoView();
    log.addEventListener("scroll", follow, { passive: true });
    return () => log.removeEventListener("scroll", follow);
  }, [names]);
}

/** What has become of sources since a version was made. @type {Record<string, (sources: string) => string>} */
const CAME = { new: (sources) => t("{sources} more", { sources }), changed: (sources) => t("{sources} changed", { sources }), gone: (sources) => t("{sources} gone", { sources }) };

/** What a reader has to know before they believe the rest. */
function Warnings({ account, read, brief, may, compose }) {
  const fresh = newest(read) || !read.versions.length;
  const { news = {}, stale = [], coverage } = brief;
  const came = ["new", "changed", "gone"].flatMap((what) => countsOf(news[what] ?? {}).map((words) => CAME[what](words)));
  const update = may && brief.version && fresh ? html` <button class="btn" type="button" onClick=${compose}>${t("Update")}</button>` : null;
  const lines = [
    brief.as_of && html`${t("As of {day}: what was known then. Nothing later is read, and this is kept nowhere.", { day: day(brief.as_of.slice(0, 10)) })} <a href=${placeOf(account, brief, "")}>${t("Today's brief")}</a>`,
    brief.preview && !brief.as_of && (brief.deal?.stage ? t("Preview: this deal is not closed ({stage}). Nothing has been handed over, and what is promised may still change.", { stage: brief.deal.stage }) : t("Preview: this deal is not closed. Nothing has been handed over, and what is promised may still change.")),
    brief.superseded_by && html`${t("A newer version is there.")} <a href=${placeOf(account, brief, "")}>${t("Version {version}", { version: String(brief.superseded_by) })}</a> · <a href=${placeOf(account, brief, "diff", { of: brief.superseded_by, against: brief.version })}>${t("what changed")}</a>`,
    brief.returned_because && rich("Returned: {reason}", { reason: html`<b dir="auto">${brief.returned_because}</b>` }),
    brief.reopened && t("The deal is open again ({stage}): what stands here is as it was at the signature.", { stage: brief.reopened }),
    stale.length && html`${t("Out of date: {n} source it quotes was edited or removed since ({titles}).|Out of date: {n} sources it quotes were edited or removed since ({titles}).", { n: stale.length, titles: stale.slice(0, 3).map((one) => one.source.title).join(", ") })}${update}`,
    !stale.length && came.length && fresh && html`${t("Since this version: {what}.", { what: listed(came) })}${update}`,
    brief.promises.some((promise) => promise.contract === "no_contract") && t("No signed contract is on record, so no promise below could be held against one."),
    coverage.calls_without_transcript.length && t("Without transcript, so not read: {titles}.", { titles: coverage.calls_without_transcript.join(", ") }),
    coverage.unknown_side?.length && html`${t("Side unknown, words not counted: {names}.", { names: listed(coverage.unknown_side) })} <a href=${address({ account: account.slug, view: "people" })}>${t("People")}</a>`,
  ].filter(Boolean);
  return lines.length ? html`<ul class="warnings">${lines.map((line) => html`<li><${Icon} name="alert" /><span>${line}</span></li>`)}</ul>` : null;
}

function Deals({ account, brief }) {
  if ((account.deals?.length ?? 0) < 2) return null;
  const choose = (id) => go({ account: account.slug, view: "brief", sub: "", deal: id });
  return html`<p class="filters"><${Choice} label=${t("Deal")} value=${brief.deal_id} choices=${account.deals.map((deal) => [deal.id, deal.closed ? deal.name : t("{deal} (open)", { deal: deal.name })])} onChange=${choose} /></p>`;
}

/** Six things looked up first; each says where it stands, or that nobody wrote it down. */
function Facts({ brief }) {
  const field = (name) => brief.field_states?.find((one) => one.name === name);
  const { deal } = brief;
  const live = field("Going live");
  const promise = live && brief.promises.find((one) => one.citations.some((id) => live.citations.includes(id)));
  const had = brief.rivals?.find((one) => one.incumbent);
  const cells = [
    [t("Amount"), field("Amount"), deal && [deal.term_months && t("{n} month|{n} months", { n: deal.term_months }), deal.seats && t("quantity {n}", { n: deal.seats })].filter(Boolean).join(", "), deal && money(deal.amount, deal.currency)],
    [t("Going live"), live, promise && CONTRACT[promise.contract][0]],
    [t("Renewal"), field("Renewal"), deal?.term_ends_on && t("term ends {day}", { day: day(deal.term_ends_on) })],
    [t("Signed"), field("Closed on"), field("Signed contract")?.value, deal?.closed_on && day(deal.closed_on)],
    [t("Economic buyer"), field("Economic buyer"), field("Champion")?.value && t("champion {name}", { name: field("Champion").value })],
    [t("Replaces"), had ? { state: "evidenced", value: had.name, citations: had.claims[0].citations } : { state: "not_found", citations: [] }, ""],
  ];
  return html`<dl class="facts">${cells.map(([label, of, under, value]) => html`<div key=${label}><dt>${label}</dt><dd>${of?.value ? html`<span class=${of.value.length > 60 ? "long" : ""} dir="auto">${value || of.value}</span>${of.citations.slice(0, 2).map((id) => html`<${Chip} key=${id} id=${id} />`)}` : html`<span class="none">${KNOWN[of?.state ?? "not_found"][0]}</span>`}${under ? html`<span class="who">${under}</span>` : null}</dd></div>`)}</dl>`;
}

/** What the line is here for, in our words: "What hurt." of "What hurt. Ingrid Solheim on 12 Jun 2026:"; the quote itself names who and when. */
function Lead({ one }) {
  const end = one.lead?.indexOf(". ") ?? -1;
  return end > 0 ? html`<p class="kick">${one.lead.slice(0, end)}</p>` : null;
}

// --- lines

/** On what a line stands, once each; nothing where its citations have no tier. */
export function Tier({ citations }) {
  const words = [...new Set(citations.map((id) => TIERS[citationOf(id)?.tier ?? ""]).filter(Boolean))].join(", ");
  return words ? html`<span class="tier">${words}</span>` : null;
}

export function SaidBy({ citations, before = "" }) {
  const citation = citationOf(citations[0]);
  return citation ? html`<span class="who">${before}${who(citation)}, ${day(citation.source.occurred_on)}<${Tier} citations=${citations} /></span>` : null;
}

/** What people did with a line, and while it is reviewed what they can do. */
function Acted({ item, section }) {
  const Hand = hand.value;
  if (Hand) return html`<${Hand} item=${item} section=${section} />`;
  return item.review?.act === "edit" ? html`<span class="edited">${t("edited by {name}", { name: item.review.by.split(" <")[0] })}</span>` : null;
}

function Line({ item, section, children }) {
  return html`<li class="entry" data-line=${item.id} tabindex="-1">${children}<${Acted} item=${item} section=${section} /></li>`;
}

/** The first rows; the others behind a line that counts them. `draw` makes a list of rows. */
function firstOf(rows, most, draw) {
  if (rows.length <= most + 1) return draw(rows);
  return html`${most ? draw(rows.slice(0, most)) : null}<details class="more"><summary>${most ? t("{n} more", { n: rows.length - most }) : t("{n} on record", { n: rows.length - most })}</summary>${draw(rows.slice(most))}</details>`;
}

const Folded = ({ title, count, children }) => html`<details class="more"><summary>${title}<small>${count}</small></summary>${children}</details>`;

const points = (rows) => html`<ul class="points">${rows}</ul>`;

function said(section) {
  return (items, most) => items.length ? [firstOf(items.map((one) => html`<${Line} key=${one.id} item=${one} section=${section}><${Claim} item=${one} /><${SaidBy} citations=${one.citations} /><//>`), most, points)] : [null];
}

/** A few words mean little to who was not there. */
const little = (one) => one.text.split(" ").length < 8;
const by = (...keys) => (a, b) => keys.reduce((found, key) => found || (key(a) > key(b) ? 1 : key(a) < key(b) ? -1 : 0), 0);
/** Where a reader meets it on any medium: the server numbers citations in that order. */
const place = (one) => Math.min(...(one.citations ?? one.claims.flatMap((each) => each.citations)).map((id) => citationOf(id)?.number ?? Infinity));
export const due = (of) => (of.date ? day(of.date) : of.as_said);

function group(promise) {
  if (["declined", "retracted"].includes(promise.strength)) return 5;
  if (!promise.current) return 6;
  if (promise.contract === "contradicted" || (promise.contract === "excluded" && promise.strength === "firm")) return 0;
  if (["best_effort", "roadmap_statement", "hypothetical"].includes(promise.strength)) return 3;
  return { covered: 4, no_contract: 2 }[promise.contract] ?? 1;
}

function PromiseRow({ promise }) {
  const marked = STATUS[promise.status];
  return html`<tr class=${promise.current ? "entry" : "entry past"} data-line=${promise.id} tabindex="-1">
    <td data-label=${t("Promise")}><${Claim} item=${promise} /><span class="who">${[STRENGTHS[promise.strength], promise.text.includes(promise.conditions) ? "" : promise.conditions].filter(Boolean).join(": ")}<${Tier} citations=${promise.citations} />${marked ? html`<${Pill} of=${marked} />` : null}</span><${Acted} item=${promise} section="promises" /></td>
    <td data-label=${t("Owner")}><span dir="auto">${promise.made_by.name || SIDES[promise.made_by.side]}</span><span class="who">${[promise.made_to?.name && t("to {name}", { name: promise.made_to.name }), promise.made_on && day(promise.made_on)].filter(Boolean).join(", ")}</span></td>
    <td data-label=${t("Due")}>${promise.due ? due(promise.due) : html`<span class="none">${t("no date")}</span>`}</td>
    <td data-label=${t("Contract")}><${Pill} of=${CONTRACT[promise.contract]} />${promise.contract_citation ? html`<${Chip} id=${promise.contract_citation} />` : null}</td></tr>`;
}

const promiseTable = (rows) => html`<div class="tw"><table><thead><tr>${[t("Promise"), t("Owner"), t("Due"), t("Contract")].map((label) => html`<th scope="col">${label}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;

function Person({ person }) {
  const tone = { advocate: "ok", sceptic: "warn" }[person.stance] ?? "mute";
  return html`<li class="entry" data-line=${person.id} tabindex="-1"><h3><span dir="auto">${person.name}</span><${Pill} of=${[person.stance === "unknown" ? SIDES[person.side] || t("side unknown") : STANCES[person.stance], tone]} /></h3>
    <p class="r">${[person.title, ...person.roles.map((role) => ROLES[role] ?? role)].filter(Boolean).join(" · ")}</p>
    ${typeof person.cares_about === "string" && person.cares_about ? html`<p class="cares" dir="auto">${person.cares_about}${person.citations.slice(0, 3).map((id) => html`<${Chip} key=${id} id=${id} />`)}</p>` : null}
    <p class="r">${person.last_contact ? t("Last contact {day}", { day: day(person.last_contact) }) : t("No contact on record")}${person.cares_about ? null : person.citations.slice(0, 3).map((id) => html`<${Chip} key=${id} id=${id} />`)}</p><${Acted} item=${person} section="people" /></li>`;
}

const Term = ({ item, section }) => html`<div class="entry" data-line=${item.id} tabindex="-1"><dt>${item.label}</dt><dd><span dir="auto">${item.value}</span>${item.claims.flatMap((one) => one.citations).slice(0, 2).map((id) => html`<${Chip} key=${id} id=${id} />`)}<${Acted} item=${item} section=${section} /></dd></div>`;

/** By section: what is drawn, and a note beside its title. `most` rows are shown, the rest is counted. */
const PARTS = {
  why: (brief, most) => {
    const told = new Set(brief.story.map((one) => one.id)); // above already
    return said("why")(brief.why.toSorted(by((one) => told.has(one.id), little)), most);
  },
  goals: (brief, most) => brief.goals.length ? [firstOf(brief.goals.toSorted(by(place)).map((goal) => html`<${Line} key=${goal.id} item=${goal} section="goals"><${Claim} item=${goal} /><span class="who">${[goal.owner, goal.baseline && t("from {value}", { value: goal.baseline }), goal.target && t("aim {value}", { value: goal.target }), goal.due && t("by {day}", { day: due(goal.due) })].filter(Boolean).join(" · ")}<${Tier} citations=${goal.citations} /></span><//>`), most, points)] : [null],
  promises: (brief, most, { rows, limit }) => {
    const standing = brief.promises.filter((one) => group(one) < 5);
    const covered = standing.filter((one) => one.contract === "covered").length;
    const drawn = GROUPS.map(([name, each], index) => {
      const held = brief.promises.filter((one) => group(one) === index).toSorted(by(place));
      const most = limit((each * rows) / 26, index < 3 ? 1 : 0);
      const drawn = held.map((one) => html`<${PromiseRow} key=${one.id} promise=${one} />`);
      return !held.length ? null : most ? html`<h3 class="group">${name}<small>${held.length}</small></h3>${firstOf(drawn, most, promiseTable)}` : html`<${Folded} title=${name} count=${held.length}>${promiseTable(drawn)}<//>`;
    });
    return [brief.promises.length ? drawn : html`<p class="fine">${t("No promise of ours was found in what was read.")}</p>`, standing.length ? t("{n} promise, {covered} of them in the contract|{n} promises, {covered} of them in the contract", { n: standing.length, covered }) : ""];
  },
  conflicts: (brief, most) => brief.conflicts?.length ? [firstOf(brief.conflicts.map((pair) => html`<li><${Claim} item=${pair.one} /><${SaidBy} citations=${pair.one.citations} /><div class="versus"><b>${t("against")} </b><${Claim} item=${pair.other} /><${SaidBy} citations=${pair.other.citations} /></div></li>`), most, points)] : [null],
  risks: (brief, most) => brief.risks.length ? [firstOf(oneOfEach(brief.risks.toSorted(by((one) => one.citations.length > 1, little, (one) => -new Date(one.last_seen))), (one) => one.likely || one.kind).map((risk) => html`<${Line} key=${risk.id} item=${risk} section="risks"><${Claim} item=${risk} /><${SaidBy} citations=${risk.citations} before=${`${[RISKS[risk.likely || risk.kind], risk.resolved && t("resolved"), risk.also?.length && t("{n} more like it", { n: risk.also.length })].filter(Boolean).join(", ")} · `} /><//>`), most, points)] : [null],
  people: (brief, most) => brief.people.length ? [firstOf(brief.people.map((person) => html`<${Person} key=${person.id} person=${person} />`), most, (rows) => html`<ul class="ppl">${rows}</ul>`)] : [null],
  gaps: (brief, most, { account, may, take, limit }) => [brief.gaps.length ? Object.entries(ASKS).map(([ask, [title, rows]]) => {
    const held = brief.gaps.filter((gap) => gap.ask === ask);
    return held.length ? html`<h3 class="group">${title}<small>${held.length}</small></h3>${firstOf(held.map((gap) => html`<${Gap} key=${gap.id} gap=${gap} brief=${brief} account=${account} may=${may} take=${take} />`), ask === "ae" ? rows : limit(rows), (each) => html`<ul class="gaps">${each}</ul>`)}` : null;
  }) : html`<p class="fine">${t("No question is open.")}</p>`, brief.gaps.length ? t("Not in the deal history") : ""],
  attested: (brief) => brief.attested?.length ? [points(brief.attested.map((one) => html`<li key=${one.gap}><b dir="auto">${one.question} </b><${Claim} item=${one.answer} /><span class="who">${`${t("AE note")}, ${one.by.split(" <")[0]}, ${day(one.at)}`}</span></li>`))] : [null],
  timeline: (brief, most) => {
    // One row a day, the fullest words for it; what is still to come once the deal is closed stands first.
    const closed = brief.deal?.closed_on ?? "";
    const rows = brief.timeline.toSorted(by((one) => one.date < closed, (one) => one.date, (one) => -Math.min(one.text.length, 100)));
    const first = rows.filter((one, index) => one.date !== rows[index - 1]?.date);
    const ordered = [...first, ...rows.filter((one) => !first.includes(one))];
    return rows.length ? [firstOf(ordered.map((item) => html`<li class="now entry" key=${item.id} data-line=${item.id} tabindex="-1"><time>${day(item.date)}</time><span class="dot"></span><div><${Claim} item=${item} /><${Acted} item=${item} section="timeline" /></div></li>`), most, (each) => html`<ol class="steps">${each}</ol>`)] : [null];
  },
  commercials: (brief, most) => {
    // What the CRM record says stands in the head of the page.
    const recorded = (item) => item.claims.some((one) => one.citations.some((id) => brief.citations.some((each) => each.id === id && each.kind === "crm_field")));
    return brief.commercials.length ? [firstOf(brief.commercials.toSorted(by(recorded, place)).map((item) => html`<${Term} key=${item.id} item=${item} section="commercials" />`), most, (rows) => html`<dl class="terms">${rows}</dl>`)] : [null];
  },
  requirements: (brief, most) => said("requirements")(brief.requirements.toSorted(by(place)), most),
  decision: (brief, most) => said("decision")(brief.decision.toSorted(by(place)), most),
  changes: (brief, most) => brief.changes.length ? [firstOf(brief.changes.map((change) => html`<${Changed} change=${change} />`), most, (rows) => rows)] : [null],
  asked: (brief, most) => brief.asked_already.length ? [firstOf(brief.asked_already.map((item) => html`<li><b dir="auto">${item.question} </b><${Claim} item=${item.answer} /></li>`), most, points)] : [null],
  kickoff: (brief, most) => {
    const agenda = brief.kickoff.filter((one) => one.topic && !["What we promised", "The goal in their words", "Introductions"].includes(one.topic));
    return agenda.length || brief.first_message ? [html`${firstOf(agenda.map((one) => html`<li><b>${one.topic}: </b><span dir="auto">${one.text}</span>${one.citations.slice(0, 3).map((id) => html`<${Chip} key=${id} id=${id} />`)}</li>`), most, points)}${brief.first_message ? html`<details class="more"><summary>${t("A first message for the account executive to send")}</summary><pre class="message" dir="auto">${brief.first_message}</pre><${Copy} what=${() => brief.first_message}>${t("Copy")}<//></details>` : null}`] : [null];
  },
};

/** In order, the first of every sort before the second of any. */
function oneOfEach(items, sort) {
  const seen = {};
  return items.map((one) => [one, (seen[sort(one)] = (seen[sort(one)] ?? 0) + 1)]).toSorted(by(([, turn]) => turn)).map(([one]) => one);
}

/** A question nobody answered, with what was searched; an answer given here is an AE's note from then on. */
function Gap({ gap, brief, account, may, take }) {
  const [open, setOpen] = useState(false);
  const owner = brief.team?.find((one) => one.owner);
  return html`<li data-line=${gap.id} tabindex="-1"><div><b dir="auto">${gap.question}</b><span class="why">${gap.why} ${gap.receipt.nearest.slice(0, 3).map((id) => html`<${Chip} key=${id} id=${id} />`)}</span><span class="searched">${searchedFor(gap)}</span></div>
    <span class="row-acts">${gap.ask === "ae" && owner?.email ? html`<a class="btn" href=${mail(owner, account, gap)}>${t("Ask {name}", { name: owner.name.split(" ")[0] })}</a>` : null}${may && brief.version && !brief.superseded_by ? html`<button class="btn" type="button" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>${t("Answer")}</button>` : null}</span>
    ${open ? html`<${AnswerBox} gap=${gap} brief=${brief} take=${take} />` : null}</li>`;
}

export function searchedFor(gap) {
  const { searched, from, to } = gap.receipt;
  const words = gap.searched_for?.length ? listed(gap.searched_for.slice(0, 5).map((each) => `“${each}”`)) : "";
  const told = { sources: listed(countsOf(searched)), from: day(from), to: day(to), words };
  return total(searched) ? (from ? (words ? t("Searched {sources} from {from} to {to} for {words}.", told) : t("Searched {sources} from {from} to {to}.", told)) : words ? t("Searched {sources} for {words}.", told) : t("Searched {sources}.", told)) : t("There was nothing to search.");
}

const total = (counts) => Object.values(counts).reduce((sum, each) => sum + each, 0);

function mail(owner, account, gap) {
  const subject = encodeURIComponent(t("{account}: a question from the handoff brief", { account: account.name }));
  return `mailto:${encodeURIComponent(owner.email)}?subject=${subject}&body=${encodeURIComponent(`${gap.question}\n\n${location.origin}${address({ account: account.slug, view: "brief" })}#gaps`)}`;
}

export function AnswerBox({ gap, brief, take, quiet = false }) {
  const [text, setText] = useState("");
  const [error, setError] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const readAt = useRef(brief.revision);
  useLayoutEffect(() => {
    if (!quiet) area.current?.focus();
  }, []);
  const path = `/briefs/${brief.id}/gaps/${gap.id}`;
  const send = async (body, said) => {
    setBusy(true);
    setError(null);
    try {
      const left = await call(path, { method: "PATCH", body, headers: { "If-Match": `"${readAt.current}"` } });
      const undo = async () => take(await call(path, { method: "PATCH", body: { act: "undo" }, headers: { "If-Match": `"${left.revision}"` } }));
      take(left);
      tell(said, undo);
    } catch (problem) {
      setBusy(false);
      setError(problem);
      readAt.current = problem.problem?.revision ?? readAt.current;
    }
  };
  const theirs = error?.problem?.theirs;
  return html`<form class="answer" onSubmit=${(event) => { event.preventDefault(); send({ act: "answer", text: text.trim() }, t("Kept as an AE note")); }}>
    <textarea ref=${area} rows="2" maxlength="4000" dir="auto" aria-label=${t("Answer to: {question}", { question: gap.question })} value=${text} onInput=${(event) => setText(event.currentTarget.value)}></textarea>
    ${theirs ? html`<p class="said-meanwhile" role="alert">${rich("{name} has answered meanwhile: {words} Save again to put yours in its place, or take theirs into yours.", { name: error.problem.by, words: html`<q dir="auto">${theirs}</q>` })}</p>` : error ? html`<p class="fine" role="alert">${error.message}</p>` : null}
    <p class="row-acts"><button class="btn primary" disabled=${busy || !text.trim()}>${t("Keep as AE note")}</button>${theirs ? html`<button class="btn" type="button" onClick=${() => setText(`${theirs} ${text}`.trim())}>${t("Take theirs in")}</button>` : null}<button class="btn" type="button" data-do="dismiss" disabled=${busy} onClick=${() => send({ act: "dismiss" }, t("Question taken off the list"))}>${t("Not needed")}</button></p></form>`;
}

function known(brief) {
  const rows = brief.field_states ?? [];
  if (!rows.length) return [];
  const found = rows.filter((row) => row.state === "evidenced" || row.state === "attested").length;
  const open = rows.filter((row) => row.state !== "evidenced");
  const list = (each) => html`<dl class="terms states">${each.map((row) => html`<div key=${row.name}><dt>${row.name}</dt><dd><${Pill} of=${KNOWN[row.state]} />${row.value ? html`<span class="who" dir="auto">${row.value}${row.citations.map((id) => html`<${Chip} key=${id} id=${id} />`)}</span>` : null}</dd></div>`)}</dl>`;
  return [["known", t("How much is known"), t("{found} of {n} fields found", { found, n: rows.length }), html`${open.length ? list(open) : null}<details class="more"><summary>${t("{n} found", { n: rows.length - open.length })}</summary>${list(rows.filter((row) => row.state === "evidenced"))}</details>`]];
}

function Coverage({ brief }) {
  const { receipt, coverage } = brief;
  const lines = [
    total(receipt.searched) ? (receipt.from ? t("{sources}, from {from} to {to}.", { sources: listed(countsOf(receipt.searched)), from: day(receipt.from), to: day(receipt.to) }) : t("{sources}.", { sources: listed(countsOf(receipt.searched)) })) : t("Nothing is held of this deal."),
    coverage.silent_months.length && t("Nothing is on record for {months}.", { months: listed(coverage.silent_months.map((each) => month(`${each}-01`))) }),
    receipt.unreadable.length && t("Could not be read: {what}.", { what: listed(receipt.unreadable) }),
    brief.artefacts.length && t("Papers held: {titles}.", { titles: listed(brief.artefacts.map((one) => one.title)) }),
  ].filter(Boolean);
  return points(lines.map((line) => html`<li>${line}</li>`));
}

/** On paper a mark is a number, and this is what the numbers mean: the sources of what is printed, each with its words. */
function Endnotes({ sheet, brief, share }) {
  const [ids, setIds] = useState(/** @type {string[]} */ ([]));
  useLayoutEffect(() => {
    const cited = [...sheet.current.querySelectorAll(".cite")].filter((chip) => !chip.closest("details.more, #known")).map((chip) => chip.dataset.cite);
    const once = [...new Set(cited)];
    if (once.join() !== ids.join()) setIds(once);
  }, [brief, share]);
  const notes = ids.flatMap((id) => citationOf(id) ?? []).toSorted(by((one) => one.number));
  return html`<section class="endnotes"><h2>${t("Sources")}</h2><ol>${notes.map((citation) => html`<li key=${citation.id} value=${citation.number}><q dir="auto">${citation.quote.exact}</q><span class="who">${[who(citation), KINDS[citation.kind].one, when(citation)].join(", ")}</span></li>`)}</ol></section>`;
}

/** At the foot of every sheet of paper, whose brief it is; a name is text there too, whatever signs are in it. */
function useFooter(words) {
  useEffect(() => {
    const rules = new CSSStyleSheet();
    const quoted = words.replace(/["\\\n\r\f]/g, (sign) => `\\${sign.charCodeAt(0).toString(16)} `);
    const counted = t("Page {page} of {pages}", { page: '" counter(page) "', pages: '" counter(pages) "' });
    rules.replaceSync(`@page{@bottom-left{content:"${quoted}"}@bottom-right{content:"${counted}"}}`);
    document.adoptedStyleSheets = [rules];
    return () => (document.adoptedStyleSheets = []);
  }, [words]);
}

export function useKeys(list) {
  useEffect(() => {
    pageKeys.value = list;
    return () => (pageKeys.value = []);
  }, []);
}
