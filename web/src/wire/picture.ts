// The live picture off the wire: a snapshot, then deltas (docs/WEBSOCKET.md). The twin of
// src/wire/picture.c: every step is in integers, so the values here are the server's, exactly.
// Nothing is imported but bits.ts beside it: another page can take the two as they are.

import { NUMBER, Reader } from './bits';

export const FLAG_ALIVE = 1;
export const FLAG_POSITION = 2;
export const FLAG_ALTITUDE = 4;
export const FLAG_SPEED = 8;
export const FLAG_TRACK = 16;
export const FLAG_RATE = 32;
export const FLAG_SQUAWK = 64;
export const FLAG_GROUND = 128;
export const FLAG_GEOMETRIC = 256; // altitude is above the ellipsoid, not pressure altitude
export const FLAG_SIMULATED = 2048;

export const DB_MILITARY = 1; // of dbFlags

export const FORMAT = 2;
const HEADER = 28;
const SLOTS_MAX = 1 << 20;
const FLAGS = 12;
const LAT_MAX = 9_000_000; // 1e-5 degrees
const LON_TURN = 36_000_000;
const ALTITUDE_MAX = 1_000_000;
const RATE_MAX = 4096;
const STEP_FT = 25;
const DT_FAR = 31;
const AIM_DT_MAX = 600;
const AIM_V_MAX = 1 << 20;
const AIM_R_MAX = 1 << 18;
const AIM_HITS_MAX = 7;
const ALPHA = [256, 256, 213, 179, 154, 134, 134, 134];
const BETA = [0, 256, 128, 77, 51, 37, 37, 37];
const NON_ICAO = 0x1000000;
const LETTERS = '\0ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -+./?';
const COUNTRY_LETTERS = 26; // of LETTERS, the first is none

export class PictureError extends Error {}

export interface PictureChange {
    snapshot: boolean; // everything is new: slots not in `changed` are empty
    seq: number;
    nowMs: number; // the picture's time, milliseconds since 1970
    changed: number[]; // slots, ascending
    gone: number[]; // slots, ascending
}

/* Where each thing's models lie. A number takes NUMBER of them. */
let models = 0;
function room(n: number): number {
    models += n;
    return models - n;
}
const KIND = room(4);
const GAP = room(NUMBER);
const SET = models; // from here on twice: records that change, records that start from nothing
const FLAGS_CHANGED = room(1);
const FLAG = room(2 * FLAGS);
const IDENTITY_CHANGED = room(1);
const FLIGHT_CHANGED = room(1);
const LETTER = room(8 * 64);
const SQUAWK_CHANGED = room(1);
const CATEGORY_CHANGED = room(1);
const CATEGORY = room(256);
const ORIGIN_CHANGED = room(1);
const ORIGIN = room(256);
const RECEIVER_CHANGED = room(1);
const RECEIVER = room(NUMBER);
const EMERGENCY_CHANGED = room(1);
const EMERGENCY = room(8);
const WHO_CHANGED = room(1);
const TYPE_CHANGED = room(1);
const TYPE = room(4 * 64);
const REGISTRATION_CHANGED = room(1);
const REGISTRATION = room(10 * 64);
const COUNTRY_CHANGED = room(1);
const COUNTRY = room(2 * 32);
const DB_FLAGS_CHANGED = room(1);
const DB_FLAGS = room(16);
const OPERATOR_CHANGED = room(1);
const OPERATOR = room(8);
const HEARD = room(1);
const MOVED = room(1);
const DT = room(32);
const HITS = room(8);
const OFF_STEP = room(1);
const SEEN = room(NUMBER);
const AGE = room(NUMBER);
const DT_FAR_TIME = room(NUMBER);
const LAT = room(2 * NUMBER);
const LON = room(8 * NUMBER);
const AIM_LAT = room(NUMBER);
const AIM_LON = room(NUMBER);
const V_LAT = room(NUMBER);
const V_LON = room(NUMBER);
const RATE = room(NUMBER);
const STEPS = room(2 * NUMBER);
const FEET = room(NUMBER);
const SPEED = room(NUMBER);
const TRACK = room(NUMBER);
const SET_SIZE = models - SET;
const MODELS = models + SET_SIZE;

