// The map's plane: web Mercator on the unit square, x east from 180° W, y south from the north edge.
const RAD = Math.PI / 180;
export const EARTH_M = 40_075_016.7;
export const LAT_MAX = 85.0511;

export const mercX = (lon: number) => (lon + 180) / 360;

export function mercY(lat: number): number {
    const s = Math.sin(Math.max(-LAT_MAX, Math.min(LAT_MAX, lat)) * RAD);
    return 0.5 - (0.25 * Math.log((1 + s) / (1 - s))) / Math.PI;
}

export const lonOf = (x: number) => x * 360 - 180;
export const latOf = (y: number) => (360 / Math.PI) * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - 90;

/* Meters on the ground for one unit of the plane at this latitude. */
export const planeMeters = (lat: number) => EARTH_M * Math.cos(lat * RAD);

/* The copy of x nearest to the center, so that the antimeridian is no edge. */
export const nearest = (x: number, center: number) => x - Math.round(x - center);

const EARTH_RADIUS_M = 6_371_008.8;

/* Great-circle distance in meters on the mean sphere. */
export function distanceM(lat0: number, lon0: number, lat1: number, lon1: number): number {
    const a =
        Math.sin(((lat1 - lat0) * RAD) / 2) ** 2 +
        Math.cos(lat0 * RAD) * Math.cos(lat1 * RAD) * Math.sin(((lon1 - lon0) * RAD) / 2) ** 2;
    return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(a)));
}
