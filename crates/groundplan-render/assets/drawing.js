
(() => {
  "use strict";
  // Drawings: zoom, move, fit, full screen, neighbours of a box, and the way into it.
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  };
  const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
  const kebab = (id) => id.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  const DEEPEST = 12;

  /** The drawing of the next level, where a system is a box and then the boundary around its containers. */
  const NEXT = {
    "_view-landscape": ["_view-system-context", "node"],
    "_view-system-context": ["_view-containers", "boundary"],
  };
  const below = (id, figure) => {
    const [goal, as] = NEXT[figure.id] ?? [];
    const found = goal && document.getElementById(goal);
    return [...(found?.querySelectorAll(`[data-${as}]`) ?? [])].some((e) => e.dataset[as] === id) ? found : null;
  };

  /** The link to the code of a box, among the words below its drawing. */
  const code = (id, figure) =>
    [...figure.querySelectorAll("[data-code]")].find((item) => item.dataset.code === id)?.querySelector("a");

  /** Where a box leads: the drawing of what is inside it, or the section about it. */
  const inside = (id, figure) => {
    const name = kebab(id);
    for (const goal of [`_view-components-${name}`, name, `component-${name}`]) {
      const found = document.getElementById(goal);
      if (found && found !== figure) return found;
    }
    return null;
  };

  const set = (figure) => {
    const svg = figure.querySelector("svg.gp-diagram");
    const canvas = figure.querySelector(".canvas");
    if (!svg || !canvas || !svg.viewBox.baseVal.width) return;
    const whole = { x: 0, y: 0, w: svg.viewBox.baseVal.width, h: svg.viewBox.baseVal.height };
    let view = { ...whole };
    const zoomed = () => view.w < whole.w - 0.5;

    const show = () => {
      svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
      canvas.classList.toggle("zoomed", zoomed());
    };
    const move = (dx, dy) => {
      view.x = clamp(view.x + dx, 0, whole.w - view.w);
      view.y = clamp(view.y + dy, 0, whole.h - view.h);
      show();
    };
    /** Zooms so that the point at these parts of the width and height stays where it is. */
    const zoom = (factor, across = 0.5, down = 0.5) => {
      const w = clamp(view.w / factor, whole.w / DEEPEST, whole.w);
      const h = (w * whole.h) / whole.w;
      const [dx, dy] = [(view.w - w) * across, (view.h - h) * down];
      view = { x: view.x + dx, y: view.y + dy, w, h };
      move(0, 0);
    };
    const fit = () => {
      view = { ...whole };
      show();
    };
    addEventListener("beforeprint", fit);
    const full = () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else if (figure.requestFullscreen) figure.requestFullscreen();
      else figure.classList.toggle("filling");
    };

    // Buttons.
    const bar = make("div", "drawing-tools", "");
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "Drawing");
    for (const [text, name, act] of [
      ["+", "Zoom in", () => zoom(1.4)],
      ["−", "Zoom out", () => zoom(1 / 1.4)],
      ["Fit", "Fit the whole drawing", fit],
      ["Full screen", "Full screen", full],
    ]) {
      const button = make("button", "", text);
      button.type = "button";
      button.setAttribute("aria-label", name);
      button.addEventListener("click", act);
      bar.append(button);
    }
    canvas.after(bar);

    // Wheel and pointer. A plain wheel scrolls the page, unless the drawing fills the screen.
    const part = (event) => {
      const box = svg.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey && !document.fullscreenElement) return;
        event.preventDefault();
        zoom(Math.exp(-event.deltaY / 400), ...part(event));
      },
      { passive: false },
    );
    let held = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && zoomed()) held = { x: event.clientX, y: event.clientY, moved: false };
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!held) return;
      const scale = view.w / svg.getBoundingClientRect().width;
      const [dx, dy] = [held.x - event.clientX, held.y - event.clientY];
      held.moved ||= Math.abs(dx) + Math.abs(dy) > 3;
      if (!held.moved) return;
      canvas.setPointerCapture(event.pointerId);
      move(dx * scale, dy * scale);
      [held.x, held.y] = [event.clientX, event.clientY];
    });
    let dragged = false;
    const release = () => {
      dragged = Boolean(held && held.moved);
      held = null;
    };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);

    // Neighbours of the box under the pointer or the keyboard.
    const nodes = new Map([...svg.querySelectorAll("[data-node]")].map((n) => [n.dataset.node, n]));
    const edges = [...svg.querySelectorAll("path[data-edge]")];
    const labels = new Map([...svg.querySelectorAll("[data-label]")].map((l) => [l.dataset.label, l]));
    let pinned = null;
    const light = (id) => {
      svg.classList.toggle("lit", id !== null);
      for (const marked of svg.querySelectorAll(".near")) marked.classList.remove("near");
      if (id === null) return;
      nodes.get(id)?.classList.add("near");
      for (const edge of edges) {
        const { edgeFrom, edgeTo } = edge.dataset;
        if (edgeFrom !== id && edgeTo !== id) continue;
        for (const part of [edge, nodes.get(edgeFrom), nodes.get(edgeTo), labels.get(edge.dataset.edge)]) {
          part?.classList.add("near");
        }
      }
    };
    for (const [id, node] of nodes) {
      const goal = below(id, figure) ?? inside(id, figure) ?? code(id, figure);
      node.setAttribute("tabindex", "0");
      node.addEventListener("pointerenter", () => pinned === null && light(id));
      node.addEventListener("pointerleave", () => pinned === null && light(null));
      node.addEventListener("focus", () => light(id));
      node.addEventListener("blur", () => light(pinned));
      node.addEventListener("click", () => {
        if (dragged) return;
        pinned = pinned === id ? null : id;
        light(pinned);
      });
      if (!goal) continue;
      node.classList.add("opens");
      node.setAttribute("role", "link");
      const way = goal.href ? "opens its code" : "shows what is inside";
      node.setAttribute("aria-label", `${node.getAttribute("aria-label")}; Enter ${way}`);
      const enter = () => {
        if (document.fullscreenElement) document.exitFullscreen();
        if (goal.href) {
          location.href = goal.href;
          return;
        }
        location.hash = goal.id;
        const first = goal.querySelector("[data-node]");
        if (first) first.focus({ preventScroll: true });
      };
      node.addEventListener("dblclick", enter);
      node.addEventListener("keydown", (event) => event.key === "Enter" && enter());
    }

    // Keys, while the drawing or something in it has the focus.
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "group");
    canvas.setAttribute(
      "aria-label",
      "Drawing: plus and minus zoom, arrows move, 0 fits, F fills the screen, Escape ends",
    );
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = view.w / 8;
      const keys = {
        "+": () => zoom(1.4),
        "=": () => zoom(1.4),
        "-": () => zoom(1 / 1.4),
        0: fit,
        f: full,
        ArrowLeft: () => move(-step, 0),
        ArrowRight: () => move(step, 0),
        ArrowUp: () => move(0, -step),
        ArrowDown: () => move(0, step),
        Escape: () => {
          pinned = null;
          light(null);
        },
      };
      const act = keys[event.key];
      // Arrows scroll the page while the whole drawing is seen.
      if (!act || (event.key.startsWith("Arrow") && !zoomed())) return;
      if (event.key !== "Escape") event.preventDefault();
      act();
    });
  };
  document.querySelectorAll("figure.diagram").forEach(set);
})();
