"use strict";
// Filters, the matrix and the list of devices. Sections come escaped from the page itself or from
// its packs; everything else that is written here is written as text.
(() => {
  const NAMES = 0, FILE = 1, PLATFORM = 2, SITE = 3, PATTERN = 4, FACETS = 5, COUNTS = 6, REPAIR = 7;
  const ROWS = 200, SECTIONS = 20, MOST_PRINTED = 400;
  const FILTERS = ["q", "verdict", "class", "severity", "kind", "site"];
  const byId = (id) => document.getElementById(id);
  const index = JSON.parse(byId("index").textContent);
  const packs = [...document.querySelectorAll("script.pack")];
  const patternRows = [...byId("patterns").content.querySelectorAll("tr")];
  const sections = new Map();
  const words = new Map();
  const opened = new Set();
  let matched = index.devices.map((_, number) => number);
  let rowLimit = ROWS;
  let sectionLimit = SECTIONS;
  let turn = 0;

  // -- the state of the filters, kept in the address ----------------------------------------

  const field = (name) => byId(name);
  const state = () => Object.fromEntries(FILTERS.map((name) => [name, field(name)?.value.trim() ?? ""]));

  async function fromAddress() {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) {
      followAnchor(hash);
      return;
    }
    const given = new URLSearchParams(hash);
    for (const name of FILTERS) if (field(name)) field(name).value = given.get(name) ?? "";
    byId("group").checked = given.has("group") ? given.get("group") === "1" : index.grouped;
    await apply();
    if (given.has("device")) await showDevice(index.devices.findIndex((item) => item[NAMES] === given.get("device")));
  }

  function followAnchor(id) {
    const number = /^d(\d+)$/.exec(id);
    if (number) showDevice(Number(number[1]));
  }

  function toAddress(push, device) {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(state())) if (value) given.set(name, value);
    if (byId("group").checked !== index.grouped) given.set("group", byId("group").checked ? "1" : "0");
    if (device !== undefined) given.set("device", device);
    const hash = given.toString();
    const address = hash ? `#${hash}` : location.pathname + location.search;
    if (push) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }

  // -- which devices fit ------------------------------------------------------------------------

  function haystack(number) {
    let text = words.get(number);
    if (text === undefined) {
      const device = index.devices[number];
      const told = device[FACETS].map((at) => index.facets[at]);
      text = [device[NAMES], device[FILE], device[PLATFORM], ...told.map((facet) => `${facet[0]} ${facet[2]} ${index.texts[facet[3]]}`)].join("\n").toLowerCase();
      words.set(number, text);
    }
    return text;
  }

  function fits(wanted) {
    const needles = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
    const column = wanted.class ? index.classes.indexOf(wanted.class) + 1 : 0;
    const judgement = index.judgements.indexOf(wanted.verdict);
    const facetFits = index.facets.map((facet) => facetOk(facet, wanted));
    const asksFindings = wanted.severity || wanted.kind;
    return (number) => {
      const device = index.devices[number];
      const pattern = index.patterns[device[PATTERN]];
      if (wanted.site && device[SITE] !== wanted.site) return false;
      if (column && pattern[column] < 0) return false;
      if (wanted.verdict && pattern[column] !== judgement) return false;
      if (asksFindings && !device[FACETS].some((at) => facetFits[at])) return false;
      return needles.every((needle) => haystack(number).includes(needle));
    };
  }

  // A finding that names no class is about all of them.
  function facetOk(facet, wanted) {
    return (!wanted.kind || facet[0] === wanted.kind) && (!wanted.severity || facet[1] === wanted.severity) && (!wanted.class || !facet[2] || facet[2] === wanted.class);
  }

  function apply() {
    matched = index.devices.map((_, number) => number).filter(fits(state()));
    rowLimit = ROWS;
    sectionLimit = SECTIONS;
    const all = `${index.devices.length.toLocaleString("en")} ${index.devices.length === 1 ? "device" : "devices"}`;
    byId("count").value = matched.length === index.devices.length ? all : `${matched.length.toLocaleString("en")} of ${all}`;
    drawMatrix();
    return drawSections();
  }

  // -- the matrix -------------------------------------------------------------------------------

  function drawMatrix() {
    const body = byId("matrix").tBodies[0];
    const rows = byId("group").checked ? groupRows() : matched.slice(0, rowLimit).map((number) => deviceRow(number));
    body.replaceChildren(...rows);
    byId("more-rows").hidden = byId("group").checked || matched.length <= rowLimit;
  }

  function groupRows() {
    const groups = new Map();
    for (const number of matched) {
      const pattern = index.devices[number][PATTERN];
      if (!groups.has(pattern)) groups.set(pattern, []);
      groups.get(pattern).push(number);
    }
    return [...groups].flatMap(([pattern, members]) => {
      if (members.length === 1) return [deviceRow(members[0])];
      const row = groupRow(pattern, members);
      return opened.has(pattern) ? [row, ...members.slice(0, rowLimit).map((number) => deviceRow(number, true)), ...rest(members)] : [row];
    });
  }

  function groupRow(pattern, members) {
    const row = patternRows[pattern].cloneNode(true);
    const open = opened.has(pattern);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "what";
    button.textContent = `${open ? "▾" : "▸"} ${members.length.toLocaleString("en")} devices`;
    button.setAttribute("aria-expanded", String(open));
    button.dataset.pattern = pattern;
    row.querySelector(".what").replaceWith(button);
    row.querySelector(".platform").textContent = `such as ${index.devices[members[0]][NAMES]}`;
    const findings = members.reduce((sum, number) => sum + index.devices[number][FACETS].length, 0);
    const ready = members.filter((number) => index.devices[number][REPAIR] === "ready").length;
    row.querySelector(".counts").textContent = findings ? findings.toLocaleString("en") : "–";
    const repair = row.querySelector(".repair-cell");
    if (repair) repair.textContent = ready ? `${ready.toLocaleString("en")} ready` : "–";
    row.classList.add("group-row");
    return row;
  }

  function rest(members) {
    if (members.length <= rowLimit) return [];
    const row = document.createElement("tr");
    const cell = row.insertCell();
    cell.colSpan = index.classes.length + 4;
    cell.textContent = `and ${(members.length - rowLimit).toLocaleString("en")} more: narrow the search to see them`;
    return [row];
  }

  function deviceRow(number, member = false) {
    const device = index.devices[number];
    const row = patternRows[device[PATTERN]].cloneNode(true);
    const link = document.createElement("a");
    const name = document.createElement("bdi");
    name.textContent = device[NAMES];
    link.className = "what";
    link.href = `#d${number}`;
    link.title = device[NAMES];
    link.append(name);
    row.querySelector(".what").replaceWith(link);
    row.querySelector(".platform").textContent = device[PLATFORM] || "–";
    row.querySelector(".counts").textContent = device[FACETS].length || "–";
    row.querySelector(".counts").title = `${device[COUNTS][0]} errors, ${device[COUNTS][1]} warnings, ${device[COUNTS][2]} notes`;
    const repair = row.querySelector(".repair-cell");
    if (repair) repair.textContent = device[REPAIR] || "–";
    if (member) row.classList.add("member");
    return row;
  }

  // -- the devices ------------------------------------------------------------------------------

  async function unpacked(pack) {
    const bytes = Uint8Array.from(atob(pack.textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).text();
  }

  function keep(root) {
    for (const section of root.querySelectorAll("details.device")) {
      for (const button of section.querySelectorAll("[data-copy]")) button.hidden = false;
      sections.set(Number(section.dataset.number), section);
    }
  }

  async function section(number) {
    if (!sections.has(number)) {
      const pack = packs[Math.floor((number - index.shown) / index.perPack)];
      if (pack) {
        const holder = document.createElement("template");
        holder.innerHTML = await unpacked(pack);
        if (!sections.has(number)) keep(holder.content);
      } else {
        sections.set(number, leftOut(number));
      }
    }
    return sections.get(number);
  }

  function leftOut(number) {
    const found = byId("left-out").content.firstElementChild.cloneNode(true);
    found.querySelector("h3").textContent = index.devices[number][NAMES];
    found.id = `d${number}`;
    found.dataset.number = number;
    return found;
  }

  async function drawSections(limit = sectionLimit) {
    const mine = ++turn;
    document.documentElement.dataset.turn = String(mine);
    const wanted = state();
    const shown = [];
    for (const number of matched.slice(0, limit)) {
      shown.push(await section(number));
      if (mine !== turn) return;
    }
    for (const item of shown) hideOthers(item, wanted);
    byId("devices").replaceChildren(...shown);
    byId("none").hidden = matched.length > 0;
    byId("more-devices").hidden = matched.length <= limit;
    document.documentElement.dataset.drawn = String(mine);
  }

  function hideOthers(item, wanted) {
    const findings = [...item.querySelectorAll(".finding")];
    for (const finding of findings) {
      const { kind, severity } = finding.dataset;
      finding.hidden = !facetOk([kind, severity, finding.dataset.class], wanted);
    }
    const note = item.querySelector(".filtered");
    if (!note) return;
    const left = findings.filter((finding) => !finding.hidden).length;
    note.hidden = left === findings.length;
    note.textContent = `${left} of ${findings.length} findings fit the filters.`;
  }

  async function showDevice(number) {
    if (!index.devices[number]) return;
    if (!matched.includes(number)) {
      for (const name of FILTERS) if (field(name)) field(name).value = "";
      await apply();
    }
    const item = await section(number);
    if (!item.isConnected) {
      sectionLimit = SECTIONS;
      await drawSections();
      if (!item.isConnected) byId("devices").append(item);
    }
    item.open = true;
    item.scrollIntoView({ block: "start" });
    item.querySelector("summary").focus({ preventScroll: true });
  }

  // -- what a reader does -----------------------------------------------------------------------

  function listen() {
    const form = document.querySelector(".filters");
    let pause;
    byId("q").addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => { toAddress(false); apply(); }, 120);
    });
    form.addEventListener("change", (event) => { if (event.target.id !== "q") { toAddress(true); apply(); } });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const name of FILTERS) if (field(name)) field(name).value = "";
      toAddress(true);
      apply();
    });
    byId("group").addEventListener("change", () => { toAddress(true); drawMatrix(); });
    byId("more-rows").addEventListener("click", () => { rowLimit += ROWS; drawMatrix(); });
    byId("more-devices").addEventListener("click", () => { sectionLimit += SECTIONS; drawSections(); });
    byId("expand").addEventListener("click", () => setOpen(true));
    byId("collapse").addEventListener("click", () => setOpen(false));
    document.addEventListener("click", clicked);
    document.addEventListener("keydown", pressed);
    window.addEventListener("popstate", fromAddress);
  }

  function clicked(event) {
    const copy = event.target.closest("[data-copy]");
    if (copy) return copied(copy);
    const group = event.target.closest("[data-pattern]");
    if (group) return toggleGroup(Number(group.dataset.pattern));
    const filter = event.target.closest("a.filter");
    if (filter) return narrowed(event, filter);
    const link = event.target.closest('#matrix a[href^="#d"]');
    if (link) {
      event.preventDefault();
      const number = Number(link.hash.slice(2));
      toAddress(true, index.devices[number][NAMES]);
      showDevice(number);
    }
    return undefined;
  }

  // A link to a filter adds to the filters that are set.
  function narrowed(event, link) {
    event.preventDefault();
    for (const [name, value] of new URLSearchParams(link.hash.slice(1))) {
      field(name).value = field(name).value === value ? "" : value;
    }
    toAddress(true);
    apply();
    byId("fleet-title").scrollIntoView({ block: "start" });
  }

  function toggleGroup(pattern) {
    if (!opened.delete(pattern)) opened.add(pattern);
    drawMatrix();
    document.querySelector(`[data-pattern="${pattern}"]`)?.focus();
  }

  function setOpen(open) {
    for (const item of byId("devices").children) item.open = open;
  }

  function pressed(event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    byId("q").focus();
  }

  async function copied(button) {
    const text = button.closest(".copyable").querySelector(".source").textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Some browsers refuse the clipboard to a local file: the old way still works there.
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    byId("said").textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; byId("said").textContent = ""; }, 1500);
  }

  // -- theme and print --------------------------------------------------------------------------

  function theme() {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
    const show = () => byId("theme").setAttribute("aria-pressed", String(isDark()));
    byId("theme").addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("qos-audit-theme", root.dataset.theme); } catch { /* as in theme.js */ }
      show();
    });
    system.addEventListener("change", show);
    show();
  }

  let reopened = [];

  function printing() {
    byId("print").addEventListener("click", async () => {
      await drawSections(MOST_PRINTED);
      window.print();
    });
    window.addEventListener("beforeprint", () => {
      reopened = [...document.querySelectorAll("main details:not([open])")];
      for (const item of reopened) item.open = true;
      const there = byId("devices").children.length;
      byId("print-note").hidden = there >= matched.length;
      byId("print-note").textContent = `${there} of ${matched.length} devices are printed, the worst first.`;
    });
    window.addEventListener("afterprint", () => { for (const item of reopened) item.open = false; });
  }

  keep(document);
  listen();
  theme();
  printing();
  if (location.hash.startsWith("#") && !location.hash.includes("=")) apply();
  fromAddress();
})();
