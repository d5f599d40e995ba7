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
/* As it crosses over. */
export interface Packed {
    snapshot: boolean;
    nowMs: number;
    gone: Uint32Array;
    who: Who[]; // only of slots where it is new
    count: number;
    buffer: ArrayBuffer;
}
interface View<T> {
    new (buffer: ArrayBuffer, from: number, length: number): T;
    readonly BYTES_PER_ELEMENT: number;
}
const ROW_BYTES = 93;

/* The columns, the widest numbers first, so that each begins where its numbers may. They stand behind each
   other in one buffer, which goes to the page and comes back to be filled anew: nothing is left to collect. */
export class Decoded {
    readonly lat: Float64Array;
    readonly lon: Float64Array;
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly vx: Float64Array;
    readonly vy: Float64Array;
    readonly positionAt: Float64Array;
    readonly seenAt: Float64Array;
    readonly slots: Uint32Array;
    readonly address: Uint32Array;
    readonly altitude: Int32Array;
    readonly rate: Int32Array;
    readonly flags: Uint16Array;
    readonly speed: Uint16Array;
    readonly track: Uint16Array;
    readonly squawk: Uint16Array;
    readonly receiver: Uint16Array;
    readonly category: Uint8Array;
    readonly origin: Uint8Array;
    readonly emergency: Uint8Array;

    constructor(readonly is: Packed) {
        let from = 0;
        const take = <T>(of: View<T>): T => {
            const column = new of(is.buffer, from, is.count);
            from += of.BYTES_PER_ELEMENT * is.count;
            return column;
        };
        this.lat = take(Float64Array);
        this.lon = take(Float64Array);
        this.x = take(Float64Array);
        this.y = take(Float64Array);
        this.vx = take(Float64Array);
        this.vy = take(Float64Array);
        this.positionAt = take(Float64Array);
        this.seenAt = take(Float64Array);
        this.slots = take(Uint32Array);
        this.address = take(Uint32Array);
        this.altitude = take(Int32Array);
        this.rate = take(Int32Array);
        this.flags = take(Uint16Array);
        this.speed = take(Uint16Array);
        this.track = take(Uint16Array);
        this.squawk = take(Uint16Array);
        this.receiver = take(Uint16Array);
        this.category = take(Uint8Array);
        this.origin = take(Uint8Array);
        this.emergency = take(Uint8Array);
    }
}

/* What was last said of each slot's identity, so that strings cross over only when they change. */
export type Told = (string | undefined)[];

/* `room`: a buffer to use again where it is large enough. */
export function decode(p: Picture, bytes: Uint8Array, told: Told, room?: ArrayBuffer): Decoded {
    const change = p.apply(bytes);
    const count = change.changed.length;
    if (change.snapshot) told.length = 0;
    for (const slot of change.gone) told[slot] = undefined;
    const buffer = room && room.byteLength >= count * ROW_BYTES ? room : new ArrayBuffer(Math.ceil(count * 1.25) * ROW_BYTES);
    const d = new Decoded({ snapshot: change.snapshot, nowMs: change.nowMs, gone: Uint32Array.from(change.gone), who: [], count, buffer });
    d.slots.set(change.changed);
    for (let i = 0; i < count; i++) fill(d, i, p, d.slots[i], told);
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
    } else d.vx[i] = d.vy[i] = 0; // the buffer was used before
    d.squawk[i] = p.squawk[slot];
    d.receiver[i] = p.receiver[slot];
    d.category[i] = p.category[slot];
    d.origin[i] = p.origin[slot];
    d.emergency[i] = p.emergency[slot];
    const is = `${p.address[slot]}\n${p.flight[slot]}\n${p.type[slot]}\n${p.registration[slot]}\n${p.country[slot]}\n${p.operatorLength[slot]}${p.dbFlags[slot]}`;
    if (told[slot] === is) return;
    told[slot] = is;
    d.is.who.push({
        i, flight: p.flight[slot], type: p.type[slot], registration: p.registration[slot], country: p.country[slot],
        operatorLength: p.operatorLength[slot], dbFlags: p.dbFlags[slot],
    });
}