const KIND_FULL = 1;
const KIND_GONE = 2;

/* A difference of longitudes the short way round, or a longitude brought into [-half, half). */
function turn(v: number, whole: number): number {
    return v >= whole / 2 ? v - whole : v < -(whole / 2) ? v + whole : v;
}

function isWithin(v: number, limit: number): boolean {
    return v <= limit && v >= -limit;
}

function within(v: number, limit: number): number {
    return v > limit ? limit : v < -limit ? -limit : v;
}

function sizeClass(v: number): number {
    const size = Math.abs(v);
    return size < 1 ? 0 : size < 2 ? 1 : size < 4 ? 2 : size < 8 ? 3 : size < 16 ? 4 : 5;
}

function bad(): never {
    throw new PictureError('values out of range');
}

export class Picture {
    slots = 0; // one more than the highest slot used
    seq = 0;
    nowMs = 0;

    // Columns by slot, as long as the room there is. They are replaced when slots grow.
    flags = new Uint16Array(0);
    address = new Uint32Array(0);
    lat = new Int32Array(0); // 1e-5 degrees
    lon = new Int32Array(0); // 1e-5 degrees
    positionDs = new Float64Array(0); // tenths of a second since 1970
    seenDs = new Float64Array(0);
    altitude = new Int32Array(0); // ft
    speed = new Uint16Array(0); // kt
    track = new Uint16Array(0); // degrees
    rate = new Int32Array(0); // ft/min
    squawk = new Uint16Array(0); // 0 … 0o7777
    receiver = new Uint16Array(0);
    category = new Uint8Array(0);
    origin = new Uint8Array(0);
    emergency = new Uint8Array(0);
    flight: string[] = [];

    // Who it is, '' where not known.
    type: string[] = []; // designator of ICAO Doc 8643
    registration: string[] = [];
    country: string[] = []; // of the address, ISO 3166-1 alpha-2
    dbFlags = new Uint8Array(0); // DB_MILITARY …
    operatorLength = new Uint8Array(0); // first letters of the flight that are its operator's

    // Where each aircraft is expected: 1/16 of 1e-5 degrees, 1/256 of 1e-5 degrees a tenth of a second.
    private aimLat = new Int32Array(0);
    private aimLon = new Int32Array(0);
    private aimVLat = new Int32Array(0);
    private aimVLon = new Int32Array(0);
    private hits = new Uint8Array(0);

    isAlive(slot: number): boolean {
        return slot < this.slots && this.flags[slot] !== 0;
    }

    /* Six hexadecimal digits, ~ before an address that is not an ICAO address. */
    hex(slot: number): string {
        const a = this.address[slot];
        return (a & NON_ICAO ? '~' : '') + (a & 0xffffff).toString(16).padStart(6, '0');
    }

    /* The code of whose flight it is, as the operator table has it ('RCH', 'DLH'); '' not known. */
    operator(slot: number): string {
        return this.flight[slot].slice(0, this.operatorLength[slot]);
    }

    /* Seconds since the aircraft was at its position, at a time of the server's clock. */
    positionAge(slot: number, nowMs: number): number {
        return nowMs / 1000 - this.positionDs[slot] / 10;
    }

    clear(): void {
        this.slots = 0;
        this.seq = 0;
        this.flags.fill(0);
        for (const texts of this.texts()) {
            texts.fill('');
        }
        this.hits.fill(0);
    }

    /* Reads one binary message. Throws PictureError, after which the picture is empty until the next
       snapshot. */
    apply(bytes: Uint8Array): PictureChange {
        try {
            return this.read(bytes);
        } catch (e) {
            this.clear();
            throw e;
        }
    }

