// aircraft.json into the picture: the way in where no WebSocket can be had.
import { clean, describe, newAircraft, place, unplace, type Aircraft } from './aircraft';
import { release } from './columns';
import { published, sky } from './sky';

interface Row {
    hex: string;
    type?: string;
    flight?: string;
    r?: string;
    t?: string;
    dbFlags?: number;
    ownOp?: string;
    alt_baro?: number | 'ground';
    alt_geom?: number;
    gs?: number;
    track?: number;
    baro_rate?: number;
    geom_rate?: number;
    squawk?: string;
    emergency?: string;
    category?: string;
    lat?: number;
    lon?: number;
    seen?: number;
    seen_pos?: number;
}
export interface AircraftJson {
    now: number;
    aircraft: Row[];
}

const num = (v: unknown) => (typeof v === 'number' && Number.isFinite(v) ? v : NaN);
const text = (v: unknown) => (typeof v === 'string' ? clean(v) : '');

function read(a: Aircraft, row: Row, now: number): void {
    a.flight = text(row.flight);
    a.registration = text(row.r);
    describe(a, text(row.t), text(row.category), '');
    a.military = ((num(row.dbFlags) || 0) & 1) !== 0;
    a.operator = text(row.ownOp);
    a.origin = text(row.type) || 'unknown';
    a.squawk = text(row.squawk);
    a.emergency = text(row.emergency);
    a.ground = row.alt_baro === 'ground';
    a.geometric = typeof row.alt_baro !== 'number' && !a.ground && row.alt_geom !== undefined;
    a.alt = a.geometric ? num(row.alt_geom) : num(row.alt_baro);
    a.gs = num(row.gs);
    a.track = num(row.track);
    if (!Number.isNaN(a.track)) a.pointing = a.track;
    const rate = num(row.baro_rate);
    a.rate = Number.isNaN(rate) ? num(row.geom_rate) : rate;
    a.seenAt = now - (num(row.seen) || 0);
    const [lat, lon] = [num(row.lat), num(row.lon)];
    if (Number.isNaN(lat) || Number.isNaN(lon)) unplace(a);
    else place(a, lat, lon, now - (num(row.seen_pos) || 0));
    a.settle();
}

export function readPicture(json: AircraftJson): void {
    const heard = new Set<string>();
    for (const row of json.aircraft) {
        if (typeof row.hex !== 'string') continue;
        let a = sky.aircraft.get(row.hex);
        if (!a) sky.aircraft.set(row.hex, (a = newAircraft(row.hex)));
        read(a, row, json.now);
        heard.add(row.hex);
    }
    for (const [hex, a] of sky.aircraft) {
        if (heard.has(hex)) continue;
        sky.aircraft.delete(hex);
        release(a);
    }
    published(json.now);
}
