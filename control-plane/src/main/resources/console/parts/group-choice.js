// Which runtime group a page is about; nothing while there is only one.
import { api, path } from "../api.js";
import { useLoad } from "../load.js";
import { go } from "../router.js";
import { html } from "../ui.js";

export const GroupChoice = {
  props: { section: String, group: String },
  setup(properties) {
    const groups = useLoad(() => api.all(path`/runtime-groups`));
    return () =>
      groups.data?.length > 1 &&
      html`
        <sl-select
          class="bare group-choice"
          size="small"
          label="Runtime Group"
          value=${properties.group}
          onSl-change=${(event) => go(properties.section, event.target.value)}
        >
          ${groups.data.map(({ name }) => html`<sl-option key=${name} value=${name}>${name}</sl-option>`)}
        </sl-select>
      `;
  },
};