    private read(bytes: Uint8Array): PictureChange {
        if (bytes.length < HEADER) {
            throw new PictureError('cut short');
        }
        const head = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
        const nowHigh = head.getUint32(20, true);
        if (bytes[0] !== 0x6d || bytes[1] !== 0x50 || bytes[3] > 1 || nowHigh >= 1 << 21) {
            throw new PictureError('not a picture');
        }
        if (bytes[2] !== FORMAT) {
            throw new PictureError(`format ${bytes[2]} is not known here`);
        }
        const snapshot = bytes[3] === 0;
        if (!snapshot && head.getUint32(8, true) !== this.seq) {
            throw new PictureError('a message is missing');
        }
        if (snapshot) {
            this.clear();
        }
        this.seq = head.getUint32(4, true);
        this.nowMs = nowHigh * 4294967296 + head.getUint32(16, true);
        const change = { snapshot, seq: this.seq, nowMs: this.nowMs, changed: [], gone: [] };
        this.readRecords(new Reader(bytes, HEADER, MODELS), head.getUint32(24, true), change);
        return change;
    }

    private readRecords(r: Reader, records: number, change: PictureChange): void {
        const nowDs = Math.floor(this.nowMs / 100);
        let slot = 0;
        for (let i = 0; i < records; i++, slot++) {
            const gap = r.number(GAP);
            if (gap < 0 || slot + gap >= SLOTS_MAX) {
                bad();
            }
            slot += gap;
            const kind = r.tree(KIND, 2);
            this.hold(slot);
            if (kind > KIND_GONE || (kind !== KIND_FULL && !this.flags[slot])) {
                bad();
            }
            if (kind === KIND_GONE) {
                this.flags[slot] = 0;
                this.forget(slot);
                change.gone.push(slot);
            } else {
                this.readRecord(r, slot, nowDs, kind === KIND_FULL);
                change.changed.push(slot);
            }
            if (r.short) {
                throw new PictureError('cut short');
            }
        }
        if (r.short || !r.atEnd) {
            throw new PictureError(r.short ? 'cut short' : 'more bytes than records');
        }
    }

    private texts(): string[][] {
        return [this.flight, this.type, this.registration, this.country];
    }

    private forget(slot: number): void {
        this.flight[slot] = this.type[slot] = this.registration[slot] = this.country[slot] = '';
        this.dbFlags[slot] = this.operatorLength[slot] = 0;
    }

    private hold(slot: number): void {
        const cap = this.flags.length;
        if (slot >= cap) {
            this.grow(Math.max(64, cap * 2, slot + 1));
        }
        if (slot >= this.slots) {
            this.slots = slot + 1;
        }
    }

    private grow(cap: number): void {
        const longer = <T extends { set(from: T): void }>(from: T, to: T): T => {
            to.set(from);
            return to;
        };
        this.flags = longer(this.flags, new Uint16Array(cap));
        this.address = longer(this.address, new Uint32Array(cap));
        this.lat = longer(this.lat, new Int32Array(cap));
        this.lon = longer(this.lon, new Int32Array(cap));
        this.positionDs = longer(this.positionDs, new Float64Array(cap));
        this.seenDs = longer(this.seenDs, new Float64Array(cap));
        this.altitude = longer(this.altitude, new Int32Array(cap));
        this.speed = longer(this.speed, new Uint16Array(cap));
        this.track = longer(this.track, new Uint16Array(cap));
        this.rate = longer(this.rate, new Int32Array(cap));
        this.squawk = longer(this.squawk, new Uint16Array(cap));
        this.receiver = longer(this.receiver, new Uint16Array(cap));
        this.category = longer(this.category, new Uint8Array(cap));
        this.origin = longer(this.origin, new Uint8Array(cap));
        this.emergency = longer(this.emergency, new Uint8Array(cap));
        this.dbFlags = longer(this.dbFlags, new Uint8Array(cap));
        this.operatorLength = longer(this.operatorLength, new Uint8Array(cap));
        this.aimLat = longer(this.aimLat, new Int32Array(cap));
        this.aimLon = longer(this.aimLon, new Int32Array(cap));
        this.aimVLat = longer(this.aimVLat, new Int32Array(cap));
        this.aimVLon = longer(this.aimVLon, new Int32Array(cap));
        this.hits = longer(this.hits, new Uint8Array(cap));
        for (const texts of this.texts()) {
            while (texts.length < cap) {
                texts.push('');
            }
        }
    }

