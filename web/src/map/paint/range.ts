// Rings of distance around the receiver nearest the middle of the map, and the farthest each receiver
// heard by direction, since the server started.
import { placedReceivers, type PlacedReceiver } from '../../data/receivers';
import { distance } from '../../format';
import { destination, type LatLon } from '../../geo/greatcircle';
import { distanceM, latOf, lonOf } from '../../geo/mercator';
import { units } from '../../settings';
import { trace, at, words, type Canvas } from './index';

const NM_M = 1852;
const RINGS = 4;

function nearestReceiver({ v }: Canvas): PlacedReceiver | null {
    const [lat, lon] = [latOf(v.y), lonOf(v.x)];
    let best: PlacedReceiver | null = null;
    let least = Infinity;
    for (const r of placedReceivers()) {
        const d = distanceM(lat, lon, r.lat, r.lon);
        if (d < least) [best, least] = [r, d];
    }
    return best;
}

export function rings(to: Canvas): void {
    const r = nearestReceiver(to);
    if (!r) return;
    const { c, palette, v } = to;
    const step = units.get() === 'metric' ? 100_000 : 50 * NM_M;
    const middle: LatLon = [r.lat, r.lon];
    c.strokeStyle = palette.token('map-edge');
    c.lineWidth = 1;
    for (let i = 1; i <= RINGS; i++) {
        trace(to, Array.from({ length: 73 }, (_, k) => destination(middle, k * 5, i * step)));
        c.stroke();
        const [x, y] = at(v, destination(middle, 0, i * step));
        words(to, distance(i * step).join(' '), x, y, { align: 'center' });
        c.strokeStyle = palette.token('map-edge');
        c.lineWidth = 1;
    }
    const [x, y] = at(v, middle);
    c.beginPath();
    c.arc(x, y, 3, 0, 7);
    c.fillStyle = palette.token('map-edge');
    c.fill();
    words(to, r.name, x + 8, y);
}

const ARC_STEPS = 4;

/* Each sector's arc, joined to its neighbor's; where nothing was heard there is no line. */
function arcs(to: Canvas, middle: LatLon, meters: number[]): void {
    const n = meters.length;
    const isHeard = (i: number) => meters[((i % n) + n) % n] > 0;
    const first = meters.findIndex((d, i) => d > 0 && !isHeard(i - 1));
    const from = Math.max(0, first);
    let line: LatLon[] = [];
    for (let k = 0; k < n; k++) {
        const i = (from + k) % n;
        for (let s = 0; s <= ARC_STEPS && isHeard(i); s++) line.push(destination(middle, ((i + s / ARC_STEPS) / n) * 360, meters[i]));
        if (line.length && (!isHeard(i + 1) || k === n - 1)) {
            trace(to, line, first < 0);
            to.c.stroke();
            line = [];
        }
    }
}

export function outline(to: Canvas): void {
    const { c, palette } = to;
    c.strokeStyle = palette.token('accent');
    c.globalAlpha = 0.75;
    c.lineWidth = 1.2;
    for (const r of placedReceivers()) if (r.farthest?.some((d) => d > 0)) arcs(to, [r.lat, r.lon], r.farthest);
    c.globalAlpha = 1;
}
