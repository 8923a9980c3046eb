// How well answers and briefs were measured last: each measure beside its bar, and the questions that went wrong.

import { html, useEffect, useState } from "./vendor/ui.js";
import { call, moment, plural } from "./core.js";
import { Choice, Icon, Notice, Sheet, Skeleton, show, useCall } from "./parts.js";

/** @import { EvaluationShape } from "shapes" */

/** @type {Record<string, string>} */
const NAMES = {
  correct: "Questions answered right", fact_recall: "Facts found", fact_in_text: "Facts said in the text", evidence_hit: "Answers that cite the evidence", citation_validity: "Quotes that match their source exactly",
  source_correct: "Right source", speaker_correct: "Right speaker", day_correct: "Right day", must_not_violation: "Says what no longer holds", false_answer: "Answers what nobody said", false_decline: "Declines what was said",
  promise_recall: "Promises found", promise_right: "Promises right in every part", promise_precision: "Of the promises listed, true ones", risk_recall: "Risks found", stakeholder_recall: "People found", gap_recall: "Gaps found",
  failed: "Answers that failed", foreign_citation: "Quotes of another account", late_citation: "Quotes from after the day asked about", unsupported_figure: "Figures without a source",
};
/** @type {Record<string, string[]>} */
const VERDICTS = { holds: ["ok", "Holds"], better: ["ok", "Better"], below: ["bad", "Below its bar"], "not measured": ["bad", "Not measured"] };

/** @param {number | null | undefined} value */
const percent = (value) => (value === null || value === undefined ? "" : `${(100 * value).toFixed(1)}%`);
/** @param {string} measure */
const named = (measure) => NAMES[measure] ?? measure.replaceAll("_", " ").replace(/^./u, (first) => first.toUpperCase());

/** The last run that is kept in the home. */
export default function Quality() {
  const { value: run, error, again } = useCall((stop) => /** @type {Promise<EvaluationShape>} */ (call("/evaluations/latest", { signal: stop })), []);
  const [which, setWhich] = useState("wrong");
  useEffect(() => show([]), []);
  if (error?.code === "no_evaluation") return html`<${Sheet} title="Quality" lede="How well answers and briefs do on deals whose facts are known."><div class="empty"><p>No run is kept here yet. This measures the labelled deals that come with Baton and leaves the run where this page finds it:</p><pre>baton eval --out HOME/evaluations</pre></div><//>`;
  if (error) return html`<${Sheet} title="Quality"><${Notice} error=${error} again=${again} /><//>`;
  if (!run) return html`<${Sheet} title="Quality"><${Skeleton} lines=${8} /><//>`;
  const checks = run.checks ?? Object.entries(run.measures).filter(([, one]) => one).map(([measure, one]) => ({ measure, value: one.value, recorded: null, bar: null, verdict: "", reasons: [] }));
  const questions = run.questions.filter((one) => which === "all" || (which === "wrong" ? !one.correct : one.correct));
  return html`<${Sheet} title="Quality" lede=${`Run of ${moment(run.at)}, ${plural(run.questions.length, "question")} on ${plural(run.deals.length, "deal")}.`}>
    ${run.passed === null ? null : html`<p class=${`verdict ${run.passed ? "ok" : "bad"}`}><${Icon} name=${run.passed ? "check" : "alert"} />${run.passed ? "Every gate held" : run.fault ?? `${plural(checks.filter((one) => ["below", "not measured"].includes(one.verdict)).length, "gate")} failed`}</p>`}
    <div class="tw"><table><thead><tr><th scope="col">Measure</th><th scope="col" class="num">This run</th><th scope="col" class="num">Recorded</th><th scope="col" class="num">Bar</th><th scope="col">Gate</th></tr></thead>
      <tbody>${checks.map((one) => { const [tone, word] = VERDICTS[one.verdict] ?? ["mute", one.verdict || "not gated"]; return html`<tr key=${one.measure}><td data-label="Measure">${named(one.measure)}</td><td class="num" data-label="This run">${percent(one.value)}</td><td class="num" data-label="Recorded">${percent(one.recorded)}</td><td class="num" data-label="Bar">${percent(one.bar)}</td><td data-label="Gate"><span class=${`pill ${tone}`}>${word}</span></td></tr>`; })}</tbody></table></div>
    <section><h2>Questions<small>${plural(questions.length, "question")}</small></h2>
      <div class="filters"><${Choice} label="Which questions" value=${which} choices=${[["wrong", "That went wrong"], ["right", "That were right"], ["all", "All"]]} onChange=${setWhich} /></div>
      <ul class="cases">${questions.map((one) => html`<li key=${`${one.deal} ${one.id}`}><details><summary><span class=${`pill ${one.correct ? "ok" : "bad"}`}>${one.correct ? "right" : "wrong"}</span><span dir="auto">${one.text}</span></summary>
        <dl><div><dt>Expected</dt><dd>${one.answerable ? (one.missing?.length ? `also: ${one.missing.map((group) => group.join(" or ")).join("; ")}` : "an answer") : "not in the deal history"}</dd></div><div><dt>Got</dt><dd dir="auto">${one.answer || one.error || one.status}</dd></div><div><dt>Deal</dt><dd>${one.deal}</dd></div></dl></details></li>`)}</ul></section><//>`;
}
