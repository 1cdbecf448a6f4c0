// SPDX-License-Identifier: Apache-2.0
// The frame: which view is shown, the token, the colours, the keyboard.

import { dialog } from "./dialog.js";
import { get, getToken, setToken } from "./api.js";
import { failure, h, show, toast } from "./dom.js";
import { clusterView } from "./views/cluster.js";
import { listenToKeys, showKeys } from "./keys.js";
import { remember } from "./nodes.js";
import { liveView } from "./views/live.js";
import { orderView } from "./views/order.js";
import { ordersView } from "./views/orders.js";
import { streamView } from "./views/stream.js";
import { streamsView } from "./views/streams.js";
import { transferView } from "./views/transfer.js";

const ROUTES = [
  { pattern: /^\/streams$/, nav: "streams", title: () => "Streams", view: streamsView },
  { pattern: /^\/streams\/([^/]+)$/, nav: "streams", title: (id) => id, view: streamView },
  { pattern: /^\/live$/, nav: "live", title: () => "Live", view: liveView },
  { pattern: /^\/orders$/, nav: "orders", title: () => "Orders", view: ordersView },
  { pattern: /^\/orders\/([^/]+)$/, nav: "orders", title: (id) => id, view: orderView },
  { pattern: /^\/transfer$/, nav: "transfer", title: () => "Import and export", view: transferView },
  { pattern: /^\/cluster$/, nav: "cluster", title: () => "Cluster", view: clusterView },
];
const THEMES = ["auto", "light", "dark"];

const main = document.getElementById("main");
const tokenButton = document.getElementById("token");
const themeButton = document.getElementById("theme");
let leave = new AbortController();

/** Shows the view of the address; the one before has its signal aborted. */
function route() {
  leave.abort();
  leave = new AbortController();
  const [path, query = ""] = location.hash.slice(1).split("?");
  const found = ROUTES.find(({ pattern }) => pattern.test(path));
  if (!found) return location.replace("#/streams");
  const id = decode(found.pattern.exec(path)[1]);
  document.title = `${found.title(id)} · Holdfast`;
  for (const link of document.querySelectorAll("nav a")) {
    const current = link.getAttribute("href") === `#/${found.nav}`;
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const root = h("div", { class: "view" });
  show(main, root);
  scrollTo(0, 0);
  try {
    found.view(root, { id, query: new URLSearchParams(query), signal: leave.signal });
  } catch (error) {
    show(root, failure(error, route));
    throw error;
  }
  const heading = root.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}

function decode(text) {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function askForToken({ refused = false } = {}) {
  if (document.querySelector("dialog[open]")) return;
  const input = h("input", { type: "password", name: "token", autocomplete: "off", value: getToken() ?? "", "aria-label": "Bearer token" });
  dialog({
    title: "Bearer token",
    content: [
      refused && h("p", { class: "hint bad", role: "alert" }, "The node refused this one."),
      h("p", { class: "hint" }, "Sent as “Authorization: Bearer …” with every request to this node. Kept in this tab until it is closed. Empty: none."),
      input,
    ],
    action: "Use it",
    submit: () => {
      setToken(input.value.trim());
      showToken();
      route();
    },
  });
}

function showToken() {
  tokenButton.setAttribute("aria-pressed", String(getToken() !== null));
}

function nextTheme() {
  const theme = THEMES[(THEMES.indexOf(localStorage.getItem("theme") ?? "auto") + 1) % THEMES.length];
  localStorage.setItem("theme", theme);
  showTheme();
}

function showTheme() {
  const theme = localStorage.getItem("theme") ?? "auto";
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  themeButton.textContent = theme[0].toUpperCase() + theme.slice(1);
}

addEventListener("hashchange", route);
addEventListener("tokenneeded", () => askForToken({ refused: getToken() !== null }));
addEventListener("unhandledrejection", ({ reason }) => {
  if (reason?.name !== "AbortError") toast(String(reason?.message ?? reason));
});
tokenButton.addEventListener("click", () => askForToken());
themeButton.addEventListener("click", nextTheme);
document.getElementById("help").addEventListener("click", showKeys);
listenToKeys({ t: nextTheme });
showToken();
showTheme();
get("/api/cluster").then(({ members }) => remember(members), () => {});
if (location.hash.startsWith("#/")) route();
else location.replace("#/streams");
