// SPDX-License-Identifier: Apache-2.0
// Elements from data. Text becomes text nodes, never markup, so whatever an event holds is shown and not run.

import { elsewhere } from "./nodes.js";

const SVG = "http://www.w3.org/2000/svg";

/** An element: `on…` properties are listeners, `class` and the others attributes; false, null and undefined leave an attribute out. */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children) {
  return children.flat(Infinity).filter((child) => child != null && child !== false);
}

export function show(parent, ...children) {
  parent.replaceChildren(...nodes(children));
  return parent;
}

/** What a view shows while it waits: lines of the shape of what comes. */
export function loading(lines = 6) {
  const bars = Array.from({ length: lines }, () => h("div", { class: "skeleton" }));
  return h("div", { class: "loading", role: "status", "aria-label": "Loading" }, bars);
}

export function empty(title, ...body) {
  return h("div", { class: "empty" }, h("h2", {}, title), body.length > 0 && h("p", {}, body));
}

/** An error with what the server says of it, and the remedy. */
export function failure(error, retry) {
  const outcome = error.problem?.outcome;
  return h(
    "div",
    { class: "failure", role: "alert" },
    h("h2", {}, error.title ?? "That did not work", outcome && h("span", { class: `tag ${outcome}` }, outcome)),
    h("p", {}, error.message),
    error.status === 0 && elsewhere().length > 0 && h("p", {}, "Go on at ", elsewhere().map(({ name, page }, at) => [at > 0 && ", ", h("a", { href: page }, name)]), "."),
    retry && !(error.status >= 400 && error.status < 429) && h("button", { onclick: retry }, "Try again"),
  );
}

const TOASTS = 3;

/** Says what was done, for some seconds; the oldest gives way. */
export function toast(text) {
  const element = h("div", { class: "toast" }, text);
  const toasts = document.getElementById("toasts");
  toasts.append(element);
  while (toasts.children.length > TOASTS) toasts.firstChild.remove();
  setTimeout(() => element.remove(), 4000);
}

/** Runs `work` with the button disabled, however it ends. */
export async function busy(button, work) {
  button.disabled = true;
  button.classList.add("busy");
  try {
    return await work();
  } finally {
    button.disabled = false;
    button.classList.remove("busy");
  }
}
