// One aircraft as the page knows it: last values, with the server's times of them. NaN and '' are
// "not known"; objects keep one shape, so that loops over 20,000 of them stay quick.
import { mercX, mercY } from '../geo/mercator';
import { shapeFor, type Shape } from '../map/silhouettes';
import { learned, meetOperator, meetType, operatorOf, shapeOfType, typeOf } from './known';

export type Origin = string; // a `type` of aircraft.json: adsb_icao, mlat, …

export interface Aircraft {
    hex: string;
    address: number; // as the binary picture has it
    flight: string;
    registration: string;
    type: string;
    operatorCode: string; // the letters of its call sign that are its operator's
    operator: string; // its name
    shape: Shape;
    country: string; // ISO 3166-1 alpha-2, of the address
    kind: string; // what its type is for, as identity says: airlift_heavy, tanker, …
    military: boolean;
    receiver: number; // of the position, else of what is heard; 0 not known
    category: string;
    origin: Origin;
    squawk: string;
    emergency: string;
    lat: number;
    lon: number;
    x: number;
    y: number;
    alt: number;
    ground: boolean;
    geometric: boolean;
    gs: number;
    track: number;
    pointing: number; // the last track there was, for the silhouette
    rate: number;
    simulated: boolean;
    posAt: number;
    seenAt: number;
    row: number; // in the table, when it was last sorted
}

export function newAircraft(hex: string): Aircraft {
    return {
        hex,
        address: -1,
        flight: '',
        registration: '',
        type: '',
        operatorCode: '',
        operator: '',
        shape: 'twin',
        country: '',
        kind: '',
        military: false,
        receiver: 0,
        category: '',
        origin: 'unknown',
        squawk: '',
        emergency: '',
        lat: NaN,
        lon: NaN,
        x: NaN,
        y: NaN,
        alt: NaN,
        ground: false,
        geometric: false,
        gs: NaN,
        track: NaN,
        pointing: NaN,
        rate: NaN,
        simulated: false,
        posAt: NaN,
        seenAt: 0,
        row: -1,
    };
}

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
export const isEmergency = (a: Aircraft) =>
    (a.emergency !== '' && a.emergency !== 'none') || /^7[567]00$/.test(a.squawk);

/* What a feed says from outside is shown only without control and direction characters. */
export const clean = (s: string) =>
    // eslint-disable-next-line no-control-regex
    s.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim();
