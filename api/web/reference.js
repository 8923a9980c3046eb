// The page of the HTTP interface: every operation, parameter, body and answer of openapi.json, as text and never as mark-up.

import { call, fixture, t } from "./core.js";
import { h } from "./frame.js";

const VERBS = ["get", "post", "put", "patch", "delete"];
const DEEP = 3;

/** @typedef {{ id: string, verb: string, path: string, about: any, tag: string }} Operation */

/** The shape that a reference names, with that name.
 * @param {any} document @param {any} shape @returns {{ name: string, shape: any }} */
function named(document, shape) {
  if (!shape?.$ref) return { name: "", shape: shape ?? {} };
  const name = shape.$ref.split("/").pop();
  return { name, shape: document.components.schemas[name] ?? {} };
}

/** What a field holds, in a few words.
 * @param {any} document @param {any} given @returns {string} */
function kind(document, given) {
  const { name, shape } = named(document, given);
  if (name) return name;
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = shape.anyOf ?? shape.oneOf;
  if (choices) return choices.map((choice) => kind(document, choice)).join(" | ");
  if (shape.type === "array") return t("list of {what}", { what: kind(document, shape.items) });
  const bounds = [shape.minimum !== undefined && t("from {n}", { n: shape.minimum }), shape.maximum !== undefined && t("to {n}", { n: shape.maximum }), shape.maxLength && t("≤ {n} characters", { n: shape.maxLength })];
  return [shape.format ?? shape.type ?? t("anything"), ...bounds.filter(Boolean)].join(", ");
}

function row(document, name, shape, required, more = "") {
  const told = shape.description ?? named(document, shape).shape.description ?? "";
  const preset = shape.default === undefined || shape.default === null ? "" : `${t("Without it: {value}.", { value: JSON.stringify(shape.default) })} `;
  return h("tr", null,
    h("th", { scope: "row" }, name, required ? h("div", { class: "need" }, t("required")) : null),
    h("td", null, h("code", null, kind(document, shape)), more ? h("div", null, h("span", null, more)) : null),
    h("td", null, preset, told));
}

function table(caption, rows) {
  if (!rows.length) return null;
  return h("div", { class: "fields", tabindex: "0", role: "group", "aria-label": caption }, h("table", null, h("caption", { class: "sr" }, caption),
    h("thead", null, h("tr", null, [t("Name"), t("Holds"), t("Meaning")].map((word) => h("th", { scope: "col" }, word)))), h("tbody", null, rows)));
}

/** A shape's fields, and behind folds those of the shapes within it. */
function fields(document, given, caption, depth = 0) {
  const { name, shape } = named(document, given);
  const inner = shape.type === "array" ? shape.items : null;
  if (inner) return fields(document, inner, caption, depth);
  const choices = (shape.anyOf ?? shape.oneOf ?? []).filter((choice) => choice.type !== "null");
  if (choices.length) return choices.map((choice) => within(document, choice, depth));
  const known = Object.entries(shape.properties ?? {});
  const needed = new Set(shape.required ?? []);
  const below = new Map(known.flatMap(([, field]) => refs(field)).map((ref) => [ref.$ref, ref]));
  return [
    depth && shape.description ? h("p", null, shape.description) : null,
    table(caption || name, known.map(([field, about]) => row(document, field, about, needed.has(field)))),
    depth < DEEP ? [...below.values()].map((ref) => within(document, ref, depth)) : null,
  ];
}

function refs(field) {
  if (field.$ref) return [field];
  return [...(field.anyOf ?? field.oneOf ?? []), field.items, field.additionalProperties].filter((each) => each && typeof each === "object").flatMap(refs);
}

/** Made when it is opened: the deepest shapes would fill the page otherwise. */
function within(document, ref, depth) {
  const { name, shape } = named(document, ref);
  const inside = h("div", { class: "inside" });
  return h("details", { ontoggle: (event) => {
    if (event.target.open && !inside.childNodes.length) inside.append(...[fields(document, ref, name, depth + 1)].flat(Infinity).filter(Boolean));
  } }, h("summary", null, h("code", null, name || kind(document, shape))), inside);
}

