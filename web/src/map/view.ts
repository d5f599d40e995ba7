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
