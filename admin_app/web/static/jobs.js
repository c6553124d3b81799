/* Shows how far jobs have come without the page being loaded anew; without it one reloads. */
(() => {
  "use strict";

  const EVERY = 1500;
  const list = document.querySelector("[data-jobs]");
  const said = document.querySelector("[data-jobs-said]");
  if (!list) return;

  /* Of a row that says the same as before only its bar moves: whoever is on its button stays there. */
  const renew = (row, fresh) => {
    if (row.dataset.state === fresh.dataset.state) {
      row.querySelector("[data-progress]")?.replaceWith(fresh.querySelector("[data-progress]"));
      return;
    }
    const wasHere = row.contains(document.activeElement);
    row.replaceWith(fresh);
    if (wasHere) fresh.focus();
    if (said) said.textContent = fresh.querySelector(".row-title").textContent.replace(/\s+/g, " ").trim();
  };

  const look = async () => {
    try {
      const answer = await fetch(list.dataset.jobs, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (answer.ok && !answer.redirected) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const fresh of page.querySelectorAll(".jobs > li")) {
          const row = document.getElementById(fresh.id);
          if (row) renew(row, document.importNode(fresh, true));
        }
      } else if (answer.status < 500) return;
    } catch { /* the line is down for a moment */ }
    if (list.querySelector("li[data-state^=waiting], li[data-state^=running]")) setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
})();
