// Calls of the REST API. What fails is a Problem: the API's own words, and by field where it says which.
import { reactive } from "./ui.js";
import { credentials, sessionEnded } from "./session.js";

export class Problem extends Error {
  /** @param body problem details (RFC 9457) */
  constructor(status, body) {
    super(body.detail ?? body.title ?? `The control plane answers ${status}.`);
    this.status = status;
    this.instance = body.instance;
    this.errors = body.errors ?? [];
  }

  /** Whether the API says that a name is taken, which belongs to the field of the name. */
  get nameIsTaken() {
    return this.status === 409 && this.errors.length === 0 && this.message.startsWith("The name ");
  }

  /** What is wrong with a field, such as 'route.paths[0]', or with anything in it; null when nothing is. */
  of(field) {
    if (this.nameIsTaken && isName(field)) {
      return this.message;
    }
    const found = this.errors.find((error) => lies(error.field, field));
    return found ? sentence(found.message) : null;
  }

  /** What is wrong beside these fields, as sentences. */
  beside(fields) {
    if (this.errors.length === 0) {
      return this.nameIsTaken && fields.some(isName) ? [] : [this.message];
    }
    return this.errors
      .filter(({ field }) => !fields.some((shown) => lies(field, shown)))
      .map(({ field, message }) => (field ? `${field} ${message}` : sentence(message)));
  }
}

function lies(field, within) {
  return field === within || field.startsWith(within + "[") || field.startsWith(within + ".");
}

function isName(field) {
  return field === "name" || field === "route.name";
}

function sentence(message) {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** Whether the control plane can be reached; recovered counts how often it came back. */
export const connection = reactive({ lost: false, recovered: 0 });

const RETRY_MS = 1000;

function lost() {
  if (!connection.lost) {
    connection.lost = true;
    setTimeout(knock, RETRY_MS);
  }
}

async function knock() {
  try {
    const answer = await fetch("/health/ready", { cache: "no-store" });
    if (answer.ok) {
      connection.lost = false;
      connection.recovered++;
      return;
    }
  } catch {
    // not yet
  }
  setTimeout(knock, RETRY_MS);
}

/** Whether the answer is one that a control plane without database, or a proxy without control plane, gives. */
function isAway(status) {
  return status === 502 || status === 503 || status === 504;
}

/**
 * Sends a request; the answer's Response, which is ok.
 *
 * @throws {Problem} with status 0 when no answer comes
 */
export async function send(method, path, { query, body, etag, headers, signal } = {}) {
  const url = new URL(path, location.origin);
  Object.entries(query ?? {}).forEach(([name, value]) => {
    if (value !== undefined && value !== null && value !== "") {
      url.searchParams.set(name, value);
    }
  });
  let answer;
  try {
    answer = await fetch(url, {
      method,
      signal,
      cache: "no-store",
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json" }),
        ...(etag ? { "If-Match": etag } : {}),
        ...credentials(method),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (failure) {
    if (signal?.aborted) {
      throw failure;
    }
    lost();
    throw new Problem(0, { detail: "The control plane does not answer." });
  }
  if (answer.ok) {
    return answer;
  }
  if (answer.status === 401) {
    sessionEnded();
  } else if (isAway(answer.status)) {
    lost();
  }
  throw new Problem(answer.status, await answer.json().catch(() => ({})));
}

async function json(method, path, options) {
  const answer = await send(method, path, options);
  const text = await answer.text();
  return text === "" ? null : JSON.parse(text);
}

export const api = {
  get: (path, query, options) => json("GET", path, { query, ...options }),
  post: (path, body) => json("POST", path, { body }),
  put: (path, body, etag) => json("PUT", path, { body, etag }),
  patch: (path, body, etag) => json("PATCH", path, { body, etag }),
  delete: (path, etag) => json("DELETE", path, { etag }),

  /** A thing with its ETag, to be written back with it. */
  async read(path) {
    const answer = await send("GET", path);
    return { value: await answer.json(), etag: answer.headers.get("ETag") };
  },

  text: async (path, query, mediaType) =>
    (await send("GET", path, { query, headers: { Accept: mediaType } })).text(),

  /** All pages of a list; for lists that are short. */
  async all(path, query) {
    const data = [];
    let after;
    do {
      const page = await json("GET", path, { query: { size: 1000, ...query, after } });
      data.push(...page.data);
      after = page.next;
    } while (after);
    return data;
  },
};

/** A path with its values encoded: path`/services/${name}` */
export function path(texts, ...values) {
  return "/v1" + texts.reduce((made, text, i) => made + encodeURIComponent(values[i - 1]) + text);
}
