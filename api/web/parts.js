// Pieces that several views share: the citation chip with its quote card, claims, skeletons, notices.

import { KINDS, clock, day, go, h, icon, plural, route, address } from "./core.js";

/** The citations now on the page, by id, so that a chip, the card and the source panel speak of the same ones. */
const known = new Map();
let order = [];
/** What a claim took from its quote, by the citation's id: the words to mark most in the source. */
const taken = new Map();

export function show(citations) {
  order = citations.map((citation) => citation.id);
  for (const citation of citations) known.set(citation.id, citation);
}

export const citationOf = (id) => known.get(id);
export const takenFrom = (id) => taken.get(id) ?? "";
export const neighbours = (id) => ({ at: order.indexOf(id), all: order });

export function when(citation) {
  const at = citation.locator.start_ms;
  return [day(citation.source.occurred_on), at === null || at === undefined ? null : clock(at), citation.locator.page ? `page ${citation.locator.page}` : null].filter(Boolean).join(", ");
}

export function who(citation) {
  return citation.speaker?.name || citation.source.title;
}

export function chip(id, number) {
  const citation = known.get(id);
  if (!citation) return null;
  const kind = KINDS[citation.kind];
  return h("a", { class: `cite ${kind.tone}`, href: address({ ...route(), c: id }), "data-cite": id },
    icon(kind.icon), String(number ?? citation.number), h("span", { class: "sr" }, `, ${kind.one}, ${who(citation)}, ${day(citation.source.occurred_on)}`));
}

/** Text with its chips glued to the last word, so that no chip begins a line. */
export function withChips(text, citations) {
  const chips = citations.map((id) => chip(id)).filter(Boolean);
  if (!chips.length) return [text];
  const last = /\S*\s*$/u.exec(text.trimEnd())[0];
  // A very long last word (a link) must still be able to break.
  if (last.length > 24) return [text, ...chips];
  const cut = text.trimEnd().length - last.length;
  return [text.slice(0, cut), h("span", { class: "nw" }, last, chips)];
}

export function claim(item) {
  return h("span", { class: "claim", "data-cites": item.citations.join(" "), dir: "auto" }, withChips(item.text, item.citations));
}

export const plain = (text) => text.replace(/\s+/g, " ").trim();

/** The words of a claim that is nothing but what its source says, with or without "Name, day:" before it; else nothing. */
export function quoteOf(one) {
  const citation = citationOf(one.citations[0]);
  if (!citation) return "";
  const text = plain(one.text);
  const lead = text.startsWith(who(citation)) ? /^(, \d{1,2} \p{L}{3} \d{4})?: /u.exec(text.slice(who(citation).length)) : null;
  const said = lead ? text.slice(who(citation).length + lead[0].length) : text;
  return plain(citation.quote.exact).includes(said) ? said : "";
}

/** A claim as a quotation with its speaker under it, if it is one. */
export function quoted(one) {
  const said = quoteOf(one);
  if (!said) return null;
  const citation = citationOf(one.citations[0]);
  taken.set(citation.id, said);
  return [h("blockquote", {}, claim({ ...one, text: said })),
    h("p", { class: "by" }, h("b", { class: `side-${citation.speaker?.side ?? "unknown"}` }, who(citation)), citation.speaker?.title ? `, ${citation.speaker.title}` : "", ` · ${KINDS[citation.kind].title}, ${when(citation)}`)];
}

/** Who said a claim's words and when, in one quiet line. */
export function saidBy(one) {
  const citation = citationOf(one.citations[0]);
  return citation ? h("span", { class: "who" }, `${who(citation)}, ${day(citation.source.occurred_on)}`) : "";
}

/** The first rows as they are, the others behind a line that counts them. `draw` makes a list's node from rows. */
export function firstOf(rows, most, draw) {
  if (rows.length <= most + 1) return [draw(rows)];
  return [draw(rows.slice(0, most)), h("details", { class: "more" }, h("summary", {}, `${rows.length - most} more`), draw(rows.slice(most)))];
}

