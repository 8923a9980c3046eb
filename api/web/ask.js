// Asking: the question becomes the heading, the answer is claims with chips, "not in the deal history" is a result with a receipt.

import { KINDS, announce, call, countsOf, day, dealOf, go, h, icon, listed, plural, route, total } from "./core.js";
import { changed, checkedLine, citationOf, claim, notice, plain, point, quoteOf, quoted, show, skeleton, when, who } from "./parts.js";

const STARTERS = ["When do we have to be live?", "What could delay the go-live?", "Who has to sign?", "What is still open?"];

/** The turns of each account since the page was opened: { question, state, answer, error, element }. */
const threads = new Map();

export const recent = (account) => (threads.get(account.id) ?? []).map((turn) => turn.question);

export function forget(account) {
  threads.delete(account.id);
}

export function askView(main, account, asked, changedThread) {
  const turns = threads.get(account.id) ?? [];
  threads.set(account.id, turns);
  const log = h("div", { class: "log", id: "log" });
  const box = composer(account, (question) => go({ account: account.slug, q: question }));
  main.replaceChildren(h("h1", { class: "sr" }, `Ask about ${account.name}`), log, box.element);

  const draw = () => {
    log.replaceChildren(...(turns.length ? turns.map((turn) => turn.element) : [welcome(account, box)]));
  };
  const ask = async (question) => {
    const turn = { question, element: h("article", { class: "turn" }) };
    turns.push(turn);
    draw();
    await run(account, turns, turn);
    changedThread();
  };
  const reveal = (turn) => {
    show(turn.answer?.citations ?? []);
    turn.element.scrollIntoView({ block: "start" });
    point(route().c);
  };

  draw();
  if (!asked) {
    if (turns.length) reveal(turns.at(-1));
    box.focus();
    return;
  }
  const earlier = turns.findLast((turn) => turn.question === asked);
  if (earlier) reveal(earlier);
  else ask(asked);
  changedThread();
}

async function run(account, turns, turn) {
  const { element, question } = turn;
  element.replaceChildren(h("h2", { dir: "auto" }, question), h("div", { class: "how" }, `Searching ${plural(total(account.sources), "source")}`), skeleton());
  element.scrollIntoView({ block: "start" });
  announce(`Searching ${plural(total(account.sources), "source")}`);
  try {
    const thread_id = turns.findLast((other) => other.answer)?.answer.thread_id ?? null;
    turn.answer = await call(`/accounts/${account.id}/answers`, { body: { question, thread_id } });
    draw(element, turn.answer, account);
    point(route().c);
    announce(spoken(turn.answer));
  } catch (error) {
    element.replaceChildren(h("h2", { dir: "auto" }, question), notice(error, () => run(account, turns, turn)));
    if (error.status === 401) window.dispatchEvent(new Event("baton:signed-out"));
  }
}

function draw(element, answer, account) {
  show(answer.citations);
  const declined = answer.status === "declined";
  const cited = new Set(answer.blocks.flatMap((block) => block.claims.flatMap((one) => one.citations)).concat(answer.changes.flatMap((change) => change.items.flatMap((step) => step.citations))));
  element.replaceChildren(
    h("h2", { dir: "auto" }, answer.question),
    declined && !cited.size ? "" : h("div", { class: "how" }, checkedLine(cited.size), h("span", {}, `From ${sourcesOf(answer, cited)} of ${plural(total(answer.receipt.searched), "source")}`), degraded(answer)),
    h("div", { class: "ans" }, answer.blocks.filter((block) => !block.heading).map(blockOf), answer.changes.map(changed), answer.blocks.filter((block) => block.heading).map(folded)),
    declined ? abstention(answer, account) : "",
    answer.removed_claims ? h("p", { class: "fine" }, `${plural(answer.removed_claims, "sentence was", "sentences were")} removed because the source did not support ${answer.removed_claims === 1 ? "it" : "them"}.`) : "",
    cited.size ? h("div", { class: "acts" }, copyButton(answer, cited)) : "",
    answer.follow_ups.length ? h("div", { class: "next", role: "group", "aria-label": "Follow-up questions" }, answer.follow_ups.map((question) =>
      h("button", { type: "button", onclick: () => go({ account: account.slug, q: question }) }, icon("corner"), question))) : "");
}

/** Words taken over are set as what they are, quotes with their speakers; sentences of a model's own as points or running text. */
function blockOf(block) {
  if (block.kind === "list" || block.claims.every(quoteOf)) return h("ul", { class: "quotes" }, block.claims.map((one) => h("li", {}, quoted(one) ?? claim(one))));
  return h("p", {}, block.claims.flatMap((one, index) => [index ? " " : "", claim(one)]));
}

/** What stands under the answer itself: there for who wants to read on, out of the way of who has read enough. */
function folded(block) {
  return h("details", { class: "more" }, h("summary", {}, block.heading, h("small", {}, plural(block.claims.length, "passage"))), blockOf(block));
}

