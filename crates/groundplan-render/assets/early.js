
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("groundplan-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // A page from disk may have no storage; the system's colours hold then.
  }
})();
