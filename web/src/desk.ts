// What the reader chose: selection, filter, sort, following. The table and the map read the same.
import { cell } from './cell';
import { boundName } from './data/bound';
import { hasPlace, isEmergency, isSilent, type Aircraft } from './data/aircraft';
import { ALIVE, fleet, type Columns } from './data/columns';
import { learned } from './data/known';
import { farM } from './data/receivers';
import { sky } from './data/sky';
import { folded } from './fold';
import { mercX, mercY, nearest } from './geo/mercator';
import { inView, type View } from './map/view';

export interface Filter {
    text: string;
    inView: boolean;
    where: 'any' | 'air' | 'ground';
    placed: boolean;
    emergency: boolean;
    low: number; // ft, -Infinity open
    high: number;
    origins: readonly string[]; // groups of ORIGIN_GROUPS; none is all
    types: readonly string[]; // designators, whole: C17 is not C172
    kinds: readonly string[]; // what the type is for
    countries: readonly string[]; // of the address
    callsign: string; // how it begins
    operator: string; // a part of its name
    military: 'any' | 'yes' | 'no';
    squawk: string;
    bound: readonly string[]; // airports it is bound for or stands at
    receivers: readonly number[];
    area: readonly (readonly [lat: number, lon: number])[] | null;
}
export const NO_FILTER: Filter = {
    text: '',
    inView: false,
    where: 'any',
    placed: false,
    emergency: false,
    low: -Infinity,
    high: Infinity,
    origins: [],
    types: [],
    kinds: [],
    countries: [],
    callsign: '',
    operator: '',
    military: 'any',
    squawk: '',
    bound: [],
    receivers: [],
    area: null,
};

/* Origins as people choose them, each the prefixes of the types it holds. */
export const ORIGIN_GROUPS: Record<string, { label: 'origin.adsb_icao' | 'origin.mlat' | 'filter.rebroadcast' | 'origin.adsc' | 'origin.mode_s' | 'origin.other'; prefixes: string[] }> = {
    adsb: { label: 'origin.adsb_icao', prefixes: ['adsb'] },
    mlat: { label: 'origin.mlat', prefixes: ['mlat'] },
    tisb: { label: 'filter.rebroadcast', prefixes: ['tisb', 'adsr'] },
    adsc: { label: 'origin.adsc', prefixes: ['adsc'] },
    modes: { label: 'origin.mode_s', prefixes: ['mode'] },
    other: { label: 'origin.other', prefixes: ['other', 'unknown'] },
};

export const SORT_COLUMNS = ['flight', 'type', 'alt', 'gs', 'bound', 'track', 'age', 'registration', 'squawk', 'far'] as const;
export type Column = (typeof SORT_COLUMNS)[number];
export interface Sort {
    column: Column;
    down: boolean;
}
export const FIRST_SORT: Sort = { column: 'flight', down: false };

export const filter = cell<Filter>(NO_FILTER);
export const selection = cell<string | null>(null);
export const hovered = cell<string | null>(null);
export const following = cell(false);
export const sort = cell<Sort>(FIRST_SORT);
export const view = cell<View | null>(null);

function matchesText(a: Aircraft, needle: string): boolean {
    return (
        a.flight.toUpperCase().includes(needle) ||
        a.hex.toUpperCase().includes(needle) ||
        a.registration.toUpperCase().includes(needle) ||
        a.type.toUpperCase() === needle ||
        (needle.length === 4 && a.squawk === needle)
    );
}

function matchesOrigin(a: Aircraft, groups: readonly string[]): boolean {
    return groups.some((g) => ORIGIN_GROUPS[g]?.prefixes.some((p) => a.origin.startsWith(p)));
}

type Question = (a: Aircraft) => boolean;

/* In the area of the map's plane the corners span; over the antimeridian too. */
function inArea(area: NonNullable<Filter['area']>): Question {
    const x0 = mercX(area[0][1]);
    const corners = area.map(([lat, lon]) => [nearest(mercX(lon), x0), mercY(lat)]);
    return (a) => {
        if (!hasPlace(a)) return false;
        const x = nearest(a.x, x0);
        let inside = false;
        for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
            const [[xi, yi], [xj, yj]] = [corners[i], corners[j]];
            if (yi > a.y !== yj > a.y && x < ((xj - xi) * (a.y - yi)) / (yj - yi) + xi) inside = !inside;
        }
        return inside;
    };
}

