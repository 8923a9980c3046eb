// Reviewing a brief before it is handed over: ten minutes on the dozen things that matter, or every line of it, by keyboard.
// What somebody does is kept at once. Whoever saves what another has changed since they read it sees both texts, and chooses.

import { html, signal, useEffect, useLayoutEffect, useRef, useState } from "./vendor/ui.js";
import { at, call, day, go, moment, t } from "./core.js";
import { Chip, Icon, Menu, Notice, Skeleton, know, tell, useCall } from "./parts.js";
import { AnswerBox, Pill, Room, Sheet, Tier, hand, placeOf, searchedFor, useKeys } from "./brief.js";
import { marked } from "./versions.js";

/** @import { BriefShape, ReviewShape, ReviewItem, AccountShape as Account } from "shapes" */

const KINDS = { gap: t("Nobody said"), conflict: t("The contract says otherwise"), promise: t("A promise") };
const REASONS = { wrong: t("Wrong"), not_useful: t("Not useful"), confidential: t("Confidential") };
const DONE = { keep: t("Kept"), add: t("Added"), edit: t("Reworded"), remove: t("Taken out"), answer: t("Answered"), dismiss: t("Not needed") };
const ACTS = { ...DONE, undo: t("Undone"), approve: t("Handed over"), accept: t("Accepted"), return: t("Returned"), ask: t("Asked"), carry: t("Carried over") };
const KEYS = /** @type {[string, string][]} */ ([["J  K", t("Next and previous line")], ["Y", t("Keep it")], ["E", t("Reword it, or answer")], ["X", t("Take it out")], ["U", t("Undo the last")], ["O", t("Open its words")]]);
const LINES = ["why", "goals", "promises", "risks", "people", "requirements", "commercials", "timeline", "decision"];
const MINUTES = 10;

/** What is worked on: the brief as it was given last, and where a new one goes. */
const desk = { brief: /** @type {any} */ (null), take: (/** @type {any} */ _brief) => {} };
/** The line whose words or removal are being written. */
const open = signal({ id: "", what: "" });
/** What was written for a line and not saved yet, and how the brief stood when that was begun: another line may be looked at meanwhile.
 * @type {Map<string, { text: string, readAt: number }>} */
const drafts = new Map();
/** An act that met another's on the same line. */
const clash = signal(/** @type {any} */ (null));
/** What was done here, the last at the end, for the key that undoes it. */
const done = /** @type {{ what: string, id: string }[]} */ ([]);

let turn = Promise.resolve(/** @type {any} */ (null));

/** One act after another, each held against the brief as it was read: `readAt` where that was before what is on the page. Gives what failed. */
function act(what, id, body, said, readAt = null) {
  turn = turn.then(async () => {
    try {
      const was = desk.brief.state;
      const left = await call(`/briefs/${desk.brief.id}/${what}/${id}`, { method: "PATCH", body, headers: { "If-Match": `"${readAt ?? desk.brief.revision}"` } });
      desk.brief = left;
      desk.take(left);
      drafts.delete(id);
      if (open.peek().id === id) open.value = { id: "", what: "" };
      if (body.act !== "undo") done.push({ what, id });
      tell(was === "reviewed" && left.state === "draft" ? t("{done}. The brief is a draft again: hand it over anew.", { done: said }) : said, body.act === "undo" ? null : () => undo(what, id));
      return null;
    } catch (error) {
      if (error.problem?.theirs !== undefined) clash.value = { what, id, body, said, ...error.problem };
      else if (["handed_over", "superseded"].includes(error.code)) {
        // What is written stays in its line; saved again, it takes the hand-over back, or goes into the newer version.
        await reload();
        const draft = drafts.get(id);
        if (draft) draft.readAt = desk.brief.revision;
        tell(error.message);
      } else if (error.code !== "says_more") tell(error.message);
      return error;
    }
  });
  return turn;
}

async function reload() {
  desk.brief = await call(`/briefs/${desk.brief.id}`);
  desk.take(desk.brief);
}

