// SPDX-License-Identifier: Apache-2.0
// JSON without loss: a number that JavaScript cannot hold (12345678901234567890, 1.10) keeps the digits that were stored.

import { h } from "./dom.js";

const HIGHLIGHTED = 60_000; // characters; a larger text is shown plain, for speed

class ExactNumber {
  constructor(source) {
    this.source = source;
  }
  toString() {
    return this.source;
  }
}

/** For what is shown as it was stored; to calculate with numbers, use `JSON.parse`. */
export function parseExactly(text) {
  return JSON.parse(text, (key, value, context) =>
    typeof value === "number" && context?.source !== undefined && context.source !== String(value)
      ? new ExactNumber(context.source)
      : value,
  );
}

function isContainer(value) {
  return value !== null && typeof value === "object" && !(value instanceof ExactNumber);
}

function scalar(value) {
  return value instanceof ExactNumber ? value.source : JSON.stringify(value);
}

export function format(value, indent = "") {
  if (!isContainer(value)) return scalar(value);
  const deeper = indent + "  ";
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Array.isArray(value)
    ? value.map((entry) => deeper + format(entry, deeper))
    : Object.entries(value).map(([key, entry]) => `${deeper}${JSON.stringify(key)}: ${format(entry, deeper)}`);
  return parts.length === 0 ? open + close : `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}

/** One line of it, for lists. */
export function preview(value) {
  if (!isContainer(value)) return typeof value === "string" ? value : scalar(value);
  if (Array.isArray(value)) return value.length === 1 ? `[${preview(value[0])}]` : `[${value.length}]`;
  return Object.entries(value)
    .map(([key, entry]) => `${key} ${isContainer(entry) ? (Array.isArray(entry) ? `[${entry.length}]` : "{…}") : preview(entry)}`)
    .join(" · ");
}

/** A `pre` of the value, coloured. */
export function pretty(value) {
  const text = format(value);
  const element = h("pre", { class: "json", tabindex: "0" });
  if (text.length > HIGHLIGHTED) element.append(text);
  else element.append(...tokens(text));
  return element;
}

function* tokens(text) {
  let end = 0;
  for (const match of text.matchAll(/("(?:[^"\\]|\\.)*")(:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g)) {
    yield text.slice(end, match.index);
    const kind = match[2] ? "key" : match[1] ? "string" : /^[tfn]/.test(match[0]) ? "word" : "number";
    const token = match[1] ?? match[0];
    yield h("span", { class: kind }, token);
    end = match.index + token.length;
  }
  yield text.slice(end);
}

/** Path and text of every leaf, in order. */
export function leaves(value, path = "", into = new Map()) {
  const entries = isContainer(value) ? Object.entries(value) : [];
  if (entries.length === 0) {
    if (path !== "" || !isContainer(value)) into.set(path, isContainer(value) ? format(value) : scalar(value));
    return into;
  }
  for (const [key, entry] of entries) leaves(entry, path === "" ? key : `${path}.${key}`, into);
  return into;
}

/** What differs between two values: `{path, before, after, changed}`, in the order of the later value. */
export function difference(before, after) {
  const old = leaves(before ?? {});
  const now = leaves(after ?? {});
  return [...new Set([...old.keys(), ...now.keys()])].map((path) => ({
    path,
    before: old.get(path),
    after: now.get(path),
    changed: old.get(path) !== now.get(path),
  }));
}
