// SPDX-License-Identifier: Apache-2.0
import { getToken, open, problem, withQuery } from "../api.js";
import { busy, failure, h, show } from "../dom.js";
import { bytes, duration, number, plural } from "../format.js";

/** Import and export of CloudEvents, one JSON object a line. */
export function transferView(root, { signal }) {
  show(
    root,
    h("div", { class: "head" }, h("div", {}, h("h1", {}, "Import and export"), h("p", {}, "CloudEvents as JSON lines, plain or gzip: the subject of an event is its stream."))),
    h("div", { class: "two" }, importer(signal), exporter(signal)),
  );
}

function importer(signal) {
  const file = h("input", { type: "file", name: "file", required: true, accept: ".ndjson,.jsonl,.json,.gz", "aria-label": "File" });
  const result = h("div", { "aria-live": "polite" });
  const start = h("button", { class: "main", type: "submit" }, "Import");
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Import"),
    h("p", { class: "hint" }, "An event that is there already, by its id, is not stored again: an import that broke off is simply repeated."),
    h(
      "form",
      {
        class: "stack",
        onsubmit: (event) => {
          event.preventDefault();
          busy(start, () => upload(file.files[0], signal, result)).catch((error) => show(result, failure(error)));
        },
      },
      h("div", { class: "row" }, h("div", { class: "grow" }, file), start),
      result,
    ),
  );
}

/** Sends the file and shows the lines of progress. XMLHttpRequest tells how much was sent, which fetch does not. */
function upload(file, signal, place) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const bar = h("progress", { max: file.size || 1, value: 0, "aria-label": "Sent" });
    const text = h("p", { class: "hint" }, "Sending …");
    const counts = h("dl", { class: "counts" });
    const failures = h("div", {});
    show(place, h("div", {}, bar, text, counts, failures));
    let seen = 0;
    let last = {};

    function progress() {
      const end = request.responseText.lastIndexOf("\n") + 1;
      const lines = request.responseText.slice(seen, end).split("\n").filter(Boolean);
      seen = end;
      if (lines.length === 0) return;
      last = JSON.parse(lines.at(-1));
      const shown = [["read", last.read], ["appended", last.appended], ["there already", last.repeated], ["failed", last.failed ?? 0]];
      show(counts, shown.map(([name, count]) => h("div", {}, h("dt", {}, name), h("dd", {}, number(count ?? 0)))));
      if (last.elapsedMillis > 0) text.textContent = `${duration(last.elapsedMillis)} · ${plural(Math.round((last.read * 1000) / last.elapsedMillis), "event")} a second`;
    }

    request.upload.addEventListener("progress", ({ loaded }) => {
      bar.value = loaded;
      text.textContent = loaded < file.size ? `Sent ${bytes(loaded)} of ${bytes(file.size)}` : `Sent ${bytes(loaded)}; the cluster is storing it`;
    });
    request.addEventListener("progress", () => request.status === 200 && progress());
    request.addEventListener("load", () => {
      if (request.status !== 200) return reject(problem(request.status, request.statusText, request.responseText));
      progress();
      bar.value = bar.max;
      if (!last.done) text.textContent = "The import broke off: repeat it, nothing is stored twice.";
      else text.textContent = `Done${last.failed > 0 ? `, with ${plural(last.failed, "failure")}` : ""}. ${text.textContent}`;
      if (last.failures?.length > 0) show(failures, h("div", { class: "note bad" }, h("ul", {}, last.failures.slice(0, 20).map((line) => h("li", {}, typeof line === "string" ? line : JSON.stringify(line))))));
      resolve();
    });
    request.addEventListener("error", () => reject(problem(0, "", JSON.stringify({ title: "The connection broke", outcome: "unknown", detail: "Some of the events may be stored. Import the file again: none is stored twice." }))));
    request.addEventListener("abort", resolve);
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", "/api/import");
    request.setRequestHeader("Content-Type", "application/x-ndjson");
    if (file.name.endsWith(".gz")) request.setRequestHeader("Content-Encoding", "gzip");
    if (getToken()) request.setRequestHeader("Authorization", `Bearer ${getToken()}`);
    request.send(file);
  });
}

function exporter(signal) {
  const prefix = h("input", { name: "prefix", placeholder: "all, or order-", "aria-label": "Streams whose id begins with", spellcheck: "false", autocapitalize: "off" });
  const result = h("p", { class: "hint", "aria-live": "polite" });
  const start = h("button", { type: "submit" }, "Export");
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Export"),
    h("p", { class: "hint" }, "Every stream in its order. What is exported can be imported into another store, with the same ids."),
    h(
      "form",
      {
        class: "stack",
        onsubmit: (event) => {
          event.preventDefault();
          busy(start, () => download(prefix.value, signal, result)).catch((error) => show(result, failure(error)));
        },
      },
      h("div", { class: "row" }, h("div", { class: "grow" }, prefix), start),
      result,
    ),
  );
}

async function download(prefix, signal, place) {
  const response = await open(withQuery("/api/export", { prefix }), { signal, headers: { Accept: "application/x-ndjson" } });
  const parts = [];
  let size = 0;
  let lines = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    for (const byte of value) if (byte === 10) lines++;
    place.textContent = `${plural(lines, "event")}, ${bytes(size)}`;
  }
  if (lines === 0) {
    place.textContent = "No stream begins so.";
    return;
  }
  const url = URL.createObjectURL(new Blob(parts, { type: "application/x-ndjson" }));
  const link = h("a", { href: url, download: `holdfast${prefix ? `-${prefix.replace(/[^\w-]+/g, "_")}` : ""}.ndjson` }, "Save again");
  link.click();
  show(place, `${plural(lines, "event")}, ${bytes(size)}. `, link);
  signal.addEventListener("abort", () => URL.revokeObjectURL(url));
}
