// Dead reckoning: where an aircraft is between fixes, straight on at its last speed and track.
import { planeMeters } from './mercator';

export const RECKON_MAX_S = 15;
const KNOT_MS = 1852 / 3600;

export interface Moving {
    lat: number;
    gs: number;
    track: number;
}

/* Plane units a second, east and south; 0 where speed or track is not known. */
export function velocity(a: Moving, out: { vx: number; vy: number }): void {
    if (!(a.gs > 0) || Number.isNaN(a.track)) {
        out.vx = out.vy = 0;
        return;
    }
    const v = (a.gs * KNOT_MS) / planeMeters(a.lat);
    const t = (a.track * Math.PI) / 180;
    out.vx = v * Math.sin(t);
    out.vy = -v * Math.cos(t);
}

/* Seconds to reckon on from the fix: never back, at most `limit`. */
export function reckonFor(now: number, posAt: number, limit: number): number {
    const s = now - posAt;
    return s <= 0 ? 0 : s < limit ? s : limit;
}
