// How well answers and briefs were measured last: each measure beside its bar and over the runs, and each case that went wrong, what was
// expected beside what was said.

import { html, useEffect, useState } from "./vendor/ui.js";
import { at, call, go, moment, t } from "./core.js";
import { Choice, Icon, Notice, Sheet, Skeleton, pageKeys, show, useCall } from "./parts.js";

/** @import { EvaluationShape, EvaluatedItem as Item } from "shapes" */

/** Runs before this one that make the course of a measure. */
const SHOWN = 20;

/** @type {Record<string, string>} */
const NAMES = {
  correct: t("Questions answered right"), fact_recall: t("Facts found"), fact_in_text: t("Facts said in the text"), evidence_hit: t("Answers that cite the evidence"), citation_validity: t("Quotes that match their source exactly"),
  source_correct: t("Right source"), speaker_correct: t("Right speaker"), day_correct: t("Right day"), must_not_violation: t("Says what no longer holds"), false_answer: t("Answers what nobody said"), false_decline: t("Declines what was said"),
  promise_recall: t("Promises found"), promise_right: t("Promises right in every part"), promise_precision: t("Of the promises listed, true ones"), risk_recall: t("Risks found"), stakeholder_recall: t("People found"), gap_recall: t("Gaps found"),
  citation_precision: t("Of the citations, evidence"), decline_auc: t("Tells what it can answer from what it cannot"), cut_citation: t("Quotes cut inside a word"), misplaced_citation: t("Quotes that stand elsewhere than said"),
  found_in_first_5: t("Evidence among the first 5 found"), found_in_first_10: t("Evidence among the first 10 found"), found_in_first_20: t("Evidence among the first 20 found"), recall_at_10: t("Of all evidence, among the first 10"), ndcg_at_10: t("How high the evidence stands (nDCG@10)"), recall_within_1000: t("Of all evidence, within 1,000 tokens"),
  promise_quote_valid: t("Promises quoted exactly"), hard_negatives: t("Traps that are in the brief"), hard_negatives_asserted: t("Traps told as promises"), strength_accuracy: t("Promises: how firm is right"), contract_accuracy: t("Promises: what the contract says is right"), made_by_accuracy: t("Promises: by whom is right"), made_on_accuracy: t("Promises: when made is right"), due_accuracy: t("Promises: when due is right"),
  stakeholder_role: t("People: the role is right"), stakeholder_stance: t("People: the stance is right"), gap_answered: t("Gaps that the history answers"), requirement_recall: t("Requirements found"), date_recall: t("Dates found"),
  failed: t("Answers that failed"), foreign_citation: t("Quotes of another account"), late_citation: t("Quotes from after the day asked about"), unsupported_figure: t("Figures without a source"),
  fact_share: t("Facts found, of all"), abstained: t("Declines what nobody said"), false_answer_flat: t("Answers flatly what nobody said"), recall_at_5: t("Of all evidence, among the first 5"), recall_at_20: t("Of all evidence, among the first 20"), recall_within_500: t("Of all evidence, within 500 tokens"), recall_within_2000: t("Of all evidence, within 2,000 tokens"), reciprocal_rank: t("How high the first evidence stands"),
  goal_recall: t("Goals found"), reason_recall: t("Reasons found"), term_recall: t("Terms found"), condition_recall: t("Promises: the condition is told"), change_recall: t("Changes found"), supersession_recall: t("Promises: what replaced them is told"), superseded_as_current: t("Replaced promises told as current"),
  goal_precision: t("Of the goals listed, true ones"), reason_precision: t("Of the reasons listed, true ones"), risk_precision: t("Of the risks listed, true ones"), term_precision: t("Of the terms listed, true ones"), date_precision: t("Of the dates listed, true ones"), requirement_precision: t("Of the requirements listed, true ones"),
};
/** @type {Record<string, string[]>} */
const VERDICTS = { holds: ["ok", t("Holds")], better: ["ok", t("Better")], below: ["bad", t("Below its bar")], "not measured": ["bad", t("Not measured")] };