function example(shape) {
  const [first] = shape.examples ?? [];
  return first === undefined ? null : [h("h4", null, t("Example")), h("pre", { tabindex: "0" }, JSON.stringify(first, null, 2))];
}

function body(document, content) {
  return Object.entries(content ?? {}).map(([type, { schema }]) => [
    h("p", null, h("code", null, type)),
    example(named(document, schema).shape),
    fields(document, schema, named(document, schema).name || type),
  ]);
}

/** @param {any} document @param {Operation} operation */
function inside(document, { about }) {
  const parameters = about.parameters ?? [];
  const answers = Object.entries(about.responses);
  const refused = answers.filter(([status]) => status >= "400");
  return [
    about.description ? h("p", null, about.description) : null,
    parameters.length ? [h("h4", null, t("Parameters")), table(t("Parameters"), parameters.map((each) => row(document, each.name, { ...each.schema, description: each.description }, each.required, t("in the {place}", { place: each.in }))))] : null,
    about.requestBody ? [h("h4", null, t("Body")), body(document, about.requestBody.content)] : null,
    answers.filter(([status]) => status < "400").map(([status, answer]) => [h("h4", null, t("Answer {status}", { status })), h("p", null, answer.description), body(document, answer.content)]),
    refused.length ? [h("h4", null, t("Refusals")), h("p", null, t("{answers}: as {type}, with a code for programs and a sentence for people.", { answers: refused.map(([status, answer]) => `${status} ${answer.description}`).join(", "), type: Object.keys(refused[0][1].content ?? {})[0] }))] : null,
  ].flat(Infinity).filter(Boolean);
}

/** @param {any} document @param {Operation} operation */
function drawn(document, operation) {
  const { id, verb, path, about } = operation;
  const content = h("div", { class: "inside" });
  return h("details", { class: "operation", id, ontoggle: (event) => {
    if (event.target.open && !content.childNodes.length) content.append(...inside(document, operation));
  } }, h("summary", null, h("span", { class: "verb" }, verb.toUpperCase()), h("code", null, path), h("h3", null, about.summary ?? "")), content);
}

/** @returns {Operation[]} */
function operations(document) {
  return Object.entries(document.paths).flatMap(([path, methods]) => VERBS.filter((verb) => methods[verb]).map((verb) => (
    { id: `${verb}${path.replace(/[^a-z0-9]+/gi, "-")}`, verb, path, about: methods[verb], tag: methods[verb].tags?.[0] ?? t("other") })));
}

function show(document) {
  const found = operations(document);
  const tags = [...new Set(found.map((each) => each.tag))].sort();
  const of = (tag) => found.filter((each) => each.tag === tag);
  const main = fixture("main");
  main.replaceChildren(...tags.map((tag) => h("section", { "aria-labelledby": `tag-${tag}` }, h("h2", { id: `tag-${tag}` }, tag), of(tag).map((each) => drawn(document, each)))));
  const links = tags.map((tag) => h("div", null, h("h2", null, tag), h("ul", null, of(tag).map((each) => h("li", null, h("a", { href: `#${each.id}` }, h("span", { class: "verb" }, each.verb.toUpperCase()), " ", each.about.summary ?? each.path))))));
  fixture("contents").replaceChildren(...links);
  const find = /** @type {HTMLInputElement} */ (fixture("find"));
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const each of found) {
      const told = `${each.verb} ${each.path} ${each.about.summary ?? ""}`.toLowerCase();
      const hidden = !words.every((word) => told.includes(word));
      fixture(each.id).hidden = hidden;
      for (const link of /** @type {NodeListOf<HTMLElement>} */ (globalThis.document.querySelectorAll(`nav li:has(> a[href="#${each.id}"])`))) link.hidden = hidden;
    }
    for (const part of /** @type {HTMLElement[]} */ ([...main.children, ...links])) part.hidden = !part.querySelector("details.operation:not([hidden]), li:not([hidden])");
  });
  const open = () => {
    const named = globalThis.document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!(named instanceof HTMLDetailsElement)) return;
    named.open = true;
    named.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
}

for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-t]"))) element.textContent = t(element.dataset.t ?? "");
call("/openapi.json").then(show, (error) => {
  fixture("main").replaceChildren(h("p", { class: "failed", role: "alert" }, error.message));
});
