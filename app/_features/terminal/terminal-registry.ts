/** What tests and tools may read of a terminal on the page. */
export interface TerminalReading {
  text(): string;
  readonly columns: number;
  readonly rows: number;
}

declare global {
  interface Window {
    /** Every terminal on the page: by session id, `console:GUEST` or `operation:ID`. Read only. */
    __berthTerminals?: Map<string, TerminalReading>;
  }
}

/** Make a terminal readable under `key`; returns how to take it away. */
export function publishTerminal(key: string, reading: TerminalReading): () => void {
  window.__berthTerminals ??= new Map();
  const terminals = window.__berthTerminals;
  terminals.set(key, reading);
  return () => {
    if (terminals.get(key) === reading) terminals.delete(key);
  };
}
