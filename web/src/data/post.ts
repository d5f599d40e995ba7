// Changes asked of the server: each with the editor's token, which stays in this tab.
import { cell } from '../cell';
import { answerOf, unreachable } from './fault';

const KEY = 'masar.token';

function kept(key: string): string {
    try {
        return sessionStorage.getItem(key) ?? '';
    } catch {
        return '';
    }
}

function keep(key: string, value: string): void {
    try {
        sessionStorage.setItem(key, value);
    } catch {
        /* a private window: it lasts as long as the page */
    }
}

export const token = cell(kept(KEY));
export const author = cell(kept('masar.author')); // whose changes these are
export const refused = cell(false); // the token is not the server's

export function setToken(value: string): void {
    token.set(value.trim());
    refused.set(false);
    keep(KEY, value.trim());
}

export function setAuthor(value: string): void {
    author.set(value.trim());
    keep('masar.author', value.trim());
}

/* Throws a Refusal, whose message is for the reader. */
export async function post<T>(path: string, body: unknown): Promise<T> {
    const r = await fetch(path, {
        method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token.get()}` },
    }).catch(unreachable);
    if (r.status === 401 || r.status === 403) refused.set(true);
    return answerOf<T>(r);
}
