// Buttons over the map: zoom, all aircraft, layers, measuring; and the hint while something is drawn.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { view } from '../desk';
import { latOf, lonOf } from '../geo/mercator';
import { layers, LAYERS, toggleLayer } from '../layers';
import { goToPage } from '../route';
import { currentHash } from '../share';
import { theMap } from '../stage';
import { addCorner, corners, finish, take, tool } from '../tool';
import { t } from '../words';
import { measured } from '../map/paint/sketch';
import { Camera, Cross, Home, LayersSign, Minus, Plus, Ruler } from './icons';

function LayerMenu({ close }: { close: () => void }) {
    const on = useCell(layers);
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => {
        box.current!.querySelector('input')!.focus();
        const outside = (e: PointerEvent) => {
            const at = e.target as Element;
            if (!box.current?.contains(at) && !at.closest('#layers-button')) close();
        };
        document.addEventListener('pointerdown', outside);
        return () => document.removeEventListener('pointerdown', outside);
    }, []);
    return (
        <div class="layers" ref={box} role="dialog" aria-label={t('map.layers')} onKeyDown={(e) => {
            if (e.key !== 'Escape') return;
            e.stopPropagation();
            close();
        }}>
            {LAYERS.map((l) => (
                <label class="check" key={l}>
                    <input type="checkbox" checked={on.includes(l)} onChange={() => toggleLayer(l)} />
                    <span>{t(`layer.${l}`)}</span>
                </label>
            ))}
        </div>
    );
}

/* What a press does now, and the way to do it without a pointer. */
function ToolHint() {
    const at = useCell(tool);
    const list = useCell(corners);
    if (at === 'select') return null;
    const middle = () => {
        const v = view.get();
        if (v) addCorner([latOf(v.y), lonOf(v.x)]);
    };
    const said = at === 'measure' && list.length === 2 ? measured(list[0], list[1]) : t(at === 'area' ? 'filter.drawHint' : 'map.measureHint');
    return (
        <div class="ov hint" role="status">
            <p>{said}</p>
            <p class="row">
                <button type="button" class="btn" onClick={middle}>{t('filter.corner')}</button>
                {at === 'area' && <button type="button" class="btn" disabled={list.length < 3} onClick={finish}>{t('filter.close')}</button>}
                <button type="button" class="ib" aria-label={t('help.close')} onClick={() => take('select')}><Cross /></button>
            </p>
        </div>
    );
}

/* The picture's link holds the link of the view it shows. */
const openPicture = () => goToPage('picture', { of: currentHash() });

export function MapTools() {
    const at = useCell(tool);
    const [open, setOpen] = useState(false);
    const close = () => {
        setOpen(false);
        document.getElementById('layers-button')?.focus();
    };
    return (
        <>
            <div class="zoom">
                <button type="button" class="ib" aria-label={t('map.in')} title={t('map.in')} onClick={() => theMap()?.zoomBy(1)}><Plus /></button>
                <button type="button" class="ib" aria-label={t('map.out')} title={t('map.out')} onClick={() => theMap()?.zoomBy(-1)}><Minus /></button>
                <button type="button" class="ib" aria-label={t('map.home')} title={t('map.home')} onClick={() => theMap()?.home()}><Home /></button>
                <button type="button" class="ib" id="layers-button" aria-label={t('map.layers')} title={t('map.layers')} aria-haspopup="dialog" aria-expanded={open} onClick={() => (open ? close() : setOpen(true))}><LayersSign /></button>
                <button type="button" class="ib" aria-label={t('map.measure')} title={t('map.measure')} aria-pressed={at === 'measure'} onClick={() => take(at === 'measure' ? 'select' : 'measure')}><Ruler /></button>
                <button type="button" class="ib" aria-label={t('picture.open')} title={t('picture.open')} onClick={openPicture}><Camera /></button>
            </div>
            {open && <LayerMenu close={close} />}
            <ToolHint />
        </>
    );
}
