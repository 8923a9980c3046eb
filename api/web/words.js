// What Baton itself says, in the reader's language. Every visible word of the pages goes through `t`. English stands where it is used and names the
// message, so that whoever reads English loads no catalogue; `words/en.json` lists all messages (scripts/web-words) and is what a translator copies.

/** The languages there is a catalogue of beside English: `words/<language>.json`. */
const LANGUAGES = /** @type {string[]} */ ([]);
/** English made strange, for tests: `en-XA` accented and longer, `en-XB` the same from right to left. */
const STRANGE = ["en-XA", "en-XB"];
const KEPT = "baton-language";
const ORDER = ["zero", "one", "two", "few", "many", "other"];

/** What the reader asked for: in the address, then kept from there as long as the tab is open, else what the browser prefers. */
export const language = chosen([new URLSearchParams(location.search).get("lang"), kept(), ...navigator.languages]);
const catalogue = LANGUAGES.includes(language) ? await (await fetch(`/web/words/${language}.json`)).json() : {};
const strange = STRANGE.includes(language) ? (await import("./words/strange.js")).strange : null;
document.documentElement.lang = language;
const RTL = language === "en-XB" || /^(ar|fa|he|ur)\b/.test(language);
document.documentElement.dir = RTL ? "rtl" : "ltr";
if (RTL) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/web/rtl.css" }));
try {
  sessionStorage.setItem(KEPT, language);
} catch {
  // Storage can be forbidden; the language then holds for this page.
}

function kept() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** @param {(string | null)[]} wanted the dearest first @returns {string} */
function chosen(wanted) {
  for (const each of wanted) {
    const name = each ?? "";
    const found = [...STRANGE, ...LANGUAGES, "en"].find((one) => one === name || one === name.split("-")[0]);
    if (found) return found;
  }
  return "en";
}

// English dates are put together here ("24 Sep 2026"): British English writes "Sept", American the month first.
const ENGLISH = language.startsWith("en");
const FORMAT = ENGLISH ? "en-US" : language;
const NUMBER = new Intl.NumberFormat(FORMAT);
const RULES = new Intl.PluralRules(FORMAT);
const FORMS = ORDER.filter((name) => RULES.resolvedOptions().pluralCategories.includes(/** @type {Intl.LDMLPluralRule} */ (name)));
const LIST = new Intl.ListFormat(ENGLISH ? "en-GB" : language, { type: "conjunction" });
const DAY = /** @type {const} */ ({ day: "numeric", month: "short", year: "numeric" });
const DATE = new Intl.DateTimeFormat(FORMAT, { ...DAY, timeZone: "UTC" });
const DATE_HERE = new Intl.DateTimeFormat(FORMAT, DAY);
const TIME = new Intl.DateTimeFormat(ENGLISH ? "en-GB" : language, { hour: "2-digit", minute: "2-digit" });
const MONTH = new Intl.DateTimeFormat(FORMAT, { month: "long", year: "numeric", timeZone: "UTC" });

/** Words of another direction stay in their order, whatever stands around them.
 * @param {string} words */
const apart = (words) => (RTL ? `\u2068${words}\u2069` : words);

/** A message in the reader's language with its values put in: `t("Show {n} more", { n })`. Forms for numbers stand with a bar between them and are chosen by `n`.
 * @param {string} message @param {Record<string, unknown>} [values] */
export function t(message, values) {
  return rich(message, values).join("");
}

/** The same for values that are elements: text and elements in the message's order.
 * @param {string} message @param {Record<string, any>} [values] @returns {any[]} */
export function rich(message, values = {}) {
  const forms = (catalogue[message] ?? message).split("|");
  const form = forms[Math.min(forms.length - 1, Math.max(0, FORMS.indexOf(RULES.select(Number(values.n) || 0))))];
  const pieces = form.split(/\{(\w+)\}/).map((piece, index) => (index % 2 ? (typeof values[piece] === "number" ? NUMBER.format(values[piece]) : typeof values[piece] === "string" ? apart(values[piece]) : values[piece] ?? "") : strange ? strange(piece) : piece));
  return strange ? ["⟦", ...pieces, "·".repeat(Math.ceil(form.length * 0.4)), "⟧"] : pieces;
}

/** @param {Intl.DateTimeFormat} format @param {Date} at */
function written(format, at) {
  if (!ENGLISH) return format.format(at);
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return apart(`${part.day} ${part.month} ${part.year}`);
}

/** `24 Sep 2026` of a date; the day of a moment in the reader's own time zone; the words themselves where they are no date.
 * @param {string | null | undefined} value */
export function day(value) {
  if (!value) return t("no date");
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return value;
  // A date alone is read as midnight UTC and must stay that day everywhere.
  return written(/^\d{4}-\d{2}-\d{2}$/.test(value) ? DATE : DATE_HERE, at);
}

/** A day with the time, both the reader's.
 * @param {string | null | undefined} value */
export function moment(value) {
  return value ? `${day(value)}, ${TIME.format(new Date(value))}` : t("no date");
}

/** `September 2026`.
 * @param {string} value */
export const month = (value) => MONTH.format(new Date(value));

/** `32:01`, past the hour `1:02:03`.
 * @param {number} milliseconds */
export function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const hours = Math.floor(seconds / 3600);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}` : `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

/** @param {string[]} words */
export function listed(words) {
  return LIST.format(words);
}

/** @param {number | null | undefined} amount @param {string | null | undefined} currency */
export function money(amount, currency) {
  if (amount === null || amount === undefined) return "";
  const whole = { maximumFractionDigits: 0 };
  try {
    return new Intl.NumberFormat(ENGLISH ? "en" : language, currency ? { style: "currency", currency, ...whole } : whole).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}
