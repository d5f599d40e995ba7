// How wide an element is, for what is drawn to measure.
import { useRef, useState } from 'preact/hooks';

export function useWidth(): [(e: HTMLElement | null) => void, number] {
    const [width, setWidth] = useState(0);
    const seen = useRef<ResizeObserver | null>(null);
    const ref = useRef((e: HTMLElement | null) => {
        seen.current?.disconnect();
        if (!e) return;
        seen.current = new ResizeObserver(() => setWidth(e.clientWidth));
        seen.current.observe(e);
    });
    return [ref.current, width];
}
