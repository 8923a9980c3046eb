// Who is signed in and where, and the settings in force, to be read; they are changed in baton.toml.

import { html, useEffect } from "./vendor/ui.js";
import { call, moment, plural } from "./core.js";
import { Icon, Notice, Sheet, Skeleton, show, tell, useCall } from "./parts.js";

/** @import { SettingsShape, SessionPage, SessionShape, Me } from "shapes" */

/** @type {Record<string, string>} */
const ROLES = { admin: "Administrator", ae: "Account executive", csm: "Customer success", viewer: "Reads only" };
/** @param {number | null} number */
const days = (number) => (number === null ? "kept for ever" : number === 0 ? "none are kept" : plural(number, "day"));

/** @param {{ me: Me }} props */
export default function Settings({ me }) {
  useEffect(() => show([]), []);
  const admin = me?.permissions?.includes("admin");
  return html`<${Sheet} title="Settings">
    <section><h2>You</h2><dl class="terms wide"><${Term} name="Name">${me?.name ?? ""}<//><${Term} name="Role">${ROLES[me?.role] ?? me?.role ?? ""}<//><${Term} name="Accounts">${me ? plural(me.accounts, "account") : ""}<//></dl></section>
    ${me?.session ? html`<${Sessions} />` : null}${admin ? html`<${Home} />` : html`<p class="fine">How this home is set up is shown to administrators.</p>`}<//>`;
}

/** @param {{ name: string, children?: any }} props */
function Term({ name, children }) {
  return html`<div><dt>${name}</dt><dd>${children}</dd></div>`;
}

function Sessions() {
  const { value, error, again } = useCall((stop) => /** @type {Promise<SessionPage>} */ (call("/sessions", { signal: stop })), []);
  if (error) return html`<section><h2>Where you are signed in</h2><${Notice} error=${error} again=${again} /></section>`;
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
  return html`<section><h2>Where you are signed in</h2><ul class="persons">${value.items.map((one) => html`<li key=${one.id}><div class="names"><b>${one.current ? "This browser" : "Another browser"}</b><span>${`since ${moment(one.begun_at)}, last seen ${moment(one.seen_at)}`}</span></div><button class="btn" type="button" onClick=${end(one)}>Sign out</button></li>`)}</ul></section>`;
}

function Home() {
  const { value, error, again } = useCall((stop) => /** @type {Promise<SettingsShape>} */ (call("/settings", { signal: stop })), []);
  if (error) return html`<section><h2>This home</h2><${Notice} error=${error} again=${again} /></section>`;
  if (!value) return html`<section><h2>This home</h2><${Skeleton} lines=${6} /></section>`;
  const kept = Object.entries(value.retention);
  return html`${value.degraded.length ? html`<p class="verdict warn"><${Icon} name="alert" />${`Degraded: ${value.degraded.join("; ")}`}</p>` : null}
    <section><h2>Answers</h2><dl class="terms wide">
      <${Term} name="Language model">${value.model ? html`${value.model.name || "cannot be used"}${value.model.host ? html`<span class="who">${`Questions and evidence are sent to ${value.model.host}`}</span>` : null}${value.model.trouble ? html`<span class="who">${value.model.trouble}</span>` : null}` : html`none<span class="who">Answers are the history's own words; nothing is sent anywhere</span>`}<//>
      <${Term} name="Embedding">${value.embedding.name}<span class="who">${value.embedding.host ? `Everything that is embedded is sent to ${value.embedding.host}` : "Runs on this machine"}</span><//>
      <${Term} name="Time zone">${value.timezone}<//><${Term} name="Version">${value.version}<//></dl></section>
    <section><h2>Whose side</h2><dl class="terms wide"><${Term} name="Our domains">${value.our_domains.length ? value.our_domains.map((one) => html`<span class="line" key=${one.domain}>${one.domain}<span class="who">${one.because}</span></span>`) : "none known: name one with --our-domain"}<//>
      <${Term} name="Partners">${value.partner_domains.length ? value.partner_domains.map((one) => html`<span class="line" key=${one}>${one}</span>`) : "none named"}<//></dl></section>
    <section><h2>How long things are kept</h2><dl class="terms wide">${kept.map(([name, number]) => html`<${Term} key=${name} name=${name[0].toUpperCase() + name.slice(1)}>${days(number)}<//>`)}</dl>
      <p class="fine">Settings are changed in <code>baton.toml</code> in the home.</p></section>`;
}
