import { type TemplateResult, html } from 'lit-html';

/** How much the recommended products are to differ, 0 to 1. */
export function varietySlider(variety: number, onChange: (variety: number) => void): TemplateResult {
  return html`
    <label class="variety">
      variety
      <input
        type="range"
        min="0"
        max="0.8"
        step="0.1"
        .value=${String(variety)}
        @input=${(event: Event) => onChange((event.target as HTMLInputElement).valueAsNumber)}
      />
    </label>
  `;
}
