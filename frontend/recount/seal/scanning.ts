// The camera, where the browser can read QR codes by itself. Typing and pasting always work, so nothing else is tried.

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type Detecting = new (options: { formats: string[] }) => Detector;

const between = 200;

export function canScan(): boolean {
  return "BarcodeDetector" in globalThis && !!navigator.mediaDevices;
}

/** Shows the camera in `video` and hands over each new text until the function that it returns is called. */
export async function scan(video: HTMLVideoElement, take: (text: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const Kind = (globalThis as unknown as { BarcodeDetector: Detecting }).BarcodeDetector;
  const detector = new Kind({ formats: ["qr_code"] });
  video.srcObject = stream;
  await video.play();
  let last = "";
  const timer = setInterval(() => {
    void detector.detect(video).then(
      ([code]) => {
        if (!code || code.rawValue === last) return;
        last = code.rawValue;
        take(code.rawValue);
      },
      () => undefined,
    );
  }, between);
  return () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
