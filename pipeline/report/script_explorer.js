
// --- the explorer: regions, pairs, words and themes in the texts ------------------------------------------------

const box = at("explorer");
const FEW = 60; // lines of a concordance shown at a time
const AROUND = 40; // characters shown on either side
const DASHES = /[-－–—‒―−~～]/g;
let data = null;

// Offsets count characters, of which some are two units of a string in a script.
const cut = (text, start, end) => (/[\ud800-\udfff]/.test(text) ? [...text].slice(start, end).join("") : text.slice(start, end));
const lengthOf = text => (/[\ud800-\udfff]/.test(text) ? [...text].length : text.length);

async function unpacked(text) {
  const told = JSON.parse(text);
  if (typeof told !== "string") return told;
  const bytes = Uint8Array.from(atob(told), character => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

// What the lists of the data hold, by name.
function opened(raw) {
  const regions = raw.regions.map(([name, en, anchor, group, sure, label, numbers, nearest, keywords, themes], place) => ({ place, name, en, anchor, group, sure, label, numbers, nearest, keywords, themes, measures: [] }));
  const terms = raw.terms.map(([name, gloss]) => ({ name, gloss, surfaces: [] }));
  const themes = raw.themes.map(([id, zh, en, definitionZh, definitionEn], place) => ({ place, id, name: { zh, en }, definition: { zh: definitionZh, en: definitionEn } }));
  const measures = raw.measures.map(([id, region, number, text], place) => {
    const printed = text === 0 && at(id).lastElementChild;
    const found = { place, id, region: regions[region], number, text: text === 0 ? printed.textContent : text, onPage: text === 0 || Boolean(at(id)), hits: [], other: [] };
    found.region.measures.push(found);
    return found;
  });
  for (const [measure, start, end, theme] of raw.hits) measures[measure].hits.push({ start, end, theme });
  for (const [measure, start, end, term] of raw.surfaces) measures[measure].other.push({ start, end, term });
  raw.holding.forEach((own, place) => { regions[place].holding = new Map(own.map(([term, ...ids]) => [term, ids])); });
  const pairs = new Map(raw.pairs.map(([a, b, numbers, leading, rest]) => [`${Math.min(a, b)} ${Math.max(a, b)}`, { a: regions[a], b: regions[b], numbers, leading, rest }]));
  const termOf = new Map(terms.map((term, place) => [term.name, place]));
  return { ...raw, regions, terms, themes, measures, pairs, termOf };
}

const regionName = region => (language() === "zh" ? region.name : region.en || region.name);
const themeName = theme => theme.name[language()] || theme.name.zh;
const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();
const regionOf = name => data.regions.find(region => region.name === name) || data.regions.find(region => same(region.name, name) || same(region.en, name));
const themeOf = name => data.themes.find(theme => theme.id === name) || data.themes.find(theme => same(theme.name.zh, name) || same(theme.name.en, name));

// The name stands in the fragment as one reads it, but for the characters that would end it.
const written = name => name.replace(/[%&#+"<>\s]/g, encodeURIComponent);
const toRegion = region => `#region=${written(region.name)}`;
const toPair = (a, b) => `#pair=${written(a.name)}–${written(b.name)}`;
const toTerm = name => `#term=${written(name)}`;
const toTheme = theme => `#theme=${written(theme.id)}`;

// Where a cell leads in the explorer: the key of a table of regions, pairs or words.
function explored(cell) {
  if (!data) return "";
  const [table, key = ""] = cell.split(" | ");
  const parts = key.split("|");
  const regions = parts.map(regionOf).filter(Boolean);
  if (regions.length > 1 && regions[0] !== regions[1]) return toPair(regions[0], regions[1]);
  const theme = parts.map(themeOf).find(Boolean);
  if (theme && !regions.length) return toTheme(theme);
  if (regions.length) return toRegion(regions[0]);
  return /^(cooccurrence|keywords|tokens)/.test(table) && parts[0] ? toTerm(parts[0]) : "";
}

function pairOf(name) {
  for (const dash of name.matchAll(DASHES)) {
    const [a, b] = [name.slice(0, dash.index), name.slice(dash.index + 1)].map(part => regionOf(part.trim()));
    if (a && b && a !== b) return [a, b];
  }
  return null;
}

// --- numbers and texts

const number = (text, table, key, column, href) => made(href ? "a" : "span", { href, "data-cell": `${table}.csv | ${key} | ${column}` }, text);

// The numbers of a row by their columns, each naming its cell.
function numbered(columns, texts, keyOf, href) {
  return Object.fromEntries(columns.map(([table, column], place) => [column, number(texts[place], table, keyOf(table), column, href)]));
}

const gap = () => (language() === "en" ? " " : ""); // between sentences
const withSign = element => [element.textContent.startsWith("<") || element.textContent === "—" ? "" : "= ", element];
const chip = region => made("span", { class: `chip g${region.group ? 1 + (region.group - 1) % 8 : 0}` }, regionName(region));
const link = (href, ...children) => made("a", { href }, ...children);
const termShown = term => [made("span", { lang: "zh-CN" }, term.name), language() === "en" && term.gloss ? made("span", { class: "gloss" }, ` ${term.gloss}`) : ""];
const sourceOf = measure => (measure.onPage ? link(`#${measure.id}`, `${regionName(measure.region)}·${measure.number}`) : made("span", {}, `${regionName(measure.region)}·${measure.number}`));

// Places (start, end) of a string in a text, left to right, not overlapping.
function placesOf(text, wanted) {
  const found = [];
  const points = /[\ud800-\udfff]/.test(text);
  for (let place = text.indexOf(wanted); wanted && place >= 0; place = text.indexOf(wanted, place + wanted.length)) {
    const start = points ? [...text.slice(0, place)].length : place;
    found.push([start, start + lengthOf(wanted)]);
  }
  return found;
}

// Where the terms stand in a measure: as they are, and in other spellings that count as them.
function termPlaces(measure, places) {
  const asWritten = places.flatMap(place => placesOf(measure.text, data.terms[place].name));
  return [...asWritten, ...measure.other.filter(one => places.includes(one.term)).map(one => [one.start, one.end])];
}

// The text with keywords and indicators of themes marked; where they overlap both are.
function marked(text, keywords, indicators) {
  const edges = [...new Set([0, lengthOf(text), ...keywords.flat(), ...indicators.flat()])].sort((a, b) => a - b);
  const within = (places, start, end) => places.some(([from, to]) => from <= start && end <= to);
  const runs = [];
  for (let place = 0; place + 1 < edges.length; place++) {
    const [start, end] = [edges[place], edges[place + 1]];
    const kind = `${within(keywords, start, end) ? "k" : ""}${within(indicators, start, end) ? "t" : ""}`;
    if (runs.length && runs.at(-1).kind === kind) runs.at(-1).end = end;
    else runs.push({ start, end, kind });
  }
  return made("span", { class: "text", lang: "zh-CN" }, runs.map(({ start, end, kind }) => {
    const part = cut(text, start, end);
    if (!kind) return part;
    return made(kind.includes("k") ? "mark" : "span", { class: kind.includes("t") ? "theme" : null }, part);
  }));
}

const measureLine = (measure, keywords, indicators) => made("p", { class: "measure" }, made("span", { class: "label" }, sourceOf(measure)), marked(measure.text, keywords, indicators));

function tableOf(caption, header, align, rows, name) {
  const table = made("table", {}, made("thead", {}, made("tr", {}, header.map((text, place) => made("th", { scope: "col", class: align[place] }, text)))),
    made("tbody", {}, rows.map(cells => made("tr", {}, cells.map((cell, place) => made("td", { class: align[place] }, cell))))));
  sortable(table);
  const bar = tools(table, caption, name);
  return made("figure", { class: "table" }, made("figcaption", {}, made("span", {}, caption), bar), made("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": caption }, table));
}

// --- a region

function shownRegion(region) {
  const numbers = numbered(data.columns.region, region.numbers, () => region.name);
  const place = region.measures.length && region.measures[0].onPage ? at(region.anchor) : null;
  const parts = [made("h3", { class: `group g${1 + (region.group - 1) % 8}` }, regionName(region)), made("p", { class: "facts" }, say("facts", numbers), place ? [" ", link(`#${region.anchor}`, "↓")] : "")];
  if (data.several && region.group) {
    const alone = region.numbers[data.columns.region.findIndex(([, column]) => column === "runner_up")] === "—";
    const slots = { ...numbers, label: made("span", { lang: "zh-CN" }, region.label.split("·").join(" · ")) };
    parts.push(made("p", {}, say(alone ? "group" : "group_next", slots), gap(), word(region.sure ? "sure" : "unsure"), gap(), data.verdict[language()].map(runOf)));
  }
  const nearest = region.nearest.map(([other, ...texts]) => {
    const pair = data.pairs.get([region.place, other].sort((a, b) => a - b).join(" "));
    const key = `${pair.a.name}–${pair.b.name}`;
    const of = numbered(data.columns.pair, pair.numbers, table => (table === "similarity" ? key : key.replace("–", "|")));
    const share = number(texts[1], "neighbours", `${region.name}|${data.regions[other].name}`, "nearest_share");
    return [link(toPair(region, data.regions[other]), chip(data.regions[other])), of.cosine, of.rank, [of.rank_low, "–", of.rank_high], share];
  });
  parts.push(nearest.length ? tableOf(word("nearest"), word("nearest_columns"), "nrrrr", nearest, `nearest-${region.name}`) : made("p", {}, word("nearest_none")));
  const keywords = region.keywords.map(([term, ...texts]) => {
    const { rank, ...of } = numbered(data.columns.keyword.map(column => ["keywords", column]), texts, () => `${region.name}|${data.terms[term].name}`);
    return [rank, link(toTerm(data.terms[term].name), termShown(data.terms[term])), ...Object.values(of)];
  });
  if (keywords.length) parts.push(tableOf(word("keywords"), word("keyword_columns"), "rnrrrr", keywords, `keywords-${region.name}`));
  parts.push(made("h4", {}, word("text")), ...readingOf(region));
  return parts;
}

const runOf = ([text, href, cell]) => {
  const target = href && at(language() === "en" && at(`en-${href}`) ? `en-${href}` : href);
  return href && target ? made("a", { href: `#${target.id}`, "data-cell": cell || null }, text) : cell ? made("span", { "data-cell": cell }, text) : text;
};

// The text of a region with what is asked for marked in it.
function readingOf(region) {
  const keywords = region.keywords.map(([term]) => term);
  const state = { keywords: true, themes: true, only: null };
  const text = made("div");
  const draw = () => text.replaceChildren(...region.measures.map(measure => {
    const hits = measure.hits.filter(hit => state.themes && (state.only === null || hit.theme === state.only));
    const line = measureLine(measure, state.keywords ? termPlaces(measure, keywords) : [], hits.map(hit => [hit.start, hit.end]));
    if (state.only !== null && !hits.length) line.classList.add("dim");
    return line;
  }));
  const check = (key, name, kind) => made("label", {}, made("input", { type: "checkbox", checked: true, onchange: event => { state[key] = event.target.checked; draw(); } }), " ", made(kind === "mark" ? "mark" : "span", { class: kind === "mark" ? null : "theme" }, name));
  const buttons = region.themes.map(([theme, measures]) => made("button", { type: "button", "aria-pressed": "false", onclick: event => {
    state.only = state.only === theme ? null : theme;
    for (const other of event.target.parentElement.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === event.target && state.only !== null));
    draw();
  } }, `${themeName(data.themes[theme])} ${measures}`));
  draw();
  return [
    made("fieldset", { class: "legend" }, made("legend", {}, word("show")), check("keywords", word("show_keywords"), "mark"), check("themes", word("show_themes"), "theme")),
    made("fieldset", { class: "legend toggles" }, made("legend", {}, word("only")), buttons),
    text,
  ];
}

// --- a pair

function shownPair(a, b) {
  const pair = data.pairs.get([a.place, b.place].sort((x, y) => x - y).join(" "));
  const key = `${pair.a.name}–${pair.b.name}`;
  const numbers = numbered(data.columns.pair, pair.numbers, table => (table === "similarity" ? key : key.replace("–", "|")));
  const slots = { ...numbers, pairs: data.pairs.size.toLocaleString("en"), p: withSign(numbers.p), q: withSign(numbers.q) };
  const parts = [made("h3", {}, link(toRegion(pair.a), chip(pair.a)), " – ", link(toRegion(pair.b), chip(pair.b))), made("p", {}, say("pair_numbers", slots).flat())];
  if (!pair.leading.length) return [...parts, made("p", {}, word("shared_none"))];
  const widest = Math.max(...pair.leading.map(([, , share]) => parseFloat(share) || 0), 1);
  const rows = pair.leading.map(([term, product, share]) => {
    const bar = made("span", { class: "share", "aria-hidden": "true" });
    bar.style.width = `${6 * parseFloat(share) / widest}rem`;
    const cell = (text, column) => number(text, "similarity_terms", `${key}|${data.terms[term].name}`, column);
    return [link(toTerm(data.terms[term].name), termShown(data.terms[term])), cell(product, "product"), [cell(share, "share"), made("span", { class: "bars" }, bar)]];
  });
  parts.push(tableOf(word("shared"), word("shared_columns"), "nrr", rows, `shared-${key}`));
  if (pair.rest.length) parts.push(made("p", { class: "note" }, say("shared_rest", { terms: String(pair.rest[0]), share: pair.rest[1] })));
  const side = region => {
    const ids = [...new Set(pair.leading.flatMap(([term]) => region.holding.get(term)))].sort((x, y) => x - y);
    const terms = pair.leading.map(([term]) => term);
    return made("div", {}, made("h4", {}, chip(region)), ids.map(id => measureLine(data.measures[id], termPlaces(data.measures[id], terms), [])));
  };
  parts.push(made("h4", {}, word("sides")), made("div", { class: "sides" }, side(pair.a), side(pair.b)), made("p", { class: "note" }, told("sides_note", { most: data.quoted })));
  return parts;
}

// --- a word or a theme in context

function linesOf(term, theme) {
  const found = [];
  const known = data.termOf.get(term);
  for (const measure of data.measures) {
    const places = theme ? measure.hits.filter(hit => hit.theme === theme.place).map(hit => [hit.start, hit.end])
      : [...placesOf(measure.text, term), ...(known === undefined ? [] : measure.other.filter(one => one.term === known).map(one => [one.start, one.end]))];
    for (const [start, end] of places) found.push({ measure, start, end, left: cut(measure.text, 0, start), node: cut(measure.text, start, end), right: cut(measure.text, end) });
  }
  return found;
}

const ORDERS = [
  (a, b) => a.measure.place - b.measure.place || a.start - b.start,
  (a, b) => collators.zh.compare([...a.left].reverse().join(""), [...b.left].reverse().join("")),
  (a, b) => collators.zh.compare(a.right, b.right),
];

function shownTerm(term, theme, order) {
  const name = theme ? themeName(theme) : term;
  const lines = linesOf(term, theme).sort(ORDERS[order]);
  if (!lines.length) return [made("p", { class: "status", role: "status" }, told("found_none", { term: name }))];
  const regions = new Map();
  for (const line of lines) regions.set(line.measure.region, (regions.get(line.measure.region) || 0) + 1);
  const slots = { term: name, places: lines.length.toLocaleString("en"), regions: regions.size, measures: new Set(lines.map(line => line.measure)).size };
  const gloss = !theme && language() === "en" && data.termOf.has(term) && data.terms[data.termOf.get(term)].gloss;
  const body = made("tbody");
  const table = made("table", { class: "kwic" }, ["source", "left", "node", "right"].map(name => made("col", { class: name })), made("thead", { class: "unseen" }, made("tr", {}, word("kwic_columns").map(head => made("th", { scope: "col" }, head)))), body);
  table.style.setProperty("--node", `${Math.min(12, 1 + Math.max(...lines.slice(0, 500).map(line => lengthOf(line.node))))}em`);
  const more = made("button", { type: "button", class: "more", onclick: () => show() });
  let shown = 0;
  function show() {
    body.append(...lines.slice(shown, shown + FEW).map(({ measure, left, node, right }) => made("tr", {},
      made("td", { class: "source" }, sourceOf(measure)),
      made("td", { class: "left", lang: "zh-CN" }, made("bdi", {}, [...left].slice(-AROUND).join(""))),
      made("td", { class: "node", lang: "zh-CN" }, made("mark", {}, node)),
      made("td", { class: "right", lang: "zh-CN" }, [...right].slice(0, AROUND).join("")))));
    shown = Math.min(lines.length, shown + FEW);
    more.hidden = shown >= lines.length;
    more.textContent = told("more", { count: Math.min(FEW, lines.length - shown), rest: (lines.length - shown).toLocaleString("en") });
  }
  show();
  return [
    made("p", { class: "status", role: "status" }, told(theme ? "found_theme" : "found", slots), gloss ? made("span", { class: "gloss" }, ` ${gloss}`) : ""),
    theme ? made("p", { class: "note" }, theme.definition[language()] || "") : null,
    made("ul", { class: "terms" }, [...regions].map(([region, count]) => made("li", {}, link(toRegion(region), chip(region)), ` ${count}`))),
    made("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": told("kwic", { term: name }) }, table),
    more,
  ].filter(Boolean);
}

// --- controls, tabs, fragment

const KINDS = ["region", "pair", "term"];
const state = { kind: "region", region: null, pair: null, term: "", theme: null, order: 0, unknown: "" };

function chooser(id, label, options, chosen, change) {
  const none = made("option", { value: "" }, word("choose_none"));
  const select = made("select", { id, onchange: event => change(event.target.value) }, none, options.map(([value, name]) => made("option", { value, selected: value === chosen }, name)));
  return made("label", {}, label, select);
}

const regionOptions = () => data.regions.map(region => [String(region.place), regionName(region)]);

// What is shown, as a fragment of an address.
const shownNow = () => ({ region: () => toRegion(state.region), pair: () => toPair(...state.pair), term: () => (state.theme ? toTheme(state.theme) : toTerm(state.term)) })[state.kind]();

function copyLink() {
  return made("button", { type: "button", class: "quiet copy-link", onclick: event => copy(`${location.href.split("#")[0]}${shownNow()}&lang=${language()}`, event.target) }, word("copy_link"));
}

function controlsOf(kind) {
  const go = hash => { location.hash = hash; };
  const some = { region: state.region, pair: state.pair, term: state.term || state.theme }[kind] ? copyLink() : null;
  if (kind === "region") return [chooser("explorer-region-name", word("choose_region"), regionOptions(), state.region && String(state.region.place), value => value && go(toRegion(data.regions[value]))), some];
  if (kind === "pair") {
    const both = state.pair || [state.region, null];
    const change = () => {
      const [a, b] = ["explorer-pair-a", "explorer-pair-b"].map(id => at(id).value);
      if (a && b && a !== b) go(toPair(data.regions[a], data.regions[b]));
    };
    return [["explorer-pair-a", "choose_a"], ["explorer-pair-b", "choose_b"]].map(([id, label], side) => chooser(id, word(label), regionOptions(), both[side] && String(both[side].place), change)).concat(some);
  }
  const list = made("datalist", { id: "explorer-terms" }, data.terms.slice(0, 1000).map(term => made("option", { value: term.name }, term.gloss)));
  const text = made("input", { id: "explorer-term-text", type: "search", list: "explorer-terms", lang: "zh-CN", autocomplete: "off", value: state.theme ? "" : state.term });
  const form = made("form", { class: "controls", onsubmit: event => { event.preventDefault(); if (text.value.trim()) go(toTerm(text.value.trim())); } }, made("label", {}, word("choose_term"), text), made("button", { type: "submit" }, word("search")));
  text.addEventListener("change", () => form.requestSubmit());
  const themes = chooser("explorer-term-theme", word("choose_theme"), data.themes.map(theme => [theme.id, themeName(theme)]), state.theme && state.theme.id, value => value && go(`#theme=${written(value)}`));
  const orders = made("label", {}, word("choose_sort"), made("select", { id: "explorer-term-sort", onchange: event => { state.order = Number(event.target.value); draw(); at("explorer-term-sort").focus(); } }, word("sorts").map((name, order) => made("option", { value: String(order), selected: order === state.order }, name))));
  return [form, list, themes, orders, some];
}

function contentOf(kind) {
  if (state.unknown && kind === state.kind) return [made("p", { class: "status", role: "status" }, state.unknown)];
  if (kind === "region" && state.region) return shownRegion(state.region);
  if (kind === "pair" && state.pair) return shownPair(...state.pair);
  if (kind === "term" && (state.term || state.theme)) return shownTerm(state.term, state.theme, state.order);
  return [made("p", { class: "note" }, word("start"))];
}

function draw() {
  const tab = (kind, place) => made("button", { type: "button", role: "tab", id: `explorer-tab-${kind}`, "aria-controls": `explorer-${kind}`, "aria-selected": String(kind === state.kind), tabindex: kind === state.kind ? "0" : "-1", onclick: () => { state.kind = kind; state.unknown = ""; draw(); at(`explorer-tab-${kind}`).focus(); } }, word("tabs")[place]);
  const tabs = made("div", { role: "tablist", "aria-labelledby": "explorer-heading", onkeydown: event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    at(`explorer-tab-${KINDS[(KINDS.indexOf(state.kind) + step + KINDS.length) % KINDS.length]}`).click();
  } }, KINDS.map(tab));
  const panels = KINDS.map(kind => made("div", { role: "tabpanel", id: `explorer-${kind}`, "aria-labelledby": `explorer-tab-${kind}`, hidden: kind !== state.kind },
    kind === state.kind ? [made("div", { class: "controls" }, controlsOf(kind)), contentOf(kind)] : []));
  for (const before of box.querySelectorAll(":scope > :not(h2)")) before.remove();
  box.lang = root.lang;
  box.append(tabs, ...panels);
}

