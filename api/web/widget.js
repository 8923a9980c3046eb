// <baton-ask account="…"> on somebody else's page: a frame of ours, and the words that go in and out of it. It imports nothing.

const HOME = new URL(import.meta.url).origin;
const PARAMETERS = ["view", "theme", "lang", "widget"];
const STYLE = `:host{all:initial;display:block;position:relative;height:100%;min-height:320px}:host([hidden]){display:none}
iframe{border:0;width:100%;height:100%;display:block;color-scheme:normal}
:host([mode=launcher]){position:fixed;inset:auto 20px 20px auto;height:auto;min-height:0;z-index:2147483000}
:host([mode=launcher]) iframe{width:min(420px,calc(100vw - 40px));height:min(640px,calc(100vh - 110px));border-radius:14px;
box-shadow:0 12px 40px rgb(0 0 0/.3);margin-bottom:12px}:host([mode=launcher]) iframe[hidden]{display:none}
button{all:unset;box-sizing:border-box;float:right;padding:12px 18px;border-radius:999px;background:#0b5d57;color:#fff;cursor:pointer;
font:600 15px/1.2 system-ui,sans-serif;box-shadow:0 4px 14px rgb(0 0 0/.25)}button:focus-visible{outline:3px solid #7ad3c9;outline-offset:2px}`;

class BatonAsk extends HTMLElement {
  /** Set it to an async function that fetches a fresh token from your server; without it the reader signs in. */
  getToken = /** @type {(() => Promise<string | null>) | null} */ (null);
  #frame = /** @type {HTMLIFrameElement | null} */ (null);
  #waiting = /** @type {{ type: string, text?: string }[]} */ ([]);
  #ready = false;
  #address = "";
  #button = /** @type {HTMLButtonElement | null} */ (null);

  connectedCallback() {
    if (this.#frame) return;
    const root = this.attachShadow({ mode: "closed" });
    const style = new CSSStyleSheet(); // no inline style: the page's own policy may forbid those
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    const frame = (this.#frame = document.createElement("iframe"));
    const address = new URL(`/embed/${encodeURIComponent(this.getAttribute("account") ?? "")}`, HOME);
    for (const name of PARAMETERS) {
      const value = this.getAttribute(name) ?? (name === "lang" ? document.documentElement.lang : "");
      if (value) address.searchParams.set(name, value);
    }
    this.#address = address.href;
    frame.allow = "clipboard-write";
    root.append(frame);
    if (this.getAttribute("mode") === "launcher") {
      this.#button = document.createElement("button");
      this.#button.onclick = () => this.#show(Boolean(frame.hidden));
      root.append(this.#button);
    }
    this.#name("Ask the deal history");
    this.#show(!this.#button);
    addEventListener("message", this);
  }

  disconnectedCallback() {
    removeEventListener("message", this);
  }

  ask(text) {
    this.open();
    this.#post({ type: "baton:ask", text: String(text) });
  }

  open() {
    this.#show(true);
  }

  close() {
    if (!this.#button || this.#frame?.hidden) return;
    this.#show(false);
    this.#button.focus();
  }

  /** @param {MessageEvent} event */
  async handleEvent({ source, origin, data }) {
    if (source !== this.#frame?.contentWindow || origin !== HOME || typeof data?.type !== "string") return;
    if (data.type === "baton:hello") {
      this.#ready = true;
      this.#name(String(data.label));
      this.#waiting.splice(0).forEach((message) => this.#post(message));
      this.#tell("ready", {});
    } else if (data.type === "baton:token?") {
      let token = null;
      try {
        token = (await this.getToken?.()) ?? null;
      } catch {
        this.#tell("error", { code: "no_token" });
      }
      this.#post({ type: "baton:token", token });
    } else if (["baton:answer", "baton:citation", "baton:error"].includes(data.type)) {
      const { id, status, code } = data;
      this.#tell(data.type.slice(6), { id, status, code });
    } else if (data.type === "baton:close") this.close();
  }

  /** @param {{ type: string, text?: string, token?: string | null }} message */
  #post(message) {
    if (this.#ready || message.type === "baton:token") this.#frame?.contentWindow?.postMessage(message, HOME);
    else this.#waiting.push(message);
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`baton-${name}`, { detail, bubbles: true }));
  }

  /** A launcher loads nothing of ours before it is opened.
   * @param {boolean} open */
  #show(open) {
    if (!this.#frame) return;
    this.#frame.hidden = !open;
    if (open && !this.#frame.src) this.#frame.src = this.#address;
    this.#button?.setAttribute("aria-expanded", String(open));
  }

  /** What the host calls it, else what the frame does, in its language.
   * @param {string} words */
  #name(words) {
    const label = this.getAttribute("label") ?? words;
    if (this.#frame) this.#frame.title = label;
    if (this.#button) this.#button.textContent = label;
  }
}

customElements.define("baton-ask", BatonAsk);
