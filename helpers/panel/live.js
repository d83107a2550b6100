// Draws what helpers/panel/live.py holds. Everything is written as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 340, HEIGHT = 150, LEFT = 44, RIGHT = 8, TOP = 8, BOTTOM = 22;
// Lines differ in their dashes and their points, not only in color.
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "1 4", "12 4"];
const POINTS = ["●", "■", "▲", "◆", "✚", "○"];

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((each) => each !== undefined && each !== null && each !== false));
  return made;
}

function drawn(tag, attributes = {}, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function copyButton(text, what) {
  const button = node("button", { type: "button", class: "ie-button", "aria-label": `Copy ${what}` }, "Copy");
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      // Without a secure page the browser keeps its clipboard closed.
      const place = button.parentElement.querySelector("code");
      if (place) getSelection().selectAllChildren(place);
      button.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2500);
  };
  return button;
}

const kinds = {
  state({ name, symbol, word, meaning, tone, note }) {
    return [
      node("p", { class: "ie-state" },
        node("strong", { class: "ie-name" }, name), " ",
        node("span", { class: `ie-badge ie-${tone}` }, node("span", { "aria-hidden": "true" }, symbol), ` ${word}`),
        " ", node("span", { class: "ie-quiet" }, meaning)),
      note && node("p", { class: "ie-quiet" }, note),
    ];
  },
  notice({ text, tone }) {
    if (!text) return [];
    const sign = { bad: "⚠ ", good: "✓ " }[tone] ?? "";
    return text.split("\n").map((line, number) =>
      node("p", { class: `ie-notice ie-${tone}` }, number ? line : sign + line));
  },
  facts({ rows, note }) {
    const list = node("dl", { class: "ie-facts" });
    for (const { term, text, copy } of rows ?? []) {
      const value = copy ? node("code", {}, text) : text;
      list.append(node("dt", {}, term), node("dd", {}, value, copy && " ", copy && copyButton(text, term)));
    }
    return [list, note && node("p", { class: "ie-quiet" }, note)];
  },
  table({ caption, columns, rows, actions, empty }, send) {
    if (!rows?.length) return [node("p", { class: "ie-quiet" }, empty ?? "Nothing.")];
    const titles = [...columns, ...(actions?.length ? ["Actions"] : [])];
    const head = node("tr", {}, ...titles.map((each) => node("th", { scope: "col" }, each)));
    const body = rows.map(({ id, cells }) => {
      const [first, ...rest] = cells;
      const row = node("tr", {}, node("th", { scope: "row" }, first), ...rest.map((each) => node("td", {}, each)));
      if (actions?.length) {
        row.append(node("td", {}, ...actions.map(({ label, event }) => {
          const button = node("button", { type: "button", class: "ie-button", "aria-label": `${label} ${first}` }, label);
          button.onclick = () => send({ event, id });
          return button;
        })));
      }
      return row;
    });
    const table = node("table", {}, node("caption", {}, caption), node("thead", {}, head), node("tbody", {}, ...body));
    return [node("div", { class: "ie-scroll", tabindex: "0", role: "region", "aria-label": caption }, table)];
  },
  chat({ turns, empty, note }) {
    const said = (turns ?? []).map(({ who, text, picture, alt, mine }) =>
      node("div", { class: `ie-turn ${mine ? "ie-mine" : "ie-theirs"}` },
        node("span", { class: "ie-who" }, who),
        picture && node("img", { src: picture, alt: alt ?? "" }),
        node("div", { class: "ie-text" }, text)));
    if (!said.length) said.push(node("p", { class: "ie-quiet" }, empty ?? ""));
    return [...said, note && node("p", { class: "ie-quiet" }, note)];
  },
  picture({ src, alt, note }) {
    if (!src) return [node("p", { class: "ie-quiet" }, note ?? "")];
    return [node("figure", {}, node("img", { src, alt }), node("figcaption", { class: "ie-quiet" }, note ?? alt))];
  },
  code({ blocks }) {
    return (blocks ?? []).map(({ title, text }) =>
      node("div", { class: "ie-code" },
        node("div", { class: "ie-bar" }, node("span", {}, title), copyButton(text, title)),
        node("pre", { tabindex: "0", role: "group", "aria-label": title }, node("code", {}, text))));
  },
  log({ lines, note }) {
    const shown = node("pre", { class: "ie-log", tabindex: "0", role: "region", "aria-label": "log lines" });
    shown.textContent = (lines ?? []).join("\n");
    return [shown, note && node("p", { class: "ie-quiet" }, note)];
  },
  plots({ plots, note }) {
    const made = (plots ?? []).map(plot);
    return [node("div", { class: "ie-plots" }, ...made), note && node("p", { class: "ie-quiet" }, note)];
  },
};

