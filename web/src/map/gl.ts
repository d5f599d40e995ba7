// The few WebGL2 steps both programs of the layer share.
export function program(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
    const p = gl.createProgram()!;
    for (const [kind, source] of [
        [gl.VERTEX_SHADER, vertex],
        [gl.FRAGMENT_SHADER, fragment],
    ] as const) {
        const s = gl.createShader(kind)!;
        gl.shaderSource(s, `#version 300 es\n${source}`);
        gl.compileShader(s);
        gl.attachShader(p, s);
        gl.deleteShader(s);
    }
    gl.linkProgram(p);
    if (!gl.getProgramParameter(p, gl.LINK_STATUS))
        throw new Error(gl.getProgramInfoLog(p) ?? 'shader does not link');
    return p;
}

const ROW = 512; // items in a row of the texture
const TEXELS = 3; // of two words each
export const ITEM_BYTES = TEXELS * 8;

/* Room for so many items, whole rows of the texture. */
export const itemRoom = (n: number) => Math.max(1, Math.ceil(n / ROW)) * ROW * ITEM_BYTES;

/* Reads item `index`, six words, into a: first four numbers, then eight bytes as 0..1. */
export const PULL = `
precision highp usampler2D;
uniform usampler2D items;
vec4 bytes(uint w) { return vec4(w & 255u, (w >> 8) & 255u, (w >> 16) & 255u, w >> 24) / 255.0; }
void pull(out vec2 corner, out vec4 numbers, out vec4 first, out vec4 second) {
    int index = gl_VertexID / 6, vertex = gl_VertexID % 6;
    vertex = vertex < 3 ? vertex : 6 - vertex; // 0 1 2, 3 2 1
    corner = vec2(float(vertex & 1), float(vertex >> 1));
    ivec2 at = ivec2((index % ${ROW}) * ${TEXELS}, index / ${ROW});
    uvec2 p = texelFetch(items, at, 0).rg, q = texelFetch(items, at + ivec2(1, 0), 0).rg, r = texelFetch(items, at + ivec2(2, 0), 0).rg;
    numbers = uintBitsToFloat(uvec4(p, q));
    first = bytes(r.x);
    second = bytes(r.y);
}`;

/* Items drawn as two triangles each. Every vertex fetches its item from a texture: a software GL takes each
   instance of an instanced draw for a draw of its own, which costs it more than the pixels. */
export class Items {
    private readonly texture: WebGLTexture;
    private readonly empty: WebGLVertexArrayObject;
    private rows = 0;

    constructor(private readonly gl: WebGL2RenderingContext) {
        this.texture = gl.createTexture()!;
        this.empty = gl.createVertexArray()!;
    }

    /* To texture unit 1; `data` has room for whole rows. */
    load(data: ArrayBuffer, count: number): void {
        const gl = this.gl;
        gl.activeTexture(gl.TEXTURE1);
        gl.bindTexture(gl.TEXTURE_2D, this.texture);
        gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
        gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
        gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
        const rows = Math.ceil(count / ROW);
        const words = new Uint32Array(data, 0, rows * ROW * TEXELS * 2);
        if (rows > this.rows) {
            this.rows = Math.floor(data.byteLength / (ROW * ITEM_BYTES));
            gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG32UI, ROW * TEXELS, this.rows, 0, gl.RG_INTEGER, gl.UNSIGNED_INT, null);
            gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
            gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
        }
        gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, ROW * TEXELS, rows, gl.RG_INTEGER, gl.UNSIGNED_INT, words);
    }

    draw(count: number): void {
        const gl = this.gl;
        gl.bindVertexArray(this.empty);
        gl.drawArrays(gl.TRIANGLES, 0, 6 * count);
        gl.bindVertexArray(null);
    }
}
