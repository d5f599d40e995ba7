// Everything the server knows of the selected aircraft: its quantities, its trail, what was rejected.
import { cell } from '../cell';
import { selection } from '../desk';
import { mercX, mercY } from '../geo/mercator';
import type { TrailPoint } from '../map/trail';
import { hasPlace, type Aircraft } from './aircraft';
import { instant, jumped, past } from './past';
import { sky } from './sky';

export interface FieldValue {
    key: string;
    value: unknown;
    unit: string;
    t: number;
    fresh: boolean;
    type: string;
    origin: string;
    receiver?: number;
    receiver_name?: string;
}
export interface PositionValue {
    lat: number;
    lon: number;
    t: number;
    method: string;
    type: string;
    origin: string;
    receiver_name?: string;
}
export interface Rejected {
    t: number;
    lat: number;
    lon: number;
    verdict: string;
    text: string;
    origin: string;
    receiver_name?: string;
}
/** Who it is: docs/IDENTITY.md. */
export interface Identity {
    r?: string;
    r_derived: boolean;
    t?: string;
    desc?: string;
    type_name?: string;
    country?: string;
    ownOp?: string;
    operator?: string;
    military?: string[];
}
export interface Detail {
    hex: string;
    icao: boolean;
    now: number;
    simulated?: boolean;
    flight?: string;
    messages?: number;
    first?: number;
    seen?: number;
    position?: PositionValue;
    identity?: Identity;
    fields: FieldValue[];
    rejected: Rejected[];
}

export const detail = cell<Detail | null>(null);
export const identity = cell<Identity | null>(null); // of one that is not heard, or in the past
export const gone = cell(false); // the selected aircraft is not heard any more
export const trail = cell<TrailPoint[]>([]);
export const lifetimes = new Map<string, number>(); // seconds a quantity stands for the present

const EVERY_MS = 1000;
const GONE_EVERY_MS = 10_000; // it may come back
const TRAIL_HOURS = 3; // of the past
const PAST_TRAIL_EVERY = 3;
const GAP_S = 300;
const TRAIL_EVERY = 10; // of these

async function json<T>(path: string): Promise<T | null | 'gone'> {
    try {
        const r = await fetch(path, { cache: 'no-store' });
        return r.status === 404 ? 'gone' : r.ok ? ((await r.json()) as T) : null;
    } catch {
        return null;
    }
}

type Row = [number, number, number, number | 'ground' | null, number | null, number | null, string, number];

export function trailPoints(rows: Row[]): TrailPoint[] {
    return rows.map(([t, lat, lon, alt, , , , gap]) => ({
        t,
        x: mercX(lon),
        y: mercY(lat),
        alt: typeof alt === 'number' ? alt : NaN,
        ground: alt === 'ground',
        gap: gap === 1,
    }));
}

async function askTrail(hex: string): Promise<void> {
    const back = past.get() !== null;
    const when = back ? `?hours=${TRAIL_HOURS}&at=${instant().toFixed(1)}` : '';
    const jump = jumped.get();
    const answer = await json<{ points: Row[] }>(`api/v1/aircraft/${hex}/trail${when}`);
    if (jump !== jumped.get() || back !== (past.get() !== null)) return;
    if (selection.get() === hex && answer && answer !== 'gone') trail.set(trailPoints(answer.points));
}

/* What history keeps of an aircraft: the values of its last position. */
function pastDetail(a: Aircraft): Detail {
    const at = { t: a.posAt, fresh: true, type: a.origin, origin: 'other' };
    const fields: FieldValue[] = [];
    const add = (key: string, value: number | string, unit: string) =>
        value === value && value !== '' && fields.push({ key, value, unit, ...at });
    if (!a.ground) add(a.geometric ? 'alt_geom' : 'alt_baro', a.alt, 'ft');
    add('gs', a.gs, 'kt');
    add('track', a.track, 'deg');
    add('baro_rate', a.rate, 'fpm');
    add('squawk', a.squawk, '');
    return {
        hex: a.hex, icao: !a.hex.startsWith('~'), now: instant(), flight: a.flight, fields, rejected: [],
        position: hasPlace(a) ? { lat: a.lat, lon: a.lon, t: a.posAt, method: '', type: a.origin, origin: 'other' } : undefined,
    };
}

function showPast(hex: string): void {
    const a = sky.aircraft.get(hex);
    gone.set(!a);
    if (a) detail.set(pastDetail(a));
}

async function askDetail(hex: string): Promise<void> {
    if (past.get()) return showPast(hex);
    const answer = await json<Detail>(`api/v1/aircraft/${hex}`);
    if (selection.get() !== hex || past.get()) return;
    if (answer === 'gone') gone.set(true);
    else if (answer) {
        gone.set(false);
        detail.set(answer);
    }
}

/* Who it is while nothing else tells it. */
async function askIdentity(hex: string): Promise<void> {
    const answer = await json<Identity>(`api/v1/identity/${hex}`);
    if (selection.get() === hex && answer && answer !== 'gone') identity.set(answer);
}

async function askLifetimes(): Promise<void> {
    const answer = await json<{ fields: { key: string; ttl_s: number }[] }>('api/v1/fields');
    if (answer && answer !== 'gone') for (const f of answer.fields) lifetimes.set(f.key, f.ttl_s);
}

/* Between two answers the trail grows by what the picture shows. */
function grow(): void {
    const a = sky.aircraft.get(selection.get() ?? '');
    const list = trail.get();
    const last = list[list.length - 1];
    if (!a || !hasPlace(a) || !last || a.posAt <= last.t) return;
    const gap = past.get() !== null && a.posAt - last.t > GAP_S;
    trail.set([...list, { t: a.posAt, x: a.x, y: a.y, alt: a.alt, ground: a.ground, gap }]);
}

export function followSelection(): void {
    let timer = 0;
    let round = 0;
    let isAsked = false; // who it is
    const step = async (hex: string) => {
        if (lifetimes.size === 0) void askLifetimes();
        if (sky.link.get() === 'live' && !document.hidden) {
            const due = round % (past.get() ? PAST_TRAIL_EVERY : TRAIL_EVERY) === 0;
            if (round === 0 || (due && past.get()?.speed !== 0)) void askTrail(hex);
            round++;
            await askDetail(hex);
            if (!isAsked && (gone.get() || past.get())) {
                isAsked = true;
                void askIdentity(hex);
            }
        }
        if (selection.get() === hex) timer = window.setTimeout(() => void step(hex), gone.get() && !past.get() ? GONE_EVERY_MS : EVERY_MS);
    };
    const begin = (hex: string | null) => {
        clearTimeout(timer);
        round = 0;
        isAsked = false;
        detail.set(null);
        identity.set(null);
        gone.set(false);
        trail.set([]);
        if (hex) void step(hex);
    };
    selection.watch(begin);
    sky.version.watch(() => {
        grow();
        const hex = selection.get();
        if (hex && past.get()) showPast(hex);
    });
    jumped.watch(() => {
        trail.set([]);
        const hex = selection.get();
        if (hex) void askTrail(hex);
    });
    begin(selection.get());
}
