// SPDX-License-Identifier: Apache-2.0
import { get, withQuery } from "./api.js";
import { failure, h, loading, show } from "./dom.js";

/**
 * A list that comes page by page. `query()` says what is asked for; `onPage(answer, first)` shows a page in `list`. Answers
 * with `load()`, which begins anew: an answer to what was asked before is not shown any more.
 */
export function paged({ path, query, onPage, what, signal }) {
  const list = h("div", {}, loading());
  const more = h("div", { class: "more" });
  let asked = 0;

  async function load(after) {
    const request = ++asked;
    show(more);
    try {
      const answer = await get(withQuery(path, { ...query(), after }), { signal });
      if (request !== asked) return;
      const shown = onPage(answer, after === undefined);
      if (!answer.next) return;
      // Something rare: the server has looked at many ids, and goes on where it stopped.
      if (shown === 0) load(answer.next);
      else show(more, h("button", { onclick: () => load(answer.next) }, `More ${what}`));
    } catch (error) {
      if (signal.aborted || request !== asked) return;
      show(after === undefined ? list : more, failure(error, () => load(after)));
    }
  }

  return { list, more, load: () => load() };
}
