// The source panel: a citation opened in its interaction, the exact words marked, what led to them above.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/ui.js";
import { KINDS, SIDES, announce, at, call, clock, day, go, moment, t } from "./core.js";
import { Chip, Copy, Icon, Notice, Skeleton, citationOf, know, neighbours, stepBy, takenFrom, when, who } from "./parts.js";

/** @import { CitationShape as Citation, OpenedSource, SegmentWindow, SegmentShape, TalkShape } from "shapes" */

/** @typedef {object} View What is open beside the page.
 * @property {string | undefined} wanted
 * @property {Citation | null} citation
 * @property {OpenedSource} source
 * @property {SegmentWindow} segments
 * @property {number} before
 * @property {number} after
 */

/** @type {Record<string, string>} */
const ROLES = { quoted: t("Quoted from an earlier message"), signature: t("Signature"), boilerplate: t("Standard text"), derived: t("Written by a machine, not evidence"), hidden: t("Hidden in the original") };
const NARROW = "(max-width: 720px)";
const MORE = 40;

const close = () => go({ ...at.peek(), c: "", s: "" });

/** What the address names beside the page: a citation (`c`) or a whole source (`s`). */
export function Evidence() {
  const { c, s } = at.value;
  const open = Boolean(c || s);
  const from = useRef(null);
  const panel = useRef(null);
  // With the panel itself, not a frame later: the next key already goes where the reader looks.
  useLayoutEffect(() => {
    document.body.classList.toggle("source-open", open);
    const covered = open && matchMedia(NARROW).matches;
    for (const behind of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main > :not(h1), .rail"))) behind.inert = covered;
    if (open) {
      if (document.activeElement?.matches?.("[data-cite], .row")) from.current = document.activeElement;
      if (covered) panel.current?.querySelector("[data-close]")?.focus();
    } else {
      // Back to where the source was opened from, if that is still what the reader looks at.
      if (from.current?.isConnected) from.current.focus({ preventScroll: true });
      from.current = null;
    }
  }, [open]);
  if (!open) return null;
  return html`<aside class="ev" id="evidence" aria-label=${t("Source")} ref=${panel}><${Top} c=${c} /><${Opened} c=${c} s=${s} /></aside>`;
}

/** @param {{ c: string | undefined }} props */
function Top({ c }) {
  const { at: here, all } = neighbours(c);
  const step = (/** @type {number} */ by, /** @type {string} */ name, /** @type {string} */ label) => html`<button class="btn ghost icon" type="button" aria-label=${label} onClick=${() => stepBy(by)}><${Icon} name=${name} /></button>`;
  return html`<div class="top"><h2>${t("Source")} ${here >= 0 ? html`<span class="pos">${t("{place} of {all}", { place: here + 1, all: all.length })}</span>` : null}</h2><span class="sp"></span>
    ${all.length > 1 && here >= 0 ? [step(-1, "left", t("Previous source")), step(1, "right", t("Next source"))] : null}
    <button class="btn ghost icon" type="button" data-close aria-label=${t("Close source")} onClick=${close}><${Icon} name="x" /></button></div>`;
}

/** @param {{ c: string | undefined, s: string | undefined }} props */
function Opened({ c, s }) {
  const [view, setView] = useState(/** @type {View | null} */ (null));
  const [error, setError] = useState(/** @type {Error | null} */ (null));
  const wanted = c ?? s;
  const load = (/** @type {number} */ before, /** @type {number} */ after) => fetched(c, s, before, after).then((found) => {
    setView(found);
    setError(null);
  }, setError);
  useEffect(() => {
    load(4, c ? 10 : MORE);
  }, [wanted]);
  if (error) return html`<${Notice} error=${error} again=${() => load(4, 10)} />`;
  if (!view) return html`<${Skeleton} lines=${5} />`;
  return html`<${Source} key=${view.wanted} view=${view} load=${load} />`;
}

/** @param {string | undefined} c @param {string | undefined} s @param {number} before @param {number} after @returns {Promise<View>} */
async function fetched(c, s, before, after) {
  const citation = c ? (citationOf(c) ?? (await call(`/citations/${encodeURIComponent(c)}`))) : null;
  if (citation && !citationOf(citation.id)) know([citation]);
  const id = citation ? citation.source.id : (s ?? "");
  const around = citation ? `around=${encodeURIComponent(citation.id)}&` : "";
  const [source, segments] = await Promise.all([
    call(`/sources/${encodeURIComponent(id)}`),
    call(`/sources/${encodeURIComponent(id)}/segments?${around}before=${Math.min(before, 200)}&after=${Math.min(after, 200)}`),
  ]);
  return { wanted: c ?? s, citation, source, segments, before, after };
}

/** @param {{ view: View, load: (before: number, after: number) => void }} props */
function Source({ view, load }) {
  const { citation, source, segments } = view;
  const kind = KINDS[source.kind];
  const said = useRef(null);
  const kept = useRef(null);
  useLayoutEffect(() => {
    const mark = said.current.querySelector("mark");
    if (!mark) return;
    // The turn before the quote stands above it: readers need the question that led to it.
    const above = mark.closest(".seg")?.previousElementSibling ?? mark.closest(".seg");
    said.current.scrollTop += above.getBoundingClientRect().top - said.current.getBoundingClientRect().top - 8;
    if (mark.getBoundingClientRect().bottom > said.current.getBoundingClientRect().bottom - 8) mark.scrollIntoView({ block: "center" });
    if (citation) announce(t("{kind}, {who}, {when}: source opened at the quote", { kind: kind.title, who: who(citation), when: when(citation) }));
  }, []);
  useLayoutEffect(() => {
    // What was being read stays where it was when more is shown above it.
    if (kept.current !== null) said.current.scrollTop = said.current.scrollHeight - kept.current;
    kept.current = null;
  }, [segments]);
  const more = (where) => () => {
    kept.current = where === "before" ? said.current.scrollHeight - said.current.scrollTop : null;
    load(view.before + (where === "before" ? MORE : 0), view.after + (where === "after" ? MORE : 0));
  };
  const also = neighbours(citation?.id).all.flatMap((id) => citationOf(id) ?? []).filter((one) => one.id !== citation?.id && one.source.id === source.id);
  return html`<div class=${`sh ${kind.tone}`}>
      <div class="kind"><${Icon} name=${kind.icon} />${kind.title}${source.internal ? html`<span class="pill warn">${t("Internal")}</span>` : null}<span class="at">${[source.occurred_at && source.kind === "email" ? moment(source.occurred_at) : day(source.occurred_on), source.talk ? t("{n} min", { n: Math.max(1, Math.round(source.talk.length_ms / 60000)) }) : ""].filter(Boolean).join(" · ")}</span></div>
      <h3 dir="auto">${source.title || kind.title}</h3><${People} source=${source} />
      ${source.talk ? html`<${Tracks} talk=${source.talk} at_ms=${citation?.locator.start_ms ?? null} />` : null}</div>
    <div class="ts" ref=${said} tabindex="0" role="region" aria-label=${`${kind.title}, ${day(source.occurred_on)}`}>
      ${segments.before ? html`<button class="fold" type="button" onClick=${more("before")}>${t("Show {n} turn before this|Show {n} turns before this", { n: segments.before })}</button>` : null}
      ${segments.items.map((segment) => html`<${Turn} key=${segment.id} segment=${segment} source=${source} citation=${citation} />`)}
      ${segments.after ? html`<button class="fold" type="button" onClick=${more("after")}>${t("Show {n} more turn|Show {n} more turns", { n: segments.after })}</button>` : null}</div>
    <div class="ft">${also.length ? html`<p class="also">${t("Also cited from here")} ${also.slice(0, 8).map((one) => html`<${Chip} key=${one.id} id=${one.id} />`)}</p>` : null}
      <div class="ft-row"><${State} citation=${citation} segments=${segments} /><span class="sp"></span><${Copy} label=${t("Copy a link to this")} what=${() => location.href}>${t("Copy link")}<//><${Others} source=${source} /><${Original} citation=${citation} source=${source} /></div></div>`;
}

/** Who spoke when over the whole call, with a needle at the words that are cited.
 * @param {{ talk: TalkShape, at_ms: number | null }} props */
function Tracks({ talk, at_ms }) {
  const percent = (/** @type {number} */ ms) => `${(100 * ms) / talk.length_ms}%`;
  return html`<div class="tracks" role="img" aria-label=${t("Who spoke: {shares}", { shares: talk.speakers.map((one) => `${one.name} ${Math.round(100 * one.share)} %`).join(", ") })}>
    ${talk.speakers.slice(0, 5).map((one) => html`<span class="track-name" dir="auto" key=${one.name}>${short(one.name)}</span><span class=${`track side-${one.side}`}>${one.spans.map(([from, to]) => html`<i style=${{ insetInlineStart: percent(from), width: percent(Math.max(to - from, talk.length_ms / 300)) }}></i>`)}</span><span class="track-share">${`${Math.round(100 * one.share)}%`}</span>`)}
    ${at_ms === null ? null : html`<span class="needle-room"><span class="needle" style=${{ insetInlineStart: percent(at_ms) }}><b>${clock(at_ms)}</b></span></span>`}</div>`;
}

/** @param {string} name */
function short(name) {
  const [first, ...rest] = name.split(" ");
  return rest.length ? `${first} ${Array.from(rest.at(-1) ?? "")[0]}.` : first;
}

/** @param {{ segment: SegmentShape, source: OpenedSource, citation: Citation | null }} props */
function Turn({ segment, source, citation }) {
  const [body, hit] = words(segment, source, citation);
  // A short quotation is mostly the question that the next lines answer, so it stands open.
  if (segment.role !== "said") return html`<details class="aside" open=${segment.role === "quoted" && segment.text.length <= 280}><summary>${ROLES[segment.role]}</summary>${body}</details>`;
  const time = segment.start_ms !== null ? clock(segment.start_ms) : segment.page ? t("p. {page}", { page: String(segment.page) }) : "";
  const { speaker } = segment;
  const about = speaker ? [speaker.title, SIDES[speaker.side], segment.low_confidence ? t("as transcribed, low confidence") : ""].filter(Boolean).map((part) => ` ${part}`).join(" ·") : "";
  return html`<div class=${`seg ${time ? "" : "untimed"} ${hit ? "hit" : ""} side-${speaker?.side ?? "unknown"}`}>${time ? html`<time>${time}</time>` : null}
    <div>${speaker ? html`<span class="speaker">${speaker.name}<small>${about}</small></span>` : segment.heading ? html`<span class="speaker">${segment.heading}</span>` : null}${body}</div></div>`;
}

/** The turn's text with the quote marked, and whether it is. Positions are code points of the source's whole text; a slice that differs from the quote is never marked.
 * @param {SegmentShape} segment @param {OpenedSource} source @param {Citation | null} citation @returns {[any, boolean]} */
function words(segment, source, citation) {
  const points = Array.from(segment.text);
  const start = citation ? citation.quote.start - segment.start : -1;
  const end = citation ? citation.quote.end - segment.start : -1;
  const inside = citation !== null && start >= 0 && end <= points.length && points.slice(start, end).join("") === citation.quote.exact;
  const [first, last] = inside ? within(citation).map((place) => start + place) : [];
  const pieces = (a, b) => {
    const cuts = [...new Set([a, b, ...(inside ? [start, first, last, end] : [])])].filter((cut) => cut >= a && cut <= b).sort((x, y) => x - y);
    return cuts.slice(1).map((y, index) => {
      const x = cuts[index];
      const text = points.slice(x, y).join("");
      if (!inside || x < start || y > end) return text;
      return x >= first && y <= last ? html`<mark tabindex="-1">${text}</mark>` : html`<span class="cited">${text}</span>`;
    });
  };
  if (source.kind !== "crm_field") return [html`<p class="said" dir="auto">${pieces(0, points.length)}</p>`, inside];
  const rows = [];
  let place = 0;
  for (const line of segment.text.split("\n")) {
    const long = Array.from(line).length;
    const label = line.indexOf(": ");
    const cut = label > 0 ? place + Array.from(line.slice(0, label + 2)).length : place;
    if (long) rows.push(html`<div class="field" dir="auto"><span class="label">${pieces(place, cut)}</span><span>${pieces(cut, place + long)}</span></div>`);
    place += long + 1;
  }
  return [html`<div class="fields">${rows}</div>`, inside];
}

/** Where in its quote a claim's own words stand, in code points; the whole quote where no claim was shown or its words are not found. */
function within(citation) {
  const { exact } = citation.quote;
  const said = takenFrom(citation.id).split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const found = new RegExp(said.join("\\s+"), "u").exec(exact);
  const long = (text) => Array.from(text).length;
  return found?.[0] ? [long(exact.slice(0, found.index)), long(exact.slice(0, found.index + found[0].length))] : [0, long(exact)];
}

function People({ source }) {
  const sides = { seller: [], buyer: [], partner: [], unknown: [] };
  for (const person of source.participants) sides[person.side].push(person.name || person.email);
  const named = ["buyer", "partner", "seller", "unknown"].flatMap((side) => sides[side]);
  const shown = named.slice(0, 6).join(", ");
  return named.length ? html`<p class="people" dir="auto">${named.length > 6 ? t("{names} and {n} more", { names: shown, n: named.length - 6 }) : shown}</p>` : null;
}

function State({ citation, segments }) {
  if (!segments.current) return html`<span class="weak"><${Icon} name="alert" />${t("The source has changed since; these are the words that were cited")}</span>`;
  if (citation?.low_confidence) return html`<span class="weak"><${Icon} name="alert" />${t("Exact match, but as transcribed: the recogniser was not sure of these words")}</span>`;
  return citation ? html`<span class="checked"><${Icon} name="check" />${t("Exact match")}</span>` : null;
}

const TOOLS = { tldv: "tl;dv", google_meet: "Google Meet", hubspot: "HubSpot" };

function toolName(tool) {
  return TOOLS[tool] ?? `${tool[0].toUpperCase()}${tool.slice(1)}`;
}

/** The same call, mail or note in other tools: their own page where they gave one, else their words here. */
function Others({ source }) {
  return (source.alternates ?? []).map((other) => other.url
    ? html`<a key=${other.id} class="btn ghost" href=${other.url} target="_blank" rel="noopener noreferrer"><${Icon} name="ext" />${t("Also in {tool}", { tool: toolName(other.tool) })}</a>`
    : html`<button key=${other.id} class="btn ghost" type="button" onClick=${() => go({ ...at.peek(), c: "", s: other.id })}>${t("Also in {tool}", { tool: toolName(other.tool) })}</button>`);
}

function Original({ citation, source }) {
  const url = citation?.source.url || source.url;
  const label = source.kind === "call" && citation?.locator.start_ms ? t("Play in {tool}", { tool: toolName(source.tool) }) : t("Open original");
  return url ? html`<a class="btn ghost" data-original href=${url} target="_blank" rel="noopener noreferrer"><${Icon} name="ext" />${label}</a>` : null;
}
