// world-atlas joins what Natural Earth cuts at 180°; on a flat map it must be cut again. A ring is
// unrolled to longitudes without jumps, closed over the pole where it goes round one, then clipped to
// each turn of the world it reaches into.

const TURN = 360;

/* Longitudes continued past 180° instead of jumping back. */
function unrolled(points) {
    let shift = 0;
    return points.map(([lon, lat], i) => {
        if (i) {
            const d = lon - points[i - 1][0];
            if (d > 180) shift -= TURN;
            else if (d < -180) shift += TURN;
        }
        return [lon + shift, lat];
    });
}

/* The part of a closed ring where side * (lon - at) <= 0. */
function clipped(ring, at, side) {
    const out = [];
    const inside = (p) => side * (p[0] - at) <= 0;
    for (let i = 0; i + 1 < ring.length; i++) {
        const [p, q] = [ring[i], ring[i + 1]];
        if (inside(p)) out.push(p);
        if (inside(p) !== inside(q)) out.push([at, p[1] + ((q[1] - p[1]) * (at - p[0])) / (q[0] - p[0])]);
    }
    if (out.length) out.push(out[0]);
    return out;
}

function closedOverPole(ring) {
    const [first, last] = [ring[0], ring[ring.length - 1]];
    if (Math.abs(last[0] - first[0]) < 180) return ring;
    const pole = first[1] < 0 ? -90 : 90;
    return [...ring, [last[0], pole], [first[0], pole], first];
}

/* A polygon's rings as polygons that stay within ±180°. */
export function cutPolygon(rings) {
    const open = rings.map((r) => closedOverPole(unrolled(r)));
    const lons = open[0].map((p) => p[0]);
    const turns = [];
    for (let k = Math.floor((Math.min(...lons) + 180) / TURN); k <= Math.ceil((Math.max(...lons) - 180) / TURN); k++)
        turns.push(k * TURN);
    return turns
        .map((turn) =>
            open
                .map((r) => clipped(clipped(r, turn + 180, 1), turn - 180, -1))
                .filter((r) => r.length > 3)
                .map((r) => r.map(([lon, lat]) => [lon - turn, lat])),
        )
        .filter((p) => p.length > 0);
}

/* A line as lines that do not jump across the map. */
export function cutLine(line) {
    const out = [[]];
    line.forEach((p, i) => {
        const last = out[out.length - 1];
        if (i && Math.abs(p[0] - line[i - 1][0]) > 180) {
            const side = line[i - 1][0] > 0 ? 180 : -180;
            last.push([side, p[1]]);
            out.push([[-side, p[1]], p]);
        } else last.push(p);
    });
    return out.filter((l) => l.length > 1);
}
