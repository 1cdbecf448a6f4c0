// SPDX-License-Identifier: Apache-2.0
import { busy, failure, h, show } from "./dom.js";

/**
 * A modal form. `submit` may be asynchronous: the dialog closes when it has ended, unless it answers false, and shows its
 * error if it fails.
 */
export function dialog({ title, content, action, submit, className }) {
  const answer = h("div", {});
  const main = action && h("button", { class: className ?? "main", type: "submit" }, action);
  const form = h(
    "form",
    {
      onsubmit: async (event) => {
        event.preventDefault();
        show(answer);
        try {
          if ((await busy(main, submit)) !== false) element.close();
        } catch (error) {
          show(answer, failure(error));
          answer.scrollIntoView({ block: "nearest" });
        }
      },
    },
    h("h2", {}, title),
    content,
    answer,
    h("div", { class: "actions" }, h("button", { type: "button", onclick: () => element.close() }, action ? "Cancel" : "Close"), main),
  );
  const element = h("dialog", { "aria-label": title, onclose: () => element.remove() }, form);
  // A view that is left takes its dialog with it.
  addEventListener("hashchange", () => element.close(), { once: true });
  document.body.append(element);
  element.showModal();
  return { element, answer };
}
