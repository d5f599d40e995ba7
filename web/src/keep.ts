// What this device remembers; nothing where storage is refused.
export function kept(key: string): string | null {
    try {
        return localStorage.getItem(`masar.${key}`);
    } catch {
        return null;
    }
}

export function keep(key: string, value: string): void {
    try {
        localStorage.setItem(`masar.${key}`, value);
    } catch {
        /* a private window: the choice lasts as long as the page */
    }
}