/* Who it is: whole words where a word is a code. */
function identityQuestions(f: Filter): Question[] {
    const list: Question[] = [];
    const operator = folded(f.operator);
    if (f.types.length) list.push((a) => f.types.includes(a.type));
    if (f.kinds.length) list.push((a) => f.kinds.includes(a.kind));
    if (f.countries.length) list.push((a) => f.countries.includes(a.country));
    if (f.callsign) list.push((a) => a.flight.toUpperCase().startsWith(f.callsign));
    if (operator) list.push((a) => folded(a.operator).includes(operator));
    if (f.military !== 'any') list.push((a) => a.military === (f.military === 'yes'));
    if (f.squawk) list.push((a) => a.squawk === f.squawk);
    if (f.bound.length) list.push((a) => a.bound !== null && a.bound.band !== 'unknown' && !a.bound.isSpoofed && f.bound.includes(a.bound.airport));
    if (f.receivers.length) list.push((a) => f.receivers.includes(a.receiver));
    return list;
}

/* The filter as one question; what the map shows does not depend on the view itself. */
export function predicate(f: Filter): Question {
    const needle = f.text.trim().toUpperCase();
    const list = identityQuestions(f);
    if (needle) list.push((a) => matchesText(a, needle));
    if (f.where !== 'any') list.push((a) => a.ground === (f.where === 'ground'));
    if (f.placed) list.push(hasPlace);
    if (f.emergency) list.push(isEmergency);
    if (f.low > -Infinity || f.high < Infinity)
        list.push((a) => {
            const alt = a.ground ? 0 : a.alt;
            return alt >= f.low && alt <= f.high;
        });
    if (f.origins.length) list.push((a) => matchesOrigin(a, f.origins));
    if (f.area) list.push(inArea(f.area));
    return list.length ? (a) => list.every((asks) => asks(a)) : () => true;
}

/* What the map shows, by row of the columns, asked of every aircraft once a picture; null: all. */
let shownOf: { filter: Filter; version: number; learned: number; columns: Columns; mask: Uint8Array | null } | null = null;
export function shownRows(f = filter.get()): Uint8Array | null {
    const columns = fleet.columns;
    if (shownOf?.filter === f && shownOf.version === sky.version.get() && shownOf.learned === learned.get() && shownOf.columns === columns) return shownOf.mask;
    let mask: Uint8Array | null = null;
    if (isFiltered({ ...f, inView: false })) {
        const shows = predicate(f);
        mask = new Uint8Array(columns.length);
        for (let row = 0; row < mask.length; row++) mask[row] = columns.marks[row] & ALIVE && shows(columns.owner[row]) ? 1 : 0;
    }
    shownOf = { filter: f, version: sky.version.get(), learned: learned.get(), columns, mask };
    return mask;
}

export const isFiltered = (f: Filter) => (Object.keys(NO_FILTER) as (keyof Filter)[]).some((k) => String(f[k]) !== String(NO_FILTER[k]));

/* Names are few and asked for often. */
const plains = new Map<string, string>();
function plain(name: string): string {
    let p = plains.get(name);
    if (p === undefined) plains.set(name, (p = folded(name)));
    return p;
}

const NUMBERS: Partial<Record<Column, (a: Aircraft) => number>> = {
    alt: (a) => (a.ground ? -1e6 : a.alt),
    gs: (a) => a.gs,
    track: (a) => a.track,
    age: (a) => -a.seenAt,
    far: farM,
};
const TEXTS: Partial<Record<Column, (a: Aircraft) => string>> = {
    flight: (a) => a.flight,
    type: (a) => a.type || a.category,
    registration: (a) => a.registration,
    squawk: (a) => a.squawk,
    bound: (a) => (a.bound?.isSpoofed ? '' : plain(boundName(a.bound))),
};

/* The rows before, in which each aircraft knows its place: a picture later they are nearly in order, and
   a sort that finds them so is quick. */
let before: Aircraft[] = [];

function asBefore(list: Aircraft[]): Aircraft[] {
    const near: Aircraft[] = new Array(before.length);
    const fresh: Aircraft[] = [];
    for (const a of list) {
        if (before[a.row] === a) near[a.row] = a;
        else fresh.push(a);
    }
    return near.filter(Boolean).concat(fresh);
}

const byHex = (p: Aircraft, q: Aircraft) => (p.hex < q.hex ? -1 : 1);

function byText(list: Aircraft[], text: (a: Aircraft) => string, sign: number): Aircraft[] {
    return asBefore(list).sort((p, q) => {
        const [s, u] = [text(p), text(q)];
        return s < u ? -sign : s > u ? sign : byHex(p, q);
    });
}

/* Numbers are sorted as numbers, without comparisons in script: the index rides in the last bits, and
   keeps equal ones in the order they came in. */