/** @param {number | null | undefined} value */
const percent = (value) => (value === null || value === undefined ? "" : `${(100 * value).toFixed(1)}%`);
/** @param {string} measure */
const named = (measure) => NAMES[measure] ?? measure.replaceAll("_", " ").replace(/^./u, (first) => first.toUpperCase());

/** Sorts of questions and items. @type {Record<string, string>} */
const SORTS = { promise: t("promise"), who_when_words: t("who, when, which words"), conditional: t("conditional"), retracted: t("retracted"), in_contract: t("in the contract"), success: t("success"), metric: t("metric"), why: t("why"), objection: t("objection"), stakeholder: t("stakeholder"), technical: t("technical"), timeline: t("timeline"), commercial: t("commercial"), competitor: t("competitor"), changed: t("changed"), as_of: t("as of a day"), never_discussed: t("never discussed"), false_premise: t("false premise"), asked_unanswered: t("asked unanswered"), disagreement: t("disagreement"), same_name: t("same name"), two_deals: t("two deals"), sibling_account: t("sibling account"), quoted_tail: t("quoted tail"), ai_recap: t("machine summary"), injection: t("injection"), follow_up: t("follow up"), list_all: t("list of all"), from_feedback: t("from a reader's thumb"), change: t("change"), gap: t("gap"), goal: t("goal"), "promise made": t("promise made"), risk: t("risk"), trap: t("trap") };

/** What is chosen on this page stands in its address. */
const FILTERS = ["which", "deal", "kind", "measure", "against"];
const WHICH = [["", t("That went wrong")], ["right", t("That were right")], ["all", t("All")]];
const TURNED = [["newly_failing", t("Newly wrong")], ["newly_passing", t("Newly right")]];

/** @param {number} value */
const points = (value) => `${value > 0 ? "+" : ""}${(100 * value).toFixed(1)}`;
/** @param {any} one a question; an item's id is made like this @returns {string} */
const keyOf = (one) => `${one.deal} ${one.id}`;
/** Each value with how often it is, the most first. @param {(one: Item) => string[]} of @param {Item[]} items @returns {[string, number][]} */
const countedBy = (of, items) => Object.entries(items.flatMap(of).reduce((all, one) => ({ ...all, [one]: (all[one] ?? 0) + 1 }), /** @type {Record<string, number>} */ ({}))).sort((a, b) => b[1] - a[1]);

/** The keys j and k go from case to case; Enter opens the one with the focus. */
function usePressed() {
  useEffect(() => {
    pageKeys.value = [["j", t("Next case")], ["k", t("Case before")], ["Enter", t("Open or close the case")]];
    const keyed = (/** @type {CustomEvent} */ event) => {
      const by = { j: 1, k: -1 }[/** @type {string} */ (event.detail)];
      const cases = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".cases summary")]);
      if (!by || !cases.length) return;
      event.preventDefault();
      const here = cases.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      const next = cases[Math.min(cases.length - 1, Math.max(0, here + by))];
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "center" });
    };
    document.addEventListener("baton:key", /** @type {EventListener} */ (keyed));
    return () => {
      pageKeys.value = [];
      document.removeEventListener("baton:key", /** @type {EventListener} */ (keyed));
    };
  }, []);
}

