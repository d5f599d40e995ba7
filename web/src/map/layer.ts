// Aircraft and the selection's trail: one custom layer, one draw each. Positions come in pixels, so
// that precision is the screen's at any zoom; the map is north up and flat.
import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibre } from 'maplibre-gl';
import type { Palette } from '../theme';
import { CELL, COLUMNS, drawAtlas, MARGIN } from './atlas';
import { Items, program, PULL } from './gl';
import type { Scene } from './scene';
import type { Trail } from './trail';

const AIRCRAFT_VERTEX = `${PULL}
uniform vec2 screen;
uniform vec2 atlas;                  // cells across, down
uniform float spread;                // box with margin over box
out vec2 uv;
flat out vec4 color;
flat out float style;
void main() {
    vec2 corner;
    vec4 place;  // x, y, angle, size
    vec4 tint;
    vec4 kind;   // shape, style
    pull(corner, place, tint, kind);
    vec2 offset = (corner - 0.5) * place.w * spread;
    float c = cos(place.z), s = sin(place.z);
    vec2 p = place.xy + vec2(offset.x * c - offset.y * s, offset.x * s + offset.y * c);
    gl_Position = vec4(p / screen * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
    float shape = floor(kind.x * 255.0 + 0.5);
    uv = (vec2(mod(shape, atlas.x), floor(shape / atlas.x)) + corner) / atlas;
    color = tint;
    style = floor(kind.y * 255.0 + 0.5);
}`;

const AIRCRAFT_FRAGMENT = `
precision mediump float;
in vec2 uv;
flat in vec4 color;
flat in float style;
uniform sampler2D shapes;
uniform vec3 halo;
uniform vec3 ink;
out vec4 pixel;
void main() {
    vec3 m = texture(shapes, uv, -0.6).rgb;
    if (style == 1.0) {
        float line = m.b;
        float body = m.r * 0.5 * (1.0 - line);
        pixel = vec4(color.rgb * line + halo * body, line + body);
    } else {
        vec3 edge = style == 2.0 ? ink : halo;
        float rim = max(0.0, m.g - m.r) * (style == 2.0 ? 1.0 : 0.85);
        pixel = vec4(color.rgb * m.r + edge * rim, m.r + rim);
    }
    pixel *= color.a;
}`;

const TRAIL_VERTEX = `${PULL}
uniform vec2 screen;
uniform float extra;
out vec2 at;
flat out vec4 color;
flat out float half_width;
flat out float span;
void main() {
    vec2 corner;
    vec4 ends;
    vec4 tint;
    vec4 shape;  // half width in quarter pixels
    pull(corner, ends, tint, shape);
    vec2 a = ends.xy, b = ends.zw;
    vec2 d = b - a;
    span = max(length(d), 1e-4);
    vec2 u = d / span, n = vec2(-u.y, u.x);
    half_width = shape.x * 255.0 / 4.0 + extra;
    float r = half_width + 1.0;
    at = vec2(mix(-r, span + r, corner.x), mix(-r, r, corner.y));
    vec2 p = a + u * at.x + n * at.y;
    gl_Position = vec4(p / screen * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
    color = tint;
}`;

const TRAIL_FRAGMENT = `
precision mediump float;
in vec2 at;
flat in vec4 color;
flat in float half_width;
flat in float span;
uniform vec3 halo;
uniform float casing;
out vec4 pixel;
void main() {
    float d = length(vec2(at.x - clamp(at.x, 0.0, span), at.y)) - half_width;
    float cover = clamp(0.5 - d, 0.0, 1.0);
    pixel = casing > 0.0 ? vec4(halo, 1.0) * cover * casing : vec4(color.rgb, 1.0) * cover * color.a;
}`;

const CASING_PX = 1.4;

export class AircraftLayer implements CustomLayerInterface {
    readonly id = 'aircraft';
    readonly type = 'custom' as const;
    readonly renderingMode = '2d' as const;
    private gl!: WebGL2RenderingContext;
    private aircraft!: WebGLProgram;
    private line: WebGLProgram | null = null; // made with the first trail: the first aircraft need not wait
    private instances!: Items;
    private segments!: Items;
    private texture!: WebGLTexture;
    private readonly places = new Map<WebGLProgram, Record<string, WebGLUniformLocation | null>>();
    private cells: [number, number] = [1, 1];

