"use strict";
// Runs before anything is drawn: a chosen theme must not flash in, and print must not depend on it.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("qos-audit-theme");
    if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  } catch {
    // A browser may refuse storage to a local file: the system's theme is used.
  }
})();
