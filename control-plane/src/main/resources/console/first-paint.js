// Before the first paint, so that a dark page does not flash light. Later changes are made by theme.js.
(function () {
  const chosen = localStorage.getItem("sluice.theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.classList.toggle("sl-theme-dark", dark);
})();
