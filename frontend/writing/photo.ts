// Before a photo is sent: shows it, and makes a large one small on the device itself, so that it passes a weak network and
// place and device never leave the phone. Where a browser cannot do that, the file goes as it is and the server does the same.

const longestSide = 1600;
const smallEnough = 400 * 1024;

/** Width and height of a picture made to fit, never larger than it is. */
export function fitted(width: number, height: number, most = longestSide): [number, number] {
  const shrink = Math.min(1, most / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * shrink)), Math.max(1, Math.round(height * shrink))];
}

/** Whether the browser turns pictures as the camera was held; otherwise a picture made small here would lie on its side. */
function turnsPictures(): boolean {
  return typeof CSS !== "undefined" && CSS.supports("image-orientation", "from-image");
}

/** Puts the picture into the field in place of the file that was chosen, unless another was chosen meanwhile; the preview is marked with it. */
function replace(field: HTMLInputElement, chosen: File, small: Blob, look: HTMLElement): void {
  if (field.files?.[0] !== chosen || small.size >= chosen.size) return;
  try {
    const files = new DataTransfer();
    files.items.add(new File([small], "photo.jpg", { type: "image/jpeg" }));
    field.files = files.files;
    look.setAttribute("data-small", "");
  } catch {
    return; // an older browser: the file goes as it is
  }
}

function makeSmall(field: HTMLInputElement, chosen: File, picture: HTMLImageElement, look: HTMLElement): void {
  const { naturalWidth: width, naturalHeight: height } = picture;
  if ((Math.max(width, height) <= longestSide && chosen.size <= smallEnough) || !turnsPictures()) return;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = fitted(width, height);
  const paint = canvas.getContext("2d");
  if (!paint) return;
  paint.fillStyle = "white"; // behind what is transparent
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((small) => small && replace(field, chosen, small, look), "image/jpeg", 0.85);
}

/** A button below the picture that takes it back. */
function takeBack(field: HTMLInputElement, look: HTMLElement, words: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = words;
  button.onclick = () => {
    field.value = "";
    look.remove();
    field.focus();
  };
  return button;
}

/** Shows what is chosen in the field below it. `words` are the picture's text and what the button says that takes it back. */
export function watchPhoto(field: HTMLInputElement, words: { picture: string; back: string }): void {
  let shown: HTMLElement | null = null;
  field.addEventListener("change", () => {
    shown?.remove();
    const chosen = field.files?.[0];
    if (!chosen) return;
    const picture = new Image();
    const look = document.createElement("div");
    shown = look;
    picture.onload = () => {
      look.append(picture, takeBack(field, look, words.back));
      field.insertAdjacentElement("afterend", look);
      makeSmall(field, chosen, picture, look);
      URL.revokeObjectURL(picture.src);
    };
    picture.onerror = () => URL.revokeObjectURL(picture.src);
    picture.className = "photo";
    picture.alt = words.picture;
    look.className = "preview";
    picture.src = URL.createObjectURL(chosen);
  });
}