const undo = (what, id) => {
  const last = done.findLastIndex((one) => one.id === id);
  if (last >= 0) done.splice(last, 1);
  return act(what, id, { act: "undo" }, t("Undone"));
};

/** @param {{ account: Account, may: boolean, read: any, brief: BriefShape & Record<string, any>, take: (brief: any) => void, again: () => void, compose: () => void, failed: Error | null }} props */
export default function Review({ account, may, read, brief, take, again: anew, compose, failed }) {
  Object.assign(desk, { brief, take });
  const all = at.value.sub === "review/all";
  const { value: review, error, again } = useCall((stop) => /** @type {Promise<ReviewShape & Record<string, any>>} */ (call(`/briefs/${brief.id}/review`, { signal: stop })), [brief.id, brief.revision]);
  const closed = !may ? t("You may read this brief; to review it takes the permission to write briefs.") : brief.superseded_by ? [t("A newer version is there; that one is reviewed."), drafts.size && t("What you wrote is kept for it.")].filter(Boolean).join(" ") : !["draft", "returned", "reviewed"].includes(brief.state) ? t("This version was accepted and stays as it is. Update composes a new one, which can be reviewed.") : "";
  useEffect(() => {
    hand.value = all && !closed ? Hand : null;
    return () => {
      hand.value = null;
    };
  }, [all, closed]);
  useKeys(KEYS);
  usePressed();
  know(brief.citations);
  if (closed) return html`<${Room} account=${account}><${Notice} error=${Object.assign(new Error(closed), { status: 403 })}>${brief.superseded_by ? html`<button class="btn primary" type="button" onClick=${anew}>${t("Go on in version {version}", { version: String(brief.superseded_by) })}</button>` : null}<a class="btn" href=${placeOf(account, brief, "")}>${t("To the brief")}</a><//><//>`;
  const bar = html`<${Bar} account=${account} brief=${brief} review=${review} all=${all} take=${take} />`;
  return html`<${Room} account=${account} bar=${bar}>
    ${error ? html`<${Notice} error=${error} again=${again} />` : !review ? html`<${Skeleton} lines=${6} />` : all ? html`<${Sheet} account=${account} read=${read} brief=${brief} may=${may} take=${take} compose=${compose} failed=${failed} c=${at.value.c} all /><${TakenOut} review=${review} />` : html`<${Queue} brief=${brief} review=${review} take=${take} />`}
    ${review?.history.length ? html`<details class="more"><summary>${t("Who did what")}<small>${review.history.length}</small></summary><ul class="points">${review.history.toReversed().map((one) => html`<li key=${one.number}>${ACTS[one.act] ?? one.act}<span class="who">${`${one.by.split(" <")[0]}, ${moment(one.at)}`}</span>${one.detail.text ?? one.detail.because?.replaceAll("_", " ") ?? null}</li>`)}</ul></details>` : null}
    <${Merge} /><//>`;
}

/** J and K walk the lines that stand open; the others act on the one that has the focus. */
function usePressed() {
  useEffect(() => {
    const move = (by) => {
      const lines = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".brief [data-line]")]).filter((line) => line.checkVisibility());
      const here = lines.indexOf(/** @type {HTMLElement} */ (document.activeElement?.closest("[data-line]")));
      const next = lines[Math.min(lines.length - 1, Math.max(0, here + by))];
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: "center" });
      // Beside an open source stand the words of the line one looks at.
      const cite = /** @type {HTMLElement | null | undefined} */ (next?.querySelector("[data-cite]"))?.dataset.cite;
      if (at.peek().c && cite) go({ ...at.peek(), c: cite }, { replace: true });
    };
    const press = (name) => /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest("[data-line]")?.querySelector(name));
    const on = {
      j: () => move(1),
      k: () => move(-1),
      y: () => {
        const keep = press("[data-do=keep]");
        keep?.click();
        if (keep) move(1);
      },
      e: () => press("[data-do=edit], .answer textarea")?.[press("[data-do=edit]") ? "click" : "focus"](),
      x: () => press("[data-do=remove], [data-do=dismiss]")?.click(),
      o: () => press("[data-cite]")?.click(),
      u: () => {
        const last = done.at(-1);
        if (last) undo(last.what, last.id);
      },
    };
    const keyed = (/** @type {CustomEvent} */ event) => {
      if (!on[event.detail]) return;
      event.preventDefault();
      on[event.detail]();
    };
    document.addEventListener("baton:key", /** @type {EventListener} */ (keyed));
    return () => document.removeEventListener("baton:key", /** @type {EventListener} */ (keyed));
  }, []);
}

