// The query editor: YASGUI's editor and result frame over this server, and over no other.
//
// What YASGUI would ask elsewhere is taken out before it is made: its completers of classes and
// properties, its prefix service, its catalogue of endpoints, its probe for CORS (which belongs to
// its tabs) and its links to a manual. Prefixes come from the service description of this server,
// names from its graph. Without this script the page is a plain form.

import { Chart, PointMap, Table } from "./results.js";

const TERMS = `SELECT DISTINCT ?term WHERE {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty skos:Concept }
  ?term a ?kind
  FILTER(isIRI(?term))
} ORDER BY ?term LIMIT 5000`;
const KNOWN = `PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
`;
const SH = "http://www.w3.org/ns/shacl#";
const LONGEST_ADDRESS = 7000;

const frame = document.querySelector("[data-editor]");
const words = JSON.parse(frame.dataset.words);
const endpoint = frame.dataset.editor;
const form = document.querySelector("form.query");
const { Yasqe, Yasr } = window.Yasgui;

/** A text with its placeholders filled: say("rows", { n: 3 }). */
function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** The prefixes that the service description declares (sh:declare). */
async function prefixes() {
  const response = await fetch(endpoint, { headers: { Accept: "application/ld+json" } });
  if (!response.ok) return {};
  const { "@graph": nodes = [] } = await response.json();
  const found = {};
  for (const node of nodes) {
    const [prefix] = node[`${SH}prefix`] ?? [];
    const [namespace] = node[`${SH}namespace`] ?? [];
    if (prefix && namespace) found[prefix["@value"]] = namespace["@value"];
  }
  return found;
}

async function ask(query, accept) {
  return fetch(endpoint, {
    method: "POST",
    headers: { Accept: accept, "Content-Type": "application/sparql-query" },
    body: query,
  });
}

let terms;
/** The classes, properties and concepts that the graph declares; asked for once. */
function declared() {
  terms ??= ask(KNOWN + TERMS, "application/sparql-results+json")
    .then((response) => (response.ok ? response.json() : { results: { bindings: [] } }))
    .then(({ results }) => results.bindings.map((row) => row.term.value));
  return terms;
}

