// Silhouettes: our own drawings, nose up, in a box of 64. One for each class of shape, not of type.
export type Shape =
    | 'twin' | 'wide' | 'quad' | 'heavy' | 'il' | 'prop' | 'turboprop' | 'biz' | 'uav' | 'fighter'
    | 'helicopter' | 'glider' | 'balloon' | 'vehicle' | 'tower' | 'dot';

type Points = [number, number][];

/* The right half mirrored to the left. */
function mirrored(half: Points): string {
    const left = half.slice().reverse().map(([x, y]) => [64 - x, y]);
    return 'M' + [...half, ...left].map((p) => p.join(' ')).join('L') + 'Z';
}
const circle = (x: number, y: number, r: number) =>
    `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;

/* A rotor blade from the mast outward at an angle, as a thin four-sided bar. */
function blade(cx: number, cy: number, angle: number, length: number, width: number): string {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const at = (u: number, v: number) => `${(cx + u * c - v * s).toFixed(2)} ${(cy + u * s + v * c).toFixed(2)}`;
    const w = width / 2;
    return `M${at(-length, -w)}L${at(length, -w)}L${at(length, w)}L${at(-length, w)}Z`;
}

export const SILHOUETTES: Record<Shape, string> = {
    heavy: mirrored([[32,3],[34.6,6],[35.6,12],[35.7,21],[40.6,25.2],[40.6,22],[42.9,22],[42.9,27],[48.6,31.8],[48.6,28.8],[50.8,28.8],[50.8,33.6],[62,43],[62,46.2],[50,40.4],[35.7,35],[35.2,47],[33.8,55.2],[43.8,60],[43.8,63],[32,60.6]]),
    il: mirrored([[32,2],[34.4,5],[35.3,11],[35.4,23],[39.6,26],[39.6,23.4],[41.6,23.4],[41.6,27.4],[47.4,31.4],[47.4,28.8],[49.4,28.8],[49.4,32.9],[62,41.6],[62,44.4],[35.4,36.4],[34.9,50],[33.8,55],[42.5,59.4],[42.5,62],[32,60.4]]),
    twin: mirrored([[32,3],[34,6],[34.7,11],[34.8,25],[42.4,31.5],[42.4,28.6],[45.2,28.6],[45.2,33.8],[61,45.6],[61,48.6],[34.8,39.6],[34.4,51],[41.6,57.4],[41.6,60],[32,57.4]]),
    wide: mirrored([[32,1.5],[34.4,4.6],[35.6,10],[35.8,23],[43,28.6],[43,24.6],[46.8,24.6],[46.8,31.6],[63,43.4],[63,46.4],[46,40.6],[35.8,38],[35.2,51],[43.6,57.6],[43.6,60.6],[32,58]]),
    quad: mirrored([[32,2],[34.3,5],[35,11],[35.1,22],[40.4,27],[40.4,24],[42.8,24],[42.8,29.3],[50.6,36.2],[50.6,33.2],[52.8,33.2],[52.8,38],[62,46],[62,49],[35.1,39],[34.6,51],[43,58],[43,60.6],[32,58]]),
    turboprop: mirrored([[32,6],[34,9],[34.6,13],[34.6,26],[43,26.3],[43,22.5],[45.4,22.5],[45.4,26.4],[61,27.4],[61,32.6],[34.6,35],[34,49],[42,50],[42,54.6],[32,56]]),
    prop: mirrored([[32,9],[33.2,11],[38,11.4],[38,13],[34.6,13.4],[35.2,22],[60,23],[60,30.6],[35,32],[33.6,49],[41.6,50],[41.6,54.8],[33,55.4],[32,57]]),
    biz: mirrored([[32,5],[33.7,9],[34.3,16],[34.3,29],[57,39.6],[57,42.4],[34.4,37.5],[37.6,40],[37.6,47],[34.6,46],[33.8,52],[41.4,56],[41.4,58.6],[32,57.4]]),
    uav: mirrored([[32,8],[33.8,10],[34,16],[33.4,27],[63,29],[63,31.6],[33.4,33.6],[33.2,46],[40.4,53],[39,55],[32,50.4]]),
    fighter: mirrored([[32,2],[33.4,8],[34.6,16],[36.6,22],[37.4,30],[56,45],[56,49.4],[37.6,47],[37,51],[44.6,57],[44.6,60.4],[36,58.6],[34.6,61],[32,60]]),
    glider: mirrored([[32,13],[33.4,16],[33.8,22],[33.6,26],[63.4,28],[63.4,30],[33.4,31.6],[32.8,48],[38.6,49.2],[38.6,51.6],[32,52.6]]),
    helicopter:
        mirrored([[32,12],[35.4,15],[37,21],[36.8,30],[34.6,37],[33.2,41],[33,54],[37.6,54.6],[37.6,57.4],[33,57.8],[32,60]]) +
        blade(32, 25, Math.PI / 4, 24, 2.6) + blade(32, 25, -Math.PI / 4, 24, 2.6),
    balloon: circle(32, 26, 18) + 'M27 45L37 45L35.6 53L28.4 53Z',
    vehicle: 'M25 20Q25 17 28 17L36 17Q39 17 39 20L39 46Q39 48 37 48L27 48Q25 48 25 46Z',
    tower: 'M32 16L40 48L24 48Z',
    dot: circle(32, 32, 13), // which way it points is not known
};

export const SHAPES = Object.keys(SILHOUETTES) as Shape[];

/* ICAO Doc 8643 designators whose shape their emitter category does not tell. */
const BY_TYPE: Record<string, Shape> = {
    C17: 'heavy', C5M: 'heavy', A124: 'heavy', IL76: 'il', K35R: 'quad', K35E: 'quad', E3CF: 'quad',
    B741: 'quad', B742: 'quad', B744: 'quad', B748: 'quad', A342: 'quad', A343: 'quad', A345: 'quad',
    A346: 'quad', A388: 'quad', R135: 'quad', B52: 'quad', P3: 'turboprop', C130: 'turboprop',
    C30J: 'turboprop', A400: 'turboprop', AN12: 'turboprop', AT43: 'turboprop', AT45: 'turboprop',
    AT72: 'turboprop', AT75: 'turboprop', AT76: 'turboprop', DH8A: 'turboprop', DH8B: 'turboprop',
    DH8C: 'turboprop', DH8D: 'turboprop', C295: 'turboprop', CN35: 'turboprop', SF34: 'turboprop',
    BE20: 'turboprop', B350: 'turboprop', Q9: 'uav', Q4: 'uav', GLF4: 'biz', GLF5: 'biz', GLF6: 'biz',
    GLEX: 'biz', E35L: 'biz', FA7X: 'biz', C56X: 'biz', C25A: 'biz', C25B: 'biz', PC12: 'prop',
    C172: 'prop', C182: 'prop', C152: 'prop', SR22: 'prop', PA28: 'prop', DA40: 'prop', DA42: 'turboprop',
    A332: 'wide', A333: 'wide', A338: 'wide', A339: 'wide', A359: 'wide', A35K: 'wide', B762: 'wide',
    B763: 'wide', B764: 'wide', B772: 'wide', B77L: 'wide', B77W: 'wide', B788: 'wide', B789: 'wide',
    B78X: 'wide', MD11: 'wide', A306: 'wide', A310: 'wide', F16: 'fighter', F15: 'fighter',
    F18S: 'fighter', F35: 'fighter', EUFI: 'fighter', RFAL: 'fighter', MIR2: 'fighter',
};

const BY_CATEGORY: Record<string, Shape> = {
    A1: 'prop', A2: 'biz', A3: 'twin', A4: 'twin', A5: 'wide', A6: 'fighter', A7: 'helicopter',
    B1: 'glider', B2: 'balloon', B4: 'prop', B6: 'uav', B7: 'fighter',
    C1: 'vehicle', C2: 'vehicle', C3: 'tower', C4: 'tower', C5: 'tower',
};

const INDEX = Object.fromEntries(SHAPES.map((s, i) => [s, i])) as Record<Shape, number>;

/* Where the shape stands in SHAPES, and so in the atlas. */
export const shapeNumber = (shape: Shape) => INDEX[shape];

/* Our own list of types first, then what is known of the type, then what the aircraft says of itself. */
export function shapeFor(type: string, category: string, ofType?: Shape): Shape {
    return BY_TYPE[type] ?? ofType ?? BY_CATEGORY[category] ?? 'twin';
}