// Show what the fragment asks for; a name that nothing has is told in a sentence.
function route(wanted) {
  const kind = ["region", "pair", "term", "theme"].find(one => wanted[one]);
  if (!kind) return false;
  state.unknown = "";
  const name = wanted[kind];
  if (kind === "region") [state.kind, state.region] = ["region", regionOf(name) || null];
  if (kind === "pair") [state.kind, state.pair] = ["pair", pairOf(name)];
  if (kind === "term") [state.kind, state.term, state.theme] = ["term", name, null];
  if (kind === "theme") [state.kind, state.term, state.theme] = ["term", "", themeOf(name) || null];
  if (kind !== "term" && !state[kind]) {
    const [a, b] = data.regions;
    state.unknown = told(`unknown_${kind}`, { name, example: b ? `${regionName(a)}–${regionName(b)}` : "" });
  }
  draw();
  if (!box.matches(":focus-within")) box.scrollIntoView({ behavior: "instant" });
  return true;
}

// --- small links into the explorer, where regions, pairs and keywords stand

function into(element, href, what) {
  if (element && !element.querySelector(":scope > .into")) element.append(made("a", { class: "into", href, "aria-label": told("explore_label", { what }) }, word("explore")));
}

// The key of the first number in the element that was read from the table; nothing where there is none.
function keyIn(element, table) {
  const cells = [...element.querySelectorAll("[data-cell]")].map(cellOf);
  return (cells.find(cell => cell.startsWith(`${table}.csv | `)) || " | ").split(" | ")[1];
}

