// Where to look first: at what is heard, without the few that are far from all others.
import { hasPlace } from './data/aircraft';
import { sky } from './data/sky';
import { latOf, lonOf } from './geo/mercator';
import type { Start } from './map/map';

export interface Extent {
    x0: number;
    y0: number;
    x1: number;
    y1: number;
}
const WORLD: Start = { lat: 25, lon: 10, zoom: 2.2 };
const ZOOM_MOST = 8.5;
const PADDING_PX = 56;
const TRIM = 0.02;

export function extent(): Extent | null {
    const placed = [...sky.aircraft.values()].filter(hasPlace);
    if (!placed.length) return null;
    const xs = placed.map((a) => a.x).sort((a, b) => a - b);
    const ys = placed.map((a) => a.y).sort((a, b) => a - b);
    const cut = placed.length > 50 ? Math.floor(placed.length * TRIM) : 0;
    const last = placed.length - 1 - cut;
    return { x0: xs[cut], x1: xs[last], y0: ys[cut], y1: ys[last] };
}

export function startOf(e: Extent | null, box: HTMLElement, place: { lat: number; lon: number } | null): Start {
    if (!e) return place ? { ...place, zoom: 7 } : WORLD;
    const w = Math.max(80, box.clientWidth - 2 * PADDING_PX);
    const h = Math.max(80, box.clientHeight - 2 * PADDING_PX);
    const worlds = Math.max((e.x1 - e.x0) / w, (e.y1 - e.y0) / h, 1e-9);
    const zoom = Math.min(ZOOM_MOST, Math.log2(1 / worlds / 512));
    return { lat: latOf((e.y0 + e.y1) / 2), lon: lonOf((e.x0 + e.x1) / 2), zoom };
}

