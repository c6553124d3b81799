/* Draws what the server has counted: tables at once, each chart when it comes near, once.
   Plotly's script is fetched early and run late, so that words and numbers come before pictures. */
(() => {
  "use strict";

  const NEAR = "300px 0px";
  const page = () => document.querySelector(".board-page");
  const english = document.documentElement.lang === "en";
  const SETTINGS = {
    locale: english ? "en" : "zh-CN", responsive: false, displayModeBar: false, displaylogo: false,
    plotlyServerURL: "", showTips: false, doubleClick: false,
  };

  /* ---- Plotly ----------------------------------------------------------------------------- */
  const fetchScript = (address) => new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  let plotly;
  const getPlotly = () => {
    const { plotly: code, plotlyWords: words } = page().dataset;
    plotly ??= fetchScript(code).then(() => (english ? undefined : fetchScript(words))).then(() => window.Plotly);
    plotly.catch(() => { plotly = undefined; }); // the next chart tries again
    return plotly;
  };

  /* ---- Charts ------------------------------------------------------------------------------ */
  /* By the element that holds it: its figure, whether that is what is drawn, and how wide. */
  const charts = new Map();
  const near = new Set();
  const placeOf = (name) => document.getElementById(`graph-${name}`);
  let isOnPaper = false;

  const drawNow = (place, width) => {
    const chart = charts.get(place), isFirst = !place.classList.contains("js-plotly-plot");
    const { data, layout } = chart.figure;
    Object.assign(chart, { isDrawn: true, width, height: layout.height });
    window.Plotly.react(place, data, { ...layout, width }, SETTINGS);
    place.style.minHeight = "";
    if (isFirst) place.on("plotly_click", (click) => window.dashboard.follow(click));
  };

  /* One after the other from the top, so that the page answers in between. */
  let isDrawing = false;
  const isWaiting = (place) => near.has(place) && charts.has(place) && !charts.get(place).isDrawn;
  const drawNear = async () => {
    if (isDrawing) return;
    isDrawing = true;
    try {
      await getPlotly();
      for (;;) {
        const place = [...document.querySelectorAll(".board-graph")].find(isWaiting);
        if (!place || isOnPaper) break;
        drawNow(place, place.clientWidth);
        await new Promise((resolve) => setTimeout(resolve));
      }
    } catch {
      for (const place of [...near].filter(isWaiting)) {
        window.dash_clientside.set_props(`note-${place.id.slice("graph-".length)}`, { children: page().dataset.offline });
      }
    } finally { isDrawing = false; }
  };
  const coming = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) near.add(target); else near.delete(target);
    }
    drawNear();
  }, { rootMargin: NEAR });
  const fit = (place, width = place.clientWidth, height = charts.get(place).figure.layout.height) => {
    const chart = charts.get(place);
    if (!chart.isDrawn || !width || (width === chart.width && height === chart.height)) return;
    Object.assign(chart, { width, height });
    window.Plotly.relayout(place, { width, height });
  };
  const resizing = new ResizeObserver((entries) => {
    if (!isOnPaper) for (const { target } of entries) fit(target);
  });
  const keep = (place, figure) => {
    const isNew = !charts.has(place);
    charts.set(place, { figure, isDrawn: false, width: 0 });
    if (!isNew) { drawNear(); return; }
    place.style.minHeight = `${figure.layout.height}px`;
    coming.observe(place);
    resizing.observe(place);
  };

  /* ---- Paper -------------------------------------------------------------------------------- */
  /* The browser waits for nobody once it prints, so all is drawn in one go. */
  const layOut = ({ width, ...heights }) => {
    isOnPaper = true;
    if (!window.Plotly) return;
    for (const [place, chart] of charts) {
      if (!chart.isDrawn) drawNow(place, width);
      fit(place, width, heights[place.id.slice("graph-".length)]);
    }
  };
  const layBack = () => {
    isOnPaper = false;
    for (const place of charts.keys()) fit(place);
    drawNear();
  };

  /* ---- Pictures ----------------------------------------------------------------------------- */
  const takePicture = async (panel, format) => {
    const figure = charts.get(placeOf(panel.dataset.panel))?.figure;
    if (!figure) return;
    const { layout } = figure, height = Math.max(layout.height, 360) + 60;
    const title = panel.querySelector("h2").textContent;
    const picture = {
      data: figure.data,
      layout: { ...layout, width: 1000, height, paper_bgcolor: getComputedStyle(panel).backgroundColor,
                margin: { ...layout.margin, t: 70, l: 24, r: 24, b: 32 },
                title: { text: title.replaceAll("<", "&lt;"), x: 0.02, xanchor: "left", font: { size: 18 } } },
    };
    (await getPlotly()).downloadImage(picture, { format, scale: 2, filename: title, width: 1000, height });
  };

  /* ---- Tables ------------------------------------------------------------------------------- */
  const element = (name, content, attributes = {}) => {
    const made = document.createElement(name);
    made.append(...[content].flat());
    for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
    return made;
  };
  const tableOf = ({ name, headings, numeric, rows }) => {
    const classOf = (at) => ({ class: numeric[at] ? "is-number" : "" });
    const head = headings.map((each, at) => element("th", each, { scope: "col", ...classOf(at) }));
    const body = rows.map(({ cells, linked, address, mark }) => element("tr", cells.map((text, at) => {
      const said = address && at === linked ? element("a", text, { href: address, "data-mark": mark }) : text;
      return at ? element("td", said, classOf(at)) : element("th", said, { scope: "row" });
    })));
    return element("table", [
      element("caption", name, { class: "for-readers" }),
      element("thead", element("tr", head)),
      element("tbody", body),
    ]);
  };

  /* A link that goes away between pressing and letting go would not be followed. */
  let isPressed = false, late = new Map();
  addEventListener("pointerdown", () => { isPressed = true; }, true);
  const letGo = () => setTimeout(() => {
    isPressed = false;
    for (const [name, table] of late) showTable(name, table);
    late = new Map();
  });
  addEventListener("pointerup", letGo, true);
  addEventListener("pointercancel", letGo, true);
  const showTable = (name, table) =>
    document.getElementById(`table-${name}`)?.replaceChildren(...(table ? [tableOf(table)] : []));

  /* What a panel was sent: its figure as Plotly takes it, and its table. */
  const show = (name) => (shown) => {
    if (!shown) return;
    if (isPressed) late.set(name, shown.table); else showTable(name, shown.table);
    const place = placeOf(name);
    if (place && shown.figure) keep(place, shown.figure);
  };

  window.drawing = { getPlotly, layOut, layBack, show, takePicture };
})();
