// The source panel: a citation opened in its interaction, the exact words marked, what led to them above.

import { KINDS, SIDES, announce, call, clock, day, go, h, icon, plural, route } from "./core.js";
import { citationOf, neighbours, notice, point, show, skeleton, takenFrom, when, who } from "./parts.js";

const ROLES = { quoted: "Quoted from an earlier message", signature: "Signature", boilerplate: "Standard text", derived: "Written by a machine, not evidence", hidden: "Hidden in the original" };

const panel = () => document.getElementById("evidence");
let opened = "";
let from = null;

/** `back` puts the focus where it was when the source was opened, if that is still what the reader looks at. */
export function closeEvidence(back = false) {
  opened = "";
  document.body.classList.remove("source-open");
  panel().hidden = true;
  point("");
  if (back && from?.isConnected) from.focus();
  from = null;
}

/** Opens what the address names: a citation (`c`) or a whole source (`s`). */
export async function openEvidence({ c, s }) {
  const wanted = c ?? s;
  if (opened === wanted) return point(c);
  opened = wanted;
  if (document.activeElement?.matches?.("[data-cite]")) from = document.activeElement;
  document.body.classList.add("source-open");
  panel().hidden = false;
  point(c);
  if (!panel().firstChild) panel().replaceChildren(top(c), skeleton(5));
  try {
    const view = await load(c, s, { before: 4, after: c ? 10 : 40 });
    if (opened === wanted) draw(view);
  } catch (error) {
    if (opened === wanted) panel().replaceChildren(top(c), notice(error));
    if (error.status === 401) window.dispatchEvent(new Event("baton:signed-out"));
  }
}

async function load(c, s, { before, after }) {
  const citation = c ? (citationOf(c) ?? (await call(`/citations/${encodeURIComponent(c)}`))) : null;
  if (citation && !citationOf(c)) show([citation]);
  const id = citation ? citation.source.id : s;
  const around = citation ? `around=${encodeURIComponent(citation.id)}&` : "";
  const [source, segments] = await Promise.all([
    call(`/sources/${encodeURIComponent(id)}`),
    call(`/sources/${encodeURIComponent(id)}/segments?${around}before=${Math.min(before, 200)}&after=${Math.min(after, 200)}`),
  ]);
  return { c, s, citation, source, segments, before, after };
}

function draw(view) {
  const { citation, source, segments } = view;
  const kind = KINDS[source.kind];
  const said = h("div", { class: "ts", tabindex: "0", role: "region", "aria-label": `${kind.title}, ${day(source.occurred_on)}` },
    segments.before ? fold(view, "before") : "", segments.items.map((segment) => turn(segment, source, citation)), segments.after ? fold(view, "after") : "");
  panel().replaceChildren(top(view.c),
    h("div", { class: `sh ${kind.tone}` },
      h("div", { class: "kind" }, icon(kind.icon), kind.title, source.internal ? h("span", { class: "pill warn" }, "Internal") : "", h("span", { class: "at" }, day(source.occurred_on))),
      h("h3", { dir: "auto" }, source.title || kind.title), people(source)),
    said,
    h("div", { class: "ft" }, state(citation, segments), h("span", { class: "sp" }), copyLink(), others(source), original(citation, source)));
  const mark = said.querySelector("mark");
  // The turn before the quote stands above it: readers need the question that led to it.
  const above = mark?.closest(".seg")?.previousElementSibling ?? mark?.closest(".seg");
  if (mark) {
    said.scrollTop += above.getBoundingClientRect().top - said.getBoundingClientRect().top - 8;
    if (mark.getBoundingClientRect().bottom > said.getBoundingClientRect().bottom - 8) mark.scrollIntoView({ block: "center" });
    announce(`${kind.title}, ${who(citation)}, ${when(citation)}: source opened at the quote`);
  }
}

function top(c) {
  const { at, all } = neighbours(c);
  const step = (by, name, label) => h("button", { class: "btn ghost icon", type: "button", "aria-label": label, onclick: () => stepBy(by) }, icon(name));
  return h("div", { class: "top" }, h("h2", {}, "Source ", at >= 0 ? h("span", { class: "pos" }, `${at + 1} of ${all.length}`) : ""), h("span", { class: "sp" }),
    all.length > 1 && at >= 0 ? [step(-1, "left", "Previous source"), step(1, "right", "Next source")] : "",
    h("button", { class: "btn ghost icon", type: "button", "aria-label": "Close source", onclick: () => go({ ...route(), c: "", s: "" }) }, icon("x")));
}

/** To the next or previous citation of what is on the page. */
export function stepBy(by) {
  const { at, all } = neighbours(route().c);
  if (at >= 0) go({ ...route(), c: all[(at + by + all.length) % all.length] }, { replace: true });
}

function turn(segment, source, citation) {
  const body = words(segment, source, citation);
  // A short quotation is mostly the question that the next lines answer, so it stands open.
  if (segment.role !== "said") return h("details", { class: "aside", open: segment.role === "quoted" && segment.text.length <= 280 }, h("summary", {}, ROLES[segment.role]), body);
  const hit = citation && body.querySelector("mark");
  const time = segment.start_ms !== null ? clock(segment.start_ms) : segment.page ? `p. ${segment.page}` : "";
  const speaker = segment.speaker;
  return h("div", { class: `seg ${time ? "" : "untimed"} ${hit ? "hit" : ""} side-${speaker?.side ?? "unknown"}` }, time ? h("time", {}, time) : "",
    h("div", {}, speaker ? h("span", { class: "speaker" }, speaker.name, h("small", {}, [speaker.title, SIDES[speaker.side], segment.low_confidence ? "as transcribed, low confidence" : ""].filter(Boolean).map((part) => ` ${part}`).join(" ·"))) : segment.heading ? h("span", { class: "speaker" }, segment.heading) : "", body));
}

