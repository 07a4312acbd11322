/** Says that something has happened, also to parts that are made later than the one that says it. */
export function createSignal() {
  const listeners: (() => void)[] = [];
  return {
    emit: (): void => {
      for (const listener of listeners) listener();
    },
    subscribe: (listener: () => void): void => void listeners.push(listener),
  };
}