/** The last run that is kept in the home. */
export default function Quality() {
  const place = /** @type {Record<string, string | undefined>} */ (/** @type {object} */ (at.value));
  const of = Object.fromEntries(FILTERS.map((name) => [name, place[name] ?? ""]));
  const set = (/** @type {Record<string, string>} */ change) => go({ ...at.peek(), ...change }, { replace: true });
  const { value: run, error, again } = useCall((stop) => /** @type {Promise<EvaluationShape>} */ (call(`/evaluations/latest?${new URLSearchParams({ against: of.against })}`, { signal: stop })), [of.against]);
  useEffect(() => show([]), []);
  usePressed();
  if (error?.code === "no_evaluation" && !of.against) return html`<${Sheet} title=${t("Quality")} lede=${t("How well answers and briefs do on deals whose facts are known.")}><div class="empty"><p>${t("No run is kept here yet. This measures the labelled deals that come with Baton and leaves the run where this page finds it:")}</p><pre>baton eval --out HOME/evaluations</pre></div><//>`;
  if (error) return html`<${Sheet} title=${t("Quality")}><${Notice} error=${error} again=${of.against ? () => set({ against: "" }) : again} /><//>`;
  if (!run) return html`<${Sheet} title=${t("Quality")}><${Skeleton} lines=${8} /><//>`;
  const checks = run.checks ?? Object.entries(run.measures).filter(([, one]) => one).map(([measure, one]) => ({ measure, value: one.value, recorded: null, bar: null, verdict: "", reasons: [] }));
  const earlier = run.runs.filter((one) => one.same_labels).slice(0, SHOWN).reverse();
  return html`<${Sheet} title=${t("Quality")} lede=${t("Run {name} of {when}, {questions} on {deals}.", { name: run.name, when: moment(run.at), questions: t("{n} question|{n} questions", { n: run.questions.length }), deals: t("{n} deal|{n} deals", { n: run.deals.length }) })} wide>
    ${run.passed === null ? null : html`<p class=${`verdict ${run.passed ? "ok" : "bad"}`}><${Icon} name=${run.passed ? "check" : "alert"} />${run.passed ? t("Every gate held") : run.fault ?? t("{n} gate failed|{n} gates failed", { n: checks.filter((one) => ["below", "not measured"].includes(one.verdict)).length })}</p>`}
    <div class="tw"><table><thead><tr><th scope="col">${t("Measure")}</th>${earlier.length ? html`<th scope="col">${t("{n} run|{n} runs", { n: earlier.length + 1 })}</th>` : null}<th scope="col" class="num">${t("This run")}</th><th scope="col" class="num">${t("Recorded")}</th><th scope="col" class="num">${t("Bar")}</th><th scope="col">${t("Gate")}</th></tr></thead>
      <tbody>${checks.map((one) => { const [tone, word] = VERDICTS[one.verdict] ?? ["mute", one.verdict || t("not gated")]; return html`<tr key=${one.measure}><td data-label=${t("Measure")}>${named(one.measure)}</td>${earlier.length ? html`<td data-label=${t("Before")}><${Course} values=${[...earlier.map((run) => run.measures[one.measure]), one.value]} /></td>` : null}<td class="num" data-label=${t("This run")}>${percent(one.value)}</td><td class="num" data-label=${t("Recorded")}>${percent(one.recorded)}</td><td class="num" data-label=${t("Bar")}>${percent(one.bar)}</td><td data-label=${t("Gate")}><span class=${`pill ${tone}`}>${word}</span></td></tr>`; })}</tbody></table></div>
    ${run.runs.length ? html`<section><h2>${t("Against another run")}</h2><div class="filters"><${Choice} label=${t("The run to compare with")} value=${of.against} choices=${[["", t("None")], ...run.runs.map((one) => [one.name, `${one.name}, ${moment(one.at)}`])]} onChange=${(value) => set({ against: value, which: of.which.startsWith("newly") ? "" : of.which })} /></div>${run.comparison ? html`<${Compared} told=${run.comparison} />` : null}</section>` : null}
    <${Cases} run=${run} of=${of} set=${set} /><//>`;
}

/** One measure over the runs, the oldest first; a hole where a run did not have it.
 * @param {{ values: (number | null | undefined)[] }} props */
function Course({ values }) {
  const known = /** @type {[number, number][]} */ (values.map((value, number) => [number, value]).filter(([, value]) => value !== null && value !== undefined));
  const place = ([number, value]) => `${(2 + (92 * number) / Math.max(1, values.length - 1)).toFixed(1)},${(22 - 20 * value).toFixed(1)}`;
  return html`<svg class="course" viewBox="0 0 96 24" width="96" height="24" role="img" aria-label=${known.map(([, value]) => percent(value)).join(", ")}><polyline points=${known.map(place).join(" ")} /></svg>`;
}