/** The turn's text with the quote marked. Positions are code points of the source's whole text; a slice that differs from the quote is never marked. */
function words(segment, source, citation) {
  const points = Array.from(segment.text);
  const start = citation ? citation.quote.start - segment.start : -1;
  const end = citation ? citation.quote.end - segment.start : -1;
  const inside = citation && start >= 0 && end <= points.length && points.slice(start, end).join("") === citation.quote.exact;
  const [first, last] = inside ? within(citation).map((at) => start + at) : [];
  const pieces = (a, b) => {
    const cuts = [...new Set([a, b, ...(inside ? [start, first, last, end] : [])])].filter((at) => at >= a && at <= b).sort((x, y) => x - y);
    return cuts.slice(1).map((y, index) => {
      const x = cuts[index];
      const text = points.slice(x, y).join("");
      if (!inside || x < start || y > end) return text;
      return x >= first && y <= last ? h("mark", { tabindex: "-1" }, text) : h("span", { class: "cited" }, text);
    });
  };
  if (source.kind !== "crm_field") return h("p", { class: "said", dir: "auto" }, pieces(0, points.length));
  const rows = [];
  let at = 0;
  for (const line of segment.text.split("\n")) {
    const long = Array.from(line).length;
    const label = line.indexOf(": ");
    const cut = label > 0 ? at + Array.from(line.slice(0, label + 2)).length : at;
    if (long) rows.push(h("div", { class: "field", dir: "auto" }, h("span", { class: "label" }, pieces(at, cut)), h("span", {}, pieces(cut, at + long))));
    at += long + 1;
  }
  return h("div", { class: "fields" }, rows);
}

/** Where in its quote a claim's own words stand, in code points; the whole quote where no claim was shown or its words are not found. */
function within(citation) {
  const { exact } = citation.quote;
  const words = takenFrom(citation.id).split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const found = new RegExp(words.join("\\s+"), "u").exec(exact);
  const long = (text) => Array.from(text).length;
  return found?.[0] ? [long(exact.slice(0, found.index)), long(exact.slice(0, found.index + found[0].length))] : [0, long(exact)];
}

function people(source) {
  const sides = { seller: [], buyer: [], partner: [], unknown: [] };
  for (const person of source.participants) sides[person.side].push(person.name || person.email);
  const named = ["buyer", "partner", "seller", "unknown"].flatMap((side) => sides[side]);
  const shown = named.slice(0, 6).join(", ");
  return named.length ? h("p", { class: "people" }, named.length > 6 ? `${shown} and ${named.length - 6} more` : shown) : "";
}

function fold(view, where) {
  const more = view.segments[where];
  return h("button", { class: "fold", type: "button", onclick: async (event) => {
    event.target.disabled = true;
    const region = event.target.closest(".ts");
    const kept = region.scrollHeight - region.scrollTop;
    const larger = await load(view.c, view.s, { ...view, [where]: view[where] + 40 });
    draw(larger);
    const grown = panel().querySelector(".ts");
    grown.scrollTop = where === "before" ? grown.scrollHeight - kept : region.scrollTop;
  } }, where === "before" ? `Show ${plural(more, "turn")} before this` : `Show ${plural(more, "more turn")}`);
}

function state(citation, segments) {
  if (!segments.current) return h("span", { class: "weak" }, icon("alert"), "The source has changed since; these are the words that were cited");
  if (citation?.low_confidence) return h("span", { class: "weak" }, icon("alert"), "Exact match, but as transcribed: the recogniser was not sure of these words");
  return citation ? h("span", { class: "checked" }, icon("check"), "Exact match") : "";
}

function copyLink() {
  const button = h("button", { class: "btn ghost", type: "button", "aria-label": "Copy a link to this" }, icon("link"), "Copy link");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    button.lastChild.textContent = "Copied";
    announce("Link copied");
  });
  return button;
}

const TOOLS = { tldv: "tl;dv", google_meet: "Google Meet", hubspot: "HubSpot" };

function toolName(tool) {
  return TOOLS[tool] ?? `${tool[0].toUpperCase()}${tool.slice(1)}`;
}

/** The same call, mail or note in other tools: their own page where they gave one, else their words here. */
function others(source) {
  return (source.alternates ?? []).map((other) => other.url
    ? h("a", { class: "btn ghost", href: other.url, target: "_blank", rel: "noopener noreferrer" }, icon("ext"), `Also in ${toolName(other.tool)}`)
    : h("button", { class: "btn ghost", type: "button", onclick: () => go({ ...route(), c: "", s: other.id }) }, `Also in ${toolName(other.tool)}`));
}

function original(citation, source) {
  const url = citation?.source.url || source.url;
  const label = source.kind === "call" && citation?.locator.start_ms ? `Play in ${toolName(source.tool)}` : "Open original";
  return url ? h("a", { class: "btn ghost", href: url, target: "_blank", rel: "noopener noreferrer" }, icon("ext"), label) : "";
}
