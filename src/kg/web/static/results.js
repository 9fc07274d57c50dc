// What an answer can be shown as: a table with links to our own pages, a chart, a map.
// Each is a plugin of YASGUI's result frame, small, without inline styles.

import { coasts } from "./coasts.js";
import { readable } from "./popups.js";

const MOST = 1000;
const BARS = 60;
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((n) => XSD + n),
);
const POINT = /^(?:<[^>]*>\s*)?POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)$/i;
const SVG = "http://www.w3.org/2000/svg";

function made(name, attributes = {}, text = undefined) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

/** An icon of one path, as the frame's buttons want it. */
function icon(path) {
  const svg = made("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" });
  svg.append(made("path", { d: path, fill: "currentColor" }));
  const box = document.createElement("div");
  box.append(svg);
  return box;
}

function isNumber(term) {
  return term?.type !== "uri" && NUMBERS.has(term?.datatype) && Number.isFinite(Number(term.value));
}

/** An IRI by the prefixes of the query and of the dataset; the longest namespace wins. */
function short(iri, prefixes) {
  let best = "";
  let name = iri;
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (iri.startsWith(namespace) && namespace.length > best.length) {
      best = namespace;
      name = `${prefix}:${iri.slice(namespace.length)}`;
    }
  }
  return name;
}

class Plugin {
  static words = {};
  static root = "";
  static pages = "";

  constructor(frame) {
    this.frame = frame;
  }

  get rows() {
    return this.frame.results?.getBindings() ?? [];
  }

  get names() {
    return this.frame.results?.getVariables() ?? [];
  }

  /** A term as a node: a thing of ours leads to our page, other web addresses to themselves. */
  shown(term) {
    if (term === undefined) return document.createTextNode("");
    if (term.type !== "uri") {
      const text = document.createElement("bdi");
      text.textContent = term.value;
      if (term["xml:lang"]) text.lang = term["xml:lang"];
      return text;
    }
    const name = short(term.value, this.frame.getPrefixes());
    if (!/^(https?|mailto):/.test(term.value)) return document.createTextNode(name);
    const link = document.createElement("a");
    const { root, pages } = this.constructor;
    link.href = term.value.startsWith(`${root}id/`)
      ? `${pages}page/${term.value.slice(root.length + 3)}`
      : term.value;
    link.rel = "noreferrer";
    link.title = term.value;
    link.textContent = name;
    return link;
  }
}

export class Table extends Plugin {
  priority = 10;
  label = this.constructor.words.table;

  getIcon() {
    return icon("M1 2H15V14H1ZM2.5 6V9H7V6ZM8.5 6V9H13.5V6ZM2.5 10.5V12.5H7V10.5ZM8.5 10.5V12.5H13.5V10.5Z");
  }

  canHandleResults() {
    return this.names.length > 0;
  }

  draw() {
    const { words } = this.constructor;
    const table = document.createElement("table");
    table.className = "answer";
    const head = table.createTHead().insertRow();
    for (const name of this.names) {
      const cell = document.createElement("th");
      cell.scope = "col";
      const sort = document.createElement("button");
      sort.type = "button";
      sort.textContent = name;
      sort.title = words.sort.replace("{name}", name);
      sort.addEventListener("click", () => this.sort(table, name, cell));
      cell.append(sort);
      head.append(cell);
    }
    this.body = table.createTBody();
    this.fill(this.rows);
    const wide = document.createElement("div");
    wide.className = "wide";
    wide.tabIndex = 0;
    wide.setAttribute("role", "region");
    wide.setAttribute("aria-label", words.table);
    wide.append(table);
    this.frame.resultsEl.append(wide);
    if (this.rows.length > MOST) {
      const note = document.createElement("p");
      note.textContent = words.cut.replace("{n}", MOST.toLocaleString(document.documentElement.lang));
      this.frame.resultsEl.append(note);
    }
  }

  fill(rows) {
    this.body.replaceChildren();
    for (const row of rows.slice(0, MOST)) {
      const line = this.body.insertRow();
      for (const name of this.names) {
        const cell = line.insertCell();
        cell.dataset.label = name;
        if (isNumber(row[name])) cell.className = "number";
        cell.append(this.shown(row[name]));
      }
    }
  }

  sort(table, name, cell) {
    const down = cell.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    cell.setAttribute("aria-sort", down ? "descending" : "ascending");
    const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const order = (a, b) => {
      const [one, two] = [a[name], b[name]];
      if (!one || !two) return Boolean(two) - Boolean(one);
      if (isNumber(one) && isNumber(two)) return Number(one.value) - Number(two.value);
      return collator.compare(one.value, two.value);
    };
    const sorted = [...this.rows].sort(order);
    this.fill(down ? sorted.reverse() : sorted);
  }
}

/** Figures as bars; where a row has a low and a high end, as the range between them. */
export class Chart extends Plugin {
  priority = 4;
  label = this.constructor.words.chart;

