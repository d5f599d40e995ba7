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

export interface Column {
    at: number; // attribute location
    size: number;
    type: 'float' | 'byte'; // byte: 0..255 as 0..1
    offset: number;
}

/* A buffer of instances drawn as two triangles each: the corner comes from gl_VertexID. */
export class Instances {
    private readonly vao: WebGLVertexArrayObject;
    private readonly buffer: WebGLBuffer;
    private capacity = 0;

    constructor(
        private readonly gl: WebGL2RenderingContext,
        private readonly stride: number,
        columns: Column[],
    ) {
        this.vao = gl.createVertexArray()!;
        this.buffer = gl.createBuffer()!;
        gl.bindVertexArray(this.vao);
        gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
        for (const c of columns) {
            const type = c.type === 'float' ? gl.FLOAT : gl.UNSIGNED_BYTE;
            gl.enableVertexAttribArray(c.at);
            gl.vertexAttribPointer(c.at, c.size, type, c.type === 'byte', stride, c.offset);
            gl.vertexAttribDivisor(c.at, 1);
        }
        gl.bindVertexArray(null);
    }

    draw(data: ArrayBuffer, count: number): void {
        const gl = this.gl;
        gl.bindVertexArray(this.vao);
        gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
        if (data.byteLength > this.capacity) {
            gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
            this.capacity = data.byteLength;
        } else gl.bufferSubData(gl.ARRAY_BUFFER, 0, new Uint8Array(data, 0, count * this.stride));
        gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
        gl.bindVertexArray(null);
    }

    free(): void {
        this.gl.deleteBuffer(this.buffer);
        this.gl.deleteVertexArray(this.vao);
    }
}
