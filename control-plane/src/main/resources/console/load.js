// What a page shows of the API: loaded when the page comes, again when its subject changes, when the control plane
// is back, after a new sign-in, and at intervals while somebody looks.
import { connection } from "./api.js";
import { session } from "./session.js";
import { onBeforeUnmount, reactive, watch } from "./ui.js";

/**
 * @param what async; its result is the data
 * @param options key: what it depends on; every: milliseconds between loads; keep: what is shown stays until the key's
 *     new data is there
 * @returns reactive {data, problem, loading, reload()}: data stays while newer is on its way or fails to come
 */
export function useLoad(what, { key = () => null, every, keep = false } = {}) {
  const state = reactive({ data: null, problem: null, loading: true, reload });
  let newest = 0;
  let timer;

  async function reload() {
    clearTimeout(timer);
    const mine = ++newest;
    state.loading = true;
    try {
      const data = await what();
      if (mine === newest) {
        state.data = data;
        state.problem = null;
      }
    } catch (problem) {
      if (mine === newest) {
        state.problem = problem;
      }
      if (problem.status === undefined) {
        console.error(problem);
      }
    }
    if (mine === newest) {
      state.loading = false;
      again();
    }
  }

  function again() {
    if (every) {
      timer = setTimeout(() => (document.hidden ? again() : reload()), every);
    }
  }

  watch(key, () => {
    state.data = keep ? state.data : null;
    state.problem = null;
    reload();
  });
  watch([() => connection.recovered, () => session.serial], reload);
  onBeforeUnmount(() => {
    newest = Infinity;
    clearTimeout(timer);
  });
  reload();
  return state;
}

/** Calls an action at once, but not more often than this; the last call is not lost. */
export function throttled(action, everyMs) {
  let next = 0;
  let timer = null;
  return () => {
    if (timer === null) {
      timer = setTimeout(
        () => {
          timer = null;
          next = performance.now() + everyMs;
          action();
        },
        Math.max(0, next - performance.now()),
      );
    }
  };
}
