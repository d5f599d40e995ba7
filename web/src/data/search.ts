// What a search finds: aircraft heard now, airports, an instant, and in history flights under a call
// sign, of an address or a registration.
import { NO_FILTER, predicate } from '../desk';
import { readInstant } from '../instant';
import type { Aircraft } from './aircraft';
import { findAirports, type Airport } from './airports';
import { ask } from './ask';
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
    const planes: Found[] = [];
    for (const a of sky.aircraft.values()) {
        if (fits(a)) planes.push({ id: `f-${a.hex.replace('~', 'x')}`, aircraft: a });
        if (planes.length === MOST) break;
    }
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

/* Newest first; nothing where there is no history or the words are none of its. */
export async function findFlown(q: string, signal: AbortSignal): Promise<Flown[]> {
    const word = q.trim();
    if (!hasHistory.get() || !/^[~\w-]{3,10}$/.test(word)) return [];
    const key = /^~?[0-9a-f]{6}$/i.test(word) ? 'hex' : 'callsign';
    const visits = ask<{ visits: Visit[] }>(`api/v1/history/find?${key}=${encodeURIComponent(key === 'hex' ? word.toLowerCase() : word.toUpperCase())}&limit=200`, signal)
        .then((a) => a.visits.map((v) => ({ hex: v.hex, flight: v.flight?.trim() ?? '', from: v.from, to: v.to })), () => []);
    const flights = ask<{ flights: LedgerFlight[] }>(`api/v1/flights?registration=${encodeURIComponent(word.toUpperCase())}&limit=50`, signal)
        .then((a) => a.flights.map((f) => ({ hex: f.hex, flight: f.callsign ?? '', from: Date.parse(f.off_hi ?? f.on_lo ?? '') / 1000, to: Date.parse(f.on_lo ?? f.off_hi ?? '') / 1000 })), () => []);
    const all: Flown[] = [...(await visits), ...(await flights)].filter((v) => v.from === v.from);
    return all.sort((p, r) => r.from - p.from).slice(0, FLOWN_MOST);
}