    /* As if the slot had held an aircraft of which nothing is known. */
    private start(slot: number, address: number, nowDs: number): void {
        this.flags[slot] = 0;
        this.address[slot] = address;
        this.lat[slot] = this.lon[slot] = 0;
        this.positionDs[slot] = 0;
        this.seenDs[slot] = nowDs;
        this.altitude[slot] = this.speed[slot] = this.track[slot] = this.rate[slot] = 0;
        this.squawk[slot] = this.receiver[slot] = 0;
        this.category[slot] = this.origin[slot] = this.emergency[slot] = 0;
        this.forget(slot);
        this.hits[slot] = 0;
    }

    private readRecord(r: Reader, slot: number, nowDs: number, full: boolean): void {
        const m = full ? SET_SIZE : 0;
        if (full) {
            this.start(slot, r.raw(25), nowDs);
        }
        const wasSeenDs = this.seenDs[slot];
        const wasFlags = this.flags[slot];
        this.readFlags(r, m, slot);
        this.readIdentity(r, m, slot);
        if (full) {
            this.seenDs[slot] = nowDs - r.number(m + SEEN);
        } else if (r.bit(m + HEARD)) {
            this.seenDs[slot] = nowDs;
        }
        if (!(this.flags[slot] & FLAG_ALIVE)) {
            bad();
        }
        this.readPlace(r, m, slot, wasFlags, nowDs);
        this.readMotion(r, m, slot, this.seenDs[slot] - wasSeenDs);
        if (full && this.flags[slot] & FLAG_POSITION) {
            this.readAim(r, m, slot);
        }
    }

    private readFlags(r: Reader, m: number, slot: number): void {
        if (!r.bit(m + FLAGS_CHANGED)) {
            return;
        }
        const was = this.flags[slot];
        let flags = FLAG_ALIVE;
        for (let i = 1; i < FLAGS; i++) {
            flags |= r.bit(m + FLAG + 2 * i + ((was >> i) & 1)) << i;
        }
        this.flags[slot] = flags;
    }

    private readFlight(r: Reader, m: number): string {
        let text = '';
        for (let i = 0; i < 8; i++) {
            text += LETTERS[r.tree(m + LETTER + 64 * i, 6)] ?? '\0';
        }
        const end = text.indexOf('\0');
        return end < 0 ? text : text.slice(0, end);
    }

    private readIdentity(r: Reader, m: number, slot: number): void {
        if (!r.bit(m + IDENTITY_CHANGED)) {
            return;
        }
        if (r.bit(m + FLIGHT_CHANGED)) {
            this.flight[slot] = this.readFlight(r, m);
        }
        if (r.bit(m + SQUAWK_CHANGED)) {
            this.squawk[slot] = r.raw(12);
        }
        if (r.bit(m + CATEGORY_CHANGED)) {
            this.category[slot] = r.tree(m + CATEGORY, 8);
        }
        if (r.bit(m + ORIGIN_CHANGED)) {
            this.origin[slot] = r.tree(m + ORIGIN, 8);
        }
        if (r.bit(m + RECEIVER_CHANGED)) {
            this.receiver[slot] = this.receiver[slot] + r.number(m + RECEIVER);
        }
        if (r.bit(m + EMERGENCY_CHANGED)) {
            this.emergency[slot] = r.tree(m + EMERGENCY, 3);
        }
        if (r.bit(m + WHO_CHANGED)) {
            this.readWho(r, m, slot);
        }
    }

