// How much history there is, for the time bar: aircraft in each part of the time shown, and where the
// selection was heard. Asked anew when the view of time or the selection changes, else now and then.
import { cell } from '../cell';
import { selection } from '../desk';
import { goTo, hasHistory, isHistoryOnly, past, span } from './past';
import { serverNow, sky } from './sky';

export interface Density {
    from: number;
    to: number;
    aircraft: number[];
}
export interface Range {
    from: number;
    to: number;
}

export const PARTS = 240;
export const range = cell<Range | null>(null); // of time, shown by the bar
export const density = cell<Density | null>(null);
export const heard = cell<number[]>([]); // the selection's points in the same parts

const DAY = 86_400;
const AGAIN_MS = 30_000;
const SETTLE_MS = 120;
const LEAST_S = 120;

async function ask(r: Range | null, hex: string | null): Promise<Record<string, unknown> | null> {
    const args = new URLSearchParams({ n: String(PARTS) });
    if (r) {
        args.set('from', r.from.toFixed(3));
        args.set('to', r.to.toFixed(3));
    }
    if (hex) args.set('hex', hex);
    try {
        const answer = await fetch(`api/v1/history/density?${args.toString()}`, { cache: 'no-store' });
        return answer.ok ? ((await answer.json()) as Record<string, unknown>) : null;
    } catch {
        return null;
    }
}

/* At first the last day there is; where there is no present, its last instant. */
async function begin(): Promise<void> {
    const all = await ask(null, null);
    if (!all || typeof all.first !== 'number' || typeof all.last !== 'number') return;
    span.set({ first: all.first, last: all.last });
    if (!range.get()) setRange(Math.max(all.first, all.last - DAY), all.last);
    if (isHistoryOnly.get() && !past.get()) goTo(all.last, 0);
}

/* In the present the end of the view is the present. True: it has moved. */
function keepUp(r: Range): boolean {
    const s = span.get();
    const now = sky.clock.known ? serverNow() : NaN;
    const end = s && now > s.last && now - s.last < DAY ? now : (s?.last ?? r.to);
    if (end - r.to < (r.to - r.from) / 100 || r.to < end - (r.to - r.from)) return false;
    setRange(r.from + (end - r.to), end);
    return true;
}

async function again(): Promise<void> {
    const r = range.get();
    const hex = selection.get();
    if (!hasHistory.get() || document.hidden) return;
    if (!r) return begin();
    if (!past.get() && keepUp(r)) return;
    const answer = await ask(r, null);
    if (answer && range.get() === r) {
        if (typeof answer.first === 'number') span.set({ first: answer.first, last: answer.last as number });
        density.set({ ...r, aircraft: answer.aircraft as number[] });
    }
    const own = hex ? await ask(r, hex) : null;
    if (range.get() === r && selection.get() === hex) heard.set((own?.points as number[]) ?? []);
}

export function setRange(from: number, to: number): void {
    const least = Math.max(0, LEAST_S - (to - from)) / 2;
    range.set({ from: from - least, to: to + least });
}

/* Zooms around an instant. */
export function zoomRange(by: number, around: number): void {
    const r = range.get();
    const s = span.get();
    if (!r || !s) return;
    const whole = Math.max(LEAST_S, s.last - s.first) * 1.02;
    const length = Math.min(whole, Math.max(LEAST_S, (r.to - r.from) * by));
    const share = (around - r.from) / (r.to - r.from);
    let from = around - share * length;
    from = Math.max(s.first - length * 0.01, Math.min(from, s.last + length * 0.01 - length));
    setRange(from, from + length);
}

/* The view of time goes along with the instant. */
export function keepInRange(at: number): void {
    const r = range.get();
    if (!r || (at >= r.from && at <= r.to)) return;
    const length = r.to - r.from;
    const from = at < r.from ? at - length * 0.8 : at - length * 0.2;
    setRange(from, from + length);
}

export function watchDensity(): void {
    let timer = 0;
    let asking = 0;
    const soon = (ms: number) => {
        clearTimeout(timer);
        const mine = ++asking;
        timer = window.setTimeout(() => void again().then(() => mine === asking && soon(AGAIN_MS)), ms);
    };
    for (const stop of [() => range.watch(() => soon(SETTLE_MS)), () => hasHistory.watch(() => soon(0))]) stop();
    selection.watch(() => { heard.set([]); soon(SETTLE_MS); });
    if (hasHistory.get()) soon(0);
}
