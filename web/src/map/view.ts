// What the map shows, as numbers: the plane's center and how many pixels the unit square is wide.
import { nearest } from '../geo/mercator';

export interface View {
    x: number;
    y: number;
    world: number; // CSS pixels a plane unit
    width: number; // CSS pixels
    height: number;
    zoom: number;
}

export const screenX = (v: View, x: number) => (nearest(x, v.x) - v.x) * v.world + v.width / 2;
export const screenY = (v: View, y: number) => (y - v.y) * v.world + v.height / 2;

export const inView = (v: View, x: number, y: number, margin: number) => {
    const [sx, sy] = [screenX(v, x), screenY(v, y)];
    return sx > -margin && sx < v.width + margin && sy > -margin && sy < v.height + margin;
};

/* The same with so many pixels more on each side. */
export const widened = (v: View, edge: number): View => ({ ...v, width: v.width + 2 * edge, height: v.height + 2 * edge });

/* Where a picture made for one view lies in another, so that it stays on the ground it was made for: its upper
   left corner and how much larger it is. */
export function carried(was: View, now: View): { x: number; y: number; scale: number } {
    const scale = now.world / was.world;
    return {
        x: (nearest(was.x, now.x) - now.x) * now.world + (now.width - was.width * scale) / 2,
        y: (was.y - now.y) * now.world + (now.height - was.height * scale) / 2,
        scale,
    };
}
