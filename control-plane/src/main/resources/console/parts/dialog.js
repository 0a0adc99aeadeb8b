// A modal dialog that is there while it is drawn. Focus goes back to where it came from.
import { html, nextTick, onBeforeUnmount, onMounted, ref } from "../ui.js";

function focused() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) {
    element = element.shadowRoot.activeElement;
  }
  return element;
}

export const Dialog = {
  props: { label: String, wide: Boolean, busy: Boolean, onClose: Function },
  setup(properties, { slots }) {
    const dialog = ref(null);
    const before = focused();

    onMounted(async () => {
      await dialog.value.updateComplete; // before its first update it would open without taking the focus
      dialog.value?.show();
    });
    onBeforeUnmount(() => nextTick(() => before?.isConnected && before.focus()));

    function mayClose(event) {
      if (event.target === dialog.value) {
        // A click beside it loses nothing that was typed.
        event.preventDefault();
        if (event.detail.source !== "overlay" && !properties.busy) {
          properties.onClose();
        }
      }
    }

    return () => html`
      <sl-dialog
        ref=${dialog}
        label=${properties.label}
        class=${properties.wide ? "wide" : ""}
        onSl-request-close=${mayClose}
      >
        ${slots.default?.()}
      </sl-dialog>
    `;
  },
};
