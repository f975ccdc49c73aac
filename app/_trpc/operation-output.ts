type Listener = (text: string) => void;

const listeners = new Map<string, Set<Listener>>();

/** Hear the raw terminal text of an operation from now on; returns how to stop. What came before: `operation.output`. */
export function onOperationOutput(id: string, listener: Listener): () => void {
  const set = listeners.get(id) ?? new Set();
  listeners.set(id, set.add(listener));
  return () => {
    set.delete(listener);
    if (set.size === 0 && listeners.get(id) === set) listeners.delete(id);
  };
}

/** Hand a piece of output to whoever listens to that operation. */
export function emitOperationOutput(id: string, text: string): void {
  for (const listener of listeners.get(id) ?? []) listener(text);
}
