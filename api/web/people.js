// Who is who in an account, on which side, and who is the same person.

import { html, useEffect, useState } from "./vendor/ui.js";
import { call, t } from "./core.js";
import { Choice, Icon, Notice, Search, Sheet, Skeleton, show, tell, useCall } from "./parts.js";

/** @import { PeoplePage, KnownPerson, AccountShape as Account, Me } from "shapes" */

const SIDES = { buyer: t("The customer"), partner: t("Partners"), unknown: t("Side unknown"), seller: t("Our side") };

/** @param {{ account: Account, me: Me }} props */
export default function People({ account, me }) {
  const [words, setWords] = useState("");
  useEffect(() => show([]), []);
  const { value, error, again, set } = useCall((stop) => /** @type {Promise<PeoplePage>} */ (call(`/accounts/${account.id}/people`, { signal: stop })), [account.id]);
  const fits = (/** @type {KnownPerson} */ person) => words.toLowerCase().split(/\s+/).every((word) => [person.name, person.email, person.title].join(" ").toLowerCase().includes(word));
  const found = value?.items.filter(fits) ?? [];
  return html`<${Sheet} kick=${account.name} title=${t("People")} lede=${t("Everybody who took part, by side. Say where two are one person; nothing that was said changes.")}>
    <div class="filters"><${Search} label=${t("Search people")} placeholder=${t("Name, address or title")} value=${words} onSearch=${setWords} /></div>
    ${error ? html`<${Notice} error=${error} again=${again} />` : !value ? html`<${Skeleton} lines=${6} />` : !found.length ? html`<div class="empty"><p>${value.items.length ? t("Nobody fits.") : t("Nobody is known of this account yet.")}</p></div>`
      : Object.entries(SIDES).map(([side, label]) => {
        const those = found.filter((person) => person.side === side);
        return those.length ? html`<section key=${side}><h2>${label}<small>${t("{n} person|{n} people", { n: those.length })}</small></h2>${side === "unknown" ? html`<p class="fine">${t("Until somebody says whose side they are on, nothing they promised counts, and nothing they need.")}</p>` : null}<ul class="persons">${those.map((person) => html`<${Person} key=${person.id} person=${person} all=${value.items} account=${account} set=${set} may=${me?.permissions?.includes("admin")} />`)}</ul></section>` : null;
      })}<//>`;
}

/** @param {{ person: KnownPerson, all: KnownPerson[], account: Account, set: (page: PeoplePage) => void, may: boolean }} props */
function Person({ person, all, account, set, may }) {
  const [open, setOpen] = useState(false);
  const [into, setInto] = useState("");
  const [busy, setBusy] = useState(false);
  const path = `/accounts/${account.id}/people`;
  const named = (one) => one.name || one.email;
  const run = (ask, sentence, undo) => async () => {
    setBusy(true);
    try {
      set(await ask());
      setOpen(false);
      tell(sentence, undo);
    } catch (error) {
      tell(error.message);
    }
    setBusy(false);
  };
  const split = (id) => () => call(`${path}/split`, { body: { person: id } });
  const merge = run(() => call(`${path}/merge`, { body: { person: person.id, into } }), t("{person} is read as {other} now.", { person: named(person), other: named(all.find((one) => one.id === into) ?? person) }), async () => set(await split(person.id)()));
  const side = (to) => () => call(`${path}/side`, { body: { person: person.id, side: to } });
  const onSide = (to) => run(side(to || null), to ? t("{person}: {side} now.", { person: named(person), side: SIDES[to] }) : t("Left to addresses and words again."), async () => set(await side(person.side_by_hand ? person.side : null)()))();
  return html`<li><div class="names"><b dir="auto">${named(person)}</b><span dir="auto">${[person.title, ...person.roles].filter(Boolean).join(" · ")}</span></div><span class="mail" dir="auto">${person.name ? person.email : ""}</span>
    ${may ? html`<button class="btn ghost" type="button" aria-expanded=${open ? "true" : "false"} aria-label=${t("{person} is the same as somebody else", { person: named(person) })} onClick=${() => setOpen(!open)}>${t("Same as …")}</button>` : null}
    ${person.uncounted ? html`<p class="also"><${Icon} name="alert" />${t("{n} statement counts for neither side|{n} statements count for neither side", { n: person.uncounted })}</p>` : null}
    ${may && (person.side === "unknown" || person.side_by_hand) ? html`<${Choice} label=${t("Whose side {person} is on", { person: named(person) })} value=${person.side_by_hand ? person.side : ""} choices=${[["", person.side_by_hand ? t("By addresses and words") : t("Choose a side")], ["seller", t("Ours")], ["buyer", t("The customer's")], ["partner", t("A partner's")]]} onChange=${onSide} />` : null}
    ${open ? html`<div class="assign"><${Choice} label=${t("Who {person} is", { person: named(person) })} value=${into} choices=${[["", t("Choose who they are")], ...all.filter((one) => one.id !== person.id && one.side === person.side).map((one) => [one.id, [named(one), one.name && one.email].filter(Boolean).join(", ")])]} onChange=${setInto} /><div class="row-acts"><button class="btn primary" type="button" disabled=${!into || busy} onClick=${merge}>${t("They are one person")}</button></div></div>` : null}
    ${(person.read_as_this ?? []).map((other) => html`<p class="also" key=${other.id}><${Icon} name="link" /><span dir="auto">${t("Also as {name}", { name: [other.name, other.email].filter(Boolean).join(", ") })}</span>${may ? html`<button class="btn ghost" type="button" disabled=${busy} onClick=${run(split(other.id), t("{person} is a person of their own again.", { person: named(other) }))}>${t("Not the same")}</button>` : null}</p>`)}</li>`;
}