function Bar({ account, brief, review, all, take }) {
  const [minutes, setMinutes] = useState(0);
  const began = useRef(Date.now());
  useEffect(() => {
    const ticking = setInterval(() => setMinutes(Math.floor((Date.now() - began.current) / 60_000)), 5000);
    return () => clearInterval(ticking);
  }, []);
  const items = review?.items ?? [];
  const lines = LINES.flatMap((section) => brief[section]);
  const removed = review?.removed.length ?? 0;
  const [looked, of] = all ? [lines.filter((line) => line.review).length + removed, lines.length + removed] : [items.filter((item) => item.done).length, items.length];
  const tab = (sub, label, on) => html`<a class="btn ghost" href=${placeOf(account, brief, sub)} aria-current=${on ? "page" : null}>${label}</a>`;
  return html`<div class="bar reviewing"><b>${t("Review for handoff")}</b>
    <progress max=${of || 1} value=${looked} aria-label=${t("Looked at")}></progress><span class="said-by">${`${all ? t("{looked} of {n} line looked at|{looked} of {n} lines looked at", { looked, n: of }) : t("{looked} of {n} looked at", { looked, n: of })} · ${t("{minutes} of {n} min", { minutes, n: MINUTES })}`}</span>
    <span class="tabs-inline">${tab("review", t("What matters"), !all)}${tab("review/all", t("Every line"), all)}</span><span class="sp"></span>
    <a class="btn ghost" href=${placeOf(account, brief, "")}>${t("Finish later")}</a>
    ${brief.state === "reviewed" ? html`<${Pill} of=${[t("Handed over"), "ok"]} />` : html`<${Approve} account=${account} brief=${brief} take=${take} />`}</div>`;
}

/** Handing over with something not looked at takes a word more, which names it. */
function Approve({ account, brief, take }) {
  const [items, setItems] = useState(/** @type {ReviewItem[] | null} */ (null));
  const [busy, setBusy] = useState(false);
  const send = async (with_open) => {
    setBusy(true);
    try {
      take(await call(`/briefs/${brief.id}/approve`, { body: { with_open }, headers: { "If-Match": `"${brief.revision}"` } }));
      setItems(null);
      go({ account: account.slug, view: "brief", deal: at.peek().deal });
      tell(t("Handed over. The customer success manager can accept it now."));
    } catch (error) {
      if (error.code === "open_items") setItems(error.problem.items);
      else tell(error.message);
      if (error.status === 412) take(await call(`/briefs/${brief.id}`));
    }
    setBusy(false);
  };
  return html`<button class="btn primary" type="button" disabled=${busy} onClick=${() => send(false)}>${t("Approve and hand over")}</button>
    ${items ? html`<${Dialog} title=${t("{n} thing not looked at|{n} things not looked at", { n: items.length })} close=${() => setItems(null)}><ul class="points">${items.map((item) => html`<li key=${item.id} dir="auto">${item.text}</li>`)}</ul><p class="row-acts"><button class="btn primary" type="button" disabled=${busy} onClick=${() => send(true)}>${t("Hand over all the same")}</button><button class="btn" type="button" onClick=${() => setItems(null)}>${t("Look at them first")}</button></p><//>` : null}`;
}

function Dialog({ title, close, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => box.current?.showModal(), []);
  return html`<dialog class="picker merge" ref=${box} aria-labelledby="dialog-title" onClose=${close}><h2 id="dialog-title">${title}</h2>${children}</dialog>`;
}