function intoExplorer(figure) {
  if (!data || !box) return;
  if (/^(en-)?keywords-/.test(figure.id)) for (const row of figure.querySelectorAll("tbody tr")) {
    const [, name] = keyIn(row, "keywords").split("|");
    if (name) into(row.cells[1], toTerm(name), name);
  }
  if (/^(en-)?table-regions$/.test(figure.id)) for (const row of figure.querySelectorAll("tbody tr")) {
    const region = data.regions.find(one => one.name === keyIn(row, "regions"));
    if (region) into(row.cells[0], toRegion(region), regionName(region));
  }
}

function affordances() {
  for (const region of data.regions) into(at(region.anchor), toRegion(region), regionName(region));
  for (const summary of document.querySelectorAll('details[id^="pair-"] > summary, details[id^="en-pair-"] > summary')) {
    const pair = pairOf(keyIn(summary, "similarity"));
    if (pair) into(summary.parentElement, toPair(...pair), pair.map(regionName).join(" – "));
  }
  for (const figure of document.querySelectorAll("figure.table:has(.tools)")) intoExplorer(figure);
}

if (box) unpacked(at("explorer-data").textContent).then(raw => {
  data = opened(raw);
  draw();
  affordances();
  root.dataset.ready = "true";
  route(asked());
  addEventListener("hashchange", () => route(asked()));
  languageChanged.push(() => {
    for (const old of document.querySelectorAll(".into")) old.remove();
    draw();
    affordances();
  });
});
