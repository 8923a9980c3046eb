// What was read, what could not be, and what waits for a person to say whose it is.

import { html, useEffect, useState } from "./vendor/ui.js";
import { Failed as Refused, KINDS, address, announce, at, call, countsOf, day, moment, rich, stream, t } from "./core.js";
import { Icon, Notice, Sheet, Skeleton, show, tell, useCall } from "./parts.js";

/** @import { ImportPage, HeldPage, HeldShape, DecidedPage, DecidedShape, AccountPage, FailedInput, ImportShape, PulledSource } from "shapes" */

/** @type {Record<string, string>} */
const WHY = { no_account: t("No account fits"), two_accounts: t("More than one account fits"), other_account: t("It is another account's"), lookalike: t("A domain that only looks like one we know"), dismissed: t("Left out"), deleted_account: t("Its account was deleted") };
/** @type {Record<string, string>} */
const TABS = { "": t("Waiting"), decided: t("Assigned"), dismissed: t("Left out"), failed: t("Set aside"), runs: t("Runs") };

/** @param {{ changed: () => Promise<void> }} props */
export default function Imports({ changed }) {
  const { tab = "" } = at.value;
  useEffect(() => show([]), []);
  const runs = useCall((stop) => /** @type {Promise<ImportPage>} */ (call("/imports", { signal: stop })), []);
  const waiting = useCall((stop) => /** @type {Promise<HeldPage>} */ (call("/held", { signal: stop })), []);
  const decided = useCall((stop) => /** @type {Promise<DecidedPage>} */ (call("/held/decisions", { signal: stop })), []);
  const left = useCall((stop) => /** @type {Promise<HeldPage>} */ (call("/held?state=dismissed", { signal: stop })), []);
  const again = () => {
    for (const one of [runs, waiting, decided, left]) one.again();
    changed();
  };
  /** @type {Record<string, number | undefined>} */
  const counts = { "": waiting.value?.items.length, decided: decided.value?.items.length, dismissed: left.value?.items.length, failed: runs.value?.failed.length, runs: runs.value?.items.length };
  const error = runs.error ?? waiting.error ?? decided.error ?? left.error;
  if (error?.status === 403) return html`<${Sheet} title=${t("Imports")}><${Notice} error=${error} again=${again} /><//>`;
  const last = runs.value?.items[0];
  return html`<${Sheet} title=${t("Imports")} lede=${last ? t("Last run {when}: {new} new, {changed} changed, {unchanged} unchanged.", { ...last, when: moment(last.finished_at ?? last.started_at) }) : t("What was read, what could not be, and what waits for you.")}>
    ${runs.value ? html`<${Sources} page=${runs.value} again=${again} /><${Pulled} page=${runs.value} />` : null}
    <nav class="tabs" aria-label=${t("Imports")}>${Object.entries(TABS).map(([name, label]) => html`<a key=${name} href=${address({ page: "imports", tab: name })} aria-current=${tab === name ? "page" : null}>${label}<span class="n">${counts[name] ?? ""}</span></a>`)}</nav>
    ${error ? html`<${Notice} error=${error} again=${again} />`
      : tab === "runs" ? html`<${Runs} page=${runs.value} />`
      : tab === "failed" ? html`<${Failed} page=${runs.value} />`
      : tab === "decided" ? html`<${Decided} page=${decided.value} again=${again} />`
      : html`<${HeldList} key=${tab} page=${tab === "dismissed" ? left.value : waiting.value} dismissed=${tab === "dismissed"} again=${again} />`}<//>`;
}

/** By what others are placed. @type {Record<string, string>} */
const LESSONS = { domain: t("domain"), contact: t("contact"), person: t("person"), channel: t("channel"), folder: t("folder") };
/** @type {Record<string, string>} */
const COLUMNS = { new: t("New"), changed: t("Changed"), unchanged: t("Unchanged"), removed: t("Removed"), held: t("Held"), failed: t("Failed") };
/** @type {Record<string, string>} */
const STAGES = { reading: t("Reading"), filing: t("Filing"), embedding: t("Making it searchable"), facts: t("Reading off what was promised") };

