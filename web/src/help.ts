// The dialog of settings and keys, and whether single keys act.
import { cell } from './cell';
import { keep, kept } from './keep';

export const helpOpen = cell(false);
export const singleKeys = cell(kept('keys') !== 'off');
singleKeys.watch((on) => keep('keys', on ? 'on' : 'off'));
