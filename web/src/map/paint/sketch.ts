// What the reader draws: the area of the filter, the area being drawn, the measurement.
import { filter } from '../../desk';
import { degrees3, distance } from '../../format';
import { bearing, between, type LatLon } from '../../geo/greatcircle';
import { distanceM } from '../../geo/mercator';
import { corners, tool } from '../../tool';
import { t } from '../../words';
import { at, trace, words, type Canvas } from './index';

const STEPS = 64;

function dots(to: Canvas, places: readonly LatLon[]): void {
    const { c, v, palette } = to;
    for (const p of places) {
        const [x, y] = at(v, p);
        c.beginPath();
        c.arc(x, y, 4, 0, 7);
        c.fillStyle = palette.token('map-halo');
        c.fill();
        c.strokeStyle = palette.token('accent');
        c.lineWidth = 2;
        c.stroke();
    }
}

function area(to: Canvas, places: readonly LatLon[], isClosed: boolean): void {
    const { c, palette } = to;
    trace(to, places, isClosed);
    c.strokeStyle = palette.token('accent');
    c.lineWidth = 1.6;
    c.setLineDash(isClosed ? [] : [6, 4]);
    c.stroke();
    c.setLineDash([]);
    if (!isClosed) return;
    c.globalAlpha = 0.08;
    c.fillStyle = palette.token('accent');
    c.fill();
    c.globalAlpha = 1;
}

/* Distance on the great circle and the bearing it begins with. */
export const measured = (a: LatLon, b: LatLon) => t('map.measured', distance(distanceM(a[0], a[1], b[0], b[1])).join(' '), degrees3(bearing(a, b)));

function measure(to: Canvas, [a, b]: readonly LatLon[]): void {
    const { c, v, palette } = to;
    const line = between(a, b, STEPS);
    trace(to, line);
    c.strokeStyle = palette.token('accent');
    c.lineWidth = 2;
    c.stroke();
    const [x, y] = at(v, line[Math.floor(line.length / 2)]);
    words(to, measured(a, b), x, y - 12, { ink: 'ink', weight: 600, size: 13, align: 'center' });
}

export function sketch(to: Canvas): void {
    const kept = filter.get().area;
    if (kept) area(to, kept, true);
    const list = corners.get();
    if (tool.get() === 'area') area(to, list, false);
    if (tool.get() === 'measure' && list.length === 2) measure(to, list);
    if (tool.get() !== 'select') dots(to, list);
}
