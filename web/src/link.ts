// The address of a view: what is after # opens the same map, selection, filter, order and instant, or
// the same page, in any language. tar1090's keys are understood too, so that old links work.
import { FIRST_SORT, NO_FILTER, ORIGIN_GROUPS, SORT_COLUMNS, type Column, type Filter, type Sort } from './desk';
import { FIRST_LAYERS, LAYERS, type Layer } from './layers';
import { readInstant, writeInstant } from './instant';
import { isHex } from './pages/args';
import { DESK, pageOf, type Route } from './route';
import { readTar1090, TAR1090_KEYS } from './tar1090';
import { isLanguage, type Language } from './words';

export interface LinkState {
    map: { lat: number; lon: number; zoom: number } | null;
    selected: string | null;
    filter: Filter;
    sort: Sort;
    layers: readonly Layer[];
    at: number; // the instant, seconds since 1970; NaN: now
    route: Route;
    language: Language | null; // only where the link asks for one
}
export interface Misunderstood {
    key: string;
    value: string;
}

const number = (s: string, lo: number, hi: number): number => {
    const v = s.trim() === '' ? NaN : Number(s);
    return v >= lo && v <= hi ? v : NaN;
};
const CORNERS_MOST = 100;
const LIST_MOST = 40;

/* Words of a list, each as it must be; false where one is not. */
function list(value: string, fits: (word: string) => boolean, take: (words: string[]) => void): boolean {
    const words = value.split(',').filter(Boolean);
    const good = words.filter(fits);
    take(good.slice(0, LIST_MOST));
    return good.length === words.length && words.length > 0 && words.length <= LIST_MOST;
}

function readArea(value: string): [number, number][] | null {
    const v = value.split(',').map(Number);
    if (v.length < 6 || v.length % 2 || v.length > 2 * CORNERS_MOST) return null;
    const corners: [number, number][] = [];
    for (let i = 0; i < v.length; i += 2) {
        if (!(Math.abs(v[i]) <= 90 && Math.abs(v[i + 1]) <= 360)) return null;
        corners.push([v[i], v[i + 1]]);
    }
    return corners;
}

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
    lang(value, s) {
        if (!isLanguage(value)) return false;
        s.language = value;
        return true;
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
        const [low, high] = [m[1] === undefined ? -Infinity : Number(m[1]), m[2] === undefined ? Infinity : Number(m[2])];
        if (low > high) return false;
        s.filter.low = low;
        s.filter.high = high;
        return true;
    },
    origin: (value, s) => list(value, (g) => Object.hasOwn(ORIGIN_GROUPS, g), (v) => (s.filter.origins = v)),
    type: (value, s) => list(value.toUpperCase(), (w) => /^[A-Z0-9]{2,4}$/.test(w), (v) => (s.filter.types = v)),
    class: (value, s) => list(value, (w) => /^[a-z_]{3,20}$/.test(w), (v) => (s.filter.kinds = v)),
    receiver: (value, s) => list(value, (w) => /^\d{1,5}$/.test(w), (v) => (s.filter.receivers = v.map(Number))),
    country: (value, s) => list(value.toUpperCase(), (w) => /^[A-Z]{2}$/.test(w), (v) => (s.filter.countries = v)),
    callsign(value, s) {
        s.filter.callsign = value.toUpperCase().slice(0, 8);
        return /^[A-Z0-9]{1,8}$/.test(s.filter.callsign);
    },
    operator(value, s) {
        s.filter.operator = value.slice(0, 40);
        return value !== '';
    },
    mil(value, s) {
        if (value !== '0' && value !== '1') return false;
        s.filter.military = value === '1' ? 'yes' : 'no';
        return true;
    },
    squawk(value, s) {
        if (!/^[0-7]{4}$/.test(value)) return false;
        s.filter.squawk = value;
        return true;
    },
    bound: (value, s) => list(value.toUpperCase(), (w) => /^[A-Z0-9-]{2,8}$/.test(w), (v) => (s.filter.bound = v)),
    area(value, s) {
        s.filter.area = readArea(value);
        return s.filter.area !== null;
    },
    layers: (value, s) => value === 'none' ? ((s.layers = []), true) : list(value, (w) => LAYERS.includes(w as Layer), (v) => (s.layers = v as Layer[])),
    sort(value, s) {
        const m = /^(-?)(\w+)$/.exec(value);
        if (!m || !SORT_COLUMNS.includes(m[2] as Column)) return false;
        s.sort = { column: m[2] as Column, down: m[1] === '-' };
        return true;
    },
};

