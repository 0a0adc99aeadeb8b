// Who is signed in. Everything about credentials is here: the browser keeps the session's cookie, which no script can
// read; writes carry the session's token against forgery beside it.
import { reactive } from "./ui.js";

/** Set while somebody is signed in, so that nobody is asked for where nobody is. No secret. */
const KEY = "sluice.signed-in";

export const session = reactive({
  /** Whether it has been asked who is signed in. */
  asked: false,
  /** {kind, name} of who is signed in; null when nobody is. */
  who: null,
  /** [{role, runtime_group}] of that one. */
  grants: [],
  csrf: null,
  /** It was valid and no longer is: the page stays, and waits for a new sign-in. */
  ended: false,
  /** Changes with every sign-in; what was refused meanwhile is asked for again. */
  serial: 0,
});

/** Headers that a request to the API carries. */
export function credentials(method) {
  return session.csrf && method !== "GET" ? { "X-CSRF-Token": session.csrf } : {};
}

/** Goes on with the session of an earlier page, if there is one. */
export async function resume() {
  if (!localStorage.getItem(KEY)) {
    session.asked = true;
    return;
  }
  try {
    const answer = await fetch("/v1/session", { cache: "no-store" });
    if (answer.ok) {
      begin(await answer.json());
    } else if (answer.status === 401) {
      localStorage.removeItem(KEY);
    }
  } catch {
    // nobody, then; signing in says why
  }
  session.asked = true;
}

/**
 * Signs in; the sentence to show when that fails, else null.
 *
 * @param secret {user, password} or {token}
 */
export async function signIn(secret) {
  let answer;
  try {
    answer = await fetch("/v1/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(secret),
    });
  } catch {
    return "The control plane does not answer.";
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    return body.errors?.map(({ field, message }) => `${field}: ${message}`).join(" ") || body.detail || `The control plane answers ${answer.status}.`;
  }
  begin(body);
  return null;
}

export async function signOut() {
  await fetch("/v1/session", { method: "DELETE", headers: credentials("DELETE") }).catch(() => {});
  localStorage.removeItem(KEY);
  Object.assign(session, { who: null, grants: [], csrf: null, ended: false });
}

/** Called where the API says 401. */
export function sessionEnded() {
  session.ended = session.who !== null;
}

/** Whether who is signed in may do everything everywhere; the API decides, this only says what is worth showing. */
export function isAdmin() {
  return session.grants.some(({ role, runtime_group: group }) => role === "admin" && !group);
}

function begin({ who, grants, csrf_token: csrf }) {
  localStorage.setItem(KEY, "yes");
  Object.assign(session, { who, grants, csrf, ended: false, serial: session.serial + 1 });
}
