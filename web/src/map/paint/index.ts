// What is drawn over the ground besides aircraft, each painter one file and one row: on a canvas over
// the map, in pixels, anew with every frame.
import type { Layer } from '../../layers';
import type { Palette } from '../../theme';
import type { LatLon } from '../../geo/greatcircle';
import { mercX, mercY } from '../../geo/mercator';
import { filter } from '../../desk';
import { corners } from '../../tool';
import type { Scene } from '../scene';
import { screenX, screenY, type View } from '../view';
import { fan } from './fan';
import { jamming } from './jamming';
import { night } from './night';
import { outline, rings } from './range';
import { doubt } from './doubt';
import { sketch } from './sketch';

export interface Canvas {
    c: CanvasRenderingContext2D;
    v: View;
    palette: Palette;
    scene: Scene;
}
interface Painter {
    layer: Layer | null; // null: always
    paint: (to: Canvas) => void;
    isIdle?: (scene: Scene) => boolean; // there is nothing to paint
}
const unselected = (scene: Scene) => !scene.selected;

export const PAINTERS: Painter[] = [
    { layer: 'night', paint: night },
    { layer: 'jamming', paint: jamming },
    { layer: 'rings', paint: rings },
    { layer: 'outline', paint: outline },
    { layer: 'fan', paint: fan, isIdle: unselected },
    { layer: null, paint: doubt, isIdle: unselected },
    { layer: null, paint: sketch, isIdle: () => !corners.get().length && !filter.get().area },
];

export const FONT = '"Noto Sans", "Noto Sans Arabic", system-ui, sans-serif';

export const at = (v: View, [lat, lon]: LatLon): [number, number] => [screenX(v, mercX(lon)), screenY(v, mercY(lat))];

/* A line over places; where two lie on either side of the map's seam the pen is lifted. */
export function trace({ c, v }: Canvas, places: readonly LatLon[], isClosed = false): void {
    let before = NaN;
    c.beginPath();
    for (const p of places) {
        const [x, y] = at(v, p);
        if (before === before && Math.abs(x - before) < v.world / 2) c.lineTo(x, y);
        else c.moveTo(x, y);
        before = x;
    }
    if (isClosed) c.closePath();
}

/* Words with a halo, so that they are read over anything. */
export function words({ c, palette }: Canvas, text: string, x: number, y: number, o: { ink?: string; weight?: number; size?: number; align?: CanvasTextAlign } = {}): void {
    c.font = `${o.weight ?? 500} ${o.size ?? 11}px ${FONT}`;
    c.direction = document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr';
    c.textAlign = o.align ?? 'left';
    c.textBaseline = 'middle';
    c.lineJoin = 'round';
    c.lineWidth = 3.5;
    c.setLineDash([]);
    c.strokeStyle = palette.token('map-halo');
    c.fillStyle = palette.token(o.ink ?? 'ink-2');
    c.strokeText(text, x, y);
    c.fillText(text, x, y);
}
