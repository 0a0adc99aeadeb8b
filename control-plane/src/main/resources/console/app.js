// The frame of all pages: where one can go, who is signed in, whether the control plane answers.
import "./controls.js";
import { connection } from "./api.js";
import { AuditPage } from "./pages/audit.js";
import { CertificatesPage } from "./pages/certificates.js";
import { RevisionPage } from "./pages/revision.js";
import { RevisionsPage } from "./pages/revisions.js";
import { RoutePage } from "./pages/route.js";
import { RoutesPage } from "./pages/routes.js";
import { RuntimesPage } from "./pages/runtimes.js";
import { ServicePage } from "./pages/service.js";
import { ServicesPage } from "./pages/services.js";
import { SignIn, SignInAgain } from "./pages/sign-in.js";
import { UpstreamPage } from "./pages/upstream.js";
import { UpstreamsPage } from "./pages/upstreams.js";
import { UsersPage } from "./pages/users.js";
import { VersionPage } from "./pages/version.js";
import { ChangePassword } from "./parts/change-password.js";
import { Loading } from "./parts/small.js";
import { link, route } from "./router.js";
import { isAdmin, resume, session, signOut } from "./session.js";
import { theme, toggleTheme } from "./theme.js";
import { Toasts } from "./toasts.js";
import { createApp, html, reactive, watch } from "./ui.js";

const SECTIONS = [
  ["services", "Services", "boxes"],
  ["routes", "Routes", "signpost-split"],
  ["upstreams", "Upstreams", "diagram-3"],
  ["runtimes", "Runtimes", "hdd-stack"],
  ["revisions", "Revisions", "clock-history"],
  ["certificates", "Certificates", "shield-lock"],
  ["users", "Users and Tokens", "people"],
  ["audit", "Audit", "journal-text"],
];

/** Patterns of addresses and their pages: ':name' takes any segment. */
const PAGES = [
  ["services", ServicesPage],
  ["services/:service", ServicePage],
  ["services/:service/versions/:version", VersionPage],
  ["services/:service/versions/:version/routes/:route", RoutePage],
  ["routes", RoutesPage],
  ["routes/:group", RoutesPage],
  ["upstreams", UpstreamsPage],
  ["upstreams/:upstream", UpstreamPage],
  ["runtimes", RuntimesPage],
  ["runtimes/:group", RuntimesPage],
  ["revisions", RevisionsPage],
  ["revisions/:group", RevisionsPage],
  ["revisions/:group/:number", RevisionPage],
  ["certificates", CertificatesPage],
  ["users", UsersPage],
  ["audit", AuditPage],
];

const Missing = {
  setup: () => () => html`
    <div class="empty">
      <sl-icon name="question-circle" aria-hidden="true"></sl-icon>
      <h1>There is no such page</h1>
      <a href=${link("services")}>To the services</a>
    </div>
  `,
};

function page(segments) {
  const wanted = segments.length === 0 ? ["services"] : segments;
  for (const [pattern, component] of PAGES) {
    const names = pattern.split("/");
    if (names.length === wanted.length && names.every((name, i) => name.startsWith(":") || name === wanted[i])) {
      const values = {};
      names.forEach((name, i) => name.startsWith(":") && (values[name.slice(1)] = wanted[i]));
      return [component, values];
    }
  }
  return [Missing, {}];
}

const Navigation = {
  props: { onGo: Function },
  setup: (properties) => () => html`
    <nav class="sections" aria-label="Sections" onClick=${properties.onGo}>
      ${SECTIONS.filter(([name]) => name !== "audit" || isAdmin()).map(
        ([name, text, icon]) => html`
          <a href=${link(name)} aria-current=${(route.segments[0] ?? "services") === name ? "page" : null}>
            <sl-icon name=${icon} aria-hidden="true"></sl-icon><span>${text}</span>
          </a>
        `,
      )}
    </nav>
  `,
};

const account = reactive({ changing: false });

const Account = {
  setup: () => () => html`
    <div class="account">
      <p class="who" title="Signed in">
        <sl-icon name=${session.who.kind === "user" ? "person-circle" : "key"} aria-hidden="true"></sl-icon><span>${session.who.name}</span>
      </p>
      ${session.who.kind === "user" &&
      html`
        <button type="button" onClick=${() => (account.changing = true)}>
          <sl-icon name="lock" aria-hidden="true"></sl-icon><span>Change password</span>
        </button>
      `}
      <a href="/v1/docs" target="_blank" rel="noopener"><sl-icon name="file-earmark-code" aria-hidden="true"></sl-icon><span>API</span></a>
      <button type="button" onClick=${toggleTheme}>
        <sl-icon name=${theme.dark ? "sun" : "moon"} aria-hidden="true"></sl-icon>
        <span>${theme.dark ? "Light" : "Dark"}</span>
      </button>
      <button type="button" onClick=${signOut}>
        <sl-icon name="box-arrow-right" aria-hidden="true"></sl-icon><span>Sign out</span>
      </button>
    </div>
  `,
};

const Mark = {
  setup: () => () => html`
    <a class="mark" href=${link("services")}>
      <img src=${new URL("./icon.svg", import.meta.url).href} alt="" width="26" height="26" />
      <span>Sluice</span>
    </a>
  `,
};

const Away = {
  setup: () => () =>
    connection.lost &&
    html`
      <div class="away" role="alert">
        <sl-spinner></sl-spinner>
        <span>The control plane does not answer. What is shown may be old; trying again …</span>
      </div>
    `,
};

const App = {
  setup() {
    const menu = reactive({ open: false });
    watch(
      () => route.segments,
      () => (menu.open = false),
    );

    return () => {
      if (!session.asked) {
        return html`<${Loading} />`;
      }
      if (!session.who) {
        return html`<${Away} /><${SignIn} /><${Toasts} />`;
      }
      const [component, values] = page(route.segments);
      return html`
        <a class="skip" href="#main" onClick=${skip}>To the content</a>
        <div class="frame">
          <aside class=${`side ${menu.open ? "open" : ""}`}>
            <div class="top">
              <${Mark} />
              <sl-icon-button
                class="menu-button"
                name=${menu.open ? "x-lg" : "list"}
                label=${menu.open ? "Close the menu" : "Menu"}
                onClick=${() => (menu.open = !menu.open)}
              ></sl-icon-button>
            </div>
            <div class="side-content"><${Navigation} /><${Account} /></div>
          </aside>
          <main id="main" tabindex="-1">
            <${Away} />
            <${component} key=${route.segments.join("/")} ...${values} />
          </main>
        </div>
        ${account.changing && html`<${ChangePassword} onClose=${() => (account.changing = false)} />`}
        ${session.ended && html`<${SignInAgain} />`}
        <${Toasts} />
      `;
    };
  },
};

/** The address is the page's; so the focus goes there by hand. */
function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

createApp(App).mount("#app");
resume();