/** The folders that the server may import, and how far it is with one.
 * @param {{ page: ImportPage, again: () => void }} props */
function Sources({ page, again }) {
  const [run, setRun] = useState(page.running ?? null);
  const [busy, setBusy] = useState(false);
  const running = run?.state === "running";
  useEffect(() => {
    if (!run || run.state !== "running") return undefined;
    const stop = new AbortController();
    follow(run.id, setRun, stop.signal).then((ended) => {
      setRun(ended);
      announce(outcome(ended));
      again();
    }, (error) => error.name !== "AbortError" && tell(error.message));
    return () => stop.abort();
  }, [run?.id]);
  const act = (/** @type {() => Promise<ImportShape>} */ asked) => async () => {
    setBusy(true);
    try {
      setRun(await asked());
    } catch (error) {
      tell(error.message);
    }
    setBusy(false);
  };
  const begin = (/** @type {string} */ source) => act(() => call("/imports", { body: { source } }));
  if (!(page.sources ?? []).length) return html`<p class="fine">${rich("To import from here, name folders of exports under {table} in {file}. Or in a terminal on the same machine: {command}.", { table: html`<code>[imports]</code>`, file: html`<code>baton.toml</code>`, command: html`<code>baton ingest PATH</code>` })}</p>`;
  return html`<section class="sources-here" aria-label=${t("Folders")}>
    <ul class="persons">${(page.sources ?? []).map((source) => html`<li key=${source.name}><div class="names"><b dir="auto">${source.name}</b><span>${source.there ? t("Reads what changed since the last time") : t("Its folder is not there")}</span></div>
      <button class="btn" type="button" disabled=${busy || running || !source.there} aria-label=${t("Import {source} now", { source: source.name })} onClick=${begin(source.name)}>${running && run?.source === source.name ? t("Importing") : t("Import now")}</button></li>`)}</ul>
    ${run ? html`<div class=${`running ${run.state}`}>
      ${running ? html`<label for="import-bar">${[STAGES[run.stage ?? ""] ?? (run.stage ? t("Working") : t("Looking through the folder")), run.total ? t("{done} of {n}", { done: run.done, n: run.total }) : ""].filter(Boolean).join(", ")}</label><progress id="import-bar" max=${run.total || 1} value=${run.total ? run.done : null}></progress><button class="btn ghost" type="button" onClick=${act(() => call(`/imports/${run.id}/cancel`, { method: "POST" }))}>${t("Stop")}</button>`
        : html`<p><${Icon} name=${run.state === "done" ? "check" : "alert"} />${outcome(run)}</p>`}</div>` : null}</section>`;
}

/** The tools that are asked over the network: when, what each gave, and what keeps one from giving.
 * @param {{ page: ImportPage }} props */
function Pulled({ page }) {
  const asked = (page.pulled ?? []).filter((one) => one.connected || one.trouble);
  if (!asked.length) return html`<p class="fine">${rich("No tool is connected. {command} lists those that Baton can ask for what is new, and what each needs.", { command: html`<code>baton connect</code>` })}</p>`;
  const when = [page.last_pull_at && t("The server last asked by itself {when}.", { when: moment(page.last_pull_at) }), page.next_pull_at ? t("It asks next {when}.", { when: moment(page.next_pull_at) }) : ""].filter(Boolean).join(" ");
  return html`<section class="sources-here" aria-label=${t("Connected tools")}>
    <p class="fine">${when} ${page.next_pull_at ? null : rich("Nobody asks them by themselves: set {every} under {table} in {file}.", { every: html`<code>every = 15</code>`, table: html`<code>[pull]</code>`, file: html`<code>baton.toml</code>` })}</p>
    <ul class="persons">${asked.map((one) => html`<li key=${one.source}><div class="names"><b>${TOOLS[one.source] ?? one.source}</b><span>${gave(one)}</span>${one.trouble ? html`<span dir="auto">${one.trouble_at ? t("Since {when}: {trouble}", { when: moment(one.trouble_at), trouble: one.trouble }) : one.trouble}</span>` : null}</div>
      <span class=${`pill ${one.trouble ? "bad" : one.last ? "ok" : "mute"}`}>${one.trouble ? t("Trouble") : one.last ? t("Works") : t("Nothing pulled yet")}</span></li>`)}</ul></section>`;
}

