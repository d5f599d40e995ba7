// The map: MapLibre for ground and names, a canvas over it for aircraft and one for their labels. The ground is
// drawn anew when it moves, aircraft when they do.
import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapSourceDataEvent } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import ground50 from '../../data/out/ground-50m.json?url';
import ground10 from '../../data/out/ground-10m.json?url';
import type { Cell } from '../cell';
import { falseSpans, movement } from '../data/movement';
import { following, filter, hovered, select, selection, shownRows, view } from '../desk';
import { hasPlace } from '../data/aircraft';
import { serverNow, sky } from '../data/sky';
import { EARTH_M, latOf, lonOf, mercX, mercY } from '../geo/mercator';
import { RECKON_MAX_S } from '../geo/motion';
import { isShown, layers } from '../layers';
import { route } from '../route';
import { drawnCount } from '../stage';
import { addCorner, corners, finish, take, tool } from '../tool';
import { palette } from '../theme';
import { took } from '../took';
import { language, t } from '../words';
import { airports, airportPoints, largeAirports } from '../data/airports';
import { ALL, extent, startOf } from '../extent';
import { historyLayers, repaintHistory } from './history';
import { Labels } from './labels';
import { Overlay } from './overlay';
import { Scene } from './scene';
import { addGround, airportSign, paints, seaStyle } from './style';
import { Trail } from './trail';
import { widened, type View } from './view';

const REACH_PX = 16;
const REACH_TOUCH_PX = 28;
const FINE_ZOOM = 5.5; // from here the 10 m coast
const STEP_PX = 0.35; // a move smaller than this is not worth a frame
const FRAME_MIN_MS = 40;
const FRAME_MAX_MS = 1000;
const IDLE_SHARE = 3; // so many times as long as a frame took nothing is drawn
const GROUND_WAITS_MS = 250;
const FLIGHT_MS = 280;
const EDGE_PX = 160; // drawn beyond the view while it moves: there is something to uncover until the next picture
const ALL_AIRPORTS_ZOOM = 7; // they are drawn from 7.5

export interface Start {
    lat: number;
    lon: number;
    zoom: number;
}

