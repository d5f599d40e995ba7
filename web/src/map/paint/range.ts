// Rings of distance around the receiver nearest the middle of the map, and the farthest it was heard
// since this page opened, by direction.
import { hasPlace } from '../../data/aircraft';
import { placedReceivers, type PlacedReceiver } from '../../data/receivers';
import { sky } from '../../data/sky';
import { distance } from '../../format';
import { bearing, destination, type LatLon } from '../../geo/greatcircle';
import { distanceM, latOf, lonOf } from '../../geo/mercator';
import { units } from '../../settings';
import { trace, at, words, type Canvas } from './index';

const SECTORS = 72;
const NM_M = 1852;
const RINGS = 4;
const FARTHEST_M = 800_000; // nothing on 1090 MHz is heard beyond

const farthest = new Map<number, Float64Array>(); // by receiver, meters by sector

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

/* Called with every picture. */
export function noteRange(): void {
    const places = new Map(placedReceivers().map((r) => [r.number, r]));
    const only = places.get(0);
    for (const a of sky.aircraft.values()) {
        const r = only ?? places.get(a.receiver);
        if (!r || !hasPlace(a) || !a.origin.startsWith('adsb')) continue;
        const d = distanceM(r.lat, r.lon, a.lat, a.lon);
        if (d > FARTHEST_M) continue;
        let list = farthest.get(r.number);
        if (!list) farthest.set(r.number, (list = new Float64Array(SECTORS)));
        const i = Math.floor((bearing([r.lat, r.lon], [a.lat, a.lon]) / 360) * SECTORS) % SECTORS;
        if (d > list[i]) list[i] = d;
    }
}

export function outline(to: Canvas): void {
    const { c, palette } = to;
    for (const r of placedReceivers()) {
        const list = farthest.get(r.number);
        if (!list) continue;
        const corners = [...list].map((d, i) => destination([r.lat, r.lon], ((i + 0.5) / SECTORS) * 360, d));
        trace(to, corners, true);
        c.strokeStyle = palette.token('accent');
        c.globalAlpha = 0.75;
        c.lineWidth = 1.2;
        c.stroke();
        c.globalAlpha = 1;
    }
}
