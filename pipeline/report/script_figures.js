
// --- figures: every mark says what it shows, by mouse and by keyboard ------------------------------------------

const tip = made("div", { id: "tip", role: "tooltip", hidden: true });
const spoken = made("div", { class: "unseen", "aria-live": "polite" });
document.body.append(tip, spoken);
let lit = null;
let litAt = null;

// [what, measure, value, cell] of a mark: its row of the table behind the figure, which readers may have sorted since.
const rowsBehind = new Map();
const saidBy = mark => [...rowsBehind.get(mark.closest("figure"))[mark.dataset.row].cells].map(cell => cell.textContent);

function light(mark, event) {
  if (lit) lit.classList.remove("on");
  lit = mark;
  tip.hidden = !mark;
  if (!mark) return;
  mark.classList.add("on");
  const [what, measure, value, cell] = saidBy(mark);
  tip.replaceChildren(made("span", {}, `${what}`), made("span", {}, ` ${measure} ${value}`), made("small", {}, cell));
  const box = litAt = mark.getBoundingClientRect();
  const x = event ? event.clientX + 14 : box.right + 10;
  const y = event ? event.clientY + 16 : box.bottom + 8;
  tip.style.left = `${Math.max(4, Math.min(x, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${y + tip.offsetHeight + 8 > innerHeight ? Math.max(4, box.top - tip.offsetHeight - 8) : y}px`;
  if (!event) spoken.textContent = `${what} ${measure} ${value}`;
}

// The nearest mark in the direction of the key; what lies askew counts as farther away.
function next(marks, from, key) {
  if (!from) return marks[0];
  const middle = mark => { const box = mark.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; };
  const [x, y] = middle(from);
  const along = { ArrowRight: (a, b) => [a - x, b - y], ArrowLeft: (a, b) => [x - a, b - y], ArrowDown: (a, b) => [b - y, a - x], ArrowUp: (a, b) => [y - b, a - x] }[key];
  let best = from, least = Infinity;
  for (const mark of marks) {
    const [ahead, aside] = along(...middle(mark));
    if (ahead > 1 && ahead + 3 * Math.abs(aside) < least) [best, least] = [mark, ahead + 3 * Math.abs(aside)];
  }
  return best;
}

// Where a mark leads: its own link, else its region, pair or word in the explorer.
function destination(mark) {
  const link = mark.getAttribute("xlink:href") || mark.getAttribute("href");
  return link || explored(saidBy(mark)[3]);
}

// The table behind a figure gets its controls when it is opened.
function equipData(figure) {
  const details = figure.querySelector("details.figure-data");
  details.addEventListener("toggle", () => {
    const table = details.querySelector("table");
    const caption = figure.querySelector(".canvas").getAttribute("aria-label");
    sortable(table);
    const bar = tools(table, caption, figure.id.replace(/^en-/, ""));
    bar.classList.add("on");
    details.querySelector("summary").after(bar);
  }, { once: true });
}

function equipFigure(figure) {
  const canvas = figure.querySelector(".canvas");
  const marks = [...canvas.querySelectorAll(".mark")];
  if (!marks.length) return;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "group");
  for (const mark of marks) if (mark.tagName === "a") mark.setAttribute("tabindex", "-1");
  canvas.addEventListener("mousemove", event => {
    const mark = event.target.closest(".mark");
    if (mark || lit) light(mark, event);
    if (mark) mark.classList.toggle("leads", Boolean(destination(mark)));
  });
  canvas.addEventListener("mouseleave", () => light(null));
  canvas.addEventListener("blur", () => light(null));
  canvas.addEventListener("click", event => {
    const mark = event.target.closest(".mark");
    if (mark && mark.tagName !== "a" && destination(mark)) location.hash = destination(mark);
  });
  canvas.addEventListener("focus", () => { spoken.textContent = canvas.matches(":focus-visible") ? word("figure_hint") : ""; });
  canvas.addEventListener("keydown", event => {
    if (event.key.startsWith("Arrow")) light(next(marks, marks.includes(lit) ? lit : null, event.key));
    else if (event.key === "Home" || event.key === "End") light(marks.at(event.key === "Home" ? 0 : -1));
    else if (event.key === "Escape" && lit) light(null);
    else if (event.key === "Enter" && marks.includes(lit) && destination(lit)) location.hash = destination(lit);
    else return;
    event.preventDefault();
  });
  rowsBehind.set(figure, [...figure.querySelector(".figure-data tbody").rows]);
  equipData(figure);
  figure.dataset.live = "";
}
addEventListener("keydown", event => { if (event.key === "Escape" && lit) light(null); });
// A scroll is told late: it hides what it has moved, not what was lit after it.
addEventListener("scroll", () => {
  if (!lit) return;
  const box = lit.getBoundingClientRect();
  if (box.top !== litAt.top || box.left !== litAt.left) light(null);
}, { passive: true });
