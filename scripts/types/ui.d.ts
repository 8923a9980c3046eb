// What the page uses of ui.js, in types. Written by hand: what stands in templates is not looked into.

/** What a component gives back. */
export type Drawn = VNode | string | number | boolean | null | undefined | Drawn[];
export interface VNode {
  type: unknown;
  props: Record<string, unknown>;
}

export function html(strings: TemplateStringsArray, ...values: unknown[]): VNode;
export function render(node: Drawn, parent: Element | DocumentFragment): void;

export interface Ref<T> {
  current: T;
}
type Cleanup = void | (() => void);
type Update<T> = (next: T | ((before: T) => T)) => void;

export function useEffect(effect: () => unknown, inputs?: readonly unknown[]): void;
export function useLayoutEffect(effect: () => unknown, inputs?: readonly unknown[]): void;
export function useRef<T = any>(first: null): Ref<T>;
export function useRef<T>(first: T): Ref<T>;
export function useState<T = any>(first: T | (() => T)): [T, Update<T>];

export interface Signal<T> {
  value: T;
  peek(): T;
  subscribe(told: (value: T) => void): () => void;
}
export function signal<T>(first: T): Signal<T>;

export interface Parser {
  feed(text: string): void;
}
export function createParser(told: { onEvent: (event: { id?: string; event?: string; data: string }) => void }): Parser;
