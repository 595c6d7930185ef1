// Light or dark: as the system asks, until the button is pressed.

export type Theme = "light" | "dark";
const KEY = "topograph-theme";

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null; // Pages opened from disk may have no storage.
  }
}

export function startTheme(button: HTMLButtonElement, onChange: (theme: Theme) => void): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let picked = stored();
  const apply = (): void => {
    const theme: Theme = picked ?? (system.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    const other = theme === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", `Use ${other} colours`);
    button.title = `Use ${other} colours`;
    onChange(theme);
  };
  system.addEventListener("change", apply);
  button.addEventListener("click", () => {
    picked = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, picked);
    } catch {
      // Remembered for this visit only.
    }
    apply();
  });
  apply();
}
