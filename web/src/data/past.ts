// The reader's stay in the past: what is asked of the server, one wish at a time, and what it says of
// it (docs/WEBSOCKET.md). `past` is null in the present.
import { cell } from '../cell';
import { speakPages } from '../words';
import type { Fault } from './fault';
import { sky, serverNow } from './sky';

export interface Past {
    speed: number; // seconds of history in a second; 0 stands still
    end: 'first' | 'last' | ''; // an end of the history was reached
}
export interface Span {
    first: number;
    last: number;
}
interface Wish {
    at: number;
    speed: number;
    id: number;
}
export interface PastAnswer extends Fault {
    type: 'past' | 'live' | 'error';
    id?: number;
    now?: number;
    speed?: number;
    first?: number;
    last?: number;
    end?: 'first' | 'last';
}

export const SPEEDS = [1, 10, 60, 600];

export const NO_HISTORY: Fault = { code: 'no_history' };
export const hasHistory = cell(false);
export const isHistoryOnly = cell(false); // the server hears nothing: it has no inputs
export const past = cell<Past | null>(null);
export const span = cell<Span | null>(null);
export const pastError = cell<Fault | null>(null); // why there is no past
export const jumped = cell(0); // counts the times another instant was gone to

let send: ((text: string) => void) | null = null;
let ids = 0;
let asked: Wish | null = null; // not answered yet
let next: Wish | null = null; // wished for since
let leaving = false;
let target = NaN; // where a wish under way leads
let speedKept = 1; // what play goes on with

/* Pictures that come before the answer are of where one was. */
export const isWaiting = () => asked !== null || leaving;

/* The instant shown, or the one on the way to being shown. */
export const instant = (): number => (target === target ? target : serverNow());

function wish(w: Wish): void {
    target = w.at;
    if (asked) {
        next = w;
        return;
    }
    asked = w;
    send?.(JSON.stringify({ type: 'past', at: w.at, speed: w.speed, id: w.id }));
}

/* Goes to an instant; the pace stays as it is, at first it stands still. */
export function goTo(at: number, speed = past.get()?.speed ?? 0): void {
    const s = span.get();
    const where = s ? Math.min(s.last, Math.max(s.first, at)) : at;
    leaving = false;
    if (!past.get()) past.set({ speed, end: '' });
    wish({ at: where, speed, id: ++ids });
}

export function setSpeed(speed: number): void {
    if (speed !== 0) speedKept = speed;
    const p = past.get();
    if (p) past.set({ speed, end: '' });
    goTo(instant(), speed);
}

export function playOrPause(): void {
    const p = past.get();
    if (!p) goTo(serverNow(), 0);
    else setSpeed(p.speed === 0 ? speedKept : 0);
}

export const chosenSpeed = () => past.get()?.speed || speedKept;

/* Chooses the pace without starting to play. */
export function choose(speed: number): void {
    speedKept = speed;
    const p = past.get();
    if (p && p.speed !== 0) setSpeed(speed);
    else past.set(p && { ...p });
}

export function stepBy(seconds: number): void {
    goTo(instant() + seconds, past.get()?.speed ?? 0);
}

export function goLive(): void {
    if (!past.get()) return;
    asked = next = null;
    leaving = true;
    send?.(JSON.stringify({ type: 'live', id: ++ids }));
}

function present(): void {
    asked = next = null;
    leaving = false;
    target = NaN;
    sky.clock.pin(null);
    past.set(null);
    jumped.set(jumped.get() + 1);
}

/* A connection has greeted: what was shown before it broke is asked for again. */
export function greeted(history: boolean, live: boolean, say: (text: string) => void): void {
    send = say;
    isHistoryOnly.set(history && !live);
    hasHistory.set(history);
    if (!past.get()) return;
    if (!history) {
        pastError.set(NO_HISTORY);
        present();
        return;
    }
    const again = next ?? asked ?? { at: instant(), speed: past.get()!.speed, id: ++ids };
    asked = next = null;
    wish(again);
}

export function unplugged(): void {
    send = null;
}

function arrived(m: PastAnswer): void {
    if (asked && m.id !== asked.id && !m.end) return;
    span.set({ first: m.first ?? 0, last: m.last ?? 0 });
    pastError.set(null);
    const was = asked;
    asked = null;
    sky.clock.pin(m.speed ?? 0);
    if (m.now !== undefined) sky.clock.hear(m.now, performance.now());
    past.set({ speed: m.speed ?? 0, end: m.end ?? '' });
    if (was) jumped.set(jumped.get() + 1);
    if (next) {
        const w = next;
        next = null;
        wish(w);
    } else target = NaN;
}

/* What is refused is said in words that only pages have needed so far. */
function complain(m: Fault): void {
    speakPages().catch(() => undefined).finally(() => pastError.set(m));
}

/* False: the connection is of no use any more. */
export function hear(m: PastAnswer): boolean {
    if (m.type === 'past') {
        if (!leaving) arrived(m);
        return true;
    }
    if (m.type === 'live') {
        if (m.error) complain(m);
        if (leaving || m.error) present();
        return true;
    }
    if (!asked) return true;
    complain(m);
    present();
    return false;
}