/** Leave of the editor's completers only those that ask nobody, and add ours. */
function completers(table) {
  const { prefixes: ofPrefixes, property: ofIris, variables } = Yasqe.Autocompleters;
  Yasqe.Autocompleters = {};
  Yasqe.defaults.autocompleters = [];
  Yasqe.registerAutocompleter(variables);
  Yasqe.registerAutocompleter({
    ...ofPrefixes,
    persistenceId: null,
    get: Object.entries(table).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort(),
  });
  Yasqe.registerAutocompleter({
    name: "terms",
    bulk: false,
    autoShow: true,
    persistenceId: null,
    preProcessToken: ofIris.preProcessToken,
    postProcessSuggestion: ofIris.postProcessSuggestion,
    isValidCompletionPosition(editor) {
      const { string, type } = editor.getCompleteToken();
      if (/^[?$"']/.test(string)) return false;
      return type === "string-2" || string.startsWith("<");
    },
    async get(_editor, token) {
      const begun = token.autocompletionString;
      return (await declared()).filter((iri) => iri.startsWith(begun)).slice(0, 100);
    },
  });
}

/** YASGUI's own check by its grammar, with words of ours in the margin. */
function checkSyntax() {
  this.queryValid = true;
  this.clearGutter("gutterErrorBar");
  const doc = this.getDoc();
  for (let line = 0; line < doc.lineCount(); line += 1) {
    const { state } = this.getTokenAt({ line, ch: doc.getLine(line).length }, !this.prevQueryValid);
    this.setOption("queryType", state.queryType);
    if (state.OK === false) {
      const expected = (state.possibleCurrent ?? []).slice(0, 12).join(" ");
      margin(this, line, state.errorMsg || say("expected", { what: expected }));
      this.queryValid = false;
      return;
    }
  }
}

function margin(editor, line, text) {
  const sign = document.createElement("span");
  sign.className = "margin-sign";
  sign.textContent = "!";
  sign.title = text;
  editor.setGutterMarker(line, "gutterErrorBar", sign);
}

class Desk {
  constructor(table, text) {
    this.table = table;
    this.marks = [];
    this.status = frame.querySelector("[data-status]");
    this.meter = frame.querySelector("[data-meter]");
    this.editor = new Yasqe(frame.querySelector("[data-query]"), {
      value: text,
      persistenceId: null,
      consumeShareLink: null,
      createShareableLink: null,
      createShortLink: null,
      prefixCcApi: null,
      showQueryButton: false,
      resizeable: false,
      editorHeight: "auto",
      viewportMargin: Infinity,
      requestConfig: {
        endpoint,
        method: "POST",
        acceptHeaderSelect: "application/sparql-results+json",
        acceptHeaderGraph: "text/turtle",
        acceptHeaderUpdate: "application/json",
      },
    });
    const input = this.editor.getInputField();
    input.setAttribute("aria-label", words.query);
    input.setAttribute("aria-describedby", "editor-keys");
    this.results = new Yasr(frame.querySelector("[data-results]"), {
      persistenceId: null,
      prefixes: () => ({ ...this.table, ...this.editor.getPrefixesFromQuery() }),
      pluginOrder: ["table", "chart", "pointmap", "response"],
      errorRenderers: [(error) => this.fault(error)],
    });
    for (const foreign of this.results.headerEl.querySelectorAll(".yasr_external_ref_btn")) {
      foreign.remove();
    }
    this.results.headerEl.classList.add("screen");
    for (const button of this.results.headerEl.querySelectorAll(".yasr_btnGroup button")) {
      button.removeAttribute("aria-label"); // English; the word on it says the same
    }
    for (const plugin of Object.values(this.results.plugins)) plugin.helpReference = undefined;
    this.editor.on("change", () => {
      this.clear();
      this.measure();
    });
    this.editor.on("queryBefore", () => this.began());
    this.editor.on("queryResponse", (_editor, response, took) => this.answered(response, took));
    this.editor.on("queryAbort", () => this.tell(""));
    this.measure();
  }

  tell(text) {
    this.status.textContent = text;
  }

  /** How much of the longest text is written, before the server refuses it. */
  measure() {
    const length = [...this.editor.getValue()].length;
    this.meter.value = length;
    frame.querySelector("[data-length]").textContent = say("characters", {
      n: length.toLocaleString(document.documentElement.lang),
    });
  }

  run() {
    this.editor.query().catch(() => {}); // what went wrong is shown by answered()
  }

  began() {
    this.clear();
    this.tell(words.running);
    frame.setAttribute("aria-busy", "true");
  }

  answered(response, took) {
    frame.removeAttribute("aria-busy");
    frame.querySelector("[data-results]").hidden = false;
    frame.classList.toggle("failed", response instanceof Error);
    this.results.setResponse(response, took);
    if (response instanceof Error) {
      const problem = parsed(response.message);
      if (problem?.line) this.point(problem);
      this.tell(problem ? "" : words.unanswered); // a problem speaks for itself, in fault()
    } else {
      const rows = this.results.results?.getBindings()?.length;
      const seconds = (took / 1000).toLocaleString(document.documentElement.lang);
      this.tell(rows === undefined ? say("done", { seconds }) : say("rows", { n: rows, seconds }));
    }
    if (took) this.address();
  }

  /** The address names the query: it can be kept, sent on, and opened without a script. */
  link() {
    const query = encodeURIComponent(this.editor.getValue());
    const language = new URLSearchParams(location.search).get("lang");
    return `${endpoint}?query=${query}${language ? `&lang=${language}` : ""}`;
  }

  address() {
    const link = this.link();
    if (link.length <= LONGEST_ADDRESS) history.replaceState(null, "", link);
    for (const way of frame.querySelectorAll("[data-download]")) {
      way.href = `${endpoint}?query=${encodeURIComponent(this.editor.getValue())}&format=${way.dataset.download}`;
      way.hidden = false;
    }
  }

  /** Shows the place that a problem names, in the text and in the margin. */
  point({ line, column = 1, detail }) {
    const doc = this.editor.getDoc();
    const at = Math.min(line, doc.lineCount()) - 1;
    this.editor.addLineClass(at, "background", "fault-line");
    this.marks.push(
      doc.markText({ line: at, ch: column - 1 }, { line: at, ch: column }, { className: "fault" }),
    );
    this.faulty = at;
    margin(this.editor, at, detail);
    this.editor.scrollIntoView({ line: at, ch: column - 1 }, 60);
  }

  clear() {
    for (const mark of this.marks.splice(0)) mark.clear();
    if (this.faulty !== undefined) {
      this.editor.removeLineClass(this.faulty, "background", "fault-line");
      this.faulty = undefined;
    }
  }

  /** A problem of this server (RFC 9457) in the place of the results. */
  async fault(error) {
    const problem = parsed(error.text);
    if (!problem) return undefined;
    const box = document.createElement("div");
    box.className = "problem";
    box.lang = "en"; // as this server words its problems
    box.setAttribute("role", "alert");
    const detail = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = problem.detail;
    detail.append(strong);
    box.append(detail);
    if (problem.line) {
      const where = document.createElement("button");
      where.type = "button";
      where.lang = document.documentElement.lang;
      where.textContent = say("place", { line: problem.line, column: problem.column ?? 1 });
      where.addEventListener("click", () => {
        this.editor.focus();
        this.editor.getDoc().setCursor({ line: problem.line - 1, ch: (problem.column ?? 1) - 1 });
      });
      box.append(where);
    }
    if (problem.excerpt) {
      const excerpt = document.createElement("pre");
      excerpt.textContent = problem.excerpt;
      box.append(excerpt);
    }
    if (problem.hint) {
      const hint = document.createElement("p");
      hint.textContent = problem.hint;
      box.append(hint);
    }
    return box;
  }

  /** What the query costs against what is let pass: the server evaluates it once, and counts. */
  async cost() {
    this.began();
    const response = await fetch(`${endpoint}?explain`, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/sparql-query" },
      body: this.editor.getValue(),
    });
    frame.removeAttribute("aria-busy");
    const said = await response.text();
    const problem = parsed(said);
    if (!response.ok) {
      this.answered(new Error(said), 0);
      if (problem?.line) this.point(problem);
      return;
    }
    const { counts, limits, seconds, bytes } = JSON.parse(said);
    const list = frame.querySelector("[data-costs]");
    list.replaceChildren();
    for (const [name, limit] of Object.entries(limits)) {
      const used = name === "seconds" ? seconds.evaluation : counts[name];
      if (used === undefined) continue;
      const entry = document.createElement("li");
      const meter = document.createElement("meter");
      meter.max = limit;
      meter.value = used;
      meter.high = limit * 0.8;
      const locale = document.documentElement.lang;
      const text = say("of", {
        used: used.toLocaleString(locale),
        limit: limit.toLocaleString(locale),
      });
      meter.setAttribute("aria-label", words[name] ?? name);
      entry.append(`${words[name] ?? name} `, meter, ` ${text}`);
      list.append(entry);
    }
    list.hidden = false;
    this.tell(say("cost", { bytes: bytes.toLocaleString(document.documentElement.lang) }));
  }
}

function parsed(text) {
  try {
    const problem = JSON.parse(text);
    return typeof problem.detail === "string" ? problem : undefined;
  } catch {
    return undefined;
  }
}

/** The ready questions: found by their words, run by one click. */
function gallery(desk) {
  const box = document.querySelector("[data-gallery]");
  if (!box) return;
  const entries = [...box.querySelectorAll("[data-question]")];
  const field = box.querySelector("[data-find]");
  field.hidden = false;
  field.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of entries) {
      const text = entry.textContent.toLocaleLowerCase();
      entry.closest("li").hidden = !wanted.every((word) => text.includes(word));
    }
    for (const group of box.querySelectorAll("[data-topic]")) {
      group.hidden = !group.querySelector("li:not([hidden])");
    }
  });
  let texts;
  box.addEventListener("click", async (event) => {
    const entry = event.target.closest("[data-question]");
    if (!entry || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    texts ??= fetch(box.dataset.gallery).then((response) => response.json());
    const text = (await texts)[entry.dataset.question];
    desk.editor.setValue(text);
    desk.run();
    frame.scrollIntoView({ block: "start" });
  });
}

