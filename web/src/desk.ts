// What the reader chose: selection, filter, sort, following. The table and the map read the same.
import { cell } from './cell';
import { hasPlace, isEmergency, isSilent, type Aircraft } from './data/aircraft';
import { sky } from './data/sky';
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
};

/* Origins as people choose them, each the prefixes of the types it holds. */
export const ORIGIN_GROUPS: Record<string, { label: string; prefixes: string[] }> = {
    adsb: { label: 'ADS-B', prefixes: ['adsb'] },
    mlat: { label: 'MLAT', prefixes: ['mlat'] },
    tisb: { label: 'TIS-B, ADS-R', prefixes: ['tisb', 'adsr'] },
    adsc: { label: 'ADS-C', prefixes: ['adsc'] },
    modes: { label: 'Mode S', prefixes: ['mode'] },
    other: { label: 'other', prefixes: ['other', 'unknown'] },
};

export type Column = 'flight' | 'type' | 'alt' | 'gs' | 'track' | 'age';
export interface Sort {
    column: Column;
    down: boolean;
}

export const filter = cell<Filter>(NO_FILTER);
export const selection = cell<string | null>(null);
export const hovered = cell<string | null>(null);
export const following = cell(false);
export const sort = cell<Sort>({ column: 'flight', down: false });
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

/* The filter as one question; what the map shows does not depend on the view itself. */
export function predicate(f: Filter): (a: Aircraft) => boolean {
    const needle = f.text.trim().toUpperCase();
    const bounded = f.low > -Infinity || f.high < Infinity;
    return (a) => {
        if (needle && !matchesText(a, needle)) return false;
        if (f.where !== 'any' && a.ground !== (f.where === 'ground')) return false;
        if (f.placed && !hasPlace(a)) return false;
        if (f.emergency && !isEmergency(a)) return false;
        if (bounded) {
            const alt = a.ground ? 0 : a.alt;
            if (!(alt >= f.low && alt <= f.high)) return false;
        }
        return f.origins.length === 0 || matchesOrigin(a, f.origins);
    };
}

export function isFiltered(f: Filter): boolean {
    return (
        f.text !== '' || f.inView || f.where !== 'any' || f.placed || f.emergency ||
        f.low > -Infinity || f.high < Infinity || f.origins.length > 0
    );
}

const KEYS: Record<Column, (a: Aircraft) => string | number> = {
    flight: (a) => a.flight || '\uffff' + a.hex,
    type: (a) => a.type || a.category || '\uffff',
    alt: (a) => (a.ground ? -1e6 : a.alt),
    gs: (a) => a.gs,
    track: (a) => a.track,
    age: (a) => -a.seenAt,
};

/* Sorted copy: the silent last, then what is not known, either way; equal ones stand by address, so
   that rows do not change places without a reason. */
export function sorted(list: Aircraft[], s: Sort, now: number): Aircraft[] {
    const key = KEYS[s.column];
    const sign = s.down ? -1 : 1;
    const keyed = list.map((a) => ({ a, k: key(a), silent: isSilent(a, now) }));
    keyed.sort((p, q) => {
        if (p.silent !== q.silent) return p.silent ? 1 : -1;
        const pn = p.k !== p.k || (typeof p.k === 'string' && p.k.startsWith('\uffff'));
        const qn = q.k !== q.k || (typeof q.k === 'string' && q.k.startsWith('\uffff'));
        if (pn !== qn) return pn ? 1 : -1;
        if (p.k < q.k) return -sign;
        if (p.k > q.k) return sign;
        return p.a.hex < q.a.hex ? -1 : 1;
    });
    return keyed.map((k) => k.a);
}

/* Rows of the table: what the map shows, and with "in view" only what it shows now. */
export function rows(f: Filter, s: Sort, v: View | null, now: number): Aircraft[] {
    const shows = predicate(f);
    const list: Aircraft[] = [];
    for (const a of sky.aircraft.values()) {
        if (!shows(a)) continue;
        if (f.inView && v && !(hasPlace(a) && inView(v, a.x, a.y, 0))) continue;
        list.push(a);
    }
    return sorted(list, s, now);
}

export function select(hex: string | null): void {
    if (hex === null) following.set(false);
    selection.set(hex);
}