/** What moved between two runs.
 * @param {{ told: any }} props */
function Compared({ told }) {
  const moved = /** @type {[string, any][]} */ (Object.entries(told.measures)).filter(([, one]) => one.old !== one.new);
  return html`${told.notes.map((note) => html`<p class="who">${note}</p>`)}<p class="totals">${t("{cases} in both; {wrong} newly wrong, {right} newly right.", { cases: t("{n} case|{n} cases", { n: told.shared }), wrong: told.newly_failing.length, right: told.newly_passing.length })}</p>
    ${moved.length ? html`<details class="more"><summary>${t("{n} measure moved|{n} measures moved", { n: moved.length })}<small>${t("{n} more than chance", { n: moved.filter(([, one]) => one.significant).length })}</small></summary><div class="tw"><table><thead><tr><th scope="col">${t("Measure")}</th><th scope="col" class="num">${t("Then")}</th><th scope="col" class="num">${t("Now")}</th><th scope="col" class="num">${t("Difference")}</th><th scope="col">${t("Chance")}</th></tr></thead><tbody>${moved.map(([measure, one]) => html`<tr key=${measure}><td data-label=${t("Measure")}>${named(measure)}</td><td class="num" data-label=${t("Then")}>${percent(one.old)}</td><td class="num" data-label=${t("Now")}>${percent(one.new)}</td><td class="num" data-label=${t("Difference")}>${one.difference ? t("{value} ({low} to {high})", { value: points(one.difference.value), low: points(one.difference.low), high: points(one.difference.high) }) : ""}</td><td data-label=${t("Chance")}>${one.significant ? t("more than chance") : t("may be chance")}</td></tr>`)}</tbody></table></div></details>` : html`<p>${t("No measure moved.")}</p>`}`;
}

/** The cases, filtered by what the address says.
 * @param {{ run: EvaluationShape, of: Record<string, string>, set: (change: Record<string, string>) => void }} props */
function Cases({ run, of, set }) {
  const asked = new Map(run.questions.map((one) => [keyOf(one), one]));
  const before = new Map(run.earlier_questions.map((one) => [keyOf(one), one]));
  const turns = run.comparison ? [...run.comparison.newly_failing, ...run.comparison.newly_passing] : [];
  const then = new Map(turns.map((pair) => [pair.old.id, pair.old]));
  const saidThen = (/** @type {string} */ id) => (before.has(id) ? said(before.get(id)) : then.has(id) ? html`<p dir="auto">${then.get(id).said || t("Nothing.")}</p>` : null);
  const turned = of.which.startsWith("newly") ? new Set((run.comparison?.[of.which] ?? []).map((pair) => pair.new.id)) : null;
  const fits = (/** @type {Item} */ one, /** @type {string[]} */ but) => (turned ? turned.has(one.id) : of.which === "all" || (of.which === "right") === !one.faults.length)
    && (but.includes("deal") || !of.deal || one.deal === of.deal) && (but.includes("kind") || !of.kind || one.kind === of.kind) && (but.includes("measure") || !of.measure || one.failed.includes(of.measure));
  const items = run.items.filter((one) => fits(one, []));
  const pick = (/** @type {string} */ what, /** @type {string} */ all, /** @type {(one: Item) => string[]} */ values, /** @type {(value: string) => string} */ called) => html`<${Choice} label=${all} value=${of[what]} choices=${[["", all], ...countedBy(values, run.items.filter((one) => fits(one, [what]))).map(([value, count]) => [value, `${called(value)} (${count})`])]} onChange=${(value) => set({ [what]: value })} />`;
  const worded = (/** @type {string} */ value) => value.replaceAll("_", " ");
  return html`<section><h2>${t("Cases")}<small>${t("{n} case|{n} cases", { n: items.length })}</small></h2>
    <div class="filters" role="search"><${Choice} label=${t("Which cases")} value=${of.which} choices=${[...WHICH, ...(run.comparison ? TURNED : [])]} onChange=${(value) => set({ which: value })} />
      ${pick("deal", t("All deals"), (one) => [one.deal], worded)}${pick("kind", t("All kinds"), (one) => [one.kind], (value) => SORTS[value] ?? value)}${pick("measure", t("Any measure"), (one) => one.failed, named)}</div>
    ${items.length ? html`<ul class="cases">${items.map((one) => html`<${Case} key=${one.id} item=${one} question=${asked.get(one.id)} saidThen=${saidThen} />`)}</ul>` : html`<div class="empty"><p>${t("No case is like that.")}</p></div>`}</section>`;
}

