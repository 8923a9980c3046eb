// What one version of a brief says and another does not, line by line, with the words that differ marked.

import { html } from "./vendor/ui.js";
import { announce, at, call, day, go, t } from "./core.js";
import { Choice, Notice, Skeleton, useCall } from "./parts.js";
import { Room, placeOf } from "./brief.js";

/** @import { BriefShape, BriefVersion, DifferencePage, DifferenceShape, AccountShape as Account } from "shapes" */

const SECTIONS = { why: t("Why they bought"), goals: t("Success"), promises: t("Promises"), risks: t("Risks"), people: t("People"), requirements: t("Needs"), commercials: t("Terms"), timeline: t("Dates"), decision: t("Decision"), gaps: t("Open questions") };
const WHAT = { added: [t("New"), "ok"], removed: [t("Gone"), "bad"], changed: [t("Changed"), "warn"] };
const WORDS = ["text", "value", "name", "question"];
const LONG = 400;

/** @param {{ account: Account, brief: BriefShape, read: { versions: BriefVersion[] } }} props */
export default function Versions({ account, brief, read }) {
  const { versions } = read;
  const numbered = (/** @type {string | undefined} */ number) => versions.find((one) => String(one.version) === number);
  const place = /** @type {{ of?: string, against?: string }} */ (at.value);
  const newer = numbered(place.of) ?? versions[0];
  const older = numbered(place.against) ?? versions.find((one) => one.version < newer.version) ?? newer;
  const { value, error, again } = useCall((signal) => /** @type {Promise<DifferencePage>} */ (call(`/briefs/${newer.id}/diff?against=${older.id}`, { signal })).then((page) => {
    announce(t("{n} difference|{n} differences", { n: page.items.length }));
    return page;
  }), [newer.id, older.id]);
  const choices = versions.map((one) => [String(one.version), t("Version {version}, {day}", { version: String(one.version), day: day(one.composed_at) })]);
  const set = (change) => go({ ...at.peek(), of: newer.version, against: older.version, ...change }, { replace: true });
  const groups = Object.entries(SECTIONS).map(([section, title]) => /** @type {[string, DifferenceShape[]]} */ ([title, (value?.items ?? []).filter((one) => one.section === section)])).filter(([, items]) => items.length);
  return html`<${Room} account=${account}>
    <p class="filters compared"><${Choice} label=${t("Version")} value=${String(newer.version)} choices=${choices} onChange=${(of) => set({ of })} /><span>${t("against")}</span><${Choice} label=${t("Compared with")} value=${String(older.version)} choices=${choices} onChange=${(against) => set({ against })} /><a class="btn" href=${placeOf(account, brief, "")}>${t("Back to the brief")}</a></p>
    ${error ? html`<${Notice} error=${error} again=${again} />` : !value ? html`<${Skeleton} lines=${6} />` : !value.items.length ? html`<div class="empty"><p>${versions.length < 2 ? t("There is only one version yet.") : t("The two say the same.")}</p></div>`
      : groups.map(([title, items]) => html`<section key=${title}><h2>${title}<small>${t("{n} difference|{n} differences", { n: items.length })}</small></h2><ul class="differences">${items.map((one) => html`<${Difference} key=${`${one.what}${one.line}`} one=${one} />`)}</ul></section>`)}<//>`;
}

/** @param {{ one: DifferenceShape }} props */
function Difference({ one }) {
  const [label, tone] = WHAT[one.what];
  const plain = (/** @type {string} */ words) => (words ? (/^\d{4}-\d\d-\d\d$/.test(words) ? day(words) : words.replaceAll("_", " ")) : t("none"));
  const moved = (one.moved ?? []).filter((each) => !WORDS.includes(each.field));
  const rest = one.fields.filter((name) => !WORDS.includes(name) && !moved.some((each) => each.field === name)).map(plain);
  return html`<li><span class=${`pill ${tone}`}>${label}</span><p dir="auto">${one.what === "changed" && one.before !== one.after ? marked(one.before, one.after) : one.what === "removed" ? html`<del>${one.before}</del>` : one.after}${moved.map((each) => html`<span class="who" key=${each.field}>${plain(each.field)}: <del>${plain(each.before)}</del> <ins>${plain(each.after)}</ins></span>`)}${rest.length ? html`<span class="who">${t("Also changed: {what}", { what: rest.join(", ") })}</span>` : null}</p></li>`;
}

/** Both texts as one, with what only the first has struck out and what only the second has underlined. */
export function marked(before, after) {
  const [a, b] = [before, after].map((text) => text.split(/(?<=\s)/u));
  if (a.length * b.length > LONG * LONG) return [html`<del>${before}</del> `, html`<ins>${after}</ins>`];
  // The longest run of words that both have, in order: longest[i][j] of what stands behind a[i] and b[j].
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const same = (i, j) => a[i].trim() === b[j].trim();
  for (let i = a.length - 1; i >= 0; i -= 1) for (let j = b.length - 1; j >= 0; j -= 1) longest[i][j] = same(i, j) ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
  const pieces = /** @type {[string, string][]} */ ([]);
  const put = (kind, word) => (pieces.at(-1)?.[0] === kind ? (pieces[pieces.length - 1][1] += word) : pieces.push([kind, word]));
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && same(i, j)) {
      put("", b[j]);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && longest[i + 1][j] >= longest[i][j + 1])) put("del", a[i++]);
    else put("ins", b[j++]);
  }
  return pieces.map(([kind, words]) => (kind ? html`<${kind}>${words}<//>` : words));
}
