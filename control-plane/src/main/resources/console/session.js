// Who is signed in. Everything about credentials is here: how one signs in and what a request carries.
import { reactive } from "./ui.js";

const KEY = "sluice.token";

export const session = reactive({
  token: sessionStorage.getItem(KEY),
  /** It was valid and no longer is: the page stays, and waits for a new sign-in. */
  ended: false,
  /** Changes with every sign-in; what was refused meanwhile is asked for again. */
  serial: 0,
});

/** Headers that a request to the API carries. */
export function credentials() {
  return session.token ? { Authorization: `Bearer ${session.token}` } : {};
}

/** Signs in; the sentence to show when that fails, else null. */
export async function signIn(token) {
  let answer;
  try {
    answer = await fetch("/v1/services?size=1", { headers: { Authorization: `Bearer ${token}` } });
  } catch {
    return "The control plane does not answer.";
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    return problem.detail ?? `The control plane answers ${answer.status}.`;
  }
  sessionStorage.setItem(KEY, token);
  session.token = token;
  session.ended = false;
  session.serial++;
  return null;
}

export function signOut() {
  sessionStorage.removeItem(KEY);
  session.token = null;
  session.ended = false;
}

/** Called where the API says 401. */
export function sessionEnded() {
  sessionStorage.removeItem(KEY);
  if (session.token) {
    session.ended = true;
  }
}
