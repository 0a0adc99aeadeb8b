// Server-sent events by fetch, which can carry credentials and tells why it fails. Follows until it is told to stop.
import { connection, send } from "./api.js";
import { session } from "./session.js";
import { watch } from "./ui.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/**
 * @param handlers by event name: called with the event's data
 * @returns what ends it
 */
export function follow(path, handlers) {
  let stream = new AbortController();
  let pause = FIRST_PAUSE_MS;
  let timer;

  async function open() {
    const mine = (stream = new AbortController());
    try {
      const answer = await send("GET", path, { signal: mine.signal, headers: { Accept: "text/event-stream" } });
      pause = FIRST_PAUSE_MS;
      await read(answer.body.pipeThrough(new TextDecoderStream()).getReader(), handlers);
    } catch (failure) {
      if (failure.status === 401 || failure.status === 404) {
        return; // a new sign-in opens it again, below
      }
    }
    if (!mine.signal.aborted) {
      timer = setTimeout(open, pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }

  function end() {
    clearTimeout(timer);
    stream.abort();
  }

  const unwatch = watch([() => session.serial, () => connection.recovered], () => {
    end();
    open();
  });
  open();
  return () => {
    unwatch();
    end();
  };
}

async function read(reader, handlers) {
  let buffered = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    buffered += value;
    const events = buffered.split("\n\n");
    buffered = events.pop();
    events.forEach((event) => dispatch(event, handlers));
  }
}

function dispatch(event, handlers) {
  let name = "message";
  const data = [];
  for (const line of event.split("\n")) {
    if (line.startsWith("event:")) {
      name = line.slice(6).trim();
    } else if (line.startsWith("data:")) {
      data.push(line.slice(5));
    }
  }
  if (data.length > 0) {
    handlers[name]?.(JSON.parse(data.join("\n")));
  }
}