  getIcon() {
    return icon("M1 13H15V15H1ZM2 7H5V12H2ZM6.5 2H9.5V12H6.5ZM11 5H14V12H11Z");
  }

  get figures() {
    return this.names.filter((name) => this.rows.some((row) => isNumber(row[name])));
  }

  canHandleResults() {
    return this.figures.length > 0;
  }

  draw() {
    const { words } = this.constructor;
    const figures = this.figures;
    const range = figures.includes("low") && figures.includes("high");
    const ends = range ? ["low", "high"] : [figures[0]];
    const naming =
      this.names.find((name) => /label$/i.test(name)) ??
      this.names.find((name) => !figures.includes(name)) ??
      figures[0];
    const rows = this.rows.filter((row) => ends.some((name) => isNumber(row[name]))).slice(0, BARS);
    const values = rows.flatMap((row) => ends.map((name) => row[name]).filter(isNumber).map((t) => Number(t.value)));
    const most = Math.max(0, ...values);
    const least = Math.min(0, ...values);
    const share = (value) => (100 * (value - least)) / (most - least || 1);
    const table = document.createElement("table");
    table.className = "bars";
    table.createCaption().textContent = range ? words.ranges : words.bars.replace("{name}", ends[0]);
    const body = table.createTBody();
    for (const row of rows) {
      const numbers = ends.map((name) => row[name]).filter(isNumber).map((term) => Number(term.value));
      const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
      const from = range && numbers.length === 2 ? low : Math.min(0, low);
      const to = range && numbers.length === 2 ? high : Math.max(0, high);
      const line = body.insertRow();
      const name = document.createElement("th");
      name.scope = "row";
      name.append(this.shown(row[naming]));
      line.append(name);
      const said = line.insertCell();
      said.className = "number";
      const locale = document.documentElement.lang;
      said.textContent = [...new Set(numbers)].map((n) => n.toLocaleString(locale)).join("–");
      const drawn = line.insertCell();
      drawn.className = "drawn";
      const svg = made("svg", { width: "100%", height: 18, "aria-hidden": "true" });
      svg.append(
        made("line", { x1: `${share(0)}%`, x2: `${share(0)}%`, y1: 0, y2: 18, class: "grid" }),
        made("rect", {
          x: `${share(from)}%`,
          width: `${Math.max(share(to) - share(from), 0.6)}%`,
          y: 3,
          height: 12,
        }),
      );
      drawn.append(svg);
    }
    this.frame.resultsEl.append(table);
    if (this.rows.length > rows.length) {
      const note = document.createElement("p");
      note.textContent = words.some.replace("{n}", rows.length).replace("{all}", this.rows.length);
      this.frame.resultsEl.append(note);
    }
  }
}

/** WKT points on a map. */
export class PointMap extends Plugin {
  static land = "";
  static credit = "";
  static close = "";
  priority = 3;
  label = this.constructor.words.map;

  getIcon() {
    return icon("M8 1a5 5 0 0 1 5 5c0 3.5-5 9-5 9S3 9.500 3 6a5 5 0 0 1 5-5Zm0 3a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z");
  }

  get points() {
    const found = [];
    for (const row of this.rows) {
      for (const name of this.names) {
        const match = row[name]?.type !== "uri" && POINT.exec(row[name]?.value ?? "");
        if (match) found.push({ at: [Number(match[2]), Number(match[1])], row });
      }
    }
    return found;
  }

  canHandleResults() {
    return window.L !== undefined && this.points.length > 0;
  }

  draw() {
    const { L } = window;
    const box = document.createElement("div");
    box.className = "map";
    this.frame.resultsEl.append(box);
    const points = this.points.slice(0, MOST);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(box, { zoomAnimation: !still, fadeAnimation: !still, maxZoom: 12 });
    this.map.attributionControl.setPrefix("Leaflet");
    this.map.attributionControl.addAttribution(this.constructor.credit);
    readable(this.map, this.constructor.close);
    this.map.fitBounds(points.map((point) => point.at), { padding: [40, 40], maxZoom: 8 });
    for (const { at, row } of points) {
      const facts = document.createElement("dl");
      for (const name of this.names) {
        if (row[name] === undefined || POINT.test(row[name].value)) continue;
        const term = document.createElement("dt");
        term.textContent = name;
        const value = document.createElement("dd");
        value.append(this.shown(row[name]));
        facts.append(term, value);
      }
      const first = this.names.find((name) => row[name] && !POINT.test(row[name].value));
      const dot = L.divIcon({
        className: "pin",
        html: made("svg", { viewBox: "0 0 16 16", width: 16, height: 16 }),
        iconSize: [16, 16],
      });
      dot.options.html.append(made("circle", { cx: 8, cy: 8, r: 6 }));
      const marker = L.marker(at, { icon: dot, riseOnHover: true }).addTo(this.map).bindPopup(facts);
      marker.getElement().setAttribute("aria-label", first ? row[first].value : at.join(", "));
    }
    coasts(this.map, this.constructor.land);
  }

  destroy() {
    this.map?.remove();
    this.map = undefined;
  }
}
