// Aircraft and the selection's trail by the graphics processor: one draw each. Positions come in pixels, so
// that precision is the screen's at any zoom; the map is north up and flat.
import { CELL, COLUMNS, drawAtlas, SPREAD } from './atlas';
import { CASING_ALPHA, CASING_PX, newCanvas, type AnyCanvas, type Frame, type Painter } from './frame';
import { Items, program, PULL } from './gl';

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

export class GlPainter implements Painter {
    private readonly canvas: AnyCanvas = newCanvas(1, 1);
    private readonly gl: WebGL2RenderingContext;
    private readonly aircraft: WebGLProgram;
    private line: WebGLProgram | null = null; // made with the first trail: the first aircraft need not wait
    private readonly instances: Items;
    private readonly segments: Items;
    private readonly texture: WebGLTexture;
    private readonly places = new Map<WebGLProgram, Record<string, WebGLUniformLocation | null>>();
    private cells: [number, number] = [1, 1];

    /* Throws where there is no WebGL 2. */
    constructor() {
        const gl = this.canvas.getContext('webgl2', { antialias: false, depth: false }) as WebGL2RenderingContext | null;
        if (!gl) throw new Error('no WebGL 2');
        this.gl = gl;
        this.aircraft = program(gl, AIRCRAFT_VERTEX, AIRCRAFT_FRAGMENT);
        this.instances = new Items(gl);
        this.segments = new Items(gl);
        this.texture = this.loadAtlas();
        gl.enable(gl.BLEND);
        gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    }

    private loadAtlas(): WebGLTexture {
        const gl = this.gl;
        const canvas = drawAtlas();
        this.cells = [COLUMNS, canvas.height / CELL];
        const texture = gl.createTexture()!;
        gl.bindTexture(gl.TEXTURE_2D, texture);
        gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, canvas);
        gl.generateMipmap(gl.TEXTURE_2D);
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_NEAREST);
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
        gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
        return texture;
    }

    paint(f: Frame): ImageBitmap | Promise<ImageBitmap> {
        const { gl, canvas } = this;
        if (gl.isContextLost()) throw new Error('the graphics processor is lost');
        const [width, height] = [Math.round(f.width * f.ratio), Math.round(f.height * f.ratio)];
        if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
        gl.viewport(0, 0, width, height);
        gl.clearColor(0, 0, 0, 0);
        gl.clear(gl.COLOR_BUFFER_BIT);
        this.drawTrail(f);
        this.drawAircraft(f);
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)); // waits, so that it can be timed
        return 'transferToImageBitmap' in canvas ? canvas.transferToImageBitmap() : createImageBitmap(canvas);
    }

    private place(p: WebGLProgram, name: string): WebGLUniformLocation | null {
        let of = this.places.get(p);
        if (!of) this.places.set(p, (of = {}));
        return (of[name] ??= this.gl.getUniformLocation(p, name));
    }

    private uniform(p: WebGLProgram, name: string, ...v: readonly number[]): void {
        const gl = this.gl;
        const at = this.place(p, name);
        if (v.length === 1) gl.uniform1f(at, v[0]);
        else if (v.length === 2) gl.uniform2f(at, v[0], v[1]);
        else gl.uniform3f(at, v[0], v[1], v[2]);
    }

    private drawTrail(f: Frame): void {
        if (!f.pieces) return;
        const p = (this.line ??= program(this.gl, TRAIL_VERTEX, TRAIL_FRAGMENT));
        this.gl.useProgram(p);
        this.uniform(p, 'screen', f.width, f.height);
        this.uniform(p, 'halo', ...f.halo);
        this.segments.load(f.trail, f.pieces);
        this.gl.uniform1i(this.place(p, 'items'), 1);
        for (const [casing, extra] of [[CASING_ALPHA, CASING_PX], [0, 0]]) {
            this.uniform(p, 'casing', casing);
            this.uniform(p, 'extra', extra);
            this.segments.draw(f.pieces);
        }
    }

    private drawAircraft(f: Frame): void {
        if (!f.count) return;
        const gl = this.gl;
        const p = this.aircraft;
        gl.useProgram(p);
        gl.activeTexture(gl.TEXTURE0);
        gl.bindTexture(gl.TEXTURE_2D, this.texture);
        gl.uniform1i(this.place(p, 'shapes'), 0);
        this.uniform(p, 'screen', f.width, f.height);
        this.uniform(p, 'atlas', ...this.cells);
        this.uniform(p, 'spread', SPREAD);
        this.uniform(p, 'halo', ...f.halo);
        this.uniform(p, 'ink', ...f.ink);
        this.instances.load(f.aircraft, f.count);
        gl.uniform1i(this.place(p, 'items'), 1);
        this.instances.draw(f.count);
    }

    free(): void {
        this.gl.getExtension('WEBGL_lose_context')?.loseContext();
    }
}