// --- the queue

/** At most twelve, the ones that cost most if they are wrong first. */
function Queue({ brief, review, take }) {
  if (!review.items.length) return html`<div class="empty"><p>${t("Nothing has to be looked at: no question is open for you and no promise stands.")}</p></div>`;
  return html`<p class="lede">${t("{n} thing of this deal that nobody but you can settle. What you write is kept at once.|{n} things of this deal that nobody but you can settle. What you write is kept at once.", { n: review.items.length })}</p>
    <ol class="queue">${review.items.map((item) => html`<${Item} key=${item.id} item=${item} brief=${brief} take=${take} />`)}</ol>`;
}

function Item({ item, brief, take }) {
  const gap = brief.gaps.find((one) => one.id === item.id);
  const line = brief.promises.find((one) => one.id === item.id);
  const told = brief.attested.find((one) => one.gap === item.id);
  const how = told ? "answer" : line ? line.review?.act : item.kind === "gap" ? "dismiss" : "remove";
  const what = item.kind === "gap" ? "gaps" : "claims";
  return html`<li class=${item.done ? "entry item done" : "entry item"} data-line=${item.id} tabindex="-1"><span class="place" aria-hidden="true">${item.done ? html`<${Icon} name="check" />` : item.number}</span><div>
    <p class="kick">${KINDS[item.kind]}${item.done ? html` <${Pill} of=${[DONE[how] ?? t("Looked at"), "ok"]} />` : null}</p>
    <p class="asked" dir="auto">${item.text}${item.citations.slice(0, 3).map((id) => html`<${Chip} key=${id} id=${id} />`)}</p>
    ${item.why ? html`<p class="who">${item.why}${line ? html`<${Tier} citations=${line.citations} />` : null}</p>` : null}
    ${told ? html`<p class="told" dir="auto">${told.answer.text}${told.answer.citations.map((id) => html`<${Chip} key=${id} id=${id} />`)}</p>` : null}
    ${gap && !item.done ? html`<p class="searched">${searchedFor(gap)}</p><${AnswerBox} gap=${gap} brief=${brief} take=${take} quiet />` : null}
    ${line ? html`<${Hand} item=${line} section="promises" />` : item.done && item.why ? html`<p class="acting"><button class="btn" type="button" onClick=${() => undo(what, item.id)}><${Icon} name="undo" />${t("Undo")}</button></p>` : null}</div></li>`;
}

/** What was taken out, to be put back. */
function TakenOut({ review }) {
  return review.removed.length ? html`<section><h2>${t("Taken out")}<small>${review.removed.length}</small></h2><ul class="points">${review.removed.map((one) => html`<li key=${one.id} class="entry" data-line=${one.id} tabindex="-1"><s dir="auto">${one.text ?? t("Words that are confidential")}</s><span class="who">${[REASONS[one.because], one.by?.split(" <")[0], one.at && day(one.at)].filter(Boolean).join(", ")}</span>${one.by ? html`<button class="btn" type="button" onClick=${() => undo("claims", one.id)}><${Icon} name="undo" />${t("Put back")}</button>` : null}</li>`)}</ul></section>` : null;
}

// --- one line

