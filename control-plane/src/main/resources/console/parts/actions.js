// The menu "Actions" of a page, or of a row. Items are [text, action, 'danger'?]; null ones are left out.
import { html } from "../ui.js";

export const Actions = {
  props: { items: Array, label: { type: String, default: "Actions" }, small: Boolean },
  setup(properties) {
    function chosen(event) {
      properties.items.filter(Boolean)[Number(event.detail.item.value)][1]();
    }

    return () => html`
      <sl-dropdown hoist placement="bottom-end" onClick=${(event) => event.stopPropagation()}>
        ${properties.small
          ? html`<sl-icon-button slot="trigger" name="three-dots" label=${properties.label}></sl-icon-button>`
          : html`<sl-button slot="trigger" caret>${properties.label}</sl-button>`}
        <sl-menu onSl-select=${chosen}>
          ${properties.items.filter(Boolean).map(
            ([text, , kind], i) => html`<sl-menu-item key=${text} class=${kind ?? ""} value=${String(i)}>${text}</sl-menu-item>`,
          )}
        </sl-menu>
      </sl-dropdown>
    `;
  },
};
