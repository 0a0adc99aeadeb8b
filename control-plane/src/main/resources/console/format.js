// Numbers, times and sizes as people read them.
const whole = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const number = (n) => whole.format(n);
export const short = (n) => (n < 10_000 ? whole.format(n) : compact.format(n));
export const percent = (part, all) => (all === 0 ? "–" : ((100 * part) / all).toFixed(2) + "%");
export const plural = (n, one, many = one + "s") => `${number(n)} ${n === 1 ? one : many}`;

/** Milliseconds; short ones with their fraction. */
export function milliseconds(ms) {
  if (ms === null || ms === undefined) {
    return "–";
  }
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 10_000 ? `${whole.format(Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function rate(perSecond) {
  return perSecond === 0 ? "0" : perSecond < 10 ? perSecond.toFixed(1) : whole.format(Math.round(perSecond));
}

export function bytes(n) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${n < 10 && unit > 0 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

/** A moment in full, in local time or UTC. */
export function moment(text, utc = false) {
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium",
    timeStyle: "medium",
    timeZone: utc ? "UTC" : undefined,
  }).format(new Date(text)) + (utc ? " UTC" : "");
}

/** The time of day of milliseconds since the epoch. */
export function clock(ms, utc, seconds = true) {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: seconds ? "2-digit" : undefined,
    timeZone: utc ? "UTC" : undefined,
  }).format(ms);
}

/** How long ago, roughly: 'just now', '12 s ago', '3 min ago'. */
export function ago(text, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(text)) / 1000));
  if (seconds < 3) {
    return "just now";
  }
  const [n, unit] =
    seconds < 90 ? [seconds, "s"] : seconds < 5400 ? [Math.round(seconds / 60), "min"] : seconds < 129_600 ? [Math.round(seconds / 3600), "h"] : [Math.round(seconds / 86_400), "days"];
  return `${n} ${unit} ago`;
}

/** Status codes by class: 2 of 204; 0 for what is none. */
export const classOf = (code) => Math.floor(Number(code) / 100);

export const sum = (codes) => Object.values(codes).reduce((all, n) => all + n, 0);

/** How many failed on our side or behind us: 5xx. */
export const failed = (codes) =>
  Object.entries(codes).reduce((all, [code, n]) => all + (classOf(code) === 5 ? n : 0), 0);