/** Keep, reword, take out; and what is being written for it. */
function Hand({ item, section }) {
  const { id, what } = open.value;
  const kept = item.review?.act;
  const turnTo = (next) => (open.value = { id: item.id, what: id === item.id && what === next ? "" : next });
  const button = (name, icon, label, press, on) => html`<button class=${on ? "btn ghost icon on" : "btn ghost icon"} type="button" data-do=${name} aria-label=${label} title=${label} aria-pressed=${on ? "true" : "false"} onClick=${press}><${Icon} name=${icon} /></button>`;
  return html`<div class="acting"><div class="hands">${button("keep", "check", t("Keep"), () => act("claims", item.id, { act: "keep" }, t("Kept")), kept === "keep")}
      ${section === "people" ? null : button("edit", "pen", t("Reword"), () => turnTo("edit"), kept === "edit" || (id === item.id && what === "edit"))}
      ${button("remove", "x", t("Take out"), () => turnTo("remove"), id === item.id && what === "remove")}</div>
    ${kept ? html`<p class="decided">${`${DONE[kept]}, ${item.review.by.split(" <")[0]}`}<button class="btn ghost" type="button" onClick=${() => undo("claims", item.id)}><${Icon} name="undo" />${t("Undo")}</button></p>` : null}
    ${id === item.id && what === "edit" ? html`<${Editing} item=${item} />` : null}
    ${id === item.id && what === "remove" ? html`<div class="editing" role="group" aria-label=${t("Why take it out?")}><b>${t("Why take it out?")}</b><p class="row-acts">${Object.entries(REASONS).map(([because, label]) => html`<button key=${because} class="btn" type="button" onClick=${() => act("claims", item.id, { act: "remove", because }, t("Taken out"))}>${label}</button>`)}<button class="btn ghost" type="button" onClick=${() => turnTo("")}>${t("Cancel")}</button></p><p class="fine">${t("Confidential words go out of every answer, brief and export of this account.")}</p></div>` : null}</div>`;
}

/** An edit is held against the line's words before it is kept. */
function Editing({ item }) {
  const words = item.text ?? item.value;
  const original = item.review?.original ?? words;
  const draft = drafts.get(item.id) ?? { text: words, readAt: desk.brief.revision };
  draft.readAt = Math.min(draft.readAt, desk.brief.revision); // begun in an older version, it may have seen more acts than this one has
  drafts.set(item.id, draft);
  const [text, setShown] = useState(draft.text);
  const setText = (given) => {
    draft.text = given;
    setShown(given);
  };
  const [more, setMore] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const opened = useRef(/** @type {HTMLElement | null} */ (null));
  // With the form itself: what is typed a frame earlier would be lost.
  useLayoutEffect(() => {
    opened.current = /** @type {HTMLElement | null} */ (area.current?.closest("[data-line]") ?? null);
    area.current?.focus();
    area.current?.select();
  }, []);
  const send = async (as_note) => {
    setBusy(true);
    const failed = await act("claims", item.id, { act: "edit", text: text.trim(), ...(as_note && { as_note }) }, as_note ? t("Kept as an AE note") : t("Reworded"), draft.readAt);
    if (!failed) return opened.current?.focus();
    setBusy(false);
    setMore(failed.code === "says_more" ? failed.problem : null);
  };
  const close = () => {
    drafts.delete(item.id);
    open.value = { id: "", what: "" };
    opened.current?.focus();
  };
  const keyed = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send(false);
  };
  return html`<form class="editing" onKeyDown=${keyed} onSubmit=${(event) => { event.preventDefault(); send(false); }}><label>${t("Reword this line")}<textarea ref=${area} rows="3" maxlength="4000" dir="auto" value=${text} onInput=${(event) => setText(event.currentTarget.value)}></textarea></label>
    ${more ? html`<div class="says-more" role="alert"><${Icon} name="alert" /><div><b>${t("Your edit says more than the source does.")}</b> ${more.found.map((one) => one.detail).join(" ")}<p>${t("It says:")} <q dir="auto">${within(more.source, more.found)}</q></p></div></div>` : null}
    <p class="row-acts">${more ? html`<button class="btn primary" type="button" onClick=${() => { setText(original); setMore(null); area.current?.focus(); }}>${t("Use the source's wording")}</button><button class="btn" type="button" disabled=${busy} onClick=${() => send(true)}>${t("Keep mine as an AE note")}</button><button class="btn" disabled=${busy || !text.trim()}>${t("Check again")}</button>` : html`<button class="btn primary" disabled=${busy || !text.trim()}>${t("Save")}</button>`}<button class="btn ghost" type="button" onClick=${close}>${t("Cancel")}</button></p></form>`;
}