function plot({ title, unit, series, about }) {
  const points = series.flatMap((each) => each.points);
  const figure = node("figure", { class: "ie-plot" }, node("figcaption", {}, `${title}${unit ? `, ${unit}` : ""}`));
  if (!points.length) {
    figure.append(node("p", { class: "ie-quiet" }, "No values in this time."));
    return figure;
  }
  const times = points.map(([time]) => time);
  const from = Math.min(...times), until = Math.max(...times, from + 1);
  const most = Math.max(...points.map(([, value]) => value), 0) || 1;
  const x = (time) => LEFT + ((time - from) / (until - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM);
  const picture = drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}. ${about ?? ""}` });
  for (const share of [0, 0.5, 1]) {
    const height = y(most * share);
    picture.append(
      drawn("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: height, y2: height, class: "ie-grid" }),
      drawn("text", { x: LEFT - 4, y: height + 4, "text-anchor": "end" }, number(most * share)));
  }
  const clock = (time) => new Date(time).toLocaleTimeString([], { hour12: false });
  picture.append(
    drawn("text", { x: LEFT, y: HEIGHT - 6 }, clock(from)),
    drawn("text", { x: WIDTH - RIGHT, y: HEIGHT - 6, "text-anchor": "end" }, clock(until)));
  const legend = node("ul", { class: "ie-legend" });
  series.forEach(({ name, points: own }, index) => {
    const line = own.map(([time, value]) => `${x(time)},${y(value)}`).join(" ");
    picture.append(drawn("polyline", { points: line, class: `ie-line ie-line-${index % 6}`, "stroke-dasharray": DASHES[index % 6] }));
    for (const [time, value] of own.length > 40 ? own.slice(-1) : own) {
      picture.append(drawn("text", { x: x(time), y: y(value) + 3, "text-anchor": "middle", class: `ie-point ie-line-${index % 6}` }, POINTS[index % 6]));
    }
    const last = own.length ? number(own[own.length - 1][1]) : "none";
    legend.append(node("li", {}, node("span", { class: `ie-point ie-line-${index % 6}`, "aria-hidden": "true" }, POINTS[index % 6]), ` ${name}, last ${last}`));
  });
  figure.append(picture, legend);
  return figure;
}

function number(value) {
  return Number(value.toPrecision(3)).toLocaleString([], { maximumFractionDigits: 3 });
}

function render({ model, el }) {
  el.classList.add("ie-live");
  const send = (content) => model.send(content);
  let waiting, asked = false;

  function draw() {
    const kind = model.get("kind");
    // What follows by itself is announced politely; a table under one's fingers is not.
    if (["state", "notice", "chat"].includes(kind)) el.setAttribute("aria-live", "polite");
    const log = el.querySelector(".ie-log");
    const atEnd = !log || log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    const focused = el.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    el.replaceChildren(...(kinds[kind]?.(model.get("data"), send) ?? []).filter(Boolean));
    if (focused) el.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
    const fresh = el.querySelector(".ie-log");
    if (fresh && atEnd) fresh.scrollTop = fresh.scrollHeight;
  }

  const seen = () => el.isConnected && el.getClientRects().length > 0 && document.visibilityState === "visible";

  function ask() {
    clearTimeout(waiting);
    const every = model.get("every");
    if (!every) return;
    waiting = setTimeout(() => {
      if (!seen()) return ask();
      asked = true;
      send({ event: "news" });
    }, asked ? every * 1000 : 50);
  }

  model.on("change:data", draw);
  model.on("change:kind", draw);
  model.on("change:beat", ask);
  model.on("change:every", ask);
  draw();
  ask();
  return () => clearTimeout(waiting);
}

export default { render };
