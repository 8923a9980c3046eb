// The list of keys, and the switch for whoever wants none that are pressed alone.

import { html } from "./vendor/ui.js";
import { t } from "./core.js";
import { pageKeys } from "./parts.js";

const mac = /Mac|iP/.test(navigator.platform);
const KEYS = [[mac ? "⌘ K" : "Ctrl K", t("Choose another account")], [mac ? "⌘ ⇧ O" : "Ctrl Shift O", t("New question")], ["/", t("To the question box")], ["J  K", t("Next and previous source")], ["O", t("Open the original")], ["C", t("Copy the last answer with its sources")], ["Esc", t("Close the source, stop an answer")], ["?", t("This list")]];

/** @param {{ singleKeys: () => boolean, remember: (name: string, value: string) => void }} props */
export default function Keys({ singleKeys, remember }) {
  return html`<h2 id="keys-title">${t("Keys")}</h2><dl>${[...pageKeys.value, ...KEYS.filter(([key]) => !pageKeys.value.some(([own]) => own === key))].map(([key, does]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`)}</dl>
    <label class="switch"><input type="checkbox" checked=${singleKeys()} onChange=${(event) => remember("baton-keys", event.currentTarget.checked ? "" : "off")} />${t("Single keys (those without {key})", { key: mac ? "⌘" : "Ctrl" })}</label>
    <form method="dialog"><button class="btn">${t("Close")}</button></form>`;
}
