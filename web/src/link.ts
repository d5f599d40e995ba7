// The address of a view: what is after # opens the same map, selection, filter and order. tar1090's
// keys icao, lat, lon, zoom are understood too, so that old links work.
import { NO_FILTER, ORIGIN_GROUPS, type Column, type Filter, type Sort } from './desk';

export interface LinkState {
    map: { lat: number; lon: number; zoom: number } | null;
    selected: string | null;
    filter: Filter;
    sort: Sort;
    at: number; // the instant, seconds since 1970; NaN: now
}
export interface Misunderstood {
    key: string;
    value: string;
}

const COLUMNS: Column[] = ['flight', 'type', 'alt', 'gs', 'track', 'age'];
export const FIRST_SORT: Sort = { column: 'flight', down: false };
export const TAR1090_ZOOM_LESS = 1; // its tiles are of 256 pixels, ours of 512

const isHex = (s: string) => /^~?[0-9a-f]{6}$/.test(s);
const number = (s: string, lo: number, hi: number): number => {
    const v = s.trim() === '' ? NaN : Number(s);
    return v >= lo && v <= hi ? v : NaN;
};

/* 2024-06-08T15:54:10Z, also with a blank for T, without seconds, without a time; always Z. */
export function readInstant(text: string): number {
    const m = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?)? ?Z?$/i.exec(text.trim());
    if (!m) return NaN;
    const [y, mo, d, h, mi, sec] = m.slice(1).map((v) => Number(v ?? 0));
    const ms = Date.UTC(y, mo - 1, d, h, mi, sec);
    const back = new Date(ms);
    const same = back.getUTCMonth() === mo - 1 && back.getUTCDate() === d && h < 24 && mi < 60 && sec < 60;
    return same ? ms / 1000 : NaN;
}

export const writeInstant = (at: number) => new Date(Math.round(at) * 1000).toISOString().replace('.000Z', 'Z');

type Reader = (value: string, s: LinkState) => boolean;

const READERS: Record<string, Reader> = {
    map(value, s) {
        const [lat, lon, zoom] = value.split(',');
        const m = { lat: number(lat ?? '', -90, 90), lon: number(lon ?? '', -180, 180), zoom: number(zoom ?? '', 0, 22) };
        if (m.lat !== m.lat || m.lon !== m.lon || m.zoom !== m.zoom) return false;
        s.map = m;
        return true;
    },
    sel(value, s) {
        if (!isHex(value.toLowerCase())) return false;
        s.selected = value.toLowerCase();
        return true;
    },
    at(value, s) {
        s.at = readInstant(value);
        return s.at === s.at;
    },
    q(value, s) {
        s.filter.text = value.slice(0, 40);
        return true;
    },
    view(value, s) {
        s.filter.inView = value === '1';
        return value === '1';
    },
    where(value, s) {
        if (value !== 'air' && value !== 'ground') return false;
        s.filter.where = value;
        return true;
    },
    placed(value, s) {
        s.filter.placed = value === '1';
        return value === '1';
    },
    emergency(value, s) {
        s.filter.emergency = value === '1';
        return value === '1';
    },
    alt(value, s) {
        const m = /^(-?\d+)?~(-?\d+)?$/.exec(value);
        if (!m || (m[1] === undefined && m[2] === undefined)) return false;
        s.filter.low = m[1] === undefined ? -Infinity : Number(m[1]);
        s.filter.high = m[2] === undefined ? Infinity : Number(m[2]);
        return s.filter.low <= s.filter.high;
    },
    origin(value, s) {
        const groups = value.split(',');
        s.filter.origins = groups.filter((g) => g in ORIGIN_GROUPS);
        return s.filter.origins.length === groups.length;
    },
    sort(value, s) {
        const m = /^(-?)(\w+)$/.exec(value);
        if (!m || !COLUMNS.includes(m[2] as Column)) return false;
        s.sort = { column: m[2] as Column, down: m[1] === '-' };
        return true;
    },
};

/* tar1090's own keys, wherever they stand. lat, lon and zoom make a place only together. */
function readTar1090(all: Map<string, string>, s: LinkState): void {
    const icao = (all.get('icao') ?? '').split(',')[0].toLowerCase();
    if (isHex(icao)) s.selected = icao;
    const lat = number(all.get('lat') ?? '', -90, 90);
    const lon = number(all.get('lon') ?? '', -180, 180);
    if (lat !== lat || lon !== lon) return;
    const zoom = number(all.get('zoom') ?? '', 0, 22);
    s.map = { lat, lon, zoom: zoom === zoom ? Math.max(0, zoom - TAR1090_ZOOM_LESS) : 8 };
}

const TAR1090_KEYS = ['icao', 'lat', 'lon', 'zoom'];

export function readLink(search: string, hash: string): { state: LinkState; bad: Misunderstood[] } {
    const state: LinkState = { map: null, selected: null, filter: { ...NO_FILTER }, sort: FIRST_SORT, at: NaN };
    const bad: Misunderstood[] = [];
    const all = new Map([...new URLSearchParams(search), ...new URLSearchParams(hash.replace(/^#/, ''))]);
    readTar1090(all, state);
    for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ''))) {
        if (TAR1090_KEYS.includes(key)) continue;
        if (!READERS[key]?.(value, state)) bad.push({ key, value: value.slice(0, 60) });
    }
    return { state, bad };
}

export function writeLink(s: LinkState): string {
    const parts: string[] = [];
    const f = s.filter;
    const add = (key: string, value: string) => parts.push(`${key}=${encodeURIComponent(value).replaceAll('%2C', ',')}`);
    if (s.map) add('map', `${s.map.lat.toFixed(4)},${s.map.lon.toFixed(4)},${s.map.zoom.toFixed(2)}`);
    if (s.selected) add('sel', s.selected);
    if (s.at === s.at) add('at', writeInstant(s.at));
    if (f.text) add('q', f.text);
    if (f.inView) add('view', '1');
    if (f.where !== 'any') add('where', f.where);
    if (f.placed) add('placed', '1');
    if (f.emergency) add('emergency', '1');
    if (f.low > -Infinity || f.high < Infinity)
        add('alt', `${f.low > -Infinity ? f.low : ''}~${f.high < Infinity ? f.high : ''}`);
    if (f.origins.length) add('origin', f.origins.join(','));
    if (s.sort.column !== FIRST_SORT.column || s.sort.down) add('sort', (s.sort.down ? '-' : '') + s.sort.column);
    return '#' + parts.join('&');
}
