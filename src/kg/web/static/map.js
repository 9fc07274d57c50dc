// The map: draws the rows of the page's table as marks. The table is the data; nothing else is
// asked of the server but the coasts. Every mark opens the words and links of its own row.

import { coasts } from "./coasts.js";
import { readable } from "./popups.js";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = 16;

/** Marks of one place stand round it like the seeds of a sunflower, the first in the middle. */
function aside(index) {
  const far = index === 0 ? 0 : 9.5 * Math.sqrt(index + 0.3);
  const turn = index * 2.399963;
  return [far * Math.cos(turn), far * Math.sin(turn)];
}

function symbol(layer) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", SIZE);
  svg.setAttribute("height", SIZE);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#mark-${layer}`);
  svg.append(use);
  return svg;
}

function words(row) {
  const box = document.createElement("div");
  for (const cell of row.cells) {
    const line = document.createElement("p");
    const name = cell.dataset.label;
    if (name) {
      const small = document.createElement("span");
      small.className = "relation";
      small.textContent = `${name}: `;
      line.append(small);
    }
    for (const node of cell.childNodes) line.append(node.cloneNode(true));
    box.append(line);
  }
  return box;
}

function plain(node) {
  return node.textContent.replace(/\s+/g, " ").trim();
}

/** The width of words in a popup: no wider than the map with the popup's own edges. */
function room(map) {
  return Math.min(320, map.getSize().x - 60);
}

/** Rows by place, in the order of the table. */
function places(rows) {
  const found = new Map();
  for (const row of rows) {
    const { latitude, longitude, place } = row.dataset;
    const key = `${latitude} ${longitude}`;
    if (!found.has(key)) {
      found.set(key, { at: [Number(latitude), Number(longitude)], name: place, rows: [] });
    }
    found.get(key).rows.push(row);
  }
  return [...found.values()];
}

/** The bounds of most marks: one far away must not shrink all the others to a point. */
function middle(spots) {
  const kept = [0, 1].map((axis) => {
    const all = spots.flatMap((spot) => spot.rows.map(() => spot.at[axis])).sort((a, b) => a - b);
    const cut = Math.floor(all.length * 0.06);
    return [all[cut], all[all.length - 1 - cut]];
  });
  return [
    [kept[0][0], kept[1][0]],
    [kept[0][1], kept[1][1]],
  ];
}

/** A bent line from place to place, so that there and back do not lie on one another; its arrow
 * stands in the middle and opens the words of its row. */
function line(map, row) {
  const { L } = window;
  const [from, to] = [row.dataset.from, row.dataset.to].map((text) => text.split(" ").map(Number));
  const bend = [(to[1] - from[1]) * 0.12, (from[0] - to[0]) * 0.12];
  const points = Array.from({ length: 13 }, (_, index) => {
    const share = index / 12;
    const out = 4 * share * (1 - share);
    return [0, 1].map((axis) => from[axis] + share * (to[axis] - from[axis]) + out * bend[axis]);
  });
  const words = () => {
    const box = document.createElement("div");
    for (const node of row.childNodes) box.append(node.cloneNode(true));
    return box;
  };
  L.polyline(points, { className: "way", interactive: false }).addTo(map);
  const turn = (Math.atan2(from[0] - to[0], to[1] - from[1]) * 180) / Math.PI;
  const arrow = document.createElementNS(SVG, "svg");
  arrow.setAttribute("width", 12);
  arrow.setAttribute("height", 12);
  arrow.setAttribute("viewBox", "-6 -6 12 12");
  const tip = document.createElementNS(SVG, "path");
  tip.setAttribute("d", "M-4-4 5 0-4 4Z");
  tip.setAttribute("transform", `rotate(${turn})`);
  arrow.append(tip);
  const icon = L.divIcon({ className: "pin layer-movement way-tip", html: arrow, iconSize: [12, 12] });
  const marker = L.marker(points[6], { icon }).addTo(map).bindPopup(words, { maxWidth: room(map) });
  marker.getElement().setAttribute("aria-label", plain(row));
}

/** Hides the names that would lie over those of places with more marks. */
function thin(towns) {
  const taken = [];
  for (const { element } of towns) {
    element.hidden = false;
    const box = element.getBoundingClientRect();
    const free = taken.every(
      (other) =>
        box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom,
    );
    element.hidden = !free;
    if (free) taken.push(box);
  }
}

function draw(frame) {
  const { L } = window;
  const within = frame.closest(".places-of") ?? document;
  const spots = places(within.querySelectorAll("tr[data-mark]"));
  if (spots.length === 0) return;
  frame.hidden = false;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(frame, {
    zoomControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    worldCopyJump: true,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    minZoom: 2,
    maxZoom: 11,
    scrollWheelZoom: !frame.classList.contains("small"),
  });
  L.control.zoom({ zoomInTitle: frame.dataset.zoomIn, zoomOutTitle: frame.dataset.zoomOut }).addTo(map);
  map.attributionControl.setPrefix("Leaflet");
  map.attributionControl.addAttribution(frame.dataset.credit);
  readable(map, frame.dataset.close);
  map.fitBounds(middle(spots), { padding: [40, 40], maxZoom: 8 });
  const towns = [];
  for (const spot of spots) {
    spot.rows.forEach((row, index) => {
      const [right, down] = aside(index);
      const layer = row.dataset.mark;
      const icon = L.divIcon({
        className: `pin layer-${layer}`,
        html: symbol(layer),
        iconSize: [SIZE, SIZE],
        iconAnchor: [SIZE / 2 - right, SIZE / 2 - down],
        popupAnchor: [right, down - SIZE / 2],
      });
      const marker = L.marker(spot.at, { icon, riseOnHover: true }).addTo(map);
      marker.bindPopup(() => words(row), { maxWidth: room(map) });
      marker.getElement().setAttribute(
        "aria-label",
        [plain(row.cells[0]), spot.name, plain(row.cells[2])].join("; "),
      );
    });
    const reach = 9.5 * Math.sqrt(spot.rows.length) - 2;
    const name = document.createElement("span");
    name.textContent = spot.name;
    const town = L.tooltip({
      permanent: true,
      direction: "bottom",
      offset: [0, reach],
      className: "town",
    });
    town.setLatLng(spot.at).setContent(name).addTo(map);
    towns.push({ weight: spot.rows.length, element: town.getElement() });
  }
  towns.sort((a, b) => b.weight - a.weight);
  map.on("zoomend", () => thin(towns));
  thin(towns);
  for (const way of within.querySelectorAll("[data-way]")) line(map, way);
  coasts(map, frame.dataset.land);
}

for (const frame of document.querySelectorAll("[data-map]")) draw(frame);
