/** The server's events, through its own client: it takes up where a lost connection ended, or says that something was missed. */
import { WebSocketClient, type WebSocketMessage } from "@mattermost/client";

export type Socket = {
  /** It was connected since it was opened, and is. */
  readonly connected: () => boolean;
  close(): void;
};

export type SocketParts = {
  readonly url: string;
  readonly token: string;
  readonly onEvent: (event: WebSocketMessage) => void;
  /** Events were lost, or may have been. */
  readonly onMissed: () => void;
  readonly pauses: SocketPauses;
};

/** Milliseconds. */
export type SocketPauses = { readonly least: number; readonly most: number; readonly jitter: number };

export const SOCKET_PAUSES: SocketPauses = { least: 3_000, most: 60_000, jitter: 2_000 };

export function openSocket({ url, token, onEvent, onMissed, pauses }: SocketParts): Socket {
  let current: WebSocket | undefined;
  let closed = false;
  let helloed = false;
  const client = new WebSocketClient({
    minWebSocketRetryTime: pauses.least,
    maxWebSocketRetryTime: pauses.most,
    reconnectJitterRange: pauses.jitter,
    newWebSocketFn: (address) => {
      current = new QuietSocket(address);
      return current;
    },
  });
  client.addMessageListener((event) => {
    if (closed) return;
    // The client tells of a new connection after an old one, and not of one that took long to become the first.
    if (event.event === "hello" && !helloed) {
      helloed = true;
      onMissed();
    }
    onEvent(event);
  });
  client.addMissedMessageListener(() => {
    if (!closed && helloed) onMissed();
  });
  quietly(() => client.initialize(url.replace(/^http/, "ws"), token));
  return {
    connected: () => !closed && helloed && current?.readyState === WebSocket.OPEN,
    close() {
      closed = true;
      quietly(() => client.close());
      // One that is still connecting would be opened, and opened again.
      if (current && current.readyState !== WebSocket.CLOSED) {
        current.onopen = null;
        current.onmessage = null;
        current.onclose = null;
        current.onerror = null;
        current.close();
      }
    },
  };
}

/** The client tells the console what it does, and ours belongs to people who type there. */
class QuietSocket extends WebSocket {
  override set onopen(handler: ((event: Event) => void) | null) {
    super.onopen = silent(handler);
  }
  override set onmessage(handler: ((event: MessageEvent) => void) | null) {
    super.onmessage = silent(handler);
  }
  override set onclose(handler: ((event: CloseEvent) => void) | null) {
    super.onclose = silent(handler);
  }
  override set onerror(handler: ((event: Event) => void) | null) {
    super.onerror = silent(handler);
  }
}

function silent<E>(handler: ((event: E) => void) | null): ((event: E) => void) | null {
  return handler && ((event) => quietly(() => handler(event)));
}

/** Nothing that is done meanwhile waits for anything, so nobody else's words are lost. */
function quietly(deed: () => void): void {
  const { log } = console;
  console.log = () => {};
  try {
    deed();
  } finally {
    console.log = log;
  }
}