/** As people write them. @type {Record<string, string>} */
const TOOLS = { hubspot: "HubSpot", gong: "Gong", gmail: "Gmail", graph: t("Microsoft mail"), teams: "Teams", salesforce: "Salesforce", zoom: "Zoom", slack: "Slack", fireflies: "Fireflies", fathom: "Fathom", imap: t("Mail by IMAP") };

/** What of a tool is in the archive, and the last time there was anything new.
 * @param {PulledSource} one */
function gave(one) {
  const last = one.last && t("last change {when}: {changed} files new or changed, {removed} gone", { ...one.last, when: moment(one.last.at) });
  const waits = one.waiting ? t("{n} not taken in yet", { n: one.waiting }) : "";
  return [countsOf(one.kept ?? {}).join(", "), last, waits, one.since && t("nothing older than {day}", { day: day(one.since) })].filter(Boolean).join("; ");
}

/** Hears of an import until it has ended; a connection that breaks is tried again.
 * @param {string} id @param {(run: ImportShape) => void} told @param {AbortSignal} stop @returns {Promise<ImportShape>} */
async function follow(id, told, stop) {
  for (let tried = 1; ; tried += 1) {
    let ended = /** @type {ImportShape | null} */ (null);
    let refused = /** @type {import("./core.js").Problem | null} */ (null);
    try {
      await stream(`/imports/${id}/events`, { signal: stop, told: (event) => {
        if (event.type === "import.completed") ended = event.import;
        else if (event.type === "error") refused = event.problem;
        else told(event.import);
      } });
    } catch (error) {
      if (error.code !== "offline" || tried === 3 || stop.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * tried));
    }
    if (refused) throw new Refused(refused);
    if (ended) return ended;
  }
}

/** @param {ImportShape} run */
function outcome(run) {
  const { report } = run;
  if (!report) return run.detail ?? "";
  return t("{source}: {new} new, {changed} changed, {unchanged} unchanged, {removed} removed; {held} held, {failed} set aside; {seconds} s.", { ...report, source: run.source, held: report.held.length, failed: report.failed.length });
}

/** @param {{ page: HeldPage | undefined, dismissed: boolean, again: () => void }} props */
function HeldList({ page, dismissed, again }) {
  if (!page) return html`<${Skeleton} lines=${5} />`;
  if (!page.items.length) return html`<div class="empty"><p>${dismissed ? t("Nothing was left out.") : t("Nothing is held: everything that was read has its account.")}</p></div>`;
  return html`<ul class="held">${page.items.map((item) => html`<${HeldItem} key=${item.id} item=${item} dismissed=${dismissed} again=${again} />`)}</ul>`;
}

/** @typedef {(act: string, body: object | null, sentence: string, undone?: boolean) => () => Promise<void>} Run decides about one held thing, and says so */

