/** Things to press. */
import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icons.tsx';

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  /** `plain` unless told; `primary` is the one thing to do here, `danger` cannot be taken back. */
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  readonly icon?: IconName;
  readonly type?: 'button' | 'submit';
  readonly isDisabled?: boolean;
  /** Something is on its way; it cannot be pressed again meanwhile. */
  readonly isBusy?: boolean;
}

export function Button({
  children,
  onClick,
  kind = 'plain',
  icon,
  type = 'button',
  isDisabled = false,
  isBusy = false,
}: ButtonProps): JSX.Element {
  return (
    <button class={`button button-${kind}`} type={type} onClick={onClick} disabled={isDisabled || isBusy} aria-busy={isBusy}>
      {icon !== undefined && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </button>
  );
}

export interface IconButtonProps {
  /** What it does: it has no other words. */
  readonly label: string;
  readonly icon: IconName;
  readonly onClick: () => void;
  readonly isDisabled?: boolean;
  readonly isPressed?: boolean;
}

export function IconButton({ label, icon, onClick, isDisabled = false, isPressed }: IconButtonProps): JSX.Element {
  return (
    <button
      class="icon-button"
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      disabled={isDisabled}
      aria-pressed={isPressed}
    >
      <Icon name={icon} />
    </button>
  );
}

/** A link that looks like a button: for downloads and other views. */
export function ButtonLink(props: {
  readonly href: string;
  readonly icon?: IconName;
  readonly download?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <a class="button button-plain" href={props.href} download={props.download}>
      {props.icon !== undefined && <Icon name={props.icon} size={18} />}
      <span>{props.children}</span>
    </a>
  );
}