async function open() {
  const table = await prefixes().catch(() => ({}));
  completers(table);
  Yasqe.prototype.checkSyntax = checkSyntax;
  Table.words = Chart.words = PointMap.words = words;
  Table.root = PointMap.root = frame.dataset.root;
  Table.pages = PointMap.pages = frame.dataset.pages;
  PointMap.land = frame.dataset.land;
  PointMap.credit = frame.dataset.credit;
  PointMap.close = frame.dataset.close;
  class Response extends Yasr.plugins.response {
    label = words.raw;
  }
  Yasr.registerPlugin("table", Table);
  Yasr.registerPlugin("chart", Chart);
  Yasr.registerPlugin("pointmap", PointMap);
  Yasr.registerPlugin("response", Response);
  frame.hidden = false;
  const desk = new Desk(table, form.elements.query.value);
  for (const plain of document.querySelectorAll("[data-plain]")) plain.hidden = true;
  frame.querySelector("[data-run]").addEventListener("click", () => desk.run());
  frame.querySelector("[data-tidy]").addEventListener("click", () => desk.editor.autoformat());
  frame.querySelector("[data-cost]").addEventListener("click", () => desk.cost());
  frame.querySelector("[data-copy]").addEventListener("click", async () => {
    await navigator.clipboard.writeText(desk.link());
    desk.tell(words.copied);
  });
  gallery(desk);
  if (frame.dataset.problem) desk.answered(new Error(frame.dataset.problem), 0);
  else if (frame.dataset.asked) desk.run();
}

open();
