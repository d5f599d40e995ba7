// Layers out of history: how well places were heard, and where aircraft flew, by cells of some 30 NM,
// for the period the time bar shows. The answer goes straight to the map's worker.
import type { GeoJSONSource, LayerSpecification, Map as MapLibre } from 'maplibre-gl';
import { range } from '../data/density';
import { hasHistory } from '../data/past';
import { view } from '../desk';
import { latOf, lonOf } from '../geo/mercator';
import { isShown, layers, type Layer } from '../layers';
import type { Palette } from '../theme';

const SETTLE_MS = 500;
const CRUISE_FT = 24_500; // the band whose coverage is shown: what flies far is there
const EMPTY = { type: 'FeatureCollection' as const, features: [] };

const KINDS = ['coverage', 'heat'] as const satisfies Layer[];

function styles(p: Palette): LayerSpecification[] {
    return [
        {
            id: 'heat', type: 'fill', source: 'heat',
            paint: {
                'fill-color': p.token('accent'), 'fill-antialias': false,
                'fill-opacity': ['interpolate', ['linear'], ['log10', ['+', 0.02, ['get', 'heard_h']]], -1.7, 0, -0.5, 0.12, 0.5, 0.35, 1.5, 0.65],
            },
        },
        {
            id: 'coverage', type: 'fill', source: 'coverage',
            paint: {
                'fill-color': ['case', ['==', ['get', 'word'], 'heard'], p.token('good'), p.token('map-unheard')], 'fill-antialias': false,
                'fill-opacity': ['case', ['==', ['get', 'word'], 'heard'], ['interpolate', ['linear'], ['get', 'p'], 0, 0.05, 1, 0.4], 0.55],
            },
        },
    ];
}

/* What the view spans, as the server takes it; null where there is none. */
function box(): string | null {
    const v = view.get();
    if (!v) return null;
    const [north, south] = [latOf(v.y - v.height / 2 / v.world), latOf(v.y + v.height / 2 / v.world)];
    const half = v.width / 2 / v.world;
    if (half >= 0.5) return `box=${south.toFixed(1)},-180,${north.toFixed(1)},180`;
    const lon = (x: number) => ((((lonOf(x) + 180) % 360) + 360) % 360) - 180;
    return `box=${south.toFixed(1)},${lon(v.x - half).toFixed(1)},${north.toFixed(1)},${lon(v.x + half).toFixed(1)}`;
}

function question(kind: (typeof KINDS)[number]): string | null {
    const area = box();
    const r = range.get();
    if (!area || !r || !hasHistory.get()) return null;
    const from = Math.floor(r.from / 3600) * 3600;
    const to = Math.max(from + 3600, Math.ceil(r.to / 3600) * 3600);
    const alt = kind === 'coverage' ? `&alt=${CRUISE_FT}-` : '';
    return `api/v1/coverage?by=cell&format=geojson&area=${area}&from=${from}&to=${to}${alt}`;
}

export function historyLayers(map: MapLibre, palette: () => Palette): void {
    const shown = new Map<string, string>(); // what each was last asked
    const ask = (kind: (typeof KINDS)[number]) => {
        const on = isShown(kind);
        if (map.getLayer(kind)) map.setLayoutProperty(kind, 'visibility', on ? 'visible' : 'none');
        const q = on ? question(kind) : null;
        if (!q || shown.get(kind) === q) return;
        shown.set(kind, q);
        const url = new URL(q, document.baseURI).href;
        if (!map.getSource(kind)) {
            map.addSource(kind, { type: 'geojson', data: EMPTY, tolerance: 0 });
            map.addLayer(styles(palette()).find((s) => s.id === kind)!, map.getLayer('border') ? 'border' : undefined);
        }
        (map.getSource(kind) as GeoJSONSource).setData(url);
    };
    let timer = 0;
    const soon = (ms: number) => {
        clearTimeout(timer);
        timer = window.setTimeout(() => KINDS.forEach(ask), ms);
    };
    layers.watch(() => soon(0));
    view.watch(() => KINDS.some(isShown) && soon(SETTLE_MS));
    range.watch(() => KINDS.some(isShown) && soon(SETTLE_MS));
    hasHistory.watch(() => soon(0));
    if (KINDS.some(isShown)) soon(SETTLE_MS);
}

/* Colors anew after a change of theme. */
export function repaintHistory(map: MapLibre, p: Palette): void {
    for (const s of styles(p)) {
        if (!map.getLayer(s.id) || s.type !== 'fill') continue;
        map.setPaintProperty(s.id, 'fill-color', s.paint!['fill-color'] as never);
    }
}
