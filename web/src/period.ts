// A stretch of whole days, UTC, as a page's link has it: from= and to= are instants, to is not in it.
// Without them it is the last days up to the newest instant there is.
import { readInstant, writeInstant } from './instant';

export interface Period {
    from: number; // seconds since 1970
    to: number;
}

export const DAY_S = 86_400;
export const FIRST_DAYS = 7;
const DAYS_MOST = 3660; // what somebody types may be a slip

export const dayOf = (t: number) => Math.floor(t / DAY_S) * DAY_S;
const nextDay = (t: number) => Math.ceil(t / DAY_S) * DAY_S;

/* The days of a link; `newest` is the last instant there is. Null where neither is known. */
export function periodOf(args: Readonly<Record<string, string>>, newest: number, days = FIRST_DAYS): Period | null {
    const [from, to] = [readInstant(args.from ?? ''), readInstant(args.to ?? '')];
    if (from === from && to === to && from < to) return { from, to };
    if (from === from) return { from, to: dayOf(from) + DAY_S };
    const end = to === to ? to : dayOf(newest) + DAY_S;
    return end === end ? { from: end - days * DAY_S, to: end } : null;
}

/* 2024-06-07 where it is midnight. */
export const writeDay = (t: number) => (t % DAY_S === 0 ? writeInstant(t).slice(0, 10) : writeInstant(t));
export const periodArgs = (p: Period) => ({ from: writeDay(p.from), to: writeDay(p.to) });

/* The days a period touches, each by its midnight. */
export function daysOf(p: Period): number[] {
    const n = Math.min(DAYS_MOST, Math.round((nextDay(p.to) - dayOf(p.from)) / DAY_S));
    return Array.from({ length: n }, (_, i) => dayOf(p.from) + i * DAY_S);
}

/* As long a period right before or behind. */
export const shifted = (p: Period, by: -1 | 1): Period => ({ from: p.from + by * (p.to - p.from), to: p.to + by * (p.to - p.from) });

/* So many days up to the last day of a period. */
export const lastDays = (p: Period, n: number): Period => ({ from: nextDay(p.to) - n * DAY_S, to: nextDay(p.to) });

/* First and last day as a reader types them; null where they are no days in order. */
export function typedDays(first: string, last: string): Period | null {
    const [from, to] = [readInstant(first), readInstant(last)];
    if (!(from <= to) || to - from > DAYS_MOST * DAY_S) return null;
    return { from: dayOf(from), to: dayOf(to) + DAY_S };
}
