export { FormError } from './form-error.tsx';
export { JoinPage } from './join-page.tsx';
export { LoginPage } from './login-page.tsx';
export { PasswordMeter } from './password-meter.tsx';
export { SetupPage } from './setup-page.tsx';
