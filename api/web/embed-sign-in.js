// The window beside a frame: whoever is signed in here lets the frame see one account for a quarter of an hour.

import { h } from "./frame.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const account = new URLSearchParams(location.search).get("account") ?? "";

async function letIn() {
  const response = await fetch(`/api/v1/accounts/${encodeURIComponent(account)}/visits`, { method: "POST", credentials: "same-origin" });
  const body = await response.json().catch(() => ({}));
  if (response.status === 401) {
    return show("Sign in first", "Open Baton with your sign-in link in another tab, then come back here.", "I have signed in");
  }
  if (!response.ok) return show("This could not be opened", body.detail ?? "Baton is not responding.", "Try again");
  if (!window.opener) return show("This window has lost its page", "Close it and choose “Sign in” there once more.", "");
  window.opener.postMessage({ type: "baton:bearer", ...body }, location.origin);
  window.close();
}

/** @param {string} title @param {string} words @param {string} again what the button says; without it there is none */
function show(title, words, again) {
  main.replaceChildren(
    h("h1", {}, title),
    h("p", {}, words),
    again && h("button", { class: "btn primary", type: "button", onclick: letIn }, again),
    h("a", { class: "btn", href: "/", target: "_blank", rel: "noopener" }, "Open Baton"),
  );
}

letIn().catch(() => show("Baton is not responding", "Is the server still running?", "Try again"));
