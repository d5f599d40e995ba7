// What a search finds: aircraft heard now, airports, an instant, and in history flights under a call
// sign, of an address or a registration, and whose the letters of call signs are.
import { NO_FILTER, predicate } from '../desk';
import { readInstant } from '../instant';
import type { Aircraft } from './aircraft';
import { findAirports, type Airport } from './airports';
import { ask } from './ask';
import type { Operator } from './known';
import { hasHistory } from './past';
import { sky } from './sky';

export interface Flown {
    hex: string;
    flight: string;
    from: number;
    to: number;
}
export interface Found {
    id: string;
    aircraft?: Aircraft;
    airport?: Airport;
    instant?: number;
    flown?: Flown;
    operator?: Operator; // to its flights in the ledger
}

const MOST = 6;
const FLOWN_MOST = 5;

/* 2024-06-08 15:54, and as people in Europe and the Arab world write it: 8/6/2024 15:54. */
export function readDate(text: string): number {
    const m = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:\s+(\d\d:\d\d))?\s*Z?$/.exec(text.trim());
    const two = (s: string) => s.padStart(2, '0');
    return readInstant(m ? `${m[3]}-${two(m[2])}-${two(m[1])} ${m[4] ?? '00:00'}` : text);
}

export function findNow(q: string, places: Airport[]): Found[] {
    if (!q.trim()) return [];
    const fits = predicate({ ...NO_FILTER, text: q });
    const word = q.trim().toUpperCase();
    const [begin, hold]: Aircraft[][] = [[], []]; // with the word, it somewhere
    for (const a of sky.aircraft.values()) {
        if (!fits(a)) continue;
        const list = [a.flight, a.registration, a.hex.toUpperCase()].some((s) => s.startsWith(word)) ? begin : hold;
        if (list.length < MOST) list.push(a);
        if (begin.length === MOST) break;
    }
    const planes = [...begin, ...hold].slice(0, MOST).map((a): Found => ({ id: `f-${a.hex.replace('~', 'x')}`, aircraft: a }));
    const instant = readDate(q);
    const when: Found[] = instant === instant && hasHistory.get() ? [{ id: 'f-when', instant }] : [];
    return [...when, ...planes, ...findAirports(places, q, MOST).map((p) => ({ id: `f-${p.icao}`, airport: p }))];
}

interface Visit {
    hex: string;
    flight?: string;
    from: number;
    to: number;
}
interface LedgerFlight {
    hex: string;
    callsign: string | null;
    off_hi: string | null;
    on_lo: string | null;
}

/* An operator, then flights, newest first; nothing where there is no history or the words are none of its. */
export async function findPast(q: string, signal: AbortSignal): Promise<Found[]> {
    const word = q.trim();
    if (!hasHistory.get() || !/^[~\w-]{3,10}$/.test(word)) return [];
    const key = /^~?[0-9a-f]{6}$/i.test(word) ? 'hex' : 'callsign';
    const visits = ask<{ visits: Visit[] }>(`api/v1/history/find?${key}=${encodeURIComponent(key === 'hex' ? word.toLowerCase() : word.toUpperCase())}&limit=200`, signal)
        .then((a) => a.visits.map((v) => ({ hex: v.hex, flight: v.flight?.trim() ?? '', from: v.from, to: v.to })), () => []);
    const flights = ask<{ flights: LedgerFlight[] }>(`api/v1/flights?registration=${encodeURIComponent(word.toUpperCase())}&limit=50`, signal)
        .then((a) => a.flights.map((f) => ({ hex: f.hex, flight: f.callsign ?? '', from: Date.parse(f.off_hi ?? f.on_lo ?? '') / 1000, to: Date.parse(f.on_lo ?? f.off_hi ?? '') / 1000 })), () => []);
    const operators = /^[a-z]{3}$/i.test(word) ? ask<{ operators: Operator[] }>(`api/v1/operators?code=${word.toUpperCase()}`, signal).then((a) => a.operators, () => []) : [];
    const all: Flown[] = [...(await visits), ...(await flights)].filter((v) => v.from === v.from);
    const newest = all.sort((p, r) => r.from - p.from).slice(0, FLOWN_MOST);
    return [...(await operators).map((operator) => ({ id: `f-${operator.code}`, operator })), ...newest.map((flown, i) => ({ id: `f-past-${i}`, flown }))];
}