function abstention(answer, account) {
  const { receipt } = answer;
  const searched = countsOf(receipt.searched);
  const range = receipt.from && receipt.to ? ` from ${day(receipt.from)} to ${day(receipt.to)}` : "";
  const near = receipt.nearest.map(citationOf).filter(Boolean).slice(0, 3);
  const owner = dealOf(account)?.owner_email;
  return h("section", { class: "abst" },
    h("header", {}, icon("searchx"), h("div", {}, h("h3", {}, titleOf(answer.reason)),
      h("p", {}, searched.length ? `Searched ${listed(searched)}${range}. ${answer.blocks.length ? "What the history does say stands above." : "None of it answers this."}` : "There is nothing of this account to search yet."),
      receipt.unreadable.length ? h("p", {}, `Could not be read: ${listed(receipt.unreadable)}.`) : "", answer.blocks.length ? "" : degraded(answer))),
    near.length ? h("div", { class: "bd" }, h("h4", {}, "Closest passages, which do not answer it"),
      h("ul", { class: "near" }, near.map((citation) => h("li", {}, h("span", {}, h("q", { dir: "auto" }, citation.quote.exact),
        h("small", {}, [who(citation), KINDS[citation.kind].one, when(citation)].join(", "))),
        h("button", { class: "btn ghost", type: "button", "data-cite": citation.id, "aria-label": `Open the ${KINDS[citation.kind].one} of ${day(citation.source.occurred_on)}` }, "Open"))))) : "",
    owner ? h("div", { class: "do" }, h("a", { class: "btn", href: mail(owner, account, answer.question) }, icon("mail"), "Ask the account executive")) : "");
}

function titleOf(reason) {
  return {
    false_premise: "The deal history says otherwise", out_of_scope: "Outside this account's history", ambiguous: "The question can be read in more than one way",
    not_permitted: "Not open to you",
  }[reason] ?? "Not in the deal history";
}

function mail(owner, account, question) {
  const body = `${question}\n\nI could not find this in the deal history.\n${location.href}`;
  return `mailto:${encodeURIComponent(owner)}?subject=${encodeURIComponent(`${account.name}: a question from customer success`)}&body=${encodeURIComponent(body)}`;
}

function degraded(answer) {
  return answer.degraded.length ? h("span", { class: "weak" }, icon("alert"), `Degraded: ${listed(answer.degraded)}`) : "";
}

function sourcesOf(answer, cited) {
  return new Set(answer.citations.filter((citation) => cited.has(citation.id)).map((citation) => citation.source.id)).size;
}

function copyButton(answer, cited) {
  const button = h("button", { class: "btn ghost", type: "button" }, icon("copy"), "Copy with sources");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(asText(answer, cited));
    button.lastChild.textContent = "Copied";
    announce("Copied with sources");
  });
  return button;
}

function asText(answer, cited) {
  const marks = (ids) => ids.map((id) => `[${citationOf(id).number}]`).join("");
  const said = answer.blocks.flatMap((block) => [...(block.heading ? ["", `${block.heading}:`] : []), ...block.claims.map((one) => `${one.text} ${marks(one.citations)}`)]);
  const moved = answer.changes.flatMap((change) => [`Changed: ${change.topic}`, ...change.items.map((step) => `${step.on} ${step.text} ${marks(step.citations)}`)]);
  const sources = answer.citations.filter((citation) => cited.has(citation.id)).map((citation) =>
    `${citation.number}. ${who(citation)}, ${KINDS[citation.kind].one}, ${when(citation)}: “${plain(citation.quote.exact)}”${citation.source.url ? ` ${citation.source.url}` : ""}`);
  return [answer.question, "", ...said, ...moved, "", ...sources].join("\n");
}

function spoken(answer) {
  if (answer.status === "declined") return "Not in the deal history";
  const sentences = answer.blocks.reduce((sum, block) => sum + block.claims.length, 0);
  return `Answer ready, ${plural(sentences, "sentence")}, ${plural(answer.citations.length, "source")}`;
}

function welcome(account, box) {
  const counts = countsOf(account.sources);
  return h("section", { class: "welcome" },
    h("h2", {}, counts.length ? `Ask about ${account.name}` : "No deal history yet"),
    h("p", {}, counts.length ? `${listed(counts)}. Every answer stands on their exact words.` : "Bring in this account's calls, e-mails and CRM export:"),
    counts.length
      ? h("ul", { class: "starters" }, STARTERS.map((question) => h("li", {}, h("button", { type: "button", onclick: () => box.submit(question) }, question, icon("right")))))
      : h("pre", {}, "baton ingest PATH"));
}

function composer(account, submit) {
  const area = h("textarea", { id: "question", rows: "1", maxlength: "4000", placeholder: `Ask about ${account.name}`, enterkeyhint: "send", dir: "auto" });
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
  };
  const send = () => {
    const question = area.value.trim();
    if (!question) return;
    area.value = "";
    fit();
    submit(question);
  };
  area.addEventListener("input", fit);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
    if (event.key === "ArrowUp" && !area.value) {
      area.value = recent(account).at(-1) ?? "";
      fit();
    }
  });
  const form = h("form", { class: "box", onsubmit: (event) => { event.preventDefault(); send(); } },
    h("label", { class: "sr", for: "question" }, `Ask about ${account.name}`), area,
    h("button", { class: "send", "aria-label": "Ask" }, icon("up")));
  const element = h("div", { class: "comp" }, form, h("p", { class: "hint" }, h("span", {}, "Answers come only from this account's deal history."),
    h("span", { class: "keys" }, h("kbd", {}, "Enter"), " ask  ", h("kbd", {}, "J"), " ", h("kbd", {}, "K"), " step through sources  ", h("kbd", {}, "/"), " new question")));
  return { element, submit, focus: () => matchMedia("(hover: hover)").matches && area.focus({ preventScroll: true }) };
}
