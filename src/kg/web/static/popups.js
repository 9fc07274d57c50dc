// Popups of a map by keyboard: the focus goes into a popup that opens, and back to its mark when the
// reader closes it. Leaflet leaves it on the mark, with all the other marks before the first link.

/** Lets the popups of a map be read and closed by keyboard; `close` names the button. */
export function readable(map, close) {
  map.on("popupopen", ({ popup }) => {
    const box = popup.getElement();
    const button = box.querySelector(".leaflet-popup-close-button");
    button?.setAttribute("aria-label", close);
    const mark = document.activeElement;
    const leave = () => {
      map.closePopup(popup);
      if (mark?.closest(".leaflet-marker-pane")) mark.focus({ preventScroll: true });
    };
    box.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    };
    if (button) button.onclick = leave;
    // The map moves by itself until all of the popup is seen.
    (box.querySelector(".leaflet-popup-content a") ?? button)?.focus({ preventScroll: true });
  });
}
