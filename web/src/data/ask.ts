// Questions to the server, for pages: the answer, or a sentence why there is none. What is asked for
// again while an answer is awaited is given up.
import { useEffect, useState } from 'preact/hooks';
import { cell } from '../cell';
import { answerOf, unreachable } from './fault';

export type Asked<T> =
    | { state: 'asking'; answer: T | null; error: '' } // `answer`: the one before, while a new one is awaited
    | { state: 'answered'; answer: T; error: '' }
    | { state: 'failed'; answer: null; error: string };

export interface Question<T> {
    asked: Asked<T>;
    again: () => void;
}

/* The server answers four questions of one address at a time (docs/API.md); the others wait here. */
const AT_ONCE = 3;
let open = 0;
export const asking = cell(false); // something is awaited
const waiting: (() => void)[] = [];

async function inTurn<T>(go: () => Promise<T>): Promise<T> {
    if (open >= AT_ONCE) await new Promise<void>((done) => waiting.push(done));
    else open++;
    asking.set(true);
    try {
        return await go();
    } finally {
        const next = waiting.shift();
        if (next) next();
        else asking.set(--open > 0);
    }
}

let early: { path: string; answer: Promise<unknown> } | null = null;

/* The first question of a page, before the page that asks it is here. */
export function askEarly(path: string | undefined): void {
    early = path ? { path, answer: fresh(path) } : null;
    early?.answer.catch(() => undefined); // who asks is told
}

/* Throws a Refusal, whose message is for the reader. */
export function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
    const known = early?.path === path ? early.answer : null;
    if (known) early = null;
    return (known as Promise<T>) ?? fresh(path, signal);
}

const fresh = <T>(path: string, signal?: AbortSignal): Promise<T> => inTurn(async () => answerOf<T>(await fetch(path, { cache: 'no-store', signal }).catch(unreachable)));

/* null asks nothing. `everyMs` asks again and again while the page is seen. */
export function useAsk<T>(path: string | null, everyMs = 0): Question<T> {
    const [asked, set] = useState<Asked<T>>({ state: 'asking', answer: null, error: '' });
    const [round, next] = useState(0);
    useEffect(() => {
        if (path === null) return;
        const stop = new AbortController();
        let timer = 0;
        const go = async () => {
            if (!document.hidden)
                try {
                    const answer = await ask<T>(path, stop.signal);
                    if (!stop.signal.aborted) set({ state: 'answered', answer, error: '' });
                } catch (e) {
                    if (!stop.signal.aborted) set({ state: 'failed', answer: null, error: (e as Error).message });
                }
            if (everyMs && !stop.signal.aborted) timer = window.setTimeout(() => void go(), everyMs);
        };
        set((was) => ({ state: 'asking', answer: was.answer, error: '' }));
        void go();
        return () => {
            stop.abort();
            clearTimeout(timer);
        };
    }, [path, everyMs, round]);
    return { asked, again: () => next((n) => n + 1) };
}
