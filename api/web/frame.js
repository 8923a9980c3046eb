// What the frame's pages stand on: elements made of text nodes only.

/** An element; children are nodes or plain text, never mark-up. Attributes that are null or false are left out.
 * @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {Record<string, any> | null} attributes @param {any[]} children @returns {HTMLElementTagNameMap[K]} */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}
