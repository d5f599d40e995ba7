// A decoded picture on its way from the worker to the page: what changed, column by column, so that
// the page has only to copy it.
import { mercX, mercY } from '../geo/mercator';
import { velocity } from '../geo/motion';
import { FLAG_SPEED, FLAG_TRACK, type Picture } from '../wire/picture';

export interface Who {
    i: number; // place in the columns
    flight: string;
    type: string;
    registration: string;
    country: string;
    operatorLength: number;
    dbFlags: number;
}
export interface Decoded {
    snapshot: boolean;
    nowMs: number;
    gone: Uint32Array;
    slots: Uint32Array;
    address: Uint32Array;
    flags: Uint16Array;
    lat: Float64Array;
    lon: Float64Array;
    x: Float64Array;
    y: Float64Array;
    vx: Float64Array;
    vy: Float64Array;
    positionAt: Float64Array;
    seenAt: Float64Array;
    altitude: Int32Array;
    rate: Int32Array;
    speed: Uint16Array;
    track: Uint16Array;
    squawk: Uint16Array;
    receiver: Uint16Array;
    category: Uint8Array;
    origin: Uint8Array;
    emergency: Uint8Array;
    who: Who[]; // only of slots where it is new
}

/* What was last said of each slot's identity, so that strings cross over only when they change. */
export type Told = (string | undefined)[];

export function decode(p: Picture, bytes: Uint8Array, told: Told): Decoded {
    const change = p.apply(bytes);
    const n = change.changed.length;
    if (change.snapshot) told.length = 0;
    for (const slot of change.gone) told[slot] = undefined;
    const d: Decoded = {
        snapshot: change.snapshot, nowMs: change.nowMs, gone: Uint32Array.from(change.gone), slots: Uint32Array.from(change.changed), who: [],
        address: new Uint32Array(n), flags: new Uint16Array(n), lat: new Float64Array(n), lon: new Float64Array(n), x: new Float64Array(n), y: new Float64Array(n), vx: new Float64Array(n), vy: new Float64Array(n),
        positionAt: new Float64Array(n), seenAt: new Float64Array(n), altitude: new Int32Array(n), rate: new Int32Array(n), speed: new Uint16Array(n), track: new Uint16Array(n),
        squawk: new Uint16Array(n), receiver: new Uint16Array(n), category: new Uint8Array(n), origin: new Uint8Array(n), emergency: new Uint8Array(n),
    };
    for (let i = 0; i < n; i++) fill(d, i, p, d.slots[i], told);
    return d;
}

const moving = { lat: 0, gs: 0, track: 0, vx: 0, vy: 0 };
const MOVES = FLAG_SPEED | FLAG_TRACK;

function fill(d: Decoded, i: number, p: Picture, slot: number, told: Told): void {
    d.address[i] = p.address[slot];
    d.flags[i] = p.flags[slot];
    d.lat[i] = p.lat[slot] * 1e-5;
    d.lon[i] = p.lon[slot] * 1e-5;
    d.x[i] = mercX(d.lon[i]);
    d.y[i] = mercY(d.lat[i]);
    d.positionAt[i] = p.positionDs[slot] / 10;
    d.seenAt[i] = p.seenDs[slot] / 10;
    d.altitude[i] = p.altitude[slot];
    d.rate[i] = p.rate[slot];
    d.speed[i] = p.speed[slot];
    d.track[i] = p.track[slot];
    if ((d.flags[i] & MOVES) === MOVES) {
        moving.lat = d.lat[i];
        moving.gs = d.speed[i];
        moving.track = d.track[i];
        velocity(moving, moving);
        d.vx[i] = moving.vx;
        d.vy[i] = moving.vy;
    }
    d.squawk[i] = p.squawk[slot];
    d.receiver[i] = p.receiver[slot];
    d.category[i] = p.category[slot];
    d.origin[i] = p.origin[slot];
    d.emergency[i] = p.emergency[slot];
    const is = `${p.address[slot]}\n${p.flight[slot]}\n${p.type[slot]}\n${p.registration[slot]}\n${p.country[slot]}\n${p.operatorLength[slot]}${p.dbFlags[slot]}`;
    if (told[slot] === is) return;
    told[slot] = is;
    d.who.push({
        i, flight: p.flight[slot], type: p.type[slot], registration: p.registration[slot], country: p.country[slot],
        operatorLength: p.operatorLength[slot], dbFlags: p.dbFlags[slot],
    });
}

export const buffersOf = (d: Decoded): ArrayBuffer[] =>
    Object.values(d).filter((v) => ArrayBuffer.isView(v)).map((v) => (v as Uint8Array).buffer as ArrayBuffer);
