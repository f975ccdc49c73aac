export { NewPasswordField } from './account-fields.tsx';
export { FormError } from './form-error.tsx';
export { JoinPage } from './join-page.tsx';
export { LoginPage } from './login-page.tsx';
export { SetupPage } from './setup-page.tsx';
export { useCheckedForm } from './use-checked-form.ts';