    private readText(r: Reader, models: number, most: number): string {
        let text = '';
        while (text.length < most) {
            const letter = LETTERS[r.tree(models + 64 * text.length, 6)] ?? '\0';
            if (letter === '\0') {
                break;
            }
            text += letter;
        }
        return text;
    }

    private readCountry(r: Reader, m: number): string {
        let text = '';
        for (let i = 0; i < 2; i++) {
            const code = r.tree(m + COUNTRY + 32 * i, 5);
            text += code > 0 && code <= COUNTRY_LETTERS ? LETTERS[code] : '';
        }
        return text;
    }

    private readWho(r: Reader, m: number, slot: number): void {
        if (r.bit(m + TYPE_CHANGED)) {
            this.type[slot] = this.readText(r, m + TYPE, 4);
        }
        if (r.bit(m + REGISTRATION_CHANGED)) {
            this.registration[slot] = this.readText(r, m + REGISTRATION, 10);
        }
        if (r.bit(m + COUNTRY_CHANGED)) {
            this.country[slot] = this.readCountry(r, m);
        }
        if (r.bit(m + DB_FLAGS_CHANGED)) {
            this.dbFlags[slot] = r.tree(m + DB_FLAGS, 4);
        }
        if (r.bit(m + OPERATOR_CHANGED)) {
            this.operatorLength[slot] = r.tree(m + OPERATOR, 3);
        }
    }

    private readPlace(r: Reader, m: number, slot: number, wasFlags: number, nowDs: number): void {
        if (!(this.flags[slot] & FLAG_POSITION)) {
            this.lat[slot] = this.lon[slot] = 0;
            this.positionDs[slot] = 0;
            this.hits[slot] = 0;
        } else if (!(wasFlags & FLAG_POSITION)) {
            this.positionDs[slot] = nowDs - r.number(m + AGE);
            const lat = r.raw(25) - LAT_MAX;
            this.place(slot, lat, r.raw(26) - LON_TURN / 2);
            this.aimAt(slot);
        } else if (r.bit(m + MOVED)) {
            this.readNextPlace(r, m, slot);
        }
    }

    private place(slot: number, lat: number, lon: number): void {
        if (!isWithin(lat, LAT_MAX) || lon < -LON_TURN / 2 || lon >= LON_TURN / 2) {
            bad();
        }
        this.lat[slot] = lat;
        this.lon[slot] = lon;
    }

    private readNextPlace(r: Reader, m: number, slot: number): void {
        const code = r.tree(m + DT, 5);
        const time = code < DT_FAR ? code : r.number(m + DT_FAR_TIME);
        const ahead = time >= 1 && time <= AIM_DT_MAX ? time : 0;
        const atLat = this.aimLat[slot] + ((this.aimVLat[slot] * ahead) >> 4);
        const atLon = turn(this.aimLon[slot] + ((this.aimVLon[slot] * ahead) >> 4), 16 * LON_TURN);
        const moving = this.hits[slot] > 1;
        const missLat = r.number(m + LAT + (moving ? NUMBER : 0));
        const like = moving ? sizeClass(missLat) : 6;
        const missLon = r.number(m + LON + like * NUMBER);
        if (missLon < -LON_TURN / 2 || missLon >= LON_TURN / 2) {
            bad();
        }
        const lat = (((atLat + 8) >> 4) + missLat) | 0;
        this.place(slot, lat, turn(turn((atLon + 8) >> 4, LON_TURN) + missLon, LON_TURN));
        this.positionDs[slot] += time;
        this.aimUpdate(slot, ahead, atLat, atLon);
    }

