/** Light or dark: as the system has it, or as chosen here. */
import { effect, signal } from '@preact/signals';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'bootlace.theme';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export const theme = signal<Theme>(kept());
const isSystemDark = signal(prefersDark.matches);

/** What is shown, once the system was asked. */
export function shownTheme(): 'light' | 'dark' {
  if (theme.value !== 'auto') return theme.value;
  return isSystemDark.value ? 'dark' : 'light';
}

export function startTheme(): void {
  prefersDark.addEventListener('change', (event) => {
    isSystemDark.value = event.matches;
  });
  effect(() => {
    document.documentElement.dataset['theme'] = shownTheme();
  });
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage that is full or forbidden: the choice holds for this visit.
  }
}

function kept(): Theme {
  try {
    const text = localStorage.getItem(KEY);
    return THEMES.find((known) => known === text) ?? 'auto';
  } catch {
    return 'auto';
  }
}
