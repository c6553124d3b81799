/* What the dashboard does in the browser: the address as the one state, pictures, paper, freshness.
   Dash's renderer starts at the end of this file, so that no script stands in the page itself. */
(() => {
  "use strict";

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 47.99rem)");
  const { drawing } = window;
  const board = () => document.querySelector(".board-page");
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const lookNow = () => ({ dark: dark.matches, narrow: narrow.matches });

  /* ---- How the figures look --------------------------------------------------------------- */
  /* A width that lasts a moment only, as while printing, is none. */
  let shownAs = JSON.stringify(lookNow());
  const lookAgain = () => {
    if (JSON.stringify(lookNow()) === shownAs) return;
    shownAs = JSON.stringify(lookNow());
    set("look", { data: lookNow() });
  };
  for (const query of [dark, narrow]) query.addEventListener("change", () => setTimeout(lookAgain, 400));

  /* ---- The address is the one state ------------------------------------------------------- */
  const PAGE = "/dashboard/";
  const showBar = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const text = answer.ok && !answer.redirected ? await answer.text() : "";
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("narrowing");
    if (!fresh) { location.assign(address); return; }
    const focused = document.activeElement?.id;
    document.getElementById("narrowing").replaceWith(fresh);
    document.title = new DOMParser().parseFromString(text, "text/html").title;
    if (focused) document.getElementById(focused)?.focus();
  };
  const go = (address) => {
    const wanted = new URL(address, location.href);
    if (wanted.search === location.search) return;
    history.pushState({}, "", wanted.pathname + wanted.search);
    dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    showBar(wanted.href).catch(() => location.assign(wanted.href));
  };
  addEventListener("popstate", () => showBar(location.href).catch(() => location.reload()));

  const addressOf = (form) => {
    const search = new URLSearchParams();
    for (const field of form.elements) {
      if (field.name && field.value && field.value !== field.dataset.usual) search.set(field.name, field.value);
    }
    return `${PAGE}?${search}`;
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.(".narrowing-form");
    if (!form || !event.target.name) return;
    if (event.target.name === "department") form.querySelector("[name=unit]")?.remove();
    else form.querySelector("[name=department]")?.removeAttribute("name");
    go(addressOf(form));
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".narrowing-form")) return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("main a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const wanted = new URL(link.href, location.href);
    if (wanted.origin !== location.origin || wanted.pathname !== PAGE) return;
    event.preventDefault();
    go(wanted.href);
    if (!link.closest(".board")) return;
    document.getElementById("main").focus({ preventScroll: true }); // its table is made anew
    document.getElementById("main").scrollIntoView();
  });

  /* ---- Finding a unit --------------------------------------------------------------------- */
  let asked = 0;
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("[data-units]");
    if (!field) return;
    const mine = ++asked, typed = field.value.trim();
    const hits = document.getElementById("unit-hits");
    document.getElementById("unit-below").hidden = typed !== "";
    if (!typed) { hits.replaceChildren(); return; }
    setTimeout(async () => {
      if (mine !== asked) return;
      const search = new URLSearchParams(location.search);
      search.set("q", typed);
      const answer = await fetch(`${field.dataset.units}?${search}`).catch(() => null);
      if (mine !== asked || !answer?.ok || answer.redirected) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      hits.replaceChildren(...found.body.childNodes);
    }, 200);
  });

  /* ---- From a mark to the list behind it --------------------------------------------------- */
  const follow = (click) => {
    const data = click?.points?.[0]?.customdata;
    const mark = Array.isArray(data) ? data[0] : data;
    if (typeof mark !== "string" || !mark) return;
    const search = new URLSearchParams(location.search);
    search.set("mark", mark);
    const known = document.querySelector(`.board-table a[data-mark="${CSS.escape(mark)}"]`);
    const address = known?.getAttribute("href") ?? `${PAGE}list?${search}`;
    if (new URL(address, location.href).pathname === PAGE) go(address);
    else if (known) location.assign(address);
    else leave(address);
  };
  /* A mark may lead nowhere for this reader: then they stay where they are. */
  const leave = async (address) => {
    const answer = await fetch(address, { redirect: "follow" }).catch(() => null);
    if (!answer?.ok) return;
    const found = new URL(answer.url);
    if (found.pathname === PAGE) go(found.href);
    else location.assign(found.href);
  };

  /* ---- Table, picture, file ---------------------------------------------------------------- */
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-switch], [data-picture], [data-take], [data-refresh-now], [data-print-board]");
    if (!pressed) return;
    const panel = pressed.closest("[data-panel]");
    if (pressed.matches("[data-switch]")) {
      panel.dataset.view = panel.dataset.view === "table" ? "chart" : "table";
    } else if (pressed.matches("[data-picture]")) {
      drawing.takePicture(panel, pressed.dataset.picture);
    } else if (pressed.matches("[data-take]")) {
      pressed.href = pressed.dataset.take + location.search;
    } else if (pressed.matches("[data-refresh-now]")) {
      refresh();
    } else {
      drawing.getPlotly().then(() => print());
    }
    pressed.closest("details[data-menu]")?.removeAttribute("open");
  }, true);

  /* ---- Paper -------------------------------------------------------------------------------- */
  /* Pixels of a chart across an A4 page at the size of dashboard.css; lower than on the screen, so
     that a page holds three of them. */
  const PAPER = { width: 885, burnup: 280 };
  addEventListener("beforeprint", () => {
    document.body.toggleAttribute("data-dark", dark.matches);
    drawing.layOut(PAPER);
  });
  addEventListener("afterprint", () => {
    document.body.removeAttribute("data-dark");
    drawing.layBack();
  });

  /* ---- Freshness: never under the eyes of somebody who reads -------------------------------- */
  const REST = 3000;
  const isReading = () =>
    document.querySelector(".board-card:hover, .board details[open], .picker[open]") !== null
    || document.activeElement?.closest?.(".board, .narrowing-form") != null
    || !getSelection().isCollapsed;
  let due = Infinity;
  const refresh = () => {
    due = Date.now() + Number(board().dataset.refresh) * 1000;
    for (const each of document.querySelectorAll("[data-refresh-now]")) each.hidden = true;
    set("tick", { data: Date.now() });
  };
  const watch = () => {
    if (document.hidden || Date.now() < due) return;
    if (isReading()) { for (const each of document.querySelectorAll("[data-refresh-now]")) each.hidden = false; return; }
    refresh();
  };

  /* ---- A callback that fails says so in its own panel ---------------------------------------- */
  const say = (body, sentence) => {
    for (const [, name] of String(body?.output ?? "").matchAll(/panel-([a-z]+)\./g)) {
      const panel = document.getElementById(`panel-${name}`);
      if (!panel) continue;
      const frame = panel.className.replace(/is-(waiting|ready|empty|absent)/, "is-troubled");
      setTimeout(() => {
        set(`panel-${name}`, { className: frame });
        set(`note-${name}`, { children: sentence });
      });
    }
  };
  const plainFetch = window.fetch.bind(window);
  window.fetch = async (address, options) => {
    if (!String(address?.url ?? address).includes("_dash-update-component")) return plainFetch(address, options);
    const body = (() => { try { return JSON.parse(options.body); } catch { return null; } })();
    setTimeout(drawing.getPlotly); // while the server counts
    try {
      const answer = await plainFetch(address, options);
      if (answer.status >= 400) {
        const told = await answer.clone().json().catch(() => null);
        say(body, told?.message ?? board().dataset.offline);
      }
      return answer;
    } catch (error) {
      say(body, board().dataset.offline);
      throw error;
    }
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    dashboard: { look: lookNow },
    drawing: Object.fromEntries(
      [...board().dataset.panels.split(" ")].map((name) => [name, drawing.show(name)])),
  });
  window.dashboard = { follow };
  addEventListener("load", () => {
    due = Date.now() + Number(board().dataset.refresh) * 1000;
    setInterval(watch, REST);
  });
  window.renderer = new window.DashRenderer();
})();
