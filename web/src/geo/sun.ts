// Where the sun stands: low-precision formulas of the Astronomical Almanac, good to 0.01 degrees.
const RAD = Math.PI / 180;

/* Declination and the longitude where it is noon, degrees. */
export function subsolar(epoch: number): { lat: number; lon: number } {
    const d = epoch / 86_400 + 2440587.5 - 2451545;
    const g = (357.529 + 0.98560028 * d) * RAD;
    const q = 280.459 + 0.98564736 * d;
    const l = (q + 1.915 * Math.sin(g) + 0.02 * Math.sin(2 * g)) * RAD;
    const e = (23.439 - 0.00000036 * d) * RAD;
    const ra = Math.atan2(Math.cos(e) * Math.sin(l), Math.cos(l)) / RAD;
    const gmst = 280.46061837 + 360.98564736629 * d;
    const lon = ((((ra - gmst) % 360) + 540) % 360) - 180;
    return { lat: Math.asin(Math.sin(e) * Math.sin(l)) / RAD, lon };
}

/* Latitude at a longitude where the sun is on the horizon. */
export function terminator(sun: { lat: number; lon: number }, lon: number): number {
    const lat = Math.abs(sun.lat) < 0.01 ? 0.01 : sun.lat;
    return Math.atan(-Math.cos((lon - sun.lon) * RAD) / Math.tan(lat * RAD)) / RAD;
}