/** What was expected beside what was said, and what was said in the run compared with.
 * @param {{ item: Item, question: any, saidThen: (id: string) => any }} props */
function Case({ item, question, saidThen }) {
  const [open, setOpen] = useState(false);
  const then = open ? saidThen(item.id) : null;
  const right = !item.faults.length;
  return html`<li><details onToggle=${(event) => setOpen(event.currentTarget.open)}><summary><span class=${`pill ${right ? "ok" : "bad"}`}>${right ? t("right") : t("wrong")}</span><span class="told"><span dir="auto">${item.text}</span><small class="who">${item.id}, ${SORTS[item.kind] ?? item.kind}${right ? "" : `: ${item.faults.join("; ")}`}</small></span></summary>
    ${open ? html`<div class=${`beside ${then ? "three" : ""}`}>
      <div><h3>${t("Expected")}</h3>${expected(item, question)}</div>
      ${then ? html`<div><h3>${t("Said then")}</h3>${then}</div>` : null}
      <div><h3>${then ? t("Said now") : t("Said")}</h3>${question ? said(question) : html`<p dir="auto">${item.said || t("Nothing.")}</p>`}</div>
      <p class="failed">${item.failed.length ? t("Held against it by: {measures}", { measures: item.failed.map(named).join(", ") }) : right ? t("No measure holds anything against it.") : ""}</p></div>` : null}</details></li>`;
}

/** @param {Item} item @param {any} question */
function expected(item, question) {
  const facts = question?.wanted_facts ?? question?.missing ?? [];
  const missing = new Set((question?.missing ?? []).map((group) => group.join(" or ")));
  if (question && !question.answerable) return html`<p>${t("Not in the deal history: any answer is wrong.")}</p>`;
  return html`${facts.length ? html`<ul class="wanted">${facts.map((group) => { const words = group.join(" or "); return html`<li><${Icon} name=${missing.has(words) ? "x" : "check"} /><span>${words}${missing.has(words) ? html` <small>${t("(missing)")}</small>` : null}</span></li>`; })}</ul>` : null}
    ${question?.must_not?.length ? html`<p class="who">${t("and not as holding today: {what}", { what: question.must_not.join("; ") })}</p>` : null}
    ${item.wanted.map((one) => html`<figure class="shown"><blockquote dir="auto">${one.quote}</blockquote><figcaption class="who">${one.source}</figcaption></figure>`)}
    ${facts.length || item.wanted.length ? null : html`<p dir="auto">${item.kind === "trap" ? t("Not told as a promise.") : item.text}</p>`}`;
}

/** @param {any} question */
function said(question) {
  const cited = question.citations ?? [];
  return html`<p dir="auto" class="answered">${question.answer || question.error || question.status}</p>
    ${cited.map((one) => html`<figure class=${`shown ${one.is_evidence ? "ok" : ""}`}><blockquote dir="auto">${one.quote}</blockquote><figcaption class="who"><span class=${`pill ${one.is_evidence ? "ok" : "mute"}`}>${one.is_evidence ? t("evidence") : t("other words")}</span> ${[one.speaker, one.on, one.source].filter(Boolean).join(", ")}${one.support === null || one.support === undefined ? "" : `; ${t("support {value}", { value: one.support.toFixed(2) })}`}${one.valid ? "" : `; ${t("not in its source")}`}</figcaption></figure>`)}`;
}
