// Settings, keys, and where what is shown comes from.
import { useEffect, useRef } from 'preact/hooks';
import { useCell, type Cell } from '../cell';
import { helpOpen, singleKeys } from '../help';
import { digits, lastColumn, months, units } from '../settings';
import { contrastMore, themeChoice } from '../theme';
import { chooseLanguage, LANGUAGES, language, t, type Language, type MessageKey } from '../words';
import { Cross } from './icons';
import { titleOf } from './pagehost';
import { Nav } from './top';

const KEYS: [string, MessageKey][] = [
    ['/', 'key.search'], ['T', 'key.table'], ['M', 'key.map'], ['P', 'key.panel'], ['↑ ↓ ← →', 'key.rows'],
    ['Enter', 'key.open'], ['N  Shift N', 'key.next'], ['+  −', 'key.zoom'], ['F', 'key.follow'], ['S', 'key.link'],
    ['Space', 'key.play'], [',  .', 'key.minute'], ['[  ]', 'key.events'], ['1  4', 'key.speed'], ['E', 'key.page'], ['L', 'key.live'], ['C', 'key.coverage'], ['R', 'key.measure'], ['H', 'key.contrast'], ['?', 'key.help'], ['Esc', 'key.close'],
];
const ABOUT: MessageKey[] = ['about.text', 'about.license', 'about.map', 'about.airports', 'about.names', 'about.fonts', 'about.library'];

function Arrows() {
    const d = ['M5 8V2M2.4 4.4 5 1.8l2.6 2.6', 'M5 2v6M2.4 5.6 5 8.2l2.6-2.6', 'M8 5H2M4.4 2.4 1.8 5l2.6 2.6', 'M2 5h6M5.6 2.4 8.2 5 5.6 7.6'];
    return <>{d.map((p) => <kbd key={p}><svg width="10" height="10" viewBox="0 0 10 10" fill="none" stroke="currentColor" stroke-width="1.3" aria-hidden="true"><path d={p} /></svg></kbd>)}</>;
}

interface Choice<T extends string> {
    label: MessageKey;
    of: Cell<T>;
    values: [T, MessageKey][];
    set?: (value: T) => void;
    isFor?: Language;
}
const choice = <T extends string>(c: Choice<T>) => c as unknown as Choice<string>;

/* A new setting is a row here. */
const SETTINGS = [
    choice({ label: 'settings.theme', of: themeChoice, values: [['system', 'settings.system'], ['dark', 'settings.dark'], ['light', 'settings.light']] }),
    choice({ label: 'settings.units', of: units, values: [['aviation', 'settings.aviation'], ['metric', 'settings.metric']] }),
    choice({ label: 'settings.column', of: lastColumn, values: [['age', 'col.age'], ['registration', 'sort.registration'], ['squawk', 'filter.squawk'], ['far', 'sort.far']] }),
    choice({ label: 'settings.digits', of: digits, values: [['latn', 'settings.latn'], ['arab', 'settings.arab']], isFor: 'ar' }),
    choice({ label: 'settings.months', of: months, values: [['roman', 'settings.roman'], ['levant', 'settings.levant']], isFor: 'ar' }),
];

function Setting({ c }: { c: Choice<string> }) {
    const value = useCell(c.of);
    return (
        <div class="setting">
            <span id={c.label}>{titleOf(c.label)}</span>
            <div class="seg" role="group" aria-labelledby={c.label}>
                {c.values.map(([v, label]) => <button type="button" key={v} aria-pressed={v === value} onClick={() => c.of.set(v)}>{titleOf(label)}</button>)}
            </div>
        </div>
    );
}

function Settings() {
    const l = useCell(language);
    const single = useCell(singleKeys);
    const more = useCell(contrastMore);
    return (
        <>
            <div class="setting">
                <span id="settings-language">{t('language.label')}</span>
                <div class="seg" role="group" aria-labelledby="settings-language">
                    {Object.entries(LANGUAGES).map(([k, { name }]) => <button type="button" key={k} lang={k} aria-pressed={k === l} onClick={() => chooseLanguage(k as Language)}>{name}</button>)}
                </div>
            </div>
            {SETTINGS.filter((c) => !c.isFor || c.isFor === l).map((c) => <Setting key={c.label} c={c} />)}
            <p class="opts">
                <label class="check"><input type="checkbox" checked={more} onChange={(e) => contrastMore.set(e.currentTarget.checked)} /><span>{t('contrast.more')}</span></label>
                <label class="check"><input type="checkbox" checked={single} onChange={(e) => singleKeys.set(e.currentTarget.checked)} /><span>{t('help.single')}</span></label>
            </p>
        </>
    );
}

export function Help() {
    const open = useCell(helpOpen);
    const box = useRef<HTMLDialogElement>(null);
    const close = () => helpOpen.set(false);
    useEffect(() => {
        if (open && !box.current!.open) box.current!.showModal();
        if (!open && box.current!.open) box.current!.close();
    }, [open]);
    return (
        <dialog class="help" ref={box} aria-labelledby="help-title" onClose={close} onClick={(e) => e.target === box.current && close()}>
            {open && (
                <div class="sheet-in">
                    <header><h2 id="help-title">{t('settings.title')}</h2><button type="button" class="ib" aria-label={t('help.close')} onClick={close}><Cross /></button></header>
                    <div class="onlyphone" onClick={(e) => (e.target as Element).closest('a') && close()}><Nav /></div>
                    <Settings />
                    <h2>{t('help.keys')}</h2>
                    <dl class="keys">
                        {KEYS.map(([k, key]) => (
                            <div key={key}>
                                <dt>{k.includes('↑') ? <Arrows /> : k.split('  ').map((one) => <kbd key={one}>{one}</kbd>)}</dt>
                                <dd>{titleOf(key)}</dd>
                            </div>
                        ))}
                    </dl>
                    <h2>{t('help.about')}</h2>
                    {ABOUT.map((key) => <p class="sec" key={key}>{titleOf(key)}</p>)}
                </div>
            )}
        </dialog>
    );
}