/** @param {{ item: HeldShape, dismissed: boolean, again: () => void }} props */
function HeldItem({ item, dismissed, again }) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const kind = KINDS[item.kind] ?? KINDS.doc;
  /** @type {Run} */
  const run = (act, body, sentence, undone = true) => async () => {
    setBusy(true);
    try {
      const outcome = await call(`/held/${item.id}/${act}`, { method: "POST", ...(body && { body }) });
      setBusy(false);
      tell(outcome.filed || act !== "assign" ? sentence : `${sentence} ${t("Its file is no longer there; it is filed when it comes back.")}`, undone ? async () => {
        await call(`/held/${item.id}/undo`, { method: "POST" });
        again();
      } : null);
      again();
    } catch (error) {
      setBusy(false);
      tell(error.message);
    }
  };
  return html`<li class=${kind.tone} aria-busy=${busy ? "true" : "false"}>
    <span class="badge" title=${kind.title}><${Icon} name=${kind.icon} /><span class="sr">${kind.title}</span></span>
    <div class="held-body"><h3 dir="auto">${item.title || item.file}</h3>
      <p class="who" dir="auto">${[kind.title, item.occurred_at ? day(item.occurred_at.slice(0, 10)) : t("undated"), item.people.length ? (item.people.length > 3 ? t("with {names} and {n} more", { names: item.people.slice(0, 3).join(", "), n: item.people.length - 3 }) : t("with {names}", { names: item.people.join(", ") })) : ""].filter(Boolean).join(" · ")}</p>
      <p><b>${WHY[item.reason] ?? item.reason}.</b> <span dir="auto">${item.hint}</span></p><p class="who file">${item.file}</p>
      <div class="row-acts">${dismissed ? (item.reason === "dismissed" ? html`<button class="btn" type="button" disabled=${busy} onClick=${run("undo", null, t("It waits again."), false)}><${Icon} name="undo" />${t("Take it back")}</button>` : null) : html`
        ${(item.reason === "lookalike" ? [] : item.candidates.slice(0, 3)).map((name) => html`<button key=${name} class="btn" type="button" disabled=${busy} onClick=${run("assign", { account: name }, t("It is {account}'s.", { account: name }))}>${t("It is {account}'s", { account: name })}</button>`)}
        <button class="btn" type="button" aria-expanded=${open ? "true" : "false"} onClick=${() => setOpen(!open)}>${item.candidates.length && item.reason !== "lookalike" ? t("Another account") : t("Say whose it is")}</button>
        <button class="btn ghost" type="button" disabled=${busy} onClick=${run("dismiss", null, t("Left out."))}>${t("Leave it out")}</button>`}</div>
      ${open ? html`<${Assign} item=${item} busy=${busy} run=${run} />` : null}</div></li>`;
}

/** @param {{ item: HeldShape, busy: boolean, run: Run }} props */
function Assign({ item, busy, run }) {
  const [account, setAccount] = useState("");
  const [fresh, setFresh] = useState(false);
  const [teach, setTeach] = useState(/** @type {string[]} */ ([]));
  const found = useCall((stop) => /** @type {Promise<AccountPage>} */ (call("/accounts?limit=200", { signal: stop })), []);
  const lessons = Object.entries(item.teachable).flatMap(([kind, values]) => values.map((value) => [`${kind}=${value}`, `${LESSONS[kind] ?? kind} ${value}`]));
  const id = `whose-${item.id}`;
  return html`<form class="assign" onSubmit=${(event) => { event.preventDefault(); run("assign", { account: account.trim(), new: fresh, teach }, t("It is {account}'s.", { account: account.trim() }))(); }}>
    <label class="stack" for=${id}>${t("Account")}</label><input class="field-text" id=${id} list=${`${id}-list`} required maxlength="200" autocomplete="off" dir="auto" placeholder=${t("Name, domain or CRM id")} value=${account} onInput=${(event) => setAccount(event.currentTarget.value)} />
    <datalist id=${`${id}-list`}>${(found.value?.items ?? []).map((one) => html`<option key=${one.id} value=${one.name}></option>`)}</datalist>
    <label><input type="checkbox" checked=${fresh} onChange=${(event) => setFresh(event.currentTarget.checked)} />${t("It is a new account: make it")}</label>
    ${lessons.length ? html`<fieldset><legend>${t("And place others like it by themselves, by its")}</legend>${lessons.map(([value, label]) => html`<label key=${value}><input type="checkbox" checked=${teach.includes(value)} onChange=${(event) => setTeach(event.currentTarget.checked ? [...teach, value] : teach.filter((one) => one !== value))} />${label}</label>`)}</fieldset>` : null}
    <div class="row-acts"><button class="btn primary" disabled=${busy || !account.trim()}>${busy ? t("Filing") : t("Assign")}</button></div></form>`;
}

