// Who is signed in and where, and the settings in force, to be read; they are changed in baton.toml.

import { html, useEffect } from "./vendor/ui.js";
import { call, moment, rich, t } from "./core.js";
import { Icon, Notice, Sheet, Skeleton, show, tell, useCall } from "./parts.js";

/** @import { SettingsShape, SessionPage, SessionShape, Me } from "shapes" */

/** @type {Record<string, string>} */
const ROLES = { admin: t("Administrator"), ae: t("Account executive"), csm: t("Customer success"), viewer: t("Reads only") };
/** @type {Record<string, string>} */
const KEPT = { versions: t("Versions"), removed: t("Removed"), held: t("Held"), calls: t("Calls"), emails: t("E-mails"), notes: t("Notes"), records: t("Records"), documents: t("Documents"), chats: t("Chats"), meetings: t("Meetings") };
/** @param {number | null} number */
const days = (number) => (number === null ? t("kept for ever") : number === 0 ? t("none are kept") : t("{n} day|{n} days", { n: number }));

/** @param {{ me: Me }} props */
export default function Settings({ me }) {
  useEffect(() => show([]), []);
  const admin = me?.permissions?.includes("admin");
  return html`<${Sheet} title=${t("Settings")}>
    <section><h2>${t("You")}</h2><dl class="terms wide"><${Term} name=${t("Name")}>${me?.name ?? ""}<//><${Term} name=${t("Role")}>${ROLES[me?.role] ?? me?.role ?? ""}<//><${Term} name=${t("Accounts")}>${me ? t("{n} account|{n} accounts", { n: me.accounts }) : ""}<//></dl></section>
    ${me?.session ? html`<${Sessions} />` : null}${admin ? html`<${Home} />` : html`<p class="fine">${t("How this home is set up is shown to administrators.")}</p>`}<//>`;
}

/** @param {{ name: string, children?: any }} props */
function Term({ name, children }) {
  return html`<div><dt>${name}</dt><dd>${children}</dd></div>`;
}

function Sessions() {
  const { value, error, again } = useCall((stop) => /** @type {Promise<SessionPage>} */ (call("/sessions", { signal: stop })), []);
  if (error) return html`<section><h2>${t("Where you are signed in")}</h2><${Notice} error=${error} again=${again} /></section>`;
  if (!value?.items.length) return null;
  const end = (/** @type {SessionShape} */ one) => async () => {
    try {
      await call(one.current ? "/session" : `/sessions/${one.id}`, { method: "DELETE" });
      if (one.current) window.dispatchEvent(new Event("baton:signed-out"));
      else again();
    } catch (failed) {
      tell(failed.message);
    }
  };
  return html`<section><h2>${t("Where you are signed in")}</h2><ul class="persons">${value.items.map((one) => html`<li key=${one.id}><div class="names"><b>${one.current ? t("This browser") : t("Another browser")}</b><span>${t("since {begun}, last seen {seen}", { begun: moment(one.begun_at), seen: moment(one.seen_at) })}</span></div><button class="btn" type="button" onClick=${end(one)}>${t("Sign out")}</button></li>`)}</ul></section>`;
}

function Home() {
  const { value, error, again } = useCall((stop) => /** @type {Promise<SettingsShape>} */ (call("/settings", { signal: stop })), []);
  if (error) return html`<section><h2>${t("This home")}</h2><${Notice} error=${error} again=${again} /></section>`;
  if (!value) return html`<section><h2>${t("This home")}</h2><${Skeleton} lines=${6} /></section>`;
  const kept = Object.entries(value.retention);
  return html`${value.degraded.length ? html`<p class="verdict warn"><${Icon} name="alert" />${t("Degraded: {what}", { what: value.degraded.join("; ") })}</p>` : null}
    <section><h2>${t("Answers")}</h2><dl class="terms wide">
      <${Term} name=${t("Language model")}>${value.model ? html`${value.model.name || t("cannot be used")}${value.model.host ? html`<span class="who">${t("Questions and evidence are sent to {host}", { host: value.model.host })}</span>` : null}${value.model.trouble ? html`<span class="who">${value.model.trouble}</span>` : null}` : html`${t("none")}<span class="who">${t("Answers are the history's own words; nothing is sent anywhere")}</span>`}<//>
      <${Term} name=${t("Embedding")}>${value.embedding.name}<span class="who">${value.embedding.host ? t("Everything that is embedded is sent to {host}", { host: value.embedding.host }) : t("Runs on this machine")}</span><//>
      <${Term} name=${t("Time zone")}>${value.timezone}<//><${Term} name=${t("Version")}>${value.version}<//></dl></section>
    <section><h2>${t("Whose side")}</h2><dl class="terms wide"><${Term} name=${t("Our domains")}>${value.our_domains.length ? value.our_domains.map((one) => html`<span class="line" key=${one.domain}>${one.domain}<span class="who">${one.because}</span></span>`) : t("none known: name one with --our-domain")}<//>
      <${Term} name=${t("Partners")}>${value.partner_domains.length ? value.partner_domains.map((one) => html`<span class="line" key=${one}>${one}</span>`) : t("none named")}<//></dl></section>
    <section><h2>${t("How long things are kept")}</h2><dl class="terms wide">${kept.map(([name, number]) => html`<${Term} key=${name} name=${KEPT[name] ?? name}>${days(number)}<//>`)}</dl>
      <p class="fine">${rich("Settings are changed in {file} in the home.", { file: html`<code>baton.toml</code>` })}</p></section>`;
}
