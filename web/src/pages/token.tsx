// The editor's token: changes need the one that stands in the server's file.
import { useState } from 'preact/hooks';
import { useCell } from '../cell';
import { refused, setToken, token } from '../data/post';
import { t } from '../words';

/* `why`: what it is needed for. Nothing once it is there and the server knows it. */
export function TokenForm({ why }: { why: string }) {
    const kept = useCell(token);
    const isRefused = useCell(refused);
    const [text, set] = useState('');
    if (kept && !isRefused) return null;
    return (
        <form class="card tokenform" onSubmit={(e) => { e.preventDefault(); setToken(text); }}>
            <p>{isRefused ? t('watch.tokenWrong') : why}</p>
            <span class="row wrap">
                <label class="fld"><span>{t('watch.token')}</span><input type="password" id="watch-token" autocomplete="off" dir="ltr" value={text} onInput={(e) => set(e.currentTarget.value)} onKeyDown={(e) => e.stopPropagation()} /></label>
                <button type="submit" class="btn" disabled={!text.trim()}>{t('watch.tokenTake')}</button>
            </span>
        </form>
    );
}
