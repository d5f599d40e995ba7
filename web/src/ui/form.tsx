// Fields of pages: a value is taken when it is left or Enter is pressed; what is wrong with it is said
// beneath it, and then it is not taken.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';

interface TextProps {
    label: ComponentChildren;
    value: string;
    take: (value: string) => void;
    wrong?: (value: string) => string; // a sentence, or nothing
    hint?: string;
    size?: number;
    isCode?: boolean; // letters and digits of codes: left to right
    list?: readonly string[]; // what may be meant
}

export function TextField({ label, value, take, wrong, hint, size = 10, isCode = true, list }: TextProps) {
    const id = useId();
    const [text, setText] = useState(value);
    const [sentence, setSentence] = useState('');
    useEffect(() => {
        setText(value);
        setSentence('');
    }, [value]);
    const leave = () => {
        const now = text.trim();
        const bad = now === '' ? '' : (wrong?.(now) ?? '');
        setSentence(bad);
        if (!bad && now !== value) take(now);
    };
    return (
        <label class="fld">
            <span>{label}</span>
            <input
                type="text" size={size} value={text} placeholder={hint} dir={isCode ? 'ltr' : 'auto'} autocomplete="off" spellcheck={false} list={list && `${id}-list`}
                aria-invalid={sentence !== ''} aria-describedby={sentence ? `${id}-wrong` : undefined}
                onInput={(e) => setText(e.currentTarget.value)} onBlur={leave} onKeyDown={(e) => { if (e.key === 'Enter') leave(); e.stopPropagation(); }}
            />
            {list && <datalist id={`${id}-list`}>{list.map((v) => <option key={v} value={v} />)}</datalist>}
            {sentence && <small class="bad" id={`${id}-wrong`} role="alert">{sentence}</small>}
        </label>
    );
}

export interface Option {
    value: string;
    text: string;
}

export function Choice({ label, value, options, take }: { label: ComponentChildren; value: string; options: Option[]; take: (value: string) => void }) {
    return (
        <label class="fld">
            <span>{label}</span>
            <select value={value} onChange={(e) => take(e.currentTarget.value)}>{options.map((o) => <option key={o.value} value={o.value}>{o.text}</option>)}</select>
        </label>
    );
}

/* A few choices beside each other. */
export function Segments({ label, value, options, take }: { label: string; value: string; options: Option[]; take: (value: string) => void }) {
    return (
        <div class="seg" role="group" aria-label={label}>
            {options.map((o) => <button type="button" key={o.value} aria-pressed={o.value === value} onClick={() => take(o.value)}>{o.text}</button>)}
        </div>
    );
}