/** What changed over time: earlier positions struck out, the current one last. */
export function changed(change) {
  return h("section", { class: "shift" },
    h("h3", {}, icon("history"), `Changed during the deal: ${change.topic}`),
    h("ol", { class: "steps" }, change.items.map((step) => h("li", { class: step.superseded ? null : "now" },
      h("time", {}, step.on ? day(step.on) : ""), h("span", { class: "dot" }),
      h("span", { dir: "auto" }, step.superseded ? h("s", {}, step.text) : step.text, step.citations.map((id) => chip(id)))))));
}

export function skeleton(lines = 3) {
  return h("div", { class: "skeleton", "aria-hidden": "true" }, Array.from({ length: lines }, () => h("i")));
}

/** A failure in the reader's words, with what can be done: `again` repeats it, or `choices` are buttons that lead elsewhere. */
export function notice(error, again, choices = []) {
  const missing = error.status === 404 || error.status === 409;
  return h("section", { class: missing ? "notice calm" : "notice", role: "alert" },
    icon(missing ? "searchx" : "alert"),
    h("div", {}, h("h3", {}, missing ? "Not found" : "That did not work"), h("p", {}, error.message),
      error.requestId && !missing ? h("p", { class: "fine" }, error.requestId) : null,
      again && !missing ? h("button", { class: "btn", type: "button", onclick: again }, "Try again") : null, choices));
}

export function checkedLine(citations) {
  return h("span", { class: "checked" }, icon("check"), `${plural(citations, "quote")} checked against the source`);
}

/** Marks the claims and chips that belong to the citation open in the panel. */
export function point(id) {
  for (const a of document.querySelectorAll("[data-cite]")) {
    if (a.dataset.cite === id) a.setAttribute("aria-current", "true");
    else a.removeAttribute("aria-current");
  }
  for (const span of document.querySelectorAll("[data-cites]")) {
    const on = Boolean(id) && span.dataset.cites.split(" ").includes(id);
    span.classList.toggle("on", on);
    if (on) span.closest("details.more")?.setAttribute("open", "");
  }
}

export function watchChips() {
  const card = document.getElementById("card");
  let waiting;
  const hide = () => card.matches(":popover-open") && card.hidePopover();
  const later = (work) => {
    clearTimeout(waiting);
    waiting = setTimeout(work, 120);
  };
  const raise = (chip) => {
    const citation = known.get(chip.dataset.cite);
    if (!citation || !chip.isConnected) return;
    const kind = KINDS[citation.kind];
    card.className = `card ${kind.tone}`;
    card.replaceChildren(
      h("div", { class: "kind" }, icon(kind.icon), kind.title, h("span", { class: "at" }, when(citation))),
      h("q", { dir: "auto" }, citation.quote.exact),
      h("div", { class: "by" }, [citation.speaker?.name, citation.speaker?.title].filter(Boolean).join(", ") || citation.source.title));
    card.showPopover();
    const at = chip.getBoundingClientRect();
    const height = card.offsetHeight;
    card.style.left = `${Math.max(12, Math.min(innerWidth - card.offsetWidth - 12, at.left - 20))}px`;
    card.style.top = `${at.bottom + 8 + height < innerHeight ? at.bottom + 8 : Math.max(8, at.top - height - 8)}px`;
  };
  document.addEventListener("mouseover", (event) => {
    const chip = event.target.closest?.("[data-cite]");
    if (chip) later(() => raise(chip));
    else if (event.target.closest?.("#card")) clearTimeout(waiting);
    else later(hide);
  });
  document.addEventListener("focusin", (event) => {
    const chip = event.target.closest?.("[data-cite]");
    if (chip?.matches(":focus-visible")) raise(chip);
    else hide();
  });
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("[data-cite]");
    if (!chip || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    clearTimeout(waiting);
    hide();
    go({ ...route(), c: chip.dataset.cite, s: "" });
  });
}