/* While something is drawn, Enter ends it and Escape leaves it. */
function canvasKeys(canvas: HTMLElement): void {
    canvas.addEventListener('keydown', (e) => {
        if (tool.get() === 'select' || (e.key !== 'Enter' && e.key !== 'Escape')) return;
        e.preventDefault();
        e.stopPropagation();
        if (e.key === 'Enter') finish();
        else take('select');
    });
}

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export class AircraftMap {
    map!: MapLibre; // stands a moment after the first aircraft
    readonly scene = new Scene();
    readonly trail = new Trail();
    private readonly overlay: Overlay;
    private readonly labels: Labels;
    private timer = 0;
    private asked = 0; // the frame in which aircraft are drawn anew
    private waits = false; // what was filled is still to be drawn
    private drawnFirst = () => {};
    private drawnOnce = false;
    private isStyled = false;
    private fitted = ''; // the size of the box for which the ground is drawn
    private edge = 0; // of the picture that is made
    private fine = 0;
    private airportsShown = 0; // 1 the large ones, 2 all

    constructor(
        private readonly box: HTMLElement,
        private readonly firstDrawn: () => void,
    ) {
        this.overlay = new Overlay(
            box,
            (count, ms) => this.afterDraw(count, ms),
            (room) => this.scene.giveBack(room),
            () => this.waits && this.send(),
        );
        this.labels = new Labels(box);
    }

    /* Aircraft where `start` looks, then the ground under them, which takes longer to make ready. */
    async stand(start: Start): Promise<void> {
        this.look(start.lat, start.lon, start.zoom, this.box);
        this.draw();
        if (this.overlay.isBusy)
            await new Promise<void>((done) => {
                this.drawnFirst = done;
                setTimeout(done, GROUND_WAITS_MS);
            });
        setWorkerUrl(new URL(workerUrl, document.baseURI).href);
        this.fitted = `${this.box.clientWidth} ${this.box.clientHeight}`;
        this.map = new MapLibre({
            container: this.box,
            style: seaStyle(palette.get()),
            center: [start.lon, start.lat],
            zoom: start.zoom,
            minZoom: this.minZoom(),
            maxZoom: 16,
            maxPitch: 0,
            dragRotate: false,
            pitchWithRotate: false,
            touchPitch: false,
            attributionControl: false,
            fadeDuration: 0,
            trackResize: false,
            keyboard: true,
            renderWorldCopies: true,
            localIdeographFontFamily: false,
            locale: { 'Map.Title': t('map.label') },
        });
        this.map.touchZoomRotate.disableRotation();
        this.map.keyboard.disableRotation();
        this.readView();
        this.map.once('style.load', () => {
            this.isStyled = true;
            setTimeout(() => void this.dress(), this.drawnOnce ? 0 : GROUND_WAITS_MS);
        });
        this.map.on('move', () => this.readView());
        this.map.on('resize', () => {
            this.map.setMinZoom(this.minZoom());
            this.readView();
        });
        this.map.on('dragstart', () => following.set(false));
        this.map.on('render', () => this.draw());
        new ResizeObserver(() => this.fit()).observe(this.box);
        this.watchPointer();
        this.watchState();
    }

    /* As large as its box, once somebody looks: behind a page nothing is drawn anew. */
    private fit(): void {
        const size = `${this.box.clientWidth} ${this.box.clientHeight}`;
        if (route.get().page || size === this.fitted) return;
        this.fitted = size;
        this.map.resize();
    }

    /* Whole worlds beside each other would show an aircraft once only. */
    private minZoom(): number {
        return Math.max(0.5, Math.log2(this.box.clientWidth / 512));
    }

    private look(lat: number, lon: number, zoom: number, box: HTMLElement): void {
        view.set({
            x: mercX(lon),
            y: mercY(lat),
            world: 512 * 2 ** zoom,
            width: box.clientWidth || this.box.clientWidth,
            height: box.clientHeight || this.box.clientHeight,
            zoom,
        });
    }

    private readView(): void {
        const c = this.map.getCenter();
        const zoom = this.map.getZoom();
        this.look(c.lat, c.lng, zoom, this.map.getCanvasContainer());
        if (zoom > FINE_ZOOM && this.fine > 0) this.refine(2);
        if (this.airportsShown === 1 && zoom >= ALL_AIRPORTS_ZOOM) void this.showAirports();
    }

    private reckonLimit(): number {
        return Math.max(RECKON_MAX_S, sky.clock.interval * 1.6);
    }

    /* Aircraft are drawn anew with the next frame of the page. */
    again(): void {
        this.asked ||= requestAnimationFrame(() => this.draw());
    }

    /* Aircraft and labels as they are now; where the map moves, in the turn in which it was drawn. */
    private draw(): void {
        cancelAnimationFrame(this.asked);
        this.asked = 0;
        const v = view.get();
        if (!v || !v.width || !v.height || route.get().page) return; // nobody looks
        this.overlay.hold(v);
        if (!sky.clock.known) return;
        const edge = (this.edge = this.map?.isMoving() ? EDGE_PX : 0);
        const one = (hex: string | null) => (hex && sky.aircraft.get(hex)) || null;
        took('scene', () => this.scene.fill(v, {
            now: serverNow(),
            reckonLimit: this.reckonLimit(),
            selected: one(selection.get()),
            hovered: one(hovered.get()),
            shown: shownRows(),
            palette: palette.get(),
            edge,
        }));
        this.trail.fill(v, palette.get(), this.scene.selected, edge);
        this.waits = true;
        if (!this.overlay.isBusy) this.send();
        took('labels', () => this.labels.draw(this.scene, palette.get()));
        if (following.get()) this.keepInMiddle(v);
    }

    private send(): void {
        const v = widened(this.scene.current!, this.edge);
        const p = palette.get();
        this.waits = false;
        this.overlay.draw(v, {
            width: v.width,
            height: v.height,
            ratio: devicePixelRatio,
            aircraft: this.scene.take(),
            count: this.scene.count,
            trail: this.trail.copy(),
            pieces: this.trail.count,
            halo: p.rgb('map-halo'),
            ink: p.rgb('ink'),
        });
    }

    private keepInMiddle(v: View): void {
        const s = this.scene.selected;
        if (!s || (this.map?.isMoving() ?? true)) return;
        const [dx, dy] = [s.x - v.width / 2, s.y - v.height / 2];
        if (Math.hypot(dx, dy) < 2) return;
        const to: [number, number] = [lonOf(v.x + dx / v.world), latOf(v.y + dy / v.world)];
        setTimeout(() => this.map.jumpTo({ center: to }));
    }

    private afterDraw(count: number, took: number): void {
        this.overlay.hold(view.get()!);
        drawnCount.set(count);
        this.drawnFirst();
        if (count > 0 && !this.drawnOnce) {
            this.drawnOnce = true;
            this.firstDrawn();
            setTimeout(() => void this.dress());
        }
        clearTimeout(this.timer);
        const v = view.get()!;
        const metersPerPixel = (EARTH_M / v.world) * Math.cos((latOf(v.y) * Math.PI) / 180);
        const pixelsPerSecond = (260 * sky.clock.rate) / metersPerPixel;
        const wait = still() ? FRAME_MAX_MS : (STEP_PX / pixelsPerSecond) * 1000;
        const ms = Math.min(FRAME_MAX_MS, Math.max(FRAME_MIN_MS, IDLE_SHARE * took, wait));
        this.timer = window.setTimeout(() => this.again(), ms);
    }

    /* After the first aircraft, or a little later where there are none: ground, names, airports. */
    private async dress(): Promise<void> {
        if (!this.isStyled || this.map.hasImage('airport')) return;
        this.map.addImage('airport', airportSign(palette.get(), 2), { pixelRatio: 2 });
        addGround(this.map, palette.get(), language.get());
        this.refineWhenRead();
        this.showLayers();
        await this.showAirports();
    }

    /* The large ones first; the others once one looks closer. */
    private async showAirports(): Promise<void> {
        const isClose = this.map.getZoom() >= ALL_AIRPORTS_ZOOM;
        if (this.airportsShown === (isClose ? 2 : 1) || !this.map.getSource('airports')) return;
        this.airportsShown = isClose ? 2 : 1;
        const list = await (isClose ? airports() : largeAirports());
        this.source('airports').setData(airportPoints(list));
    }

    private showLayers(): void {
        if (this.map.getLayer('airports')) this.map.setLayoutProperty('airports', 'visibility', isShown('airports') ? 'visible' : 'none');
    }

    private refineWhenRead(): void {
        const read = (e: MapSourceDataEvent) => {
            if (e.sourceId !== 'ground' || !e.isSourceLoaded) return;
            this.map.off('sourcedata', read);
            this.refine(this.map.getZoom() > FINE_ZOOM ? 2 : 1);
        };
        this.map.on('sourcedata', read);
    }

    /* The coast of 50 m (1) or 10 m (2) instead of the rougher one. */
    private refine(level: number): void {
        if (level <= this.fine || !this.map.getSource('ground')) return;
        this.fine = level;
        this.source('ground').setData(new URL(level === 1 ? ground50 : ground10, document.baseURI).href);
    }

    private source(id: string): GeoJSONSource {
        return this.map.getSource(id) as GeoJSONSource;
    }

    private watchPointer(): void {
        const canvas = this.map.getCanvas();
        canvas.addEventListener('mousemove', (e) => {
            const a = this.at(e, REACH_PX);
            hovered.set(a);
            canvas.style.cursor = tool.get() !== 'select' ? 'crosshair' : a ? 'pointer' : '';
        });
        canvas.addEventListener('mouseleave', () => hovered.set(null));
        this.map.on('click', (e) => {
            if (tool.get() !== 'select') {
                addCorner([e.lngLat.lat, e.lngLat.lng]);
                return;
            }
            const touch = (e.originalEvent as PointerEvent).pointerType === 'touch';
            const a = this.scene.nearest(e.point.x, e.point.y, touch ? REACH_TOUCH_PX : REACH_PX);
            select(a ? a.hex : null);
        });
    }

    private at(e: MouseEvent, reach: number): string | null {
        const r = this.map.getCanvas().getBoundingClientRect();
        return this.scene.nearest(e.clientX - r.left, e.clientY - r.top, reach)?.hex ?? null;
    }

    private watchState(): void {
        const again = () => this.again();
        const trust = () => (this.trail.falseSpans = falseSpans(movement.get()));
        movement.watch(trust);
        trust();
        for (const c of [sky.version, selection, hovered, filter, following, layers, tool, corners, movement, route]) (c as Cell<unknown>).watch(again);
        layers.watch(() => this.showLayers());
        route.watch(() => requestAnimationFrame(() => this.fit()));
        historyLayers(this.map, () => palette.get());
        canvasKeys(this.map.getCanvas());
        palette.watch((p) => {
            for (const [layer, paint] of Object.entries(paints(p)).filter(([l]) => this.map.getLayer(l)))
                for (const [key, value] of Object.entries(paint))
                    this.map.setPaintProperty(layer, key as never, value as never);
            repaintHistory(this.map, p);
            if (this.map.hasImage('airport')) this.map.updateImage('airport', airportSign(p, 2));
            again();
        });
        language.watch((l) => {
            if (!this.map.getLayer('countries')) return;
            this.map.setLayoutProperty('countries', 'text-field', ['get', l]);
            this.airportsShown = 0;
            void this.showAirports();
        });
    }

    show(lat: number, lon: number, zoom?: number): void {
        const target = { center: [lon, lat] as [number, number], ...(zoom === undefined ? {} : { zoom }) };
        if (still()) this.map.jumpTo(target);
        else this.map.easeTo({ ...target, duration: FLIGHT_MS });
    }

    /* Everything that is heard. */
    home(): void {
        const to = startOf(extent(ALL), this.box, sky.about.get().place);
        this.show(to.lat, to.lon, to.zoom);
    }

    zoomBy(step: number): void {
        this.map.zoomTo(this.map.getZoom() + step, { duration: still() ? 0 : FLIGHT_MS });
    }

    selectNearestToMiddle(): void {
        const v = view.get();
        const a = v && this.scene.nearest(v.width / 2, v.height / 2, Infinity);
        if (a) select(a.hex);
    }

    /* Pixels at the bottom that the sheet of a phone lies over. */
    private covered(): number {
        const sheet = document.querySelector('.sheet')?.getBoundingClientRect();
        const box = this.box.getBoundingClientRect();
        if (!sheet || sheet.left >= box.right || sheet.right <= box.left || sheet.top >= box.bottom) return 0;
        return Math.min(box.bottom - sheet.top, box.height * 0.6);
    }

    /* Brings the selection into the picture where it is outside or under the edge, beside the panel that has opened. */
    reveal(): void {
        this.fit();
        const a = selection.get() ? sky.aircraft.get(selection.get()!) : undefined;
        const v = view.get();
        if (!a || !hasPlace(a) || !v) return;
        const turns = a.x - v.x;
        const [x, y] = [v.width / 2 + (turns - Math.round(turns)) * v.world, v.height / 2 + (a.y - v.y) * v.world];
        const edge = 60;
        const covered = this.covered();
        const inside = x > edge && x < v.width - edge && y > edge && y < v.height - edge - covered;
        if (!inside) this.show(latOf(a.y + covered / 2 / v.world), a.lon);
    }
}
