// Light or dark: as the system has it, until somebody chooses.
import { reactive } from "./ui.js";

const KEY = "sluice.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export const theme = reactive({ dark: isDark() });

export function toggleTheme() {
  localStorage.setItem(KEY, theme.dark ? "light" : "dark");
  apply();
}

function isDark() {
  const chosen = localStorage.getItem(KEY);
  return chosen ? chosen === "dark" : system.matches;
}

function apply() {
  const dark = isDark();
  document.documentElement.classList.toggle("sl-theme-dark", dark); // before charts are told, which read its colours
  theme.dark = dark;
}

system.addEventListener("change", apply);
apply();
