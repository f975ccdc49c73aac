export { JoinPage } from './join-page.tsx';
export { LoginPage } from './login-page.tsx';
export { SetupPage } from './setup-page.tsx';
