// Where the selection may be bound for: to each candidate a sliver along the great circle, its width
// by probability, its line by the band of certainty; name and percent at its end.
import { movement, isSpoofed, type Candidate } from '../../data/movement';
import { past } from '../../data/past';
import { percent } from '../../format';
import { between, type LatLon } from '../../geo/greatcircle';
import { latOf, lonOf } from '../../geo/mercator';
import { placeNames } from '../../places';
import { bandOf, DASHES } from '../../sure';
import { at, words, type Canvas } from './index';

const LEAST_P = 0.02;
const MOST = 6;
const WIDTH_PX = 30; // at the end, of one that is sure
const START_PX = 22; // clear of the silhouette
const STEPS = 48;

function sliver(to: Canvas, from: LatLon, end: LatLon, p: number): void {
    const { c, v, palette } = to;
    const line = between(from, end, STEPS).map((q) => at(v, q));
    const [x0, y0] = line[0];
    const far = line.filter(([x, y]) => Math.hypot(x - x0, y - y0) > START_PX);
    if (far.length < 2) return;
    const sides = far.map(([x, y], i) => {
        const [px, py] = far[Math.max(0, i - 1)];
        const [qx, qy] = far[Math.min(far.length - 1, i + 1)];
        const length = Math.hypot(qx - px, qy - py) || 1;
        const half = (WIDTH_PX / 2) * p * (i / (far.length - 1));
        return [x, y, (-(qy - py) / length) * half, ((qx - px) / length) * half];
    });
    c.beginPath();
    for (const [x, y, nx, ny] of sides) c.lineTo(x + nx, y + ny);
    for (const [x, y, nx, ny] of sides.reverse()) c.lineTo(x - nx, y - ny);
    c.closePath();
    c.globalAlpha = 0.16 + 0.2 * p;
    c.fillStyle = palette.token('ink');
    c.fill();
    c.globalAlpha = 1;
    c.beginPath();
    for (const [x, y] of far) c.lineTo(x, y);
    const band = bandOf(p);
    c.setLineDash(DASHES[band]);
    c.lineWidth = band === 'unknown' ? 1 : 1.6;
    c.strokeStyle = palette.token(`cert-${band}`);
    c.stroke();
    c.setLineDash([]);
}

function sign({ c, palette }: Canvas, x: number, y: number): void {
    c.save();
    c.translate(x, y);
    c.rotate(Math.PI / 4);
    c.fillStyle = palette.token('map-halo');
    c.strokeStyle = palette.token('ink');
    c.lineWidth = 1.6;
    c.beginPath();
    c.rect(-3.6, -3.6, 7.2, 7.2);
    c.fill();
    c.stroke();
    c.restore();
}

export function fan(to: Canvas): void {
    const m = movement.get();
    const s = to.scene.selected;
    if (!s || past.get() || m?.hex !== s.a.hex || m.state !== 'flying' || !m.destination || isSpoofed(m)) return;
    const { v } = to;
    const from: LatLon = [latOf(v.y + (s.y - v.height / 2) / v.world), lonOf(v.x + (s.x - v.width / 2) / v.world)];
    const placed = (k: Candidate): k is Candidate & { lat: number; lon: number } => k.lat !== undefined && k.lon !== undefined;
    const list = m.destination.candidates.filter(placed).filter((k) => k.p >= LEAST_P).slice(0, MOST);
    for (const k of [...list].reverse()) sliver(to, from, [k.lat, k.lon], k.p);
    list.forEach((k, i) => {
        const [x, y] = at(v, [k.lat, k.lon]);
        sign(to, x, y);
        const isLeft = x < s.x;
        const text = `${placeNames(k.airport, k.name)} ${percent(k.p)}`;
        words(to, text, x + (isLeft ? -11 : 11), y, { ink: i ? 'ink-2' : 'ink', weight: 600, size: i ? 11 : 13, align: isLeft ? 'right' : 'left' });
    });
}
