/* Comforts only: every page works without this file. */
(() => {
  "use strict";

  /* A form marked data-once is sent once, however often its button is pressed. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  /* Back in the browser shows the page as it was left; its forms may be sent again. */
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });

  /* Where the menu is wider than a telephone, it begins with the page one is on. */
  const here = document.querySelector(".menu [aria-current]");
  if (here) {
    const row = here.parentElement;
    row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }

  /* A menu closes by Escape and by a press elsewhere. */
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  /* A question that opens takes the focus to its first field. */
  document.addEventListener("toggle", (event) => {
    const box = event.target;
    if (!box.matches?.("details.confirm[open]")) return;
    const first = box.querySelector(".confirm-box :is(input:not([type=hidden]), select, textarea, button)");
    if (first) first.focus();
  }, true);

  /* Branches of the tree: their links open a page; here the units below come as a piece of it. */
  const fetchPiece = async (address) => {
    const answer = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    return holder.content.querySelector(".tree");
  };
  const showBranch = (toggle, level, isOpen) => {
    level.hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
    toggle.setAttribute("aria-label", isOpen ? toggle.dataset.openLabel : toggle.dataset.closedLabel);
  };
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-load], a[data-load-more]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const branch = link.closest("li");
    const known = link.dataset.load && branch.querySelector(":scope > .tree");
    if (known) { showBranch(link, known, known.hidden); return; }
    if (link.getAttribute("aria-busy")) return;
    link.setAttribute("aria-busy", "true");
    try {
      const level = await fetchPiece(link.dataset.load || link.dataset.loadMore);
      if (link.dataset.load) { branch.append(level); showBranch(link, level, true); }
      else {
        const first = level.querySelector(".tree-name");
        branch.replaceWith(...level.children);
        first?.focus();
      }
    } catch { location.assign(link.href); }
    finally { link.removeAttribute("aria-busy"); }
  });

  /* One box ticks all others of its form; one taken back takes back that it was all. */
  for (const all of document.querySelectorAll("[data-tick-all]")) {
    const form = all.form?.elements[all.dataset.tickAll];
    const boxes = form ? [...(form.length === undefined ? [form] : form)] : [];
    all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
    for (const box of boxes) box.addEventListener("change", () => { all.checked = boxes.every((each) => each.checked); });
  }

  /* A page that is meant to be kept on paper offers to print. */
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  /* What was typed and came too late stays in this tab for an hour, for whoever typed it. On a page
     with the same form it is put back when asked; it is never sent by itself. */
  const TYPED = "typed";
  const forget = () => sessionStorage.removeItem(TYPED);
  const keepTyped = (shown) => {
    const fields = {};
    for (const each of shown.querySelectorAll("[data-field]")) fields[each.dataset.field] = each.value;
    const kept = { action: shown.dataset.typed, by: shown.dataset.typedBy, at: Date.now(), fields };
    sessionStorage.setItem(TYPED, JSON.stringify(kept));
  };
  const takesText = (field) => field instanceof HTMLTextAreaElement
    || (field instanceof HTMLInputElement && ["text", "search", "tel", "email", "date"].includes(field.type));
  const offerTyped = (who) => {
    const kept = JSON.parse(sessionStorage.getItem(TYPED) || "null");
    if (!kept) return;
    if (kept.by !== who || Date.now() - kept.at > 3600000) { forget(); return; }
    const form = [...document.querySelectorAll("form[method=post]")].find((each) =>
      new URL(each.getAttribute("action"), location.href).pathname === kept.action);
    const offer = document.getElementById("typed-before");
    if (!form || !offer) return;
    form.before(offer.content.cloneNode(true));
    const notice = form.previousElementSibling;
    notice.querySelector("[data-put-back]").addEventListener("click", () => {
      for (const [name, value] of Object.entries(kept.fields)) {
        const field = form.elements[name];
        if (takesText(field)) field.value = value;
      }
      forget();
      notice.remove();
      form.querySelector("textarea, input:not([type=hidden])")?.focus();
    });
    notice.querySelector("[data-forget]").addEventListener("click", () => { forget(); notice.remove(); });
  };
  const late = document.querySelector("[data-typed]");
  try {
    if (late) keepTyped(late);
    else if (document.body.dataset.who) offerTyped(document.body.dataset.who);
    document.addEventListener("submit", (event) => {
      if (event.target.getAttribute("action") === "/signout") forget();
    });
  } catch { /* a browser that keeps nothing: what was typed can be copied from the page */ }

  /* The first thing wrong in a form that came back is where one goes on. */
  const wrong = document.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
})();
