// tar1090's URL keys, wherever they stand: what they ask for is done where this desk can, those that
// only change how tar1090 looks are passed over.
import { ORIGIN_GROUPS } from './desk';
import { readInstant } from './instant';
import type { LinkState, Misunderstood } from './link';
import { isHex } from './pages/args';

export const TAR1090_ZOOM_LESS = 1; // its tiles are of 256 pixels, ours of 512

const SOURCES: Record<string, string> = {
    adsb: 'adsb', uat: 'adsb', adsr: 'tisb', tisb: 'tisb', mlat: 'mlat', adsc: 'adsc', modes: 'modes', other: 'other',
};

type Reader = (value: string, s: LinkState, all: Map<string, string>) => boolean;

const number = (s: string | undefined, lo: number, hi: number) => {
    const v = s === undefined || s.trim() === '' ? NaN : Number(s);
    return v >= lo && v <= hi ? v : NaN;
};

/* lat and lon make a place only together. */
function place(_: string, s: LinkState, all: Map<string, string>): boolean {
    const [lat, lon] = [number(all.get('lat'), -90, 90), number(all.get('lon'), -180, 180)];
    if (lat !== lat || lon !== lon) return false;
    const zoom = number(all.get('zoom'), 0, 22);
    s.map = { lat, lon, zoom: zoom === zoom ? Math.max(0, zoom - TAR1090_ZOOM_LESS) : 8 };
    return true;
}

/* The words of a pattern that is a plain list: ^(C17|C5M)$ */
const words = (pattern: string) => pattern.replace(/[()^$]/g, '').split(/[|,]/).map((w) => w.trim().toUpperCase()).filter(Boolean);

const READERS: Record<string, Reader> = {
    icao(value, s) {
        const first = value.split(',')[0].toLowerCase();
        if (!isHex(first)) return false;
        s.selected = first;
        return true;
    },
    lat: place,
    lon: place,
    zoom: (value) => number(value, 0, 22) >= 0,
    reg(value, s) {
        s.filter.text = value.slice(0, 12);
        return /^[\w-]{2,12}$/.test(value);
    },
    filterAltMin(value, s) {
        const ft = number(value, -2000, 200_000);
        if (ft === ft) s.filter.low = ft;
        return ft === ft;
    },
    filterAltMax(value, s) {
        const ft = number(value, -2000, 200_000);
        if (ft === ft) s.filter.high = ft;
        return ft === ft;
    },
    filterType(value, s) {
        const types = words(value);
        s.filter.types = types.filter((w) => /^[A-Z0-9]{2,4}$/.test(w));
        return types.length > 0 && s.filter.types.length === types.length;
    },
    filterCallSign(value, s) {
        const [first, ...rest] = words(value);
        const plain = rest.length === 0 && /^[A-Z0-9]{1,8}$/.test(first ?? '');
        if (plain) s.filter.callsign = first;
        return plain;
    },
    filterSources(value, s) {
        const asked = value.split(',').map((w) => SOURCES[w.trim().toLowerCase()]);
        s.filter.origins = Object.keys(ORIGIN_GROUPS).filter((g) => asked.includes(g));
        return asked.every(Boolean);
    },
    filterDbFlag(value, s) {
        if (value !== 'military') return false;
        s.filter.military = 'yes';
        return true;
    },
    showTrace(value, s, all) {
        s.at = readInstant(`${value} ${all.get('startTime') ?? '00:00'}`);
        return s.at === s.at;
    },
    startTime: (_v, _s, all) => all.has('showTrace'),
    endTime: (_v, _s, all) => all.has('showTrace'),
    timestamp(value, s) {
        s.at = number(value, 0, 4e9);
        return s.at === s.at;
    },
    replay(value, s) {
        const m = /^(\d{4}-\d\d-\d\d)(?:[-_T ](\d\d:?\d\d))?$/.exec(value);
        s.at = m ? readInstant(`${m[1]} ${m[2] ?? '00:00'}`) : NaN;
        return s.at === s.at;
    },
    heatmap(_, s) {
        s.layers = [...s.layers, 'heat'];
        return true;
    },
    rangeRings(value, s) {
        if (value !== '0') s.layers = [...s.layers, 'rings'];
        return true;
    },
};
/* How tar1090 looks, not what it shows. */
const LOOKS = [
    'hideSidebar', 'hideButtons', 'noIsolation', 'mapDim', 'mapContrast', 'enableLabels', 'extendedLabels', 'trackLabels', 'largeMode',
    'mobile', 'kiosk', 'tempTrails', 'noVector', 'iconScale', 'labelScale', 'scale', 'centerReceiver', 'allTracks', 'nowebgl', 'autoRefresh',
];

export const TAR1090_KEYS: ReadonlySet<string> = new Set([...Object.keys(READERS), ...LOOKS]);

export function readTar1090(all: Map<string, string>, s: LinkState, bad: Misunderstood[]): void {
    for (const [key, value] of all)
        if (Object.hasOwn(READERS, key) && !READERS[key](value, s, all)) bad.push({ key, value: value.slice(0, 60) });
}
