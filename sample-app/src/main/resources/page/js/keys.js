// SPDX-License-Identifier: Apache-2.0
// Keyboard shortcuts. A view offers its own by `data-key="n"` on the control that the key presses.

import { dialog } from "./dialog.js";
import { h } from "./dom.js";

const PLACES = { s: "streams", l: "live", o: "orders", i: "transfer", c: "cluster" };
const HELP = [
  ["g s", "go to streams"],
  ["g l", "go to live events"],
  ["g o", "go to orders"],
  ["g i", "go to import and export"],
  ["g c", "go to the cluster"],
  ["/", "search"],
  ["j  k", "next, previous row"],
  ["Enter", "open the row"],
  ["n", "append an event, place an order"],
  ["f", "follow live, pause"],
  ["r", "reload"],
  ["e", "open or close all events"],
  ["t", "colours: auto, light, dark"],
  ["Esc", "close a dialog, leave a field"],
  ["?", "this help"],
];

const enabled = () => localStorage.getItem("keys") !== "off";

export function showKeys() {
  if (document.querySelector("dialog[open]")) return;
  const box = h("input", {
    type: "checkbox",
    checked: enabled(),
    onchange: () => localStorage.setItem("keys", box.checked ? "on" : "off"),
  });
  dialog({
    title: "Keyboard",
    content: [
      h("dl", { class: "keys" }, HELP.map(([keys, what]) => [
        h("dt", {}, keys.split(/\s+/).map((key) => [h("kbd", {}, key), " "])),
        h("dd", {}, what),
      ])),
      h("label", { class: "check" }, box, h("span", { class: "hint" }, "single-key shortcuts are on")),
    ],
  });
}

/** Moves the focus among the rows of the view. */
function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement);
  rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))].focus();
}

export function listenToKeys(more) {
  let going = 0;
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector("main [type=search]")?.focus(),
    ...more,
  };
  addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape" && typing && !event.target.closest("dialog")) event.target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "?") return showKeys();
    if (!enabled()) return;
    const afterG = event.timeStamp - going < 1500;
    going = event.key === "g" ? event.timeStamp : 0;
    if (afterG && PLACES[event.key]) {
      location.hash = `#/${PLACES[event.key]}`;
      return;
    }
    const control = /^[a-z]$/.test(event.key) && document.querySelector(`main [data-key=${event.key}]`);
    const action = control ? () => control.click() : Object.hasOwn(actions, event.key) && actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
