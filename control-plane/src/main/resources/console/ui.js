// How pages are written: html`<tag …>` makes what Vue draws. Nothing is compiled in the browser, so no eval is needed.
import htm from "./lib/htm.js";
import { h } from "./lib/vue.js";

export {
  computed,
  createApp,
  nextTick,
  onBeforeUnmount,
  onMounted,
  reactive,
  ref,
  shallowRef,
  watch,
  watchEffect,
} from "./lib/vue.js";

function element(type, properties, ...children) {
  if (typeof type === "string") {
    return h(type, properties, children);
  }
  return h(type, properties, children.length > 0 ? { default: () => children } : undefined);
}

export const html = htm.bind(element);
