// The page without any of this is a whole document; with it one can switch, look closer and follow every number.
// Stable names for tests: html[data-lang=zh|en], html[data-theme=light|dark], #language-zh, #language-en, #theme,
// #explorer with the tabs #explorer-tab-region|pair|term and the panels #explorer-region|pair|term; in them
// #explorer-region-name, #explorer-pair-a, #explorer-pair-b, #explorer-term-text, #explorer-term-theme,
// #explorer-term-sort, button.copy-link, button.more, p.status; #tip, the tooltip of figures; .mark, their marks;
// figure[data-live], one whose marks answer; details.figure-data, its table; .tools of a table with input[type=search], .copy and .csv.
"use strict";
const root = document.documentElement;
const at = id => document.getElementById(id);

function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat(9).filter(child => child !== null && child !== ""));
  return element;
}

// `table.csv | key | column`; ~ stands for what its row or paragraph says once for several numbers.
function cellOf(number) {
  const own = number.dataset.cell;
  return own.startsWith("~") ? number.closest("[data-of]").dataset.of + own.slice(1) : own;
}

const words = JSON.parse(at("words").textContent);
const word = key => words[language()][key];

// A sentence of strings.*.toml, its slots filled with texts and elements.
function say(key, slots = {}) {
  return word(key).split(/\{(\w+)\}/).map((part, place) => (place % 2 ? slots[part] : part)).filter(part => part !== "");
}
const told = (key, slots) => say(key, slots).join("");

// What the fragment asks for: {id} of a place, or {region, pair, term, theme, lang}.
function asked() {
  const fragment = location.hash.slice(1);
  const plain = text => { try { return decodeURIComponent(text); } catch { return text; } };
  if (!/^(region|pair|term|theme|lang)=/.test(fragment)) return { id: plain(fragment.replace(/&lang=(zh|en)$/, "")), lang: (/&lang=(zh|en)$/.exec(fragment) || [])[1] };
  return Object.fromEntries(fragment.split("&").map(part => [part.split("=", 1)[0], plain(part.slice(part.indexOf("=") + 1))]));
}

// --- language ------------------------------------------------------------------------------------------------

const titles = document.title.split(" · ");
const language = () => root.dataset.lang;
const languageChanged = [];

function speak(wanted) {
  if (wanted === language()) return;
  root.dataset.lang = wanted;
  root.lang = wanted === "zh" ? "zh-CN" : "en";
  at(`language-${wanted}`).checked = true;
  document.title = titles.length === 2 ? titles[wanted === "zh" ? 0 : 1] : titles.join(" · ");
  for (const tell of languageChanged) tell();
}

// The place of the other half that says what is now at the top of the window.
function counterpart() {
  let top = null;
  const seen = [...document.querySelectorAll(`section.${language()}`)].find(section => section.getBoundingClientRect().bottom > 120);
  for (const element of seen ? seen.querySelectorAll("[id]") : []) {
    const box = element.getBoundingClientRect();
    if (!box.height) continue;
    if (box.top > 120 && top) break;
    top = element;
    if (box.top > 120) break;
  }
  if (!top || scrollY < 200) return null;
  const other = at(language() === "zh" ? `en-${top.id}` : top.id.slice(3));
  return other && { other, from: top.getBoundingClientRect().top };
}

for (const radio of document.querySelectorAll(".languages input")) {
  radio.addEventListener("change", () => {
    // The radio buttons show the other half already: for a moment back, to see what was at the top.
    at(`language-${language()}`).checked = true;
    const place = counterpart();
    speak(radio.value);
    if (place) scrollBy({ top: place.other.getBoundingClientRect().top - place.from, behavior: "instant" });
  });
}

// --- places --------------------------------------------------------------------------------------------------

// A link into a closed part opens it, one into the other half shows that: without a script the parts open by hand.
function reveal(target) {
  const half = target.closest("section.zh, section.en, div.zh, div.en");
  if (half) speak(half.classList.contains("en") ? "en" : "zh");
  for (let element = target; element; element = element.parentElement) if (element.tagName === "DETAILS") element.open = true;
  target.scrollIntoView({ behavior: "instant" });
}

function follow() {
  const wanted = asked();
  if (wanted.lang === "zh" || wanted.lang === "en") speak(wanted.lang);
  const target = wanted.id ? at(wanted.id) : null;
  if (target) reveal(target);
  return wanted;
}

// --- light and dark ------------------------------------------------------------------------------------------

const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
const theme = made("button", { id: "theme", type: "button", class: "quiet", onclick: () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme(); } });
function nameTheme() {
  theme.textContent = word(isDark() ? "light" : "dark");
}
document.querySelector("body > .bar").append(theme);
dark.addEventListener("change", nameTheme);
languageChanged.push(nameTheme);

// The name of the cell that a number was read from: only when it is asked for, or a page would hold each name twice.
for (const kind of ["mouseover", "focusin"]) addEventListener(kind, event => {
  const number = event.target.closest && event.target.closest("[data-cell]:not([title])");
  if (number) number.title = cellOf(number);
});

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no clipboard for a file of one's own, in some browsers
    const area = made("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const before = button.textContent;
  button.textContent = word("copied");
  setTimeout(() => { button.textContent = before; }, 1500);
}

// --- the first opening ---------------------------------------------------------------------------------------

speak((navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en");
follow();
addEventListener("hashchange", follow);

// On a phone the contents are closed until asked for; where they stand beside the text they follow it.
const narrow = matchMedia("(max-width: 62rem)");
for (const contents of document.querySelectorAll(".contents details")) {
  contents.open = !narrow.matches;
  narrow.addEventListener("change", () => { contents.open = !narrow.matches; });
}
const current = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting) {
    const heading = entry.target.querySelector("h2[id]");
    if (!heading) continue;
    const own = heading.id === "explorer-heading" ? "#explorer" : `#${heading.id}`;
    for (const link of document.querySelectorAll(".contents a")) {
      if (link.getAttribute("href") === own) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}, { rootMargin: "-20% 0px -75% 0px" });
for (const section of document.querySelectorAll("main > section")) current.observe(section);
