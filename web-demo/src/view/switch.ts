import { type TemplateResult, html } from 'lit-html';

export function switchButton(label: string, on: boolean, onChange: (on: boolean) => void): TemplateResult {
  return html`
    <button class="switch" type="button" role="switch" aria-checked=${on} @click=${() => onChange(!on)}>
      <span class="switch-track" aria-hidden="true"></span>
      ${label}
    </button>
  `;
}