/* The page of a link and its words; what a page does not know is misunderstood. */
function readRoute(all: URLSearchParams, bad: Misunderstood[]): Route {
    const name = all.get('page');
    if (!name) return DESK;
    const page = pageOf({ page: name, args: {} });
    const args: Record<string, string> = {};
    if (!page) return { page: name.slice(0, 40), args };
    for (const [key, value] of all) {
        if (!Object.hasOwn(page.args, key)) continue;
        if (page.args[key](value)) args[key] = value;
        else bad.push({ key, value: value.slice(0, 60) });
    }
    return { page: name, args };
}

export function readLink(search: string, hash: string): { state: LinkState; bad: Misunderstood[] } {
    const after = new URLSearchParams(hash.replace(/^#/, ''));
    const bad: Misunderstood[] = [];
    const state: LinkState = {
        map: null, selected: null, filter: { ...NO_FILTER }, sort: FIRST_SORT, layers: FIRST_LAYERS, at: NaN,
        route: readRoute(after, bad), language: null,
    };
    const own = pageOf(state.route)?.args ?? {};
    readTar1090(new Map([...new URLSearchParams(search), ...after]), state, bad);
    const asked = new URLSearchParams(search).get('lang');
    if (asked !== null && !READERS.lang(asked, state)) bad.push({ key: 'lang', value: asked.slice(0, 60) });
    for (const [key, value] of after) {
        if (key === 'page' || Object.hasOwn(own, key) || TAR1090_KEYS.has(key)) continue;
        if (!Object.hasOwn(READERS, key) || !READERS[key](value, state)) bad.push({ key: key.slice(0, 30), value: value.slice(0, 60) });
    }
    return { state, bad };
}

const escaped = (s: string) => encodeURIComponent(s).replaceAll('%2C', ',').replaceAll('%3A', ':');

/* The filter's part of a link. */
function filterParts(f: Filter): [string, string][] {
    const open = (v: number) => (Number.isFinite(v) ? String(v) : '');
    const all: [string, string | boolean][] = [
        ['q', f.text], ['view', f.inView && '1'], ['where', f.where !== 'any' && f.where], ['placed', f.placed && '1'],
        ['emergency', f.emergency && '1'], ['alt', (f.low > -Infinity || f.high < Infinity) && `${open(f.low)}~${open(f.high)}`],
        ['origin', f.origins.join(',')], ['type', f.types.join(',')], ['class', f.kinds.join(',')], ['country', f.countries.join(',')],
        ['callsign', f.callsign], ['operator', f.operator], ['mil', f.military !== 'any' && (f.military === 'yes' ? '1' : '0')],
        ['squawk', f.squawk], ['bound', f.bound.join(',')], ['receiver', f.receivers.join(',')], ['area', f.area?.map((c) => c.map((v) => v.toFixed(3))).join(',') ?? ''],
    ];
    return all.filter((p): p is [string, string] => typeof p[1] === 'string' && p[1] !== '');
}

/* The desk's link. */
export function writeLink(s: Omit<LinkState, 'route' | 'language'>): string {
    const parts: [string, string][] = [];
    if (s.map) parts.push(['map', `${s.map.lat.toFixed(4)},${s.map.lon.toFixed(4)},${s.map.zoom.toFixed(2)}`]);
    if (s.selected) parts.push(['sel', s.selected]);
    if (s.at === s.at) parts.push(['at', writeInstant(s.at)]);
    parts.push(...filterParts(s.filter));
    const layers = [...s.layers].sort().join(',');
    if (layers !== [...FIRST_LAYERS].sort().join(',')) parts.push(['layers', layers || 'none']);
    if (s.sort.column !== FIRST_SORT.column || s.sort.down) parts.push(['sort', (s.sort.down ? '-' : '') + s.sort.column]);
    return '#' + parts.map(([k, v]) => `${k}=${escaped(v)}`).join('&');
}
