// How long the recurring work took, the last of it: what benches read.
const KEPT = 400;

const list: [what: string, ms: number][] = [];

export function took<T>(what: string, work: () => T): T {
    const from = performance.now();
    try {
        return work();
    } finally {
        list.push([what, performance.now() - from]);
        if (list.length > KEPT) list.shift();
    }
}
export const tookList = () => list;
