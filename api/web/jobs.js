// What happens by itself: briefs when a deal closes, what is sent about them, pulls, what is kept no longer. What failed waits here for a person.

import { html, useEffect, useState } from "./vendor/ui.js";
import { address, at, call, counted, moment, t } from "./core.js";
import { Icon, Notice, Sheet, Skeleton, show, tell, useCall } from "./parts.js";

/** @import { JobPage, JobShape, DeliveryPage, AccountPage } from "shapes" */

/** @type {Record<string, string>} */
const KINDS = { handoff: t("Handoff brief"), renewal: t("Renewal brief"), pull: t("Pull from a source"), retention: t("What is kept no longer"), act: t("Tell of a review"), reminder: t("Reminder"), send: t("Message"), slack: t("Answer in Slack") };
/** @type {Record<string, string[]>} */
const STATES = { waiting: [t("Waiting"), "mute"], running: [t("Running"), "mute"], done: [t("Done"), "ok"], failed: [t("Failed"), "bad"], dismissed: [t("Let be"), "mute"] };
/** What a message is about. @type {Record<string, string>} */
const WHAT = { draft: t("a draft to review"), renewal: t("a renewal brief"), reminder: t("a reminder"), approved: t("a brief handed over"), accepted: t("a brief accepted"), returned: t("a brief returned"), shared: t("a brief shared") };
const TABS = /** @type {[string, string][]} */ ([["", t("All")], ["failed", t("Failed")], ["waiting", t("Waiting")], ["done", t("Done")], ["dismissed", t("Let be")], ["sent", t("Sent")]]);
const LOOKS_EVERY_MS = 5000;
const FEW = 50;
/** The server gives no more at once. */
const MOST = 200;

/** Looks again every few seconds while somebody may be looking. @param {() => void} again */
function useLooking(again) {
  useEffect(() => {
    const looking = setInterval(() => document.hidden || again(), LOOKS_EVERY_MS);
    return () => clearInterval(looking);
  }, []);
}

/** The latest jobs of one state, or of all, and who is who. */
export default function Jobs() {
  const { tab = "" } = at.value;
  const state = STATES[tab] ? `&state=${tab}` : "";
  const [most, setMost] = useState(FEW);
  const { value: page, error, again } = useCall((stop) => /** @type {Promise<JobPage>} */ (call(`/jobs?limit=${most}${state}`, { signal: stop })), [state, most]);
  const accounts = useCall((stop) => /** @type {Promise<AccountPage>} */ (call("/accounts?limit=200", { signal: stop })), []);
  useEffect(() => show([]), []);
  useEffect(() => setMost(FEW), [state]);
  useLooking(again);
  if (error?.status === 403) return html`<${Sheet} title=${t("Jobs")}><${Notice} error=${error} again=${again} /><//>`;
  const named = (/** @type {string | null} */ id) => accounts.value?.items.find((one) => one.id === id);
  return html`<${Sheet} title=${t("Jobs")} lede=${t("What Baton does by itself: briefs when a deal closes, messages about them, pulls, what is kept no longer.")} wide>
    ${page?.counts.failed ? html`<p class="verdict bad"><${Icon} name="alert" />${t("{n} job failed and waits for you.|{n} jobs failed and wait for you.", { n: page.counts.failed })}</p>` : null}
    <nav class="tabs" aria-label=${t("Jobs")}>${TABS.map(([name, label]) => html`<a key=${name} href=${address({ page: "jobs", tab: name })} aria-current=${tab === name ? "page" : null}>${label}<span class="n">${STATES[name] ? (page?.counts[name] ?? "") : ""}</span></a>`)}</nav>
    ${tab === "sent" ? html`<${Sent} named=${named} />` : error ? html`<${Notice} error=${error} again=${again} />` : !page ? html`<${Skeleton} lines=${6} />`
      : page.items.length ? html`<div class="tw"><table class="jobs"><thead><tr>${[t("Job"), t("State"), t("Tries"), t("What to do")].map((label, place) => html`<th scope="col" class=${place === 2 ? "num" : null}>${label}</th>`)}</tr></thead>
        <tbody>${page.items.map((job) => html`<${Row} key=${job.number} job=${job} account=${named(job.account_id)} again=${again} />`)}</tbody></table></div>`
      : html`<div class="empty"><p>${NOTHING[tab] ?? NOTHING[""]}</p></div>`}
    ${!page?.next_cursor || tab === "sent" ? null : most < MOST ? html`<p class="acts"><button class="btn" type="button" onClick=${() => setMost(most + FEW)}>${t("Show more")}</button></p>`
      : html`<p class="how">${t("These are the latest {n}.", { n: MOST })}</p>`}<//>`;
}

/** @type {Record<string, string>} */
const NOTHING = { "": t("There are no jobs yet. Close events, connected sources and the settings make them."), failed: t("Nothing failed."), waiting: t("Nothing waits."), done: t("Nothing is done yet."), dismissed: t("Nothing was let be.") };

