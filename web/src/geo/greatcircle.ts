// Points on great circles, for lines that a flat map bends.
const RAD = Math.PI / 180;
const EARTH_M = 6_371_008.8;
export type LatLon = readonly [lat: number, lon: number];

/* Initial bearing in degrees from north. */
export function bearing([lat0, lon0]: LatLon, [lat1, lon1]: LatLon): number {
    const d = (lon1 - lon0) * RAD;
    const y = Math.sin(d) * Math.cos(lat1 * RAD);
    const x = Math.cos(lat0 * RAD) * Math.sin(lat1 * RAD) - Math.sin(lat0 * RAD) * Math.cos(lat1 * RAD) * Math.cos(d);
    return ((Math.atan2(y, x) / RAD) % 360 + 360) % 360;
}

export function destination([lat, lon]: LatLon, degrees: number, meters: number): LatLon {
    const [d, b, f] = [meters / EARTH_M, degrees * RAD, lat * RAD];
    const sin = Math.sin(f) * Math.cos(d) + Math.cos(f) * Math.sin(d) * Math.cos(b);
    const f2 = Math.asin(sin);
    const l2 = lon * RAD + Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(f), Math.cos(d) - Math.sin(f) * sin);
    return [f2 / RAD, l2 / RAD];
}

/* `n` + 1 points from one place to another. */
export function between(a: LatLon, b: LatLon, n: number): LatLon[] {
    const v = ([lat, lon]: LatLon) => [Math.cos(lat * RAD) * Math.cos(lon * RAD), Math.cos(lat * RAD) * Math.sin(lon * RAD), Math.sin(lat * RAD)];
    const [p, q] = [v(a), v(b)];
    const angle = Math.acos(Math.max(-1, Math.min(1, p[0] * q[0] + p[1] * q[1] + p[2] * q[2])));
    if (angle < 1e-9) return [a, b];
    return Array.from({ length: n + 1 }, (_, i) => {
        const [s, t] = [Math.sin((1 - i / n) * angle) / Math.sin(angle), Math.sin((i / n) * angle) / Math.sin(angle)];
        const [x, y, z] = [0, 1, 2].map((k) => s * p[k] + t * q[k]);
        return [Math.asin(Math.max(-1, Math.min(1, z))) / RAD, Math.atan2(y, x) / RAD];
    });
}
