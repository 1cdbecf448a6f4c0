// SPDX-License-Identifier: Apache-2.0
// Appending an event by hand: with an expected version, and what a conflict looks like.

import { getExactly, newId, post, streamPath, withQuery } from "./api.js";
import { dialog } from "./dialog.js";
import { h, show, toast } from "./dom.js";
import { number, plural } from "./format.js";
import { eventRow } from "./event-row.js";

/** Asks for an event and appends it; `version` is the one that the reader has seen. */
export function appendDialog({ streamId = "", version = 0, onAppended, onReload }) {
  const stream = h("input", { name: "stream", value: streamId, required: true, placeholder: "order-1", spellcheck: "false", autocapitalize: "off", class: "mono" });
  const type = h("input", { name: "type", required: true, placeholder: "NoteAdded", spellcheck: "false", autocapitalize: "off" });
  const data = jsonField("data", '{\n  "text": ""\n}');
  const metadata = jsonField("metadata", "{}");
  metadata.input.style.minHeight = "60px";
  const kind = h(
    "select",
    { name: "expected", onchange: showExact },
    h("option", { value: "exactly" }, "exactly this version"),
    h("option", { value: "any" }, "any"),
    h("option", { value: "new" }, "none: the stream must be new"),
    h("option", { value: "exists" }, "the stream must exist"),
  );
  const exact = h("input", { name: "version", type: "number", min: "0", step: "1", value: String(version), "aria-label": "Version", required: true });
  const exactField = h("div", { class: "grow" }, exact);
  if (streamId === "") kind.value = "new";

  // The id stays while the event stays: sent again after an unknown outcome, it is stored once.
  let id = newId();
  let sent = "";

  const { element, answer } = dialog({
    title: "Append an event",
    action: "Append",
    content: [
      h("label", {}, h("span", {}, "Stream"), stream),
      h("label", {}, h("span", {}, "Type"), type),
      h("label", {}, h("span", {}, "Payload, JSON"), data.input, data.hint),
      h("details", {}, h("summary", { class: "hint" }, "Metadata"), metadata.input, metadata.hint),
      h("div", {}, h("span", { class: "label" }, "Expected version"), h("div", { class: "row" }, h("div", { class: "grow" }, kind), exactField)),
    ],
    submit,
  });
  kind.setAttribute("aria-label", "Expected version");
  showExact();
  (streamId === "" ? stream : type).focus();

  function showExact() {
    exactField.hidden = kind.value !== "exactly";
    exact.disabled = exactField.hidden;
  }

  function precondition() {
    if (kind.value === "exactly") return { "If-Match": `"${exact.value}"` };
    return { any: {}, new: { "If-None-Match": "*" }, exists: { "If-Match": "*" } }[kind.value];
  }

  async function submit() {
    if (!data.check() || !metadata.check()) return false;
    // The texts as they were typed: no number loses a digit on the way.
    const event = `"type":${JSON.stringify(type.value)},"data":${data.input.value},"metadata":${metadata.input.value}}`;
    if (sent !== stream.value + event) id = newId();
    sent = stream.value + event;
    try {
      const result = await post(streamPath(stream.value), `{"id":"${id}",${event}`, { headers: precondition() });
      toast(`${result.repeated ? "Was already there as" : "Appended as"} version ${number(result.currentVersion)}`);
      onAppended?.(stream.value);
      return true;
    } catch (error) {
      if (error.problem?.outcome !== "conflict" && error.status !== 412 && error.status !== 409) throw error;
      showConflict(error.problem);
      return false;
    }
  }

  function showConflict({ expectedVersion, actualVersion, detail }) {
    const between = h("div", {});
    const reload = () => {
      kind.value = "exactly";
      exact.value = String(actualVersion);
      showExact();
      show(answer);
      onReload?.();
      element.querySelector("[type=submit]").focus();
    };
    show(
      answer,
      h(
        "div",
        { class: "note bad", role: "alert" },
        h("h2", {}, "Conflict: nothing was written"),
        h(
          "dl",
          { class: "counts" },
          h("div", {}, h("dt", {}, "expected"), h("dd", {}, String(expectedVersion ?? kind.selectedOptions[0].text))),
          h("div", {}, h("dt", {}, "actual"), h("dd", {}, String(actualVersion ?? "?"))),
        ),
        actualVersion == null && h("p", {}, detail),
        between,
        actualVersion != null && h("div", { class: "row" }, h("button", { type: "button", onclick: reload }, `Reload, and expect ${number(actualVersion)}`)),
      ),
    );
    answer.scrollIntoView({ block: "end" });
    answer.querySelector("button")?.focus({ preventScroll: true });
    const seen = Number(expectedVersion);
    if (Number.isInteger(seen) && actualVersion > seen) showBetween(between, seen, actualVersion);
  }

  /** What came between: the events that whoever appends has not seen. */
  async function showBetween(place, seen, actual) {
    const { events } = await getExactly(withQuery(streamPath(stream.value), { fromVersion: seen + 1, limit: 5 }));
    show(
      place,
      h("p", { class: "hint" }, `${plural(actual - seen, "event")} came in between${actual - seen > events.length ? `, the first ${events.length}:` : ":"}`),
      h("div", { class: "events" }, events.map((event) => eventRow(event))),
    );
  }
}

function jsonField(name, value) {
  const hint = h("span", { class: "hint bad", role: "alert" });
  const input = h("textarea", { name, spellcheck: "false", autocapitalize: "off", oninput: () => input.classList.contains("invalid") && check() }, value);
  function check() {
    let wrong = "";
    try {
      JSON.parse(input.value);
    } catch (error) {
      wrong = `Not JSON: ${error.message}`;
    }
    hint.textContent = wrong;
    input.classList.toggle("invalid", wrong !== "");
    if (wrong) input.focus();
    return wrong === "";
  }
  return { input, hint, check };
}
