// Keys, and where what is shown comes from.
import { useEffect, useRef } from 'preact/hooks';
import { cell, useCell } from '../cell';
import { keep, kept } from '../keep';
import { contrastMore } from '../theme';
import { t, type MessageKey } from '../words';
import { Cross } from './icons';

export const helpOpen = cell(false);
export const singleKeys = cell(kept('keys') !== 'off');
singleKeys.watch((on) => keep('keys', on ? 'on' : 'off'));

const KEYS: [string, MessageKey][] = [
    ['/', 'key.search'], ['T', 'key.table'], ['M', 'key.map'], ['P', 'key.panel'], ['↑ ↓ ← →', 'key.rows'],
    ['Enter', 'key.open'], ['N  Shift N', 'key.next'], ['+  −', 'key.zoom'], ['F', 'key.follow'], ['S', 'key.link'],
    ['Space', 'key.play'], [',  .', 'key.minute'], ['1  4', 'key.speed'], ['L', 'key.live'], ['H', 'key.contrast'], ['?', 'key.help'], ['Esc', 'key.close'],
];
const ABOUT: MessageKey[] = ['about.text', 'about.license', 'about.map', 'about.airports', 'about.fonts', 'about.library'];

function Arrows() {
    const d = ['M5 8V2M2.4 4.4 5 1.8l2.6 2.6', 'M5 2v6M2.4 5.6 5 8.2l2.6-2.6', 'M8 5H2M4.4 2.4 1.8 5l2.6 2.6', 'M2 5h6M5.6 2.4 8.2 5 5.6 7.6'];
    return <>{d.map((p) => <kbd key={p}><svg width="10" height="10" viewBox="0 0 10 10" fill="none" stroke="currentColor" stroke-width="1.3" aria-hidden="true"><path d={p} /></svg></kbd>)}</>;
}

export function Help() {
    const open = useCell(helpOpen);
    const single = useCell(singleKeys);
    const more = useCell(contrastMore);
    const box = useRef<HTMLDialogElement>(null);
    useEffect(() => {
        if (open && !box.current!.open) box.current!.showModal();
        if (!open && box.current!.open) box.current!.close();
    }, [open]);
    return (
        <dialog class="help" ref={box} aria-labelledby="help-title" onClose={() => helpOpen.set(false)} onClick={(e) => e.target === box.current && helpOpen.set(false)}>
            {open && (
                <div class="sheet-in">
                    <header><h2 id="help-title">{t('help.keys')}</h2><button type="button" class="ib" aria-label={t('help.close')} onClick={() => helpOpen.set(false)}><Cross /></button></header>
                    <dl class="keys">
                        {KEYS.map(([k, key]) => (
                            <div key={key}>
                                <dt>{k.includes('↑') ? <Arrows /> : k.split('  ').map((one) => <kbd key={one}>{one}</kbd>)}</dt>
                                <dd>{(t as (k: MessageKey) => string)(key)}</dd>
                            </div>
                        ))}
                    </dl>
                    <p class="opts">
                        <label class="check"><input type="checkbox" checked={single} onChange={(e) => singleKeys.set(e.currentTarget.checked)} /><span>{t('help.single')}</span></label>
                        <label class="check"><input type="checkbox" checked={more} onChange={(e) => contrastMore.set(e.currentTarget.checked)} /><span>{t('contrast.more')}</span></label>
                    </p>
                    <h2>{t('help.about')}</h2>
                    {ABOUT.map((key) => <p class="sec" key={key}>{(t as (k: MessageKey) => string)(key)}</p>)}
                </div>
            )}
        </dialog>
    );
}
