// Where to look: first at where most is heard; asked for all, at all but the few that are far from all others.
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
const MOST = 0.9;
const CORE = 0.75;
export const ALL = 0.96;
const FEW = 20; // so few are all looked at

/* The shortest stretch that holds a share of them. */
function stretch(sorted: number[], share: number): [number, number] {
    const held = sorted.length > FEW ? Math.ceil(sorted.length * share) : sorted.length;
    let best = 0;
    for (let i = 1; i + held <= sorted.length; i++) if (sorted[i + held - 1] - sorted[i] < sorted[best + held - 1] - sorted[best]) best = i;
    return [sorted[best], sorted[best + held - 1]];
}

export function extent(share: number): Extent | null {
    const placed = [...sky.aircraft.values()].filter(hasPlace);
    if (!placed.length) return null;
    const [x0, x1] = stretch(placed.map((a) => a.x).sort((a, b) => a - b), share);
    const [y0, y1] = stretch(placed.map((a) => a.y).sort((a, b) => a - b), share);
    return { x0, y0, x1, y1 };
}

/* Where most of them are; where that is mostly emptiness between two regions, the fuller one. */
export function firstExtent(): Extent | null {
    const [most, core] = [extent(MOST), extent(CORE)];
    const wide = (e: Extent) => Math.max(e.x1 - e.x0, e.y1 - e.y0);
    return most && core && wide(core) < wide(most) / 2 ? core : most;
}

export function startOf(e: Extent | null, box: HTMLElement, place: { lat: number; lon: number } | null): Start {
    if (!e) return place ? { ...place, zoom: 7 } : WORLD;
    const w = Math.max(80, box.clientWidth - 2 * PADDING_PX);
    const h = Math.max(80, box.clientHeight - 2 * PADDING_PX);
    const worlds = Math.max((e.x1 - e.x0) / w, (e.y1 - e.y0) / h, 1e-9);
    const zoom = Math.min(ZOOM_MOST, Math.log2(1 / worlds / 512));
    return { lat: latOf((e.y0 + e.y1) / 2), lon: lonOf((e.x0 + e.x1) / 2), zoom };
}

