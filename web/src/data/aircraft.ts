// One aircraft as the page knows it: last values, with the server's times of them. NaN and '' are
// "not known". Its numbers stand in columns (columns.ts).
import { mercX, mercY } from '../geo/mercator';
import { velocity } from '../geo/motion';
import { shapeFor, shapeNumber, SHAPES, type Shape } from '../map/silhouettes';
import {
    CATEGORIES, EMERGENCIES, EMERGENCY, fleet, GEOMETRIC, GROUND, isDistress, NO_EMERGENCY, NO_SQUAWK, origins, SIMULATED, SQUAWKS, type Columns,
} from './columns';
import type { Bound } from './bound';
import { learned, meetOperator, meetType, operatorOf, shapeOfType, typeOf } from './known';

export type Origin = string; // a `type` of aircraft.json: adsb_icao, mlat, …

export class Aircraft {
    flight = '';
    registration = '';
    type = '';
    operatorCode = ''; // the letters of its call sign that are its operator's
    operator = ''; // its name
    country = ''; // ISO 3166-1 alpha-2, of the address
    kind = ''; // what its type is for, as identity says: airlift_heavy, tanker, …
    military = false;
    bound: Bound | null = null; // as the ledger says; null: it was not asked, or says nothing
    row = -1; // in the table, when it was last sorted
    columns: Columns;
    slot: number; // its row there

    constructor(readonly hex: string) {
        this.columns = fleet.columns;
        this.slot = this.columns.add(this);
        this.shape = 'twin';
    }
    stand(columns: Columns, slot: number): void {
        this.columns = columns;
        this.slot = slot;
    }

    get lat(): number { return this.columns.lat[this.slot]; }
    set lat(v: number) { this.columns.lat[this.slot] = v; }
    get lon(): number { return this.columns.lon[this.slot]; }
    set lon(v: number) { this.columns.lon[this.slot] = v; }
    get x(): number { return this.columns.x[this.slot]; }
    set x(v: number) { this.columns.x[this.slot] = v; }
    get y(): number { return this.columns.y[this.slot]; }
    set y(v: number) { this.columns.y[this.slot] = v; }
    get alt(): number { return this.columns.alt[this.slot]; }
    set alt(v: number) { this.columns.alt[this.slot] = v; }
    get gs(): number { return this.columns.gs[this.slot]; }
    set gs(v: number) { this.columns.gs[this.slot] = v; }
    get track(): number { return this.columns.track[this.slot]; }
    set track(v: number) { this.columns.track[this.slot] = v; }
    get pointing(): number { return this.columns.pointing[this.slot]; }
    set pointing(v: number) { this.columns.pointing[this.slot] = v; }
    get rate(): number { return this.columns.rate[this.slot]; }
    set rate(v: number) { this.columns.rate[this.slot] = v; }
    get posAt(): number { return this.columns.posAt[this.slot]; }
    set posAt(v: number) { this.columns.posAt[this.slot] = v; }
    get seenAt(): number { return this.columns.seenAt[this.slot]; }
    set seenAt(v: number) { this.columns.seenAt[this.slot] = v; }
    get address(): number { return this.columns.address[this.slot]; }
    set address(v: number) { this.columns.address[this.slot] = v; }
    /* Of the position, else of what is heard; 0 not known. */
    get receiver(): number { return this.columns.receiver[this.slot]; }
    set receiver(v: number) { this.columns.receiver[this.slot] = v; }
    get category(): string { return CATEGORIES[this.columns.category[this.slot]]; }
    set category(v: string) { this.columns.category[this.slot] = Math.max(0, CATEGORIES.indexOf(v)); }
    get origin(): Origin { return origins.list[this.columns.origin[this.slot]]; }
    set origin(v: Origin) { this.columns.origin[this.slot] = origins.number(v); }
    get squawk(): string { return SQUAWKS[this.columns.squawk[this.slot]]; }
    set squawk(v: string) { this.columns.squawk[this.slot] = /^[0-7]{4}$/.test(v) ? parseInt(v, 8) : NO_SQUAWK; }
    get emergency(): string { return EMERGENCIES[this.columns.emergency[this.slot]]; }
    set emergency(v: string) { this.columns.emergency[this.slot] = EMERGENCIES.includes(v) ? EMERGENCIES.indexOf(v) : NO_EMERGENCY; }
    get geometric(): boolean { return (this.columns.marks[this.slot] & GEOMETRIC) !== 0; }
    set geometric(on: boolean) { this.mark(GEOMETRIC, on); }
    get simulated(): boolean { return (this.columns.marks[this.slot] & SIMULATED) !== 0; }
    set simulated(on: boolean) { this.mark(SIMULATED, on); }
    get ground(): boolean { return (this.columns.marks[this.slot] & GROUND) !== 0; }
    set ground(on: boolean) { this.mark(GROUND, on); }
    get shape(): Shape { return SHAPES[this.columns.shape[this.slot]]; }
    set shape(s: Shape) { this.columns.shape[this.slot] = shapeNumber(s); }

    private mark(bit: number, on: boolean): void {
        const marks = this.columns.marks;
        marks[this.slot] = on ? marks[this.slot] | bit : marks[this.slot] & ~bit;
    }

    /* After its values were written: how it moves on, whether it is in distress. */
    settle(): void {
        velocity(this, moving);
        this.columns.vx[this.slot] = moving.vx;
        this.columns.vy[this.slot] = moving.vy;
        this.mark(EMERGENCY, isEmergency(this));
    }
}
const moving = { vx: 0, vy: 0 };

export const newAircraft = (hex: string) => new Aircraft(hex);

function understand(a: Aircraft): void {
    a.kind = typeOf(a.type)?.kind ?? '';
    a.operator = operatorOf(a.operatorCode)?.name ?? '';
    a.shape = shapeFor(a.type, a.category, shapeOfType(a.type));
}

/* What it is and whose, as the picture says; names and kinds come from what is known of types and operators. */
export function describe(a: Aircraft, type: string, category: string, operatorCode: string): void {
    if (type === a.type && category === a.category && operatorCode === a.operatorCode) return;
    a.type = type;
    a.category = category;
    a.operatorCode = operatorCode;
    if (type) meetType();
    if (operatorCode) meetOperator(operatorCode);
    understand(a);
}

/* Something was learned of types or operators: every aircraft is looked at anew. */
export function learnWith(all: () => Iterable<Aircraft>): void {
    learned.watch(() => {
        for (const a of all()) understand(a);
    });
}

export function place(a: Aircraft, lat: number, lon: number, at: number): void {
    if (lat !== a.lat || lon !== a.lon) {
        a.lat = lat;
        a.lon = lon;
        a.x = mercX(lon);
        a.y = mercY(lat);
    }
    a.posAt = at;
}

export function unplace(a: Aircraft): void {
    a.lat = a.lon = a.x = a.y = a.posAt = NaN;
}

export const SILENT_S = 60; // not heard for so long: silent

export const isSilent = (a: Aircraft, now: number) => now - a.seenAt > SILENT_S;
export const hasPlace = (a: Aircraft) => a.lat === a.lat;
export const isEmergency = (a: Aircraft) => isDistress(a.columns.emergency[a.slot], a.columns.squawk[a.slot]);

/* What a feed says from outside is shown only without control and direction characters. */
export const clean = (s: string) =>
    // eslint-disable-next-line no-control-regex
    s.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim();