/** The source's words, with those marked that the edit has left out. */
function within(source, found) {
  const words = found.map((one) => one.words).find((each) => each && each !== source && source.includes(each));
  if (!words) return source;
  const start = source.indexOf(words);
  return [source.slice(0, start), html`<mark>${words}</mark>`, source.slice(start + words.length)];
}

/** Two people wrote at the same line: both texts side by side, one of them or both in one. */
function Merge() {
  const met = clash.value;
  const [text, setText] = useState("");
  useEffect(() => setText(met?.body.text ?? ""), [met]);
  if (!met) return null;
  const { what, id, body, said, theirs, by, revision } = met;
  const yours = body.text ?? { keep: t("Keep it as it was."), remove: t("Take it out."), undo: t("Undo what was done before.") }[body.act];
  const leave = () => (clash.value = null);
  const theirsStands = async () => {
    clash.value = null;
    open.value = { id: "", what: "" };
    drafts.delete(id);
    await reload();
    tell(t("Left as {name} has it", { name: by.split(" <")[0] }));
  };
  const put = (words) => {
    clash.value = null;
    // A clash with a third is told again; words that say more than the source go back into the line's own form.
    act(what, id, body.text ? { ...body, text: words } : body, said, revision).then((failed) => failed?.code === "says_more" && act(what, id, { ...body, text: words, as_note: true }, t("Kept as an AE note"), revision));
  };
  return html`<${Dialog} title=${t("Two of you changed this line")} close=${leave}><p class="fine">${t("{name} saved while you were writing. Nothing is lost: choose one, or make one of both.", { name: by.split(" <")[0] })}</p>
    <div class="sides"><section><h3>${by.split(" <")[0]}</h3><p dir="auto">${theirs}</p><button class="btn" type="button" onClick=${theirsStands}>${t("Leave this one")}</button></section>
      <section><h3>${t("You")}</h3><p dir="auto">${body.text ? marked(theirs, yours) : yours}</p><button class="btn" type="button" onClick=${() => put(body.text)}>${body.text ? t("Put mine in its place") : t("Do it all the same")}</button></section></div>
    ${body.text ? html`<label class="both">${t("Both in one")}<textarea rows="3" maxlength="4000" dir="auto" value=${text} onInput=${(event) => setText(event.currentTarget.value)}></textarea></label><p class="row-acts"><button class="btn primary" type="button" disabled=${!text.trim()} onClick=${() => put(text.trim())}>${t("Save this")}</button><button class="btn ghost" type="button" onClick=${leave}>${t("Back to my edit")}</button></p>` : null}<//>`;
}

/** What the customer success manager says to a brief that was handed over: taken, or back with what is wrong. */
export function Decide({ brief, take }) {
  const [because, setBecause] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (act, body, said) => {
    setBusy(true);
    try {
      take(await call(`/briefs/${brief.id}/${act}`, { method: "POST", body, headers: { "If-Match": `"${brief.revision}"` } }));
      tell(said);
    } catch (error) {
      tell(error.message);
      if (error.status === 412) take(await call(`/briefs/${brief.id}`));
    }
    setBusy(false);
  };
  if (!["reviewed", "accepted", "accepted_with_gaps"].includes(brief.state)) return null; // it has just been returned: that form is done
  return html`<${Menu} icon="corner" name=${t("Return it")} label=${html`<span class="label">${t("Return")}</span>`} down><form onSubmit=${(event) => { event.preventDefault(); send("return", { because: because.trim() }, t("Returned, with your reason")); }}><label class="stack">${t("What is wrong with it?")}<textarea rows="3" required maxlength="4000" dir="auto" value=${because} onInput=${(event) => setBecause(event.currentTarget.value)}></textarea></label><button class="btn primary" disabled=${busy || !because.trim()}>${t("Return it")}</button></form><//>
    ${brief.state === "reviewed" ? html`<button class="btn primary" type="button" disabled=${busy} onClick=${() => send("accept", undefined, brief.gaps.length ? t("Accepted, with {n} gap open|Accepted, with {n} gaps open", { n: brief.gaps.length }) : t("Accepted"))}>${t("Accept")}</button>` : null}`;
}
