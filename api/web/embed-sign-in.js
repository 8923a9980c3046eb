// The window beside a frame: whoever is signed in here lets the frame see one account for a quarter of an hour.

import { h } from "./frame.js";
import { t } from "./words.js";

document.title = t("Let the page show this deal");
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const account = new URLSearchParams(location.search).get("account") ?? "";

async function letIn() {
  const response = await fetch(`/api/v1/accounts/${encodeURIComponent(account)}/visits`, { method: "POST", credentials: "same-origin" });
  const body = await response.json().catch(() => ({}));
  if (response.status === 401) {
    return show(t("Sign in first"), t("Open Baton with your sign-in link in another tab, then come back here."), t("I have signed in"));
  }
  if (!response.ok) return show(t("This could not be opened"), body.detail ?? t("Baton is not responding."), t("Try again"));
  if (!window.opener) return show(t("This window has lost its page"), t("Close it and choose “Sign in” there once more."), "");
  window.opener.postMessage({ type: "baton:bearer", ...body }, location.origin);
  window.close();
}

/** @param {string} title @param {string} words @param {string} again what the button says; without it there is none */
function show(title, words, again) {
  main.replaceChildren(
    h("h1", {}, title),
    h("p", {}, words),
    again && h("button", { class: "btn primary", type: "button", onclick: letIn }, again),
    h("a", { class: "btn", href: "/", target: "_blank", rel: "noopener" }, t("Open Baton")),
  );
}

letIn().catch(() => show(t("Baton is not responding"), t("Is the server still running?"), t("Try again")));