    private aimAt(slot: number): void {
        this.aimLat[slot] = this.lat[slot] * 16;
        this.aimLon[slot] = this.lon[slot] * 16;
        this.aimVLat[slot] = this.aimVLon[slot] = 0;
        this.hits[slot] = 1;
    }

    /* An alpha-beta filter; gains over 256. */
    private aimUpdate(slot: number, time: number, atLat: number, atLon: number): void {
        const missLat = this.lat[slot] * 16 - atLat;
        const missLon = turn(this.lon[slot] * 16 - atLon, 16 * LON_TURN);
        const hits = this.hits[slot];
        if (time === 0 || hits === 0 || !isWithin(missLat, AIM_R_MAX) || !isWithin(missLon, AIM_R_MAX)) {
            this.aimAt(slot);
            return;
        }
        const alpha = ALPHA[hits];
        const beta = BETA[hits];
        this.aimLat[slot] = atLat + ((missLat * alpha) >> 8);
        this.aimLon[slot] = turn(atLon + ((missLon * alpha) >> 8), 16 * LON_TURN);
        const dLat = Math.trunc((missLat * beta) / (16 * time));
        const dLon = Math.trunc((missLon * beta) / (16 * time));
        this.aimVLat[slot] = within(this.aimVLat[slot] + dLat, AIM_V_MAX);
        this.aimVLon[slot] = within(this.aimVLon[slot] + dLon, AIM_V_MAX);
        this.hits[slot] = Math.min(hits + 1, AIM_HITS_MAX);
    }

    private readMotion(r: Reader, m: number, slot: number, heard: number): void {
        const flags = this.flags[slot];
        const rate = flags & FLAG_RATE ? (this.rate[slot] / 32 + r.number(m + RATE)) | 0 : 0;
        if (!isWithin(rate, RATE_MAX)) {
            bad();
        }
        this.rate[slot] = rate * 32;
        const altitude = flags & FLAG_ALTITUDE ? this.readAltitude(r, m, slot, rate, heard) : 0;
        if (!isWithin(altitude, ALTITUDE_MAX)) {
            bad();
        }
        this.altitude[slot] = altitude;
        this.speed[slot] = flags & FLAG_SPEED ? this.speed[slot] + r.number(m + SPEED) : 0;
        const track =
            flags & FLAG_TRACK ? this.track[slot] + within(r.number(m + TRACK), 180) : 0;
        this.track[slot] = (track + 360) % 360;
    }

    private readAltitude(r: Reader, m: number, slot: number, rate: number, heard: number): number {
        const time = heard > 0 && heard <= AIM_DT_MAX ? heard : 0;
        const steps = Math.trunc((rate * time * 32) / (600 * STEP_FT));
        const expected = this.altitude[slot] + steps * STEP_FT;
        if (r.bit(m + OFF_STEP)) {
            return (expected + r.number(m + FEET)) | 0;
        }
        return (expected + Math.imul(r.number(m + STEPS + (rate ? NUMBER : 0)), STEP_FT)) | 0;
    }

    private readAim(r: Reader, m: number, slot: number): void {
        const hits = r.tree(m + HITS, 3);
        this.aimAt(slot);
        if (hits <= 1) {
            return;
        }
        const lat = r.number(m + AIM_LAT);
        const lon = r.number(m + AIM_LON);
        const vLat = r.number(m + V_LAT);
        const vLon = r.number(m + V_LON);
        if (
            !isWithin(lat, AIM_R_MAX) ||
            !isWithin(lon, AIM_R_MAX) ||
            !isWithin(vLat, AIM_V_MAX) ||
            !isWithin(vLon, AIM_V_MAX)
        ) {
            bad();
        }
        this.aimLat[slot] += lat;
        this.aimLon[slot] = turn(this.aimLon[slot] + lon, 16 * LON_TURN);
        this.aimVLat[slot] = vLat;
        this.aimVLon[slot] = vLon;
        this.hits[slot] = hits;
    }
}
