// Steps from event to event of the selection: take-offs, landings, what the ledger lists, and where
// hearing it began and ended.
import { selection } from '../desk';
import { ask } from './ask';
import { goTo, hasHistory, instant } from './past';

interface Flight {
    off_hi: string | null;
    on_lo: string | null;
    on_method: string | null;
}
interface Event {
    t_lo: string;
    t_hi: string;
}
interface Visit {
    from: number;
    to: number;
}

const KEPT_MS = 30_000;
const LEAST_S = 1; // an event this near is the one we stand at
const SPAN_S = 2 * 86_400; // how far around the instant hearing is looked for

let kept: { hex: string; at: number; ms: number; times: number[] } | null = null;

const seconds = (...all: (string | null)[]) => all.map((s) => (s ? Date.parse(s) / 1000 : NaN));

async function timesOf(hex: string): Promise<number[]> {
    const now = instant();
    if (kept?.hex === hex && performance.now() - kept.ms < KEPT_MS && Math.abs(kept.at - now) < SPAN_S / 2) return kept.times;
    const none = () => null;
    const around = `hex=${hex}&from=${Math.floor(now - SPAN_S)}&to=${Math.ceil(now + SPAN_S)}`;
    const [flights, events, visits] = await Promise.all([
        ask<{ flights: Flight[] }>(`api/v1/flights?hex=${hex}&limit=2000`).catch(none),
        ask<{ events: Event[] }>(`api/v1/events?hex=${hex}&limit=2000`).catch(none),
        ask<{ visits: Visit[] }>(`api/v1/history/find?${around}&gap=10m&limit=1000`).catch(none),
    ]);
    const times = [
        ...(flights?.flights ?? []).flatMap((f) => (f.on_method === 'posterior' ? seconds(f.off_hi) : seconds(f.off_hi, f.on_lo))),
        ...(events?.events ?? []).flatMap((e) => seconds(e.t_lo, e.t_hi)),
        ...(visits?.visits ?? []).flatMap((v) => [v.from, v.to]),
    ].filter((s) => s === s).sort((a, b) => a - b);
    kept = { hex, at: now, ms: performance.now(), times };
    return times;
}

/* To the next event (1) or the one before (-1); false: there is none that way. */
export async function stepToEvent(by: 1 | -1): Promise<boolean> {
    const hex = selection.get();
    if (!hex || !hasHistory.get()) return false;
    const times = await timesOf(hex);
    const now = instant();
    const to = by > 0 ? times.find((s) => s > now + LEAST_S) : times.filter((s) => s < now - LEAST_S).pop();
    if (to === undefined || selection.get() !== hex) return false;
    goTo(to, 0);
    return true;
}
