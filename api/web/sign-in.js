// The page of whoever is not signed in: the ways in, and why the last one did not lead anywhere.

import { html, useEffect, useState } from "./vendor/ui.js";
import { call, rich, t } from "./core.js";
import { Notice } from "./parts.js";

/** @import { WaysIn } from "shapes" */

/** @param {{ spent: Error | null }} props */
export default function SignedOut({ spent }) {
  const [company, setCompany] = useState(/** @type {WaysIn["single_sign_on"]} */ (null));
  useEffect(() => {
    call("/sign-in").then((/** @type {WaysIn} */ { single_sign_on: found }) => setCompany(found), () => {});
  }, []);
  return html`<section class="gate"><h1>${t("Sign in")}</h1>
    ${company ? html`<p><a class="btn primary" href="/api/v1/sign-in/start">${t("Sign in at {company}", { company: company.name })}</a></p>` : null}<p>${rich("Open the link you were sent, or the one that {command} printed when it started on this machine. Each works once.", { command: html`<code>baton serve</code>` })}</p>
    <p class="fine">${rich("Programs send an API key instead; {command} makes one.", { command: html`<code>baton keys create</code>` })}</p>
    ${location.search === "?refused" ? html`<p role="alert">${t("You were not signed in. Whoever runs Baton here has to invite you first, under the address your company knows you by.")}</p>` : null}
    ${spent ? html`<${Notice} error=${spent} />` : null}</section>`;
}
