// "serving on 2 of 2 runtimes": how many runtimes of the group serve its newest revision, or a later one.
import { api, path } from "../api.js";
import { plural } from "../format.js";
import { useLoad } from "../load.js";
import { link } from "../router.js";
import { html } from "../ui.js";

const EVERY_MS = 1000;

/** @param revision and epoch that the runtimes should serve */
export const Serving = {
  props: { group: String, head: Object },
  setup(properties) {
    const load = useLoad(() => api.get(path`/runtime-groups/${properties.group}/runtimes`), {
      key: () => [properties.head.revision, properties.head.epoch].join(),
      every: EVERY_MS,
      keep: true,
    });

    const serves = (runtime) => runtime.epoch === properties.head.epoch && runtime.revision >= properties.head.revision;

    return () => {
      if (!load.data) {
        return html`<span class="state quiet">asking the runtimes …</span>`;
      }
      const present = load.data.data.filter((runtime) => runtime.state !== "gone");
      const serving = present.filter((runtime) => runtime.state === "live" && serves(runtime)).length;
      const all = present.length > 0 && serving === present.length;
      return html`
        <a class=${`state ${all ? "good" : "warn"}`} href=${link("runtimes", properties.group)} aria-live="polite">
          ${present.length === 0 ? "no runtime has joined yet" : `serving on ${serving} of ${plural(present.length, "runtime")}`}
        </a>
      `;
    };
  },
};
