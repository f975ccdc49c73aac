import { cx } from '../../_ui/index.ts';
import { measurePassword } from './password-strength.ts';

const TONE = ['bg-line-strong', 'bg-bad', 'bg-wait', 'bg-ok', 'bg-ok'];
const MARKS = [1, 2, 3, 4];

/** How good a password is, in words and in four marks. */
export function PasswordMeter({ password, username }: { password: string; username: string }) {
  const { level, hint } = measurePassword(password, username);
  return (
    <span className="flex items-center gap-3">
      <span aria-hidden="true" className="flex gap-1">
        {MARKS.map((mark) => (
          <span key={mark} className={cx('h-1 w-8 rounded-full', mark <= level ? TONE[level] : 'bg-line')} />
        ))}
      </span>
      <span role="status">{hint}</span>
    </span>
  );
}