/** @param {{ job: JobShape, account: { name: string, slug: string } | undefined, again: () => void }} props */
function Row({ job, account, again }) {
  const [busy, setBusy] = useState(false);
  const [label, tone] = STATES[job.state];
  const run = (/** @type {string} */ act, /** @type {string} */ said) => async () => {
    setBusy(true);
    try {
      await call(`/jobs/${job.number}/${act}`, { method: "POST" });
      tell(said);
    } catch (error) {
      tell(error.message);
    }
    setBusy(false);
    again();
  };
  const { system, deal, source, what, channel, brief } = /** @type {Record<string, string>} */ ({ ...job.about, ...job.result });
  const about = [WHAT[what] ?? what, channel, source, deal && `${system ?? ""} ${deal}`.trim(), brief, outcome(job.result)].filter(Boolean).join(" · ");
  const when = job.state === "waiting" ? (job.tries ? t("again {when}", { when: moment(job.due_at) }) : t("due {when}", { when: moment(job.due_at) })) : moment(job.ended_at ?? job.made_at);
  const named = `${KINDS[job.kind] ?? job.kind} ${job.number}`;
  const button = (/** @type {string} */ act, /** @type {string} */ icon, /** @type {string} */ words, /** @type {string} */ said) => html`<button class="btn" type="button" disabled=${busy} aria-label=${`${words}: ${named}`} onClick=${run(act, said)}>${icon ? html`<${Icon} name=${icon} />` : null}${words}</button>`;
  return html`<tr>
    <td><b>${KINDS[job.kind] ?? job.kind}</b> <span class="who-inline">${`#${job.number}`}</span>${account ? html` <a href=${address({ account: account.slug, view: "brief" })}>${account.name}</a>` : null}
      ${about ? html`<span class="who file" dir="auto">${about}</span>` : null}${job.trouble && job.state !== "done" ? html`<span class="who trouble" dir="auto">${job.trouble}</span>` : null}</td>
    <td data-label=${t("State")}><span class=${`pill ${tone}`}>${label}</span><span class="who">${when}</span></td>
    <td class="num" data-label=${t("Tries")}>${job.tries}</td>
    <td data-label=${["failed", "dismissed", "waiting"].includes(job.state) ? t("What to do") : null}><div class="row-acts">${job.state === "failed" || job.state === "dismissed" ? button("replay", "undo", t("Try again"), t("It is tried again now.")) : null}${job.state === "failed" ? button("dismiss", "", t("Let it be"), t("It is not tried again.")) : null}${job.state === "waiting" ? button("dismiss", "x", t("Cancel"), t("It is not done.")) : null}</div></td></tr>`;
}

/** What a job that is done found, where that is no brief: how much was taken out, or why there was nothing to do.
 * @param {Record<string, any>} result */
function outcome(result) {
  const gone = Object.entries(/** @type {Record<string, number>} */ (result.removed ?? {})).filter(([, n]) => n).map(([what, n]) => (GONE[what] ? GONE[what](n) : `${n} ${what}`));
  const made = result.answers_and_briefs ? [t("{n} answer or brief that quoted it|{n} answers and briefs that quoted it", { n: result.answers_and_briefs })] : [];
  return [...(gone.length ? [t("took out {what}", { what: [...gone, ...made].join(", ") })] : []), BECAUSE[result.because] ?? ""].filter(Boolean).join(" · ");
}

/** @type {Record<string, string>} */
const BECAUSE = { not_won: t("no brief: the deal is not won"), gone: t("it was erased since"), not_connected: t("the tool is not connected") };
/** By the setting that took it out. @type {Record<string, (n: number) => string>} */
const GONE = { calls: (n) => counted(n, "call"), emails: (n) => counted(n, "email"), notes: (n) => counted(n, "crm_note"), records: (n) => counted(n, "crm_field"), documents: (n) => counted(n, "doc"), chats: (n) => counted(n, "chat"), meetings: (n) => counted(n, "meeting"), versions: (n) => t("{n} earlier wording|{n} earlier wordings", { n }), removed: (n) => t("{n} that its source had taken away|{n} that their source had taken away", { n }), held: (n) => t("{n} held", { n }) };

/** What was sent about briefs, and what was begun and has not been confirmed.
 * @param {{ named: (id: string | null) => { name: string, slug: string } | undefined }} props */
function Sent({ named }) {
  const { value, error, again } = useCall((stop) => /** @type {Promise<DeliveryPage>} */ (call("/deliveries?limit=100", { signal: stop })), []);
  useLooking(again);
  if (error) return html`<${Notice} error=${error} again=${again} />`;
  if (!value) return html`<${Skeleton} lines=${5} />`;
  if (!value.items.length) return html`<div class="empty"><p>${t("Nothing was sent yet.")}</p></div>`;
  return html`<div class="tw"><table class="jobs"><thead><tr>${[t("Message"), t("By"), t("Sent")].map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
    <tbody>${value.items.map((one) => html`<tr key=${`${one.brief} ${one.what} ${one.channel} ${one.began_at}`}><td><b>${WHAT[one.what] ?? one.what}</b>${named(one.account_id) ? html` <a href=${address({ account: named(one.account_id)?.slug, view: "brief" })}>${named(one.account_id)?.name}</a>` : null}</td>
      <td data-label=${t("By")}>${one.channel}</td><td data-label=${t("Sent")}>${one.sent_at ? moment(one.sent_at) : html`<span class="pill warn">${t("not confirmed")}</span>`}</td></tr>`)}</tbody></table></div>`;
}
