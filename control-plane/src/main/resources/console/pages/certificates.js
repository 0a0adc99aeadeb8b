import { html } from "../ui.js";

export const CertificatesPage = {
  setup: () => () => html`<header class="page-head"><h1>certificates</h1></header>`,
};
