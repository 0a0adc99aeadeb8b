// The status record of a version, route or service: a window of time, kept up to date.
import { api } from "./api.js";
import { throttled, useLoad } from "./load.js";
import { onBeforeUnmount } from "./ui.js";

/** Seconds of a point, and milliseconds between loads: when something has come, and when nothing has. */
export const WINDOWS = {
  "5m": { minutes: 5, words: "5 minutes", step: 5, busyMs: 800, idleMs: 5000 },
  "30m": { minutes: 30, words: "30 minutes", step: 30, busyMs: 2000, idleMs: 15_000 },
  "60m": { minutes: 60, words: "60 minutes", step: 60, busyMs: 2000, idleMs: 30_000 },
  "6h": { minutes: 360, words: "6 hours", step: 300, busyMs: 10_000, idleMs: 60_000 },
  "12h": { minutes: 720, words: "12 hours", step: 600, busyMs: 10_000, idleMs: 60_000 },
};

/** What the control plane's clock is ahead of ours, in milliseconds, once it has told. */
let ahead = null;

async function query(path, name, extra) {
  const { minutes, step } = WINDOWS[name];
  if (minutes === 5) {
    return { step, ...extra }; // which is what the API gives without 'from'
  }
  if (ahead === null) {
    noteClock(await api.get(path, { step: 5 }));
  }
  return { from: new Date(Date.now() + ahead - minutes * 60_000).toISOString(), step, ...extra };
}

function noteClock(status) {
  ahead = Date.parse(status.to) - Date.now();
}

/**
 * @param source path of the record; changes: a hub that tells when there is something new, if there is one
 * @param window function that gives a name of WINDOWS
 */
export function useStatus(source, window, extra = {}) {
  const load = useLoad(
    async () => {
      const name = window();
      const status = { window: name, ...(await api.get(source.path, await query(source.path, name, extra))) };
      if (status.step < 60) {
        noteClock(status);
      }
      return status;
    },
    { key: () => [source.path, window()].join(), every: source.changes ? WINDOWS["5m"].idleMs : 2000, keep: true },
  );
  if (source.changes) {
    let soon = null;
    let of = null;
    const stop = source.changes.listen(() => {
      if (of !== window()) {
        of = window();
        soon = throttled(load.reload, WINDOWS[of].busyMs);
      }
      soon();
    });
    onBeforeUnmount(stop);
  }
  return load;
}

/** The same as a file of comma-separated values. */
export async function download(path, name, fileName) {
  const csv = await api.text(path, await query(path, name), "text/csv");
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  anchor.download = fileName;
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}

/** Passes on that something has changed. */
export class Changes {
  #listeners = new Set();

  /** @returns what ends it */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell() {
    this.#listeners.forEach((listener) => listener());
  }
}
