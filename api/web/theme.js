// Sets the reader's stored choice of light or dark before the first paint; without one the system's preference holds.
(() => {
  try {
    const chosen = localStorage.getItem("baton-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage can be forbidden; the page then follows the system.
  }
})();
