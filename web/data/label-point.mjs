// Where a name stands best on a polygon: the point farthest from every edge, on a plane where a
// degree of longitude is as long as at the polygon's middle. Coarse search, then finer around the best.

export function ringArea(ring) {
    let sum = 0;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const k = Math.cos((((ring[i][1] + ring[j][1]) / 2) * Math.PI) / 180);
        sum += (ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1]) * k;
    }
    return Math.abs(sum / 2);
}

function edgeDistance(x, y, rings, k) {
    let inside = false;
    let best = Infinity;
    for (const ring of rings) {
        for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
            const [ax, ay] = [ring[i][0] * k, ring[i][1]];
            const [bx, by] = [ring[j][0] * k, ring[j][1]];
            if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
            const [dx, dy] = [bx - ax, by - ay];
            const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
            best = Math.min(best, Math.hypot(x - ax - t * dx, y - ay - t * dy));
        }
    }
    return inside ? best : -best;
}

export function labelPoint(rings) {
    const xs = rings[0].map((p) => p[0]);
    const ys = rings[0].map((p) => p[1]);
    let [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const k = Math.cos((((y0 + y1) / 2) * Math.PI) / 180);
    let best = { d: -Infinity, x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
    for (let round = 0; round < 4; round++) {
        const [sx, sy] = [(x1 - x0) / 16, (y1 - y0) / 16];
        for (let i = 0; i <= 16; i++) {
            for (let j = 0; j <= 16; j++) {
                const [x, y] = [x0 + i * sx, y0 + j * sy];
                const d = edgeDistance(x * k, y, rings, k);
                if (d > best.d) best = { d, x, y };
            }
        }
        [x0, x1, y0, y1] = [best.x - sx, best.x + sx, best.y - sy, best.y + sy];
    }
    return [best.x, best.y];
}