    constructor(
        private readonly scene: Scene,
        private readonly trail: Trail,
        private readonly palette: () => Palette,
        private readonly prepare: () => void,
        private readonly drawn: (count: number) => void,
    ) {}

    onAdd(_map: MapLibre, gl: WebGLRenderingContext | WebGL2RenderingContext): void {
        this.gl = gl as WebGL2RenderingContext;
        this.aircraft = program(this.gl, AIRCRAFT_VERTEX, AIRCRAFT_FRAGMENT);
        this.instances = new Items(this.gl);
        this.segments = new Items(this.gl);
        this.loadAtlas();
    }

    private loadAtlas(): void {
        const gl = this.gl;
        const canvas = drawAtlas();
        this.cells = [COLUMNS, canvas.height / CELL];
        this.texture = gl.createTexture()!;
        gl.bindTexture(gl.TEXTURE_2D, this.texture);
        gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
        gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, canvas);
        gl.generateMipmap(gl.TEXTURE_2D);
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_NEAREST);
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    }

    render(_gl: WebGLRenderingContext | WebGL2RenderingContext, _o: CustomRenderMethodInput): void {
        this.prepare();
        const view = this.scene.current;
        if (!view) return;
        const gl = this.gl;
        gl.disable(gl.DEPTH_TEST);
        gl.disable(gl.STENCIL_TEST);
        gl.disable(gl.CULL_FACE);
        gl.enable(gl.BLEND);
        gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
        this.drawTrail(view.width, view.height);
        this.drawAircraft(view.width, view.height);
        this.drawn(this.scene.count);
    }

    private place(p: WebGLProgram, name: string): WebGLUniformLocation | null {
        let of = this.places.get(p);
        if (!of) this.places.set(p, (of = {}));
        return (of[name] ??= this.gl.getUniformLocation(p, name));
    }

    private uniform(p: WebGLProgram, name: string, ...v: number[]): void {
        const gl = this.gl;
        const at = this.place(p, name);
        if (v.length === 1) gl.uniform1f(at, v[0]);
        else if (v.length === 2) gl.uniform2f(at, v[0], v[1]);
        else gl.uniform3f(at, v[0], v[1], v[2]);
    }

    private drawTrail(width: number, height: number): void {
        if (!this.trail.count) return;
        const p = (this.line ??= program(this.gl, TRAIL_VERTEX, TRAIL_FRAGMENT));
        this.gl.useProgram(p);
        this.uniform(p, 'screen', width, height);
        this.uniform(p, 'halo', ...this.palette().rgb('map-halo'));
        this.uniform(p, 'casing', 0.8);
        this.uniform(p, 'extra', CASING_PX);
        this.segments.load(this.trail.data, this.trail.count);
        this.gl.uniform1i(this.place(p, 'items'), 1);
        this.segments.draw(this.trail.count);
        this.uniform(p, 'casing', 0);
        this.uniform(p, 'extra', 0);
        this.segments.draw(this.trail.count);
    }

    private drawAircraft(width: number, height: number): void {
        if (!this.scene.count) return;
        const gl = this.gl;
        const p = this.aircraft;
        gl.useProgram(p);
        gl.activeTexture(gl.TEXTURE0);
        gl.bindTexture(gl.TEXTURE_2D, this.texture);
        gl.uniform1i(this.place(p, 'shapes'), 0);
        this.uniform(p, 'screen', width, height);
        this.uniform(p, 'atlas', ...this.cells);
        this.uniform(p, 'spread', (64 + 2 * MARGIN) / 64);
        this.uniform(p, 'halo', ...this.palette().rgb('map-halo'));
        this.uniform(p, 'ink', ...this.palette().rgb('ink'));
        this.instances.load(this.scene.data, this.scene.count);
        gl.uniform1i(this.place(p, 'items'), 1);
        this.instances.draw(this.scene.count);
    }

    onRemove(): void {
        this.instances.free();
        this.segments.free();
        this.gl.deleteTexture(this.texture);
        this.gl.deleteProgram(this.aircraft);
        this.gl.deleteProgram(this.line);
    }
}