/** @param {{ page: DecidedPage | undefined, again: () => void }} props */
function Decided({ page, again }) {
  if (!page) return html`<${Skeleton} lines=${4} />`;
  if (!page.items.length) return html`<div class="empty"><p>${t("Nobody has assigned anything yet.")}</p></div>`;
  const undo = (/** @type {DecidedShape} */ item) => async () => {
    try {
      await call(`/held/${item.id}/undo`, { method: "POST" });
      tell(t("Taken back, with what it taught."));
      again();
    } catch (error) {
      tell(error.message);
    }
  };
  return html`<ul class="held">${page.items.map((item) => html`<li key=${item.id}><span class="badge"><${Icon} name="check" /></span><div class="held-body"><h3 dir="auto">${item.title || item.file}</h3>
    <p>${item.account ? html`<a href=${address({ account: item.account.slug })}>${item.account.name}</a>` : t("An account that is gone")}, <span class="who-inline">${moment(item.decided_at)}</span></p>
    ${item.taught.length ? html`<p class="who">${t("Others are placed by {what}", { what: item.taught.map((one) => `${LESSONS[one.kind] ?? one.kind} ${one.value}`).join(", ") })}</p>` : null}<p class="who file">${item.file}</p>
    <div class="row-acts"><button class="btn" type="button" onClick=${undo(item)}><${Icon} name="undo" />${t("Take it back")}</button></div></div></li>`)}</ul>`;
}

/** @param {{ page: ImportPage | undefined }} props */
function Failed({ page }) {
  if (!page) return html`<${Skeleton} lines=${4} />`;
  if (!page.failed.length) return html`<div class="empty"><p>${t("Nothing was set aside: every file could be read.")}</p></div>`;
  const causes = /** @type {Map<string, FailedInput[]>} */ (new Map());
  for (const one of page.failed) causes.set(one.reason, [...(causes.get(one.reason) ?? []), one]);
  return [...causes].map(([reason, files]) => html`<section key=${reason}><h2>${reason.replaceAll("_", " ")}<small>${t("{n} input|{n} inputs", { n: files.length })}</small></h2>
    <ul class="points">${files.map((one) => html`<li><span class="file">${one.line ? t("{file}, line {line}", { file: one.file, line: String(one.line) }) : one.file}</span><span class="who" dir="auto">${one.detail}</span></li>`)}</ul></section>`);
}

/** @param {{ page: ImportPage | undefined }} props */
function Runs({ page }) {
  if (!page) return html`<${Skeleton} lines=${4} />`;
  if (!page.items.length) return html`<div class="empty"><p>${t("Nothing has been ingested yet.")}</p></div>`;
  const columns = /** @type {const} */ (["new", "changed", "unchanged", "removed", "held", "failed"]);
  return html`<p class="stat">${Object.entries(page.inputs).map(([format, number]) => html`<span>${`${format.replaceAll("_", " ")}: ${number}`}</span>`)}</p>
    <div class="tw"><table><thead><tr><th scope="col">${t("Run")}</th>${columns.map((name) => html`<th scope="col" class="num">${COLUMNS[name]}</th>`)}</tr></thead>
    <tbody>${page.items.map((run) => html`<tr key=${run.id}><td data-label=${t("Run")}>${moment(run.started_at)}${run.finished_at ? null : html` <span class="pill warn">${t("not finished")}</span>`}</td>${columns.map((name) => html`<td class="num" data-label=${COLUMNS[name]}>${run[name]}</td>`)}</tr>`)}</tbody></table></div>`;
}
