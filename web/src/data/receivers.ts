// Where receivers stand and how far they hear: asked again when the list of them changes, and now and
// then while somebody looks.
import { cell } from '../cell';
import { distanceM } from '../geo/mercator';
import { clean, type Aircraft } from './aircraft';
import { ask } from './ask';
import { sky } from './sky';

export interface PlacedReceiver {
    number: number;
    name: string;
    lat: number;
    lon: number;
    farthest?: number[]; // meters by direction, the first sector from north to east; 0 nothing
}
interface Row {
    number: number;
    name: string;
    lat?: number;
    lon?: number;
    range?: { m: number[][] }; // by band of altitude, then direction
}

const receivers = cell<PlacedReceiver[]>([]);
const AGAIN_MS = 60_000;
let asked = -1; // receivers there were when it was asked
let askedAt = 0;

/* The farthest of all bands. */
const farthest = (m: number[][]) => m[0]?.map((_, i) => Math.max(...m.map((band) => band[i] ?? 0)));

async function askPlaces(): Promise<void> {
    try {
        const { receivers: rows } = await ask<{ receivers: Row[] }>('api/v1/receivers');
        receivers.set(rows.flatMap(({ number, name, lat, lon, range }) =>
            lat === undefined || lon === undefined ? [] : [{ number, name: clean(name), lat, lon, farthest: range && farthest(range.m) }]));
    } catch {
        /* with the next minute */
    }
}

/* Receivers that have a place; the server's own (number 0) where none has. */
export function placedReceivers(): PlacedReceiver[] {
    const about = sky.about.get();
    if (asked !== about.receivers.length || performance.now() - askedAt > AGAIN_MS) {
        asked = about.receivers.length;
        askedAt = performance.now();
        void askPlaces();
    }
    const list = receivers.get();
    return list.length || !about.place ? list : [{ number: 0, name: '', ...about.place }];
}

/* From the nearest of them; NaN where nobody's place is known. */
export function farM(a: Aircraft): number {
    let least = Infinity;
    for (const r of placedReceivers()) least = Math.min(least, distanceM(r.lat, r.lon, a.lat, a.lon));
    return least < Infinity ? least : NaN;
}
