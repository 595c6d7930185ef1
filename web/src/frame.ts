// Where an element is in the window, measured once: asking anew for every movement of the mouse would
// lay out the page each time.

export class Frame {
  private box: DOMRect | null = null;

  constructor(private readonly host: Element) {
    const forget = (): void => {
      this.box = null;
    };
    new ResizeObserver(forget).observe(host);
    addEventListener("resize", forget);
    addEventListener("scroll", forget, { capture: true, passive: true });
  }

  /** From the corner of the element. */
  local(event: MouseEvent): { x: number; y: number } {
    this.box ??= this.host.getBoundingClientRect();
    return { x: event.clientX - this.box.left, y: event.clientY - this.box.top };
  }
}
