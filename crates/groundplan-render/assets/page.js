
(() => {
  "use strict";
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const main = at("_main");
  const nav = at("_nav");

  // Light and dark.
  const theme = at("_theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const nameTheme = () => {
    theme.textContent = dark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", dark() ? "Light colours" : "Dark colours");
  };
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try {
      localStorage.setItem("groundplan-theme", root.dataset.theme);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    nameTheme();
  });
  system.addEventListener("change", nameTheme);
  nameTheme();

  // Contents on narrow screens.
  const toggle = at("_toggle");
  const showNav = (open) => {
    nav.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  toggle.addEventListener("click", () => showNav(!nav.classList.contains("open")));
  nav.addEventListener("click", (event) => event.target.closest("a") && showNav(false));

  // The section that is being read.
  const sections = [...main.querySelectorAll("section")];
  const entries = new Map();
  for (const link of nav.querySelectorAll("a")) {
    entries.set(decodeURIComponent(link.hash.slice(1)), link);
  }
  const entryOf = (section) => {
    for (let s = section; s; s = s.parentElement.closest("section")) {
      if (entries.has(s.id)) return entries.get(s.id);
    }
    return null;
  };
  let current = null;
  const setCurrent = (section) => {
    const link = section && entryOf(section);
    if (!link || link === current) return;
    nav.querySelectorAll(".open").forEach((item) => item.classList.remove("open"));
    if (current) current.removeAttribute("aria-current");
    current = link;
    link.setAttribute("aria-current", "true");
    for (let li = link.closest("li"); li; li = li.parentElement.closest("li")) li.classList.add("open");
    const box = nav.getBoundingClientRect();
    const place = link.getBoundingClientRect();
    if (place.top < box.top || place.bottom > box.bottom) {
      nav.scrollTop += place.top - box.top - box.height / 3;
    }
  };
  if ("IntersectionObserver" in window) {
    const seen = new Set();
    const watch = new IntersectionObserver(
      (changes) => {
        for (const change of changes) {
          if (change.isIntersecting) seen.add(change.target);
          else seen.delete(change.target);
        }
        setCurrent(sections.findLast((section) => seen.has(section)));
      },
      { rootMargin: "0px 0px -80% 0px" },
    );
    sections.forEach((section) => watch.observe(section));
  }

  // Search: hides sections without a hit and marks the hits in the others.
  const field = at("_search");
  const found = at("_found");
  const MOST = 1000;
  const unmark = () => {
    for (const mark of main.querySelectorAll("mark")) {
      const parent = mark.parentNode;
      mark.replaceWith(mark.textContent);
      parent.normalize();
    }
  };
  const markAll = (query) => {
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest("svg, button, .contents, .here, [hidden]") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    let hits = 0;
    for (let node of nodes) {
      let lower = node.data.toLowerCase();
      // Lower case may be longer, and then places do not match.
      if (lower.length !== node.data.length) continue;
      for (let i = lower.indexOf(query); i >= 0 && hits < MOST; i = lower.indexOf(query)) {
        const hit = node.splitText(i);
        node = hit.splitText(query.length);
        const mark = document.createElement("mark");
        hit.replaceWith(mark);
        mark.append(hit);
        const details = mark.closest("details");
        if (details) details.open = true;
        lower = node.data.toLowerCase();
        hits += 1;
      }
    }
    return hits;
  };
  const search = () => {
    const query = field.value.trim().toLowerCase();
    const active = query.length > 1;
    unmark();
    root.classList.toggle("searching", active);
    let shown = 0;
    for (const section of sections) {
      if (section.querySelector(":scope > .contents")) continue;
      const hit = !active || section.textContent.toLowerCase().includes(query);
      section.hidden = !hit;
      const link = entries.get(section.id);
      if (link) link.closest("li").hidden = !hit;
      if (hit && section.parentElement === main) shown += 1;
    }
    at("_nothing").hidden = shown > 0;
    if (!active) {
      found.textContent = "";
      return;
    }
    const hits = markAll(query);
    const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
    const most = hits >= MOST ? "the first " : "";
    found.textContent = shown ? `${most}${count(hits, "hit")} in ${count(shown, "section")}` : "nothing found";
  };
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      field.value = "";
      search();
      field.blur();
    } else if (event.key === "Enter") {
      clearTimeout(timer);
      search();
      const mark = main.querySelector("mark");
      if (mark) mark.scrollIntoView({ block: "center" });
    }
  });

  // Sources of a statement.
  const panel = at("_panel");
  const sources = JSON.parse(document.querySelector("script#provenance").textContent);
  const KINDS = {
    declared: "Declared by a person",
    observed: "Seen in the repository",
    computed: "Computed",
    decided: "Decided",
    assumed: "Assumed until answered",
  };
  const make = (tag, className, ...content) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  };
  const link = (href, text) => {
    const element = make(href ? "a" : "span", "", text);
    if (href) element.href = href;
    return element;
  };
  const named = (label, it) => {
    const line = make("p", "", `${label} `, link(it.href, it.id), it.text ? `: ${it.text}` : "");
    if (it.answer) line.append(" Answer it with ", make("code", "", it.answer), " in groundplan.yaml.");
    return line;
  };
  const describe = (source) => {
    const box = make("div", "source", make("h2", source.kind, make("i", `src ${source.kind}`), KINDS[source.kind]));
    if (source.formula) box.append(make("p", "formula", source.formula));
    if (source.inputs) {
      const list = make("ul", "inputs");
      for (const input of source.inputs) list.append(make("li", "", make("code", "", input)));
      box.append(make("h3", "", source.kind === "computed" ? "From" : "Searched or used"), list);
    }
    if (source.decision) box.append(named("Decision", source.decision));
    if (source.question) box.append(named("Question", source.question));
    if (source.evidence) {
      const list = make("ul", "places");
      for (const place of source.evidence) {
        const item = make("li", "", link(place.href, place.label));
        if (place.hash) item.append(make("span", "hash", `hash of the lines: ${place.hash}`));
        list.append(item);
      }
      box.append(list);
    }
    return box;
  };
  let opener = null;
  const close = (back) => {
    if (panel.hidden) return;
    panel.hidden = true;
    document.querySelectorAll(".st.open").forEach((open) => open.classList.remove("open"));
    if (back && opener) opener.focus();
    opener = null;
  };
  const open = (statement) => {
    close(false);
    opener = statement.querySelector("button.src");
    const shut = make("button", "shut", "Close");
    shut.type = "button";
    shut.addEventListener("click", () => close(true));
    const picked = statement.dataset.p.split(" ").map((number) => sources[Number(number)]);
    panel.replaceChildren(shut, ...picked.filter(Boolean).map(describe));
    statement.classList.add("open");
    panel.hidden = false;
    const place = opener.getBoundingClientRect();
    const wide = panel.offsetWidth;
    const left = Math.max(12, Math.min(place.left - 24, root.clientWidth - wide - 12));
    const below = place.bottom + 8;
    const fits = below + panel.offsetHeight < innerHeight || place.top < panel.offsetHeight + 16;
    const top = fits ? below : place.top - panel.offsetHeight - 8;
    panel.style.left = `${left + scrollX}px`;
    panel.style.top = `${top + scrollY}px`;
    panel.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    if (panel.contains(event.target)) {
      if (event.target.closest("a[href^='#']")) close(false);
      return;
    }
    const statement = event.target.closest(".st");
    const chosen = String(getSelection());
    if (!statement || event.target.closest("a, summary") || chosen) return close(false);
    if (statement.classList.contains("open")) close(true);
    else open(statement);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  // Boxes that scroll must be reachable with the keyboard.
  const reach = () => {
    for (const box of document.querySelectorAll(".scroll, pre")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reach);
  reach();
})();
