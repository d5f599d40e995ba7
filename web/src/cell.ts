// One value that can be watched. All state of the page lives in cells, outside the components.
import { useEffect, useState } from 'preact/hooks';

export interface Cell<T> {
    get(): T;
    set(value: T): void;
    watch(fn: (value: T) => void): () => void;
}

export function cell<T>(initial: T): Cell<T> {
    let value = initial;
    const watchers = new Set<(v: T) => void>();
    return {
        get: () => value,
        set(next) {
            if (Object.is(next, value)) return;
            value = next;
            for (const fn of [...watchers]) fn(next);
        },
        watch(fn) {
            watchers.add(fn);
            return () => watchers.delete(fn);
        },
    };
}

export function useCell<T>(c: Cell<T>): T {
    const [, again] = useState(0);
    useEffect(() => c.watch(() => again((n) => n + 1)), [c]);
    return c.get();
}
