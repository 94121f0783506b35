
// --- tables: sort, filter, copy, save ------------------------------------------------------------------------

const collators = { zh: new Intl.Collator("zh-u-co-pinyin", { numeric: true }), en: new Intl.Collator("en", { numeric: true }) };
const LONG = 12; // rows from which on a table has a filter

// A number as written in a cell: 1,016 · 12% · < 0.001 · −0.50; NaN where the cell says something else.
function numberOf(text) {
  const found = /^[<≤≥>]?\s*([-−]?[\d,]*\.?\d+)\s*%?/.exec(text.trim());
  return found ? parseFloat(found[1].replace(/,/g, "").replace("−", "-")) - (text.trim().startsWith("<") ? 1e-9 : 0) : NaN;
}

function cellText(cell) {
  const text = [...cell.childNodes].filter(node => !(node.classList && node.classList.contains("into"))).map(node => node.textContent);
  return text.join("").trim().replace(/\s+/g, " ");
}

function sortBy(table, column, way) {
  const body = table.tBodies[0];
  const rows = [...body.rows].map(row => ({ row, text: cellText(row.cells[column]) }));
  const numeric = rows.every(({ text }) => !text || text === "—" || !Number.isNaN(numberOf(text)));
  const compare = numeric
    ? (a, b) => (numberOf(a.text) || 0) - (numberOf(b.text) || 0)
    : (a, b) => collators[language()].compare(a.text, b.text);
  const empty = ({ text }) => (!text || text === "—" ? 1 : 0);
  rows.sort((a, b) => empty(a) - empty(b) || way * compare(a, b));
  body.append(...rows.map(({ row }) => row));
}

// The first press sorts upwards, the second downwards, the third gives the order of the report back.
function sortable(table) {
  const order = [...table.tBodies[0].rows];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const name = head.textContent.trim();
    if (!name) return;
    const button = made("button", { type: "button", title: told("sort_label", { column: name }), onclick: () => {
      const before = head.getAttribute("aria-sort");
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      if (before === "descending") return table.tBodies[0].append(...order);
      head.setAttribute("aria-sort", before ? "descending" : "ascending");
      sortBy(table, column, before ? -1 : 1);
    } });
    button.append(...head.childNodes);
    head.append(button);
  });
}

// What is copied or saved: a number below zero with the hyphen that spreadsheets read as its sign.
function rowsOf(table) {
  const signed = cell => cellText(cell).replace(/\u2212(?=[\d.])/g, "-");
  return [table.tHead.rows[0], ...[...table.tBodies[0].rows].filter(row => !row.hidden)].map(row => [...row.cells].map(signed));
}

function save(name, rows) {
  // What a spreadsheet would take for a formula stays a text.
  const quoted = text => `"${(/^[=+@]|^-[^\d.]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
  const text = "\ufeff" + rows.map(row => row.map(quoted).join(",")).join("\r\n") + "\r\n";
  const link = made("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" })), download: `${name}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function tools(table, caption, name) {
  const found = made("span", { class: "tools" });
  const rows = [...table.tBodies[0].rows];
  if (rows.length > LONG) {
    const count = made("span", { class: "status", role: "status" });
    found.append(count, made("input", { type: "search", placeholder: word("filter"), "aria-label": told("filter_label", { caption }), oninput: event => {
      const wanted = event.target.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
      count.textContent = wanted ? told("filtered", { shown: rows.filter(row => !row.hidden).length, rows: rows.length }) : "";
      found.classList.toggle("on", Boolean(wanted));
    } }));
  }
  found.append(
    made("button", { type: "button", class: "quiet copy", "aria-label": told("copy_label", { caption }), onclick: event => copy(rowsOf(table).map(row => row.join("\t")).join("\n"), event.target) }, word("copy")),
    made("button", { type: "button", class: "quiet csv", "aria-label": told("csv_label", { caption }), onclick: () => save(name, rowsOf(table)) }, word("csv")));
  return found;
}

// A table gets its controls, a figure its marks when they come into view: a long report has hundreds.
function equipTable(figure) {
  const table = figure.querySelector("table");
  const caption = figure.querySelector("figcaption");
  const name = caption.textContent.trim();
  sortable(table);
  caption.append(tools(table, name, figure.id.replace(/^en-/, "") || "table"));
  intoExplorer(figure);
}

const coming = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting) {
    coming.unobserve(entry.target);
    (entry.target.classList.contains("table") ? equipTable : equipFigure)(entry.target);
  }
}, { rootMargin: "60% 0px" });
for (const figure of document.querySelectorAll("figure.table, figure.drawing")) coming.observe(figure);