const INDEX = 2 ** 20;
const FINE = 16; // steps in a unit
function byNumber(list: Aircraft[], number: (a: Aircraft) => number, sign: number): Aircraft[] {
    const packed = new Float64Array(list.length);
    let first = Infinity;
    for (let i = 0; i < packed.length; i++) {
        packed[i] = number(list[i]);
        if (packed[i] < first) first = packed[i];
    }
    for (let i = 0; i < packed.length; i++) packed[i] = Math.round((packed[i] - first) * FINE) * sign * INDEX + i;
    packed.sort();
    const out = list.slice();
    for (let i = 0; i < packed.length; i++) out[i] = list[packed[i] - Math.floor(packed[i] / INDEX) * INDEX];
    return out;
}

/* All aircraft by address. Rows of the columns are only ever added, so that a picture later little is new. */
let addressed: { columns: Columns; length: number; gone: number; list: Aircraft[] } = { columns: fleet.columns, length: 0, gone: 0, list: [] };
function byAddress(): readonly Aircraft[] {
    const c = fleet.columns;
    if (addressed.columns !== c) addressed = { columns: c, length: 0, gone: 0, list: [] };
    if (addressed.length === c.length && addressed.gone === c.gone) return addressed.list;
    const fresh: Aircraft[] = [];
    for (let row = addressed.length; row < c.length; row++) if (c.marks[row] & ALIVE) fresh.push(c.owner[row]);
    fresh.sort(byHex);
    const list: Aircraft[] = [];
    let next = 0;
    for (const a of addressed.list) {
        if (!(c.marks[a.slot] & ALIVE)) continue;
        while (next < fresh.length && fresh[next].hex < a.hex) list.push(fresh[next++]);
        list.push(a);
    }
    addressed = { columns: c, length: c.length, gone: c.gone, list: list.concat(fresh.slice(next)) };
    return addressed.list;
}

/* Nothing changed places since the last time: the same aircraft, still in order. */
function standsStill(list: Aircraft[], s: Sort, now: number): boolean {
    if (list.length !== before.length) return false;
    for (const a of list) if (before[a.row] !== a) return false;
    const [text, number] = [TEXTS[s.column], NUMBERS[s.column]];
    const sign = s.down ? -1 : 1;
    let part = 0;
    let words = '';
    let value = NaN;
    let hex = '';
    for (const a of before) {
        const w = text ? text(a) : '';
        const v = number ? number(a) * sign : 0;
        const p = (isSilent(a, now) ? 2 : 0) + ((text ? w === '' : v !== v) ? 1 : 0);
        if (p < part) return false;
        if (p === part && hex !== '') {
            const order = (p & 1) !== 0 ? 0 : text ? (w === words ? 0 : (w > words ? 1 : -1) * sign) : v - value;
            if (order < 0 || (order === 0 && a.hex < hex)) return false;
        }
        [part, words, value, hex] = [p, w, v, a.hex];
    }
    return true;
}

/* In order: the silent last, then what is not known, either way; equal ones stand by address, so
   that rows do not change places without a reason. `list` is by address. What is returned is
   the next call's to look at, not the caller's to change. */
export function sorted(list: Aircraft[], s: Sort, now: number): readonly Aircraft[] {
    if (standsStill(list, s, now)) return before;
    const [text, number] = [TEXTS[s.column], NUMBERS[s.column]];
    const sign = s.down ? -1 : 1;
    const parts: Aircraft[][] = [[], [], [], []]; // heard and known, heard, silent and known, silent
    for (const a of list) {
        const unknown = text ? text(a) === '' : Number.isNaN(number!(a));
        parts[(isSilent(a, now) ? 2 : 0) + (unknown ? 1 : 0)].push(a);
    }
    const order = (l: Aircraft[]) => (text ? byText(l, text, sign) : byNumber(l, number!, sign));
    const [heard, silent] = [order(parts[0]), order(parts[2])];
    before = heard.concat(parts[1], silent, parts[3]);
    for (let i = 0; i < before.length; i++) before[i].row = i;
    return before;
}

/* Rows of the table: what the map shows, and with "in view" only what it shows now. */
export function rows(f: Filter, s: Sort, v: View | null, now: number): readonly Aircraft[] {
    const shown = shownRows(f);
    const c = fleet.columns;
    const list: Aircraft[] = [];
    for (const a of byAddress()) {
        const row = a.slot;
        if (shown && !shown[row]) continue;
        if (f.inView && v && !(c.x[row] === c.x[row] && inView(v, c.x[row], c.y[row], 0))) continue;
        list.push(a);
    }
    return sorted(list, s, now);
}

export function select(hex: string | null): void {
    if (hex === null) following.set(false);
    selection.set(hex);
}
