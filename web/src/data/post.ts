// Changes asked of the server: each with the editor's token, which stays in this tab.
import { cell } from '../cell';

const KEY = 'masar.token';

function keptToken(): string {
    try {
        return sessionStorage.getItem(KEY) ?? '';
    } catch {
        return '';
    }
}

export const token = cell(keptToken());
export const refused = cell(false); // the token is not the server's

export function setToken(value: string): void {
    token.set(value.trim());
    refused.set(false);
    try {
        sessionStorage.setItem(KEY, value.trim());
    } catch {
        /* a private window: it lasts as long as the page */
    }
}

/* Throws the server's own sentence where it refuses. */
export async function post<T>(path: string, body: unknown): Promise<T> {
    const r = await fetch(path, {
        method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token.get()}` },
    });
    const answer: unknown = await r.json().catch(() => null);
    if (r.status === 401 || r.status === 403) refused.set(true);
    if (r.ok) return answer as T;
    const sentence = (answer as { error?: unknown } | null)?.error;
    throw new Error(typeof sentence === 'string' ? sentence : `HTTP ${r.status}`);
}
